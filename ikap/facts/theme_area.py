"""Fact: area of each planned area inside themes that lie on top of land cover, in m².

Themes are *herav*: outside every sum, and ground in two shapes of one theme counts once. A theme
without a layer is unknown everywhere, one with a layer is unknown where the layer is not complete:
the class `not_covered:THEME` says how much. To add a theme, add its name and `[use]` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.plans import CONCERNS
from ikap.facts.reserve import planned
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.measure import parts_in
from ikap.model import Reason

__all__ = ["FACT", "THEMES", "Theme", "holders_of", "measure", "unknown_of"]

HAZARDS, CORE_FARMLAND = "hazards", "core_farmland"
MAPPED, TO_CHECK = ("hensynssone", "faresone"), ("aktsomhet",)


@dataclass(frozen=True)
class Theme:
    """Layers of a theme: their name under `[use]`, and of hazards which one and at what level."""

    use: str
    hazard: str = ""
    levels: tuple[str, ...] = ()


THEMES: Mapping[str, Theme] = MappingProxyType(
    {
        "nature_types": Theme("nature_types"),
        "protected": Theme("protected"),
        "shore_zone": Theme("shore_zone"),
        "flood": Theme(HAZARDS, "flom", MAPPED),
        "flood_to_check": Theme(HAZARDS, "flom", TO_CHECK),
        "landslide": Theme(HAZARDS, "skred", MAPPED),
        "landslide_to_check": Theme(HAZARDS, "skred", TO_CHECK),
        "quick_clay": Theme(HAZARDS, "kvikkleire", MAPPED),
        "quick_clay_to_check": Theme(HAZARDS, "kvikkleire", TO_CHECK),
        "core_farmland": Theme(CORE_FARMLAND),
        "outdoor": Theme("outdoor"),
        "cultivable": Theme("cultivable"),
    }
)
FACT = FactSpec(
    name="theme_area",
    uses=(*dict.fromkeys(theme.use for theme in THEMES.values()), CONCERNS),
    classes=tuple(THEMES),
    accuracy="theme_accuracy",
)


def unknown_of(theme: str) -> str:
    """Class of ground where nobody knows whether the theme is there."""
    return f"{NOT_COVERED}:{theme}"


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × theme in m², of planned areas that are summed."""
    areas = planned(partition)
    if not len(areas.zone):
        return merge([])
    return merge(table for name in THEMES for table in _one(areas, name))


def _one(areas: Partition, name: str) -> Iterator[pd.DataFrame]:
    holders = holders_of(areas, name)
    where = {"municipality": areas.municipality}
    if not holders or areas.municipality == "":
        reason = Reason.NO_COVERAGE if holders else Reason.NO_LAYER
        told = {"layer": "", "classes": unknown_of(name), "reason": str(reason)}
        yield rows(areas.zone, areas.area, **where, **told)
        return
    shapes = np.concatenate([layer.polygons[keep] for layer, keep in holders])
    inside = _covered(areas, shapes)
    names = "+".join(layer.name for layer, _ in holders)
    some = inside > 0
    yield rows(areas.zone[some], inside[some], layer=names, classes=name, **where)
    unmapped = np.maximum(_unmapped(areas, [layer for layer, _ in holders]) - inside, 0.0)
    some = unmapped > 0
    told = {"layer": "", "classes": unknown_of(name), "reason": str(Reason.NO_COVERAGE)}
    yield rows(areas.zone[some], unmapped[some], **where, **told)


def holders_of(areas: Partition, name: str) -> list[tuple[CertifiedLayer, NDArray[np.bool_]]]:
    """Layers that are about the theme, and which of their shapes are of it."""
    theme = THEMES[name]
    layers = areas.layers.get(theme.use, ())
    if theme.use == CORE_FARMLAND:  # the plan's own H510 is of this theme
        layers = (*layers, *areas.layers.get(CONCERNS, ()))
    found = [(layer, _rows(layer, theme)) for layer in layers]
    return [(layer, keep) for layer, keep in found if keep is not None]


def _rows(layer: CertifiedLayer, theme: Theme) -> NDArray[np.bool_] | None:
    """Shapes of the layer that are of the theme; None where the layer is about something else."""
    if not theme.hazard:
        return np.ones(len(layer.polygons), dtype=bool)
    wanted = [f"{level}_{theme.hazard}" for level in theme.levels]
    keep = np.isin(layer.classes.astype(str), wanted)
    stated = layer.declaration.constants
    own = stated.get("fare") == theme.hazard and stated.get("kartnivå") in theme.levels
    return keep if own or keep.any() else None


def _covered(areas: Partition, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area in m² of each row inside the union of the shapes."""
    inside = np.zeros(len(areas.zone))
    row, shape = shapely.STRtree(shapes).query(areas.geometry, predicate="intersects")
    pieces, _ = parts_in(areas.geometry[row], shapes[shape])
    for k in np.unique(row):
        inside[k] = shapely.area(shapely.union_all(pieces[row == k]))
    return inside


def _unmapped(areas: Partition, layers: list[CertifiedLayer]) -> NDArray[np.float64]:
    """Area in m² of each row where no layer is complete."""
    if any(layer.complete_in(areas.municipality) for layer in layers):
        return np.zeros(len(areas.zone))
    outlines = [layer.coverage_polygons for layer in layers if layer.coverage_polygons is not None]
    if not outlines:
        return areas.area
    where = shapely.union_all(np.concatenate(outlines))
    mapped = np.asarray(shapely.area(shapely.intersection(areas.geometry, where)))
    return np.asarray(areas.area - mapped, dtype=np.float64)
