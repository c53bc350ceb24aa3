"""The whole flow on one screen: layers -> facts -> findings and sums -> results -> pages."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd

from ikap.checks import refuse_other_units
from ikap.errors import InputError
from ikap.facts.one_crs import refuse_mixed_crs
from ikap.flow.discovery import catalogues, discover
from ikap.flow.judging import judge
from ikap.flow.progress import Report, quiet
from ikap.flow.reading import Reader, ground
from ikap.flow.workers import Crew, crew
from ikap.model import Edition, LayerDeclaration, PlanDeclaration
from ikap.results import Results
from ikap.sources.names import fold
from ikap.texts import Catalogue
from ikap.workspace import Workspace, find_workspace, open_workspace

__all__ = ["check", "check_all", "publish", "publish_all", "read", "run"]


def run(
    workspace: Workspace,
    *,
    as_of: date | str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    report: Report = quiet,
) -> tuple[list[Results], Path]:
    """Do all of it: measure and check every plan of the workspace, then make its portal.

    Parameters
    ----------
    workspace : Workspace
        Region, goals, layers, plans and maps.
    as_of : date or str, optional
        Date of judgement for all plans; else each plan's own, else the region's.
    workers : int
        Processes that measure, by municipality; figures are the same for any number. In a script
        of your own, call it under `if __name__ == "__main__":`.
    scheduler : str, optional
        Address of a Dask scheduler that measures instead (`tcp://HOST:PORT`).
    report : Report
        Told each step.

    Returns
    -------
    tuple
        Results of every plan, and the portal's `index.html`.

    Raises
    ------
    InputError
        Anything wrong with the files or declarations; old results and the old portal stay.
    """
    done = check_all(workspace, as_of=as_of, workers=workers, scheduler=scheduler, report=report)
    return done, publish(workspace, report=report)


def check_all(
    workspace: Workspace,
    *,
    as_of: date | str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    report: Report = quiet,
) -> list[Results]:
    """Measure and check every declared plan; one result folder each.

    Parameters
    ----------
    workspace : Workspace
        Region, goals, layers and plans.
    as_of : date or str, optional
        As for `run`.
    workers, scheduler : int, str
        As for `run`.
    report : Report
        Told each step.

    Returns
    -------
    list of Results
        Adopted plans first, then proposals and alternatives.

    Raises
    ------
    InputError
        `plan.none` without a declared plan, or anything wrong with the files.
    """
    plans = workspace.plans()
    if not plans:
        raise InputError("plan.none", file=str(workspace.root))
    with crew(workers, scheduler) as hired:
        return list(_judge_all(workspace, plans, _date(as_of), hired, report))


def check(
    workspace: Workspace,
    plan: Path | str | None = None,
    *,
    against: Path | str | None = None,
    as_of: date | str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    sensitivity: bool = False,
    report: Report = quiet,
) -> Results:
    """Hold one plan against the region's goals, and write its results.

    Parameters
    ----------
    workspace : Workspace
        Region, goals and layers.
    plan : Path or str, optional
        A plan file, or the id of a declared plan; the first declared one if not given.
    against : Path or str, optional
        Plan that the statement compares with, an id or a file; else the one that the plan names.
    as_of : date or str, optional
        Date of judgement (`2026-06-01`); else the plan's own, else the region's.
    workers, scheduler : int, str
        As for `run`.
    sensitivity : bool
        Count also how many areas turn as each limit moves (`Results.sensitivity`); nothing is
        measured again for it.
    report : Report
        Told each step.

    Returns
    -------
    Results
        Findings, statement, indicators, quality and provenance; areas in m² in the region's CRS.

    Raises
    ------
    InputError
        Anything wrong with the files or declarations, all faults of a file together.
    """
    declared = workspace.plans()
    if plan is None and not declared:
        raise InputError("plan.none", file=str(workspace.root))
    chosen = declared[0] if plan is None else _plan_of(workspace, plan)
    other = None if against is None else _plan_of(workspace, against)
    with crew(workers, scheduler) as hired:
        asked = (workspace, (chosen,), _date(as_of), hired, report)
        return next(_judge_all(*asked, against=other, move_limits=sensitivity))


def read(workspace: Workspace, layer: str) -> gpd.GeoDataFrame:
    """Canonical table of one declared layer, in the region's CRS.

    Parameters
    ----------
    workspace : Workspace
        Where the layer is declared.
    layer : str
        Its name, or a use (`[use]` in goals.toml): the first layer of it that is there.

    Returns
    -------
    GeoDataFrame
        Columns of its kind, `source_layer` and `source_id`; what was repaired or left out stands
        in `attrs["quality"]`.

    Raises
    ------
    InputError
        `option.file_or_layer` (no such layer), `file.missing`, or faults of the file.
    """
    names = (layer,) if layer in workspace.layers else workspace.use.get(layer, ())
    if not names:
        raise InputError("option.file_or_layer", name=layer, valid=", ".join(workspace.layers))
    reader = Reader(workspace, discover(workspace), quiet)
    found = (reader.layer(workspace.layers[name]) for name in names)
    loaded = next((one for one in found if one is not None), None)
    if loaded is None:
        declaration = workspace.layers[names[0]]
        missing = [n for n in declaration.made_of if not reader.present(workspace.layers[n])]
        declaration = workspace.layers[missing[0]] if missing else declaration
        place = str(declaration.source.get("path", ""))
        raise InputError("file.missing", file=place, folder=str(workspace.root / "layers"))
    frame = loaded.canonical.frame
    frame.attrs["quality"] = loaded.quality
    return frame


def publish(
    of: Workspace | Results, target: Path | str | None = None, *, report: Report = quiet
) -> Path:
    """Make the portal from the result folders alone; returns its `index.html`.

    Parameters
    ----------
    of : Workspace or Results
        All plans of a workspace that have results, or the results of one plan.
    target : Path or str, optional
        Folder of the portal, replaced in whole; `ut/portal` of the workspace if not given.
    report : Report
        Told each step.

    Returns
    -------
    Path
        The front page.

    Raises
    ------
    InputError
        `results.missing` if nothing has been run yet, `crs.mixed` if plans were measured in
        different CRS, `publish.exists` if the folder holds
        anything else than an older portal, `output.held` if a page is held open,
        `output.denied` if the folder cannot be written to.
    """
    if isinstance(of, Workspace):
        place = Path(target) if target is not None else of.output / "portal"
        return _build([(of, _result_folders(of))], place, report)
    assert of.folder is not None, "results that were never written have no folder"
    workspace = open_workspace(find_workspace(of.folder))
    place = Path(target) if target is not None else workspace.output / "portal"
    return _build([(workspace, (of.folder,))], place, report)


def publish_all(workspaces: Sequence[Workspace], target: Path, *, report: Report = quiet) -> Path:
    """Make one portal over several workspaces; returns its `index.html`."""
    return _build([(w, _result_folders(w)) for w in workspaces], target, report)


def _build(
    shown: Sequence[tuple[Workspace, tuple[Path, ...]]], target: Path, report: Report
) -> Path:
    from ikap.pages import build_portal  # noqa: PLC0415 (folium takes 0.4 s to import)

    target = target.absolute()
    _refuse_others_folder(target)

    report("run.publishing")
    words: dict[str, Catalogue] = {}
    for workspace, _ in shown:
        for lang, catalogue in catalogues(discover(workspace).checks).items():
            known = words[lang].words if lang in words else {}
            words[lang] = dataclasses.replace(catalogue, words={**known, **catalogue.words})
    editions = [_edition(workspace, folders) for workspace, folders in shown]
    return build_portal(target, editions, words)


def _refuse_others_folder(target: Path) -> None:
    """Refuse to replace a folder that holds anything else than a portal made before."""
    if not target.exists():
        return
    made_before = (target / "index.html").is_file() and (target / "felles").is_dir()
    if not target.is_dir() or (any(target.iterdir()) and not made_before):
        raise InputError("publish.exists", file=str(target))


def _result_folders(workspace: Workspace) -> tuple[Path, ...]:
    folder = workspace.output / "resultater"
    ids = [p.plan.id for p in workspace.plans() if p.plan is not None]
    found = tuple(folder / name for name in ids if (folder / name / "run.json").is_file())
    if not found:
        raise InputError("results.missing", file=str(folder))
    return found


def _edition(workspace: Workspace, folders: tuple[Path, ...]) -> Edition:
    refuse_mixed_crs({str(folder): _measured_in(folder) for folder in folders})
    maps = tuple(sorted(workspace.maps.values(), key=lambda m: (m.order, m.name)))
    return Edition(workspace.region.key, folders, maps)


def _measured_in(folder: Path) -> str:
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return str(run["region"]["crs"])


def _date(given: date | str | None) -> date | None:
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InputError("date.wrong", value=given) from error


def _judge_all(
    workspace: Workspace,
    plans: tuple[LayerDeclaration, ...],
    as_of: date | None,
    hired: Crew,
    report: Report,
    *,
    against: LayerDeclaration | None = None,
    move_limits: bool = False,
) -> Iterator[Results]:
    registry = discover(workspace)
    goals = str(workspace.root / "layers" / "goals.toml")
    refuse_other_units(registry.checks.values(), workspace.parameters, file=goals)
    reader = Reader(workspace, registry, report, as_of=as_of)
    places = ground(reader)
    for plan in plans:
        yield judge(reader, plan, places, as_of, against, crew=hired, move_limits=move_limits)


def _plan_of(workspace: Workspace, plan: Path | str) -> LayerDeclaration:
    """Declaration of a plan that is given by its id or as a file."""
    named = {p.plan.id: p for p in workspace.plans() if p.plan is not None}
    return named.get(str(plan)) or _plan_file(workspace, plan)


def _plan_file(workspace: Workspace, plan: Path | str) -> LayerDeclaration:
    """Declaration of a plan that is given as a file: a proposal, not to be passed on."""
    path = Path(plan)
    if not path.exists():
        named = ", ".join(p.plan.id for p in workspace.plans() if p.plan is not None)
        if not path.suffix:
            raise InputError("plan.missing", name=str(plan), valid=named)
        raise InputError("file.missing", file=str(path), folder=str(path.absolute().parent))
    name = re.sub(r"[^a-z0-9]+", "_", fold(path.stem)).strip("_") or "plan"
    plans = {p.plan.id for p in workspace.plans() if p.plan is not None}
    if name in plans | set(workspace.layers):  # a file never stands in for what is declared
        name = f"{name}_fil"
    return LayerDeclaration(
        name=name,
        kind="zoning",
        title={"nb": path.name, "en": path.name},
        owner="",
        licence="",
        source={"from": "files", "path": str(path.absolute())},
        root=workspace.root / "layers",
        plan=PlanDeclaration(id=name, role="proposal"),
        file=str(path),
    )
