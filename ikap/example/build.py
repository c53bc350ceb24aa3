"""The whole build of Eksempelregionen on one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ikap.example.ar5 import ar5_table
from ikap.example.background import make_background
from ikap.example.buildings import make_buildings
from ikap.example.declarations import write_declarations
from ikap.example.farming import make_farming
from ikap.example.faults import apply_faults, check_names
from ikap.example.ground import make_ground
from ikap.example.landcover import make_landcover, make_municipalities
from ikap.example.ledgers import make_earlier_ar5
from ikap.example.linework import draw_lines
from ikap.example.packages import write_tables
from ikap.example.places import Settlement, make_settlements
from ikap.example.plans import make_plans
from ikap.example.size import Size, size_of
from ikap.example.tables import DataFile, Tables
from ikap.example.terrain import make_terrain
from ikap.example.themes import make_themes
from ikap.example.town_plans import town_plans
from ikap.example.walks import make_ways
from ikap.example.zones import candidates

__all__ = ["Made", "build", "make", "write"]


@dataclass(frozen=True)
class Made:
    """A region that is made and not yet written."""

    tables: Tables
    settlements: tuple[Settlement, ...]


def build(
    folder: Path,
    *,
    size: str | Size = "demo",
    faults: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the workspace of Eksempelregionen into `folder` (EPSG:25832, constructed data).

    Parameters
    ----------
    folder : Path
        Folder of the workspace; made if it is missing. Files of an earlier build are replaced.
    size : str or Size
        `small`, `demo`, `bench`, or a size of your own.
    faults : sequence of str
        Names from `FAULTS`: faults of real files that are put into the written files.
    progress : callable, optional
        Told the key of each step as it starts: `terrain`, `landcover`, `plans`, `files`.

    Raises
    ------
    InputError
        The size or a fault is not known (`example.size`, `example.fault`).
    """
    tell = progress or _silent
    check_names(faults)
    made = make(size_of(size), tell)
    tell("files")
    write(folder, made, faults)


def _silent(_: str) -> None:
    """Tell nobody."""


def make(size: Size, tell: Callable[[str], None]) -> Made:
    """The whole region in memory, without faults."""
    tell("terrain")
    terrain = make_terrain(size)
    settlements = make_settlements(terrain)
    ground = make_ground(terrain, settlements)
    tell("landcover")
    drawn = draw_lines(terrain, ground)
    cover = make_landcover(terrain, ground, drawn)
    tell("plans")
    ways = make_ways(terrain, settlements)
    plans = make_plans(terrain, cover, candidates(terrain, cover, settlements), ways)
    buildings = make_buildings(plans["gjeldende"].planned, cover)
    background = make_background(terrain, cover, settlements, drawn.river_lines)
    municipalities, ar5 = make_municipalities(cover), ar5_table(terrain, cover)
    files = {
        "kommuner": {"Kommune": municipalities},
        "ar5": {"ArealressursFlate": ar5},
        "arealressurs_2015": {"ArealressursFlate": make_earlier_ar5(ar5, municipalities)},
        "bygninger": {"Bygning": buildings},
        "kartbakgrunn": {"Kartbakgrunn": background},
        **make_farming(ar5, municipalities),
    } | {
        f"plan_{name}": {"KpArealformålOmråde": plan.areas, "KpSamferdselLinje": plan.lines}
        for name, plan in plans.items()
    }
    town = town_plans(plans["gjeldende"].planned)
    files |= {
        "kommunedelplan": {"KpArealformålOmråde": town["kommunedelplan"]},
        "reguleringsplaner": {"RpArealformålOmråde": town["reguleringsplaner"]},
    }
    tables = {f"{name}_konstruert": DataFile(layers) for name, layers in files.items()}
    themes = make_themes(
        terrain,
        cover,
        settlements,
        ways=ways,
        rivers=drawn.river_lines,
        adopted=plans["gjeldende"].planned,
        buildings=buildings,
    )
    return Made({**tables, **themes}, tuple(settlements))


def write(folder: Path, made: Made, faults: Sequence[str] = ()) -> None:
    """Write a made region into `folder`, with the named faults."""
    tables = apply_faults(made.tables, faults)
    write_declarations(folder, made.settlements, tables)
    write_tables(folder / "layers" / "data", tables)
