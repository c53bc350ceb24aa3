"""One plan from its layers to its result folder; every step in order."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from ikap import results
from ikap.accounts import AccountInputs, statement
from ikap.checks import national_parameters, parameters_on, run_check, sensitivity
from ikap.facts import CertifiedLayer
from ikap.facts.plans import COMPARED, concerns_layer, lines_layer
from ikap.facts.variance_table import merge_variances, to_deviations
from ikap.flow import record
from ikap.flow.accounting import Compared, compared_plan, spoken_for, statement_tables
from ikap.flow.discovery import catalogues
from ikap.flow.geodata import map_layers
from ikap.flow.left_out import left_out, left_out_of_compared
from ikap.flow.lines import MeasuredLines, measure_lines
from ikap.flow.measuring import Measured, measure_ground, measure_plan
from ikap.flow.reading import Reader
from ikap.flow.situation import situation_layers
from ikap.flow.topology import plan_topology, topology_layer, topology_table
from ikap.flow.vintages import vintages
from ikap.flow.workers import Crew, alone
from ikap.model import Indicator, LayerDeclaration, Parameters, QualityRow
from ikap.results import EMPTY, Results, export_accounts, export_csv
from ikap.workspace import parameter_history

__all__ = ["judge"]

LAND_FACT = "farmland_by_class"
"""The fact whose table is the statement: it has a class for every square metre of a zone."""

LAND_ACCURACY = ("farmland_accuracy", "open_land_accuracy")
"""How sure it is, in areas that may be built on and in the others."""

PLAN_COLUMNS = ("zone_key", "arealformål", "arealbruksstatus", "development", "områdenavn")


@dataclass(frozen=True)
class _Judgement:
    """What one judgement rests on."""

    plan: LayerDeclaration
    day: date | None
    origin: str
    parameters: Parameters
    present: bool


def judge(
    reader: Reader,
    plan: LayerDeclaration,
    places: CertifiedLayer,
    as_of: date | None,
    against: LayerDeclaration | None = None,
    *,
    crew: Crew = alone,
    move_limits: bool = False,
) -> Results:
    """Measure, check and sum one plan, and write its result folder.

    Parameters
    ----------
    reader : Reader
        Gives each layer once.
    plan : LayerDeclaration
        Zoning layer with `[plan]`. If its file is not there, every figure of it is unknown.
    places : CertifiedLayer
        Municipal areas of the region.
    as_of : date or None
        Date of judgement given by the user.
    against : LayerDeclaration, optional
        Plan to compare with; else the one that the plan's own declaration names.
    crew : Crew
        Who measures: this process, if not given.
    move_limits : bool
        Whether to count how many areas turn as each limit moves.

    Returns
    -------
    Results
        As read back from the folder.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    told = _judgement(reader, plan, as_of)
    frame = _zones(reader, told)
    compared = compared_plan(reader, plan, places, against)
    land_vintages = vintages(reader.used())
    layers = reader.used() | ({COMPARED: (compared.layer,)} if compared else {})
    loaded = reader.layer(plan)
    layers |= lines_layer(plan, loaded.canonical.lines if loaded else None)
    layers |= concerns_layer(plan, loaded.canonical.concerns if loaded else None)
    reader.report("run.measuring", plan=_id(plan))
    measured = measure_plan(
        frame,
        plan,
        places,
        layers=layers,
        registry=reader.registry,
        parameters=told.parameters,
        memo=reader.memo,
        crew=crew,
        report=reader.report,
    )
    on_ground = measure_ground(
        places, layers, reader.registry, told.parameters, memo=reader.memo, crew=crew
    )
    reader.report("run.checking", plan=_id(plan))
    lines = measure_lines(
        loaded.canonical.lines if loaded else None,
        measured.zones,
        places,
        layers=layers,
        registry=reader.registry,
        parameters=told.parameters,
    )
    findings = _findings(reader, measured, lines, told)
    turned = _sensitivity(reader, measured, told) if move_limits else EMPTY["sensitivity"]
    indicators = _indicators(reader, measured, on_ground, places, told)
    accounts = statement_tables(
        reader,
        measured,
        places,
        on_ground=on_ground,
        level=frame["plan_level"].astype(str).tolist() if len(frame) else [],
        planned=_spoken_for(told, measured),
        compared=compared,
        indicators=indicators,
    )
    keyed = lines.zones if lines else None
    drawn = map_layers(reader, plan, frame, measured.placed, measured.pieces, lines=keyed)
    faults = plan_topology(reader, plan, places, told.day)
    words = catalogues(reader.registry.checks)
    drawn |= situation_layers(reader, plan, words["nb"])
    run = record.run_record(
        reader,
        plan,
        as_of=told.day,
        origin=told.origin,
        parameters=told.parameters,
        catalogues=words,
        missing=not told.present,
        against=compared.plan if compared else None,
    )
    run |= {"started": started.isoformat(timespec="seconds")}
    run |= {"seconds": round(time.monotonic() - clock, 2)}
    left = _left_out(measured, on_ground, compared)
    silent = set(map(str, places.classes)) - _spoken_for(told, measured)
    left["plan"] |= {"without_plan": sorted(silent) if told.present else []}
    run |= {"left_out": left, "vintages": land_vintages}
    reader.report("run.writing", plan=_id(plan))
    files = reader.read_for(plan) | (reader.read_for(compared.plan) if compared else {})
    noticed = [*_quality(reader, plan, measured), *(compared.quality if compared else ())]
    done = Results(
        findings=findings,
        statement=statement(
            measured.zones,
            measured.tables[LAND_FACT],
            to_deviations(_how_sure(measured.tables), len(measured.zones)),
            _how_sure(measured.once),
            once=measured.once[LAND_FACT],
        ),
        accounts=accounts,
        indicators=record.indicator_table(indicators),
        quality=record.quality_table(noticed),
        provenance=record.provenance_table(files, str(reader.workspace.root)),
        run=run,
        layers=drawn | topology_layer(faults),
        topology=topology_table(faults),
        sensitivity=turned,
    )

    def exports(written: Results, folder: Path) -> None:
        for catalogue in words.values():
            export_csv(written, folder, catalogue)
        export_accounts(written, folder, words.values())

    target = reader.workspace.output / "resultater" / _id(plan)
    return results.write(done, target, exports=exports)


def _id(plan: LayerDeclaration) -> str:
    assert plan.plan is not None
    return plan.plan.id


def _judgement(reader: Reader, plan: LayerDeclaration, as_of: date | None) -> _Judgement:
    """Settle the date of judgement (user, plan, region; never the clock) and its values."""
    assert plan.plan is not None
    choices = (
        (as_of, "option"),
        (plan.plan.as_of, "plan"),
        (reader.workspace.region.as_of, "region"),
        (None, "none"),
    )
    day, origin = next((c for c in choices if c[0] is not None), choices[-1])
    history = parameter_history(reader.workspace.parameters, national_parameters())
    return _Judgement(plan, day, origin, parameters_on(day, history), reader.present(plan))


def _zones(reader: Reader, told: _Judgement) -> gpd.GeoDataFrame:
    loaded = reader.layer(told.plan)
    if loaded is None:
        columns = {name: pd.Series([], dtype=object) for name in PLAN_COLUMNS}
        columns |= {name: pd.Series([], dtype=object) for name in ("source_layer", "source_id")}
        return gpd.GeoDataFrame(columns, geometry=[], crs=reader.workspace.region.crs)
    frame, kept = loaded.canonical.frame, loaded.canonical.unmeasurable
    if kept.empty:
        return frame
    nowhere = gpd.GeoDataFrame(kept, geometry=[shapely.Polygon()] * len(kept), crs=frame.crs)
    return gpd.GeoDataFrame(pd.concat([frame, nowhere], ignore_index=True), crs=frame.crs)


def _findings(
    reader: Reader, measured: Measured, lines: MeasuredLines | None, told: _Judgement
) -> pd.DataFrame:
    """One finding for each area and check of areas, and for each line and check of lines."""
    held = {"areas": measured, "lines": lines}
    tables = [
        run_check(check, of.zones, of.facts, told.parameters, told.day)
        for check in reader.registry.checks.values()
        if (of := held[check.subject]) is not None
    ]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else EMPTY["findings"]


def _sensitivity(reader: Reader, measured: Measured, told: _Judgement) -> pd.DataFrame:
    asked = (measured.zones, measured.facts, told.parameters, told.day)
    specs = reader.registry.facts
    checks = [check for check in reader.registry.checks.values() if check.subject == "areas"]
    tables = [sensitivity(check, *asked, specs=specs) for check in checks]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else EMPTY["sensitivity"]


def _indicators(
    reader: Reader,
    measured: Measured,
    on_ground: Mapping[str, pd.DataFrame],
    places: CertifiedLayer,
    told: _Judgement,
) -> list[Indicator]:
    numbers = tuple(str(n) for n in places.classes)
    inputs = AccountInputs(
        plan=_id(told.plan),
        zones=measured.zones,
        tables=measured.once,
        ground=on_ground,
        municipalities=numbers,
        planned=_spoken_for(told, measured),
        parameters=told.parameters,
        statistics=reader.statistics(),
        covered=reader.covered(numbers),
        places=reader.workspace.region.places,
    )
    return [row for a in reader.registry.accounts.values() for row in a.function(inputs)]


def _spoken_for(told: _Judgement, measured: Measured) -> frozenset[str]:
    """Municipalities that the plan speaks for; none where its file is not there."""
    return spoken_for(told.plan, measured.zones.municipality) if told.present else frozenset()


def _how_sure(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Variances of the land in all areas of the plan, those that no check is about too."""
    return merge_variances(tables[name] for name in LAND_ACCURACY)


def _left_out(
    measured: Measured, on_ground: Mapping[str, pd.DataFrame], compared: Compared | None
) -> dict[str, dict[str, object]]:
    told = {"plan": left_out(measured, measured.once[LAND_FACT])}
    if compared is not None:
        told["against"] = left_out_of_compared(compared, on_ground["compared_purpose"])
    return told


def _quality(reader: Reader, plan: LayerDeclaration, measured: Measured) -> list[QualityRow]:
    rows = [row for layer in reader.read_for(plan).values() for row in layer.quality]
    certified = reader.certificates()
    rows += [row for name, c in certified.items() if name != plan.name for row in c.quality]
    rows += [*measured.quality, *reader.memo.rows()]
    read = reader.read_for(plan)
    for layer in reader.workspace.layers.values():
        if layer.name not in read and layer.plan is None:
            facts = {"title": dict(layer.title), "note": dict(layer.note)}
            rows.append(QualityRow(layer.name, "", "layer.missing", 1, "count", facts))
    return rows
