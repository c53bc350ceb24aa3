"""The workspace that `bench_goal2.py` measures: files of a built region, and goal 2 alone.

A region that was built before the themes of goal 2 were there gets them here, made of its own land.
The region's folder is only read.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from ikap.example import build
from ikap.example.declarations import COMMON, GOALS, LAYERS, PACKAGE, PLAN
from ikap.example.declared import PARAMETERS, THEMES, USE
from ikap.example.farming import make_farming
from ikap.example.packages import write_tables
from ikap.example.tables import DataFile

__all__ = ["prepared"]

GIVEN = ("kommuner", "ar5", "bygninger", "plan_forslag")
MADE = ("dyrkbar_jord", "jordkvalitet", "kjerneomraader", "hensynssoner")
USES = ("cultivable", "soil_quality", "core_farmland")
DECLARED = ("municipalities", "ar5", "buildings", "dyrkbar_jord", "jordkvalitet")


def prepared(region: Path, work: Path, size: str, tell: Callable[[str], None]) -> Path:
    """Workspace in `work`, made the first time; its files are links where the system has them."""
    if not (region / "layers").exists():
        tell(f"bygger Eksempelregionen i {region} (noen minutter)")
        build(region, size=size)
    folder = work / "workspace"
    if (folder / "layers" / "goals.toml").exists():
        return folder
    data = folder / "layers" / "data"
    for path in (data, folder / "maps"):
        path.mkdir(parents=True, exist_ok=True)
    given = region / "layers" / "data"
    for name in (*GIVEN, *MADE):
        _link(given / f"{name}_konstruert.gpkg", data)
    if not all((data / f"{name}_konstruert.gpkg").exists() for name in MADE):
        tell("lager dyrkbar jord, jordkvalitet og kjerneområder av regionens AR5")
        land, towns = (gpd.read_file(data / f"{n}_konstruert.gpkg") for n in ("ar5", "kommuner"))
        made = make_farming(land, towns)
        write_tables(data, {f"{name}_konstruert": DataFile(made[name]) for name in MADE})
    _declare(region, folder / "layers")
    return folder


def _link(file: Path, folder: Path) -> None:
    target = folder / file.name
    if not file.exists() or target.exists():
        return
    try:
        target.symlink_to(file.absolute())
    except OSError:  # Windows without the right to link
        shutil.copy(file, target)


def _declare(region: Path, layers: Path) -> None:
    """Declarations of what goal 2 asks for; goals.toml last, since it says that all is there."""
    shutil.copy(region / "layers" / "region.toml", layers)
    texts = {**LAYERS, **THEMES}
    found = {name: texts[name] for name in (*DECLARED, "kjerneomraader", "h510")}
    source = PACKAGE.format(plan="forslag")
    found["forslag"] = PLAN.format(
        nb="Forslag", en="Proposal", plan="forslag", role="proposal", compare="", source=source
    )
    for name, text in found.items():
        (layers / f"{name}.toml").write_text(COMMON + text, encoding="utf-8")
    use = "".join(f"{row}\n" for row in USE.splitlines() if row.split(" = ")[0] in USES)
    (layers / "goals.toml").write_text(GOALS.replace("{use}", use) + PARAMETERS, encoding="utf-8")
