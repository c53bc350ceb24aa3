"""The whole build of Eksempelregionen on one screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ikap.example.ar5 import ar5_table
from ikap.example.background import make_background
from ikap.example.buildings import make_buildings
from ikap.example.declarations import write_declarations
from ikap.example.ground import make_ground
from ikap.example.landcover import make_landcover, make_municipalities
from ikap.example.linework import draw_lines
from ikap.example.packages import write_package
from ikap.example.places import make_settlements
from ikap.example.plans import make_plans
from ikap.example.size import Size, size_of
from ikap.example.terrain import make_terrain
from ikap.example.zones import candidates

__all__ = ["build"]


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
        Told the key of each step as it starts.

    Raises
    ------
    InputError
        The size or a fault is not known (`example.size`, `example.fault`).
    """
    chosen = size_of(size)
    tell = progress or (lambda step: None)
    tell("terrain")
    terrain = make_terrain(chosen)
    settlements = make_settlements(terrain)
    ground = make_ground(terrain, settlements)
    tell("landcover")
    drawn = draw_lines(terrain, ground)
    cover = make_landcover(terrain, ground, drawn)
    tell("plans")
    plans = make_plans(terrain, cover, candidates(terrain, cover, settlements))
    tell("files")
    data = folder / "layers" / "data"
    write_declarations(folder, settlements)
    write_package(data / "kommuner_konstruert.gpkg", {"Kommune": make_municipalities(cover)})
    write_package(data / "ar5_konstruert.gpkg", {"ArealressursFlate": ar5_table(terrain, cover)})
    for name, plan in plans.items():
        layers = {"KpArealformålOmråde": plan.areas, "KpSamferdselLinje": plan.lines}
        write_package(data / f"plan_{name}_konstruert.gpkg", layers)
    buildings = make_buildings(plans["gjeldende"].planned, cover)
    write_package(data / "bygninger_konstruert.gpkg", {"Bygning": buildings})
    background = make_background(terrain, cover, settlements, drawn.river_lines)
    write_package(data / "kartbakgrunn_konstruert.gpkg", {"Kartbakgrunn": background})
