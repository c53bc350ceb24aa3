"""Fact: area of each zone inside mapped hazards, by map level and hazard, in m².

The classes lie on top of one another and are herav columns, outside any sum. Ground in two areas
of one class counts once. `natural` is ground inside any natural hazard, whatever its level. Ground
is unknown where no layer is complete for landslides, or none for floods.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.listing import list_shapes
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.kinds.hazards import HAZARDS, LEVELS
from ikap.measure import parts_in
from ikap.model import Reason

__all__ = ["FACT", "NATURAL", "NATURAL_HAZARDS", "THEMES", "is_natural", "listed", "measure"]

NATURAL = "natural"
NATURAL_HAZARDS = ("skred", "kvikkleire", "flom", "stormflo")
THEMES = ("skred", "flom")
"""Both must be mapped before ground can be said to have no mapped hazard."""

FACT = FactSpec(
    name="hazard_area",
    uses=("hazards",),
    classes=(*(f"{level}_{hazard}" for level, hazard in product(LEVELS, HAZARDS)), NATURAL),
    accuracy="hazard_accuracy",
    by_hand="union",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for ground that is not mapped."""
    layers = partition.layers.get("hazards", ())
    tables = [_unmapped(partition, layers)]
    if layers and partition.municipality != "":
        tables += _hits(partition, layers)
    return merge(tables)


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Parts inside hazards of the given classes (`listing.COLUMNS`), overlaps told."""
    if partition.municipality == "":
        return []
    layers = partition.layers.get("hazards", ())
    told = [(layer, layer.classes.astype(str)) for layer in layers]
    wanted = [
        (layer, np.isin(own, list(classes)) | (is_natural(own) & (NATURAL in classes)))
        for layer, own in told
    ]
    return list_shapes(partition, wanted)


def _hits(partition: Partition, layers: tuple[CertifiedLayer, ...]) -> list[pd.DataFrame]:
    areas = np.concatenate([layer.polygons for layer in layers])
    classes = np.concatenate([layer.classes for layer in layers]).astype(str)
    names = np.concatenate([np.full(len(layer.polygons), layer.name) for layer in layers])
    part, area = shapely.STRtree(areas).query(partition.geometry, predicate="intersects")
    pieces, _ = parts_in(partition.geometry[part], areas[area])
    some = shapely.area(pieces) > 0
    part, area, pieces = part[some], area[some], pieces[some]
    natural = is_natural(classes[area])
    tables = []
    for name in sorted(set(classes[area])):
        here = classes[area] == name
        tables += _counted_once(partition, part[here], pieces[here], names[area[here]], name)
    rest = _counted_once(partition, part[natural], pieces[natural], names[area[natural]], NATURAL)
    return [*tables, *rest]


def is_natural(classes: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether each class is one of a natural hazard, whatever its level."""
    return np.isin([c.rpartition("_")[2] for c in classes], NATURAL_HAZARDS)


def _counted_once(
    partition: Partition,
    part: NDArray[np.int64],
    pieces: NDArray[np.object_],
    layer: NDArray[np.str_],
    name: str,
) -> list[pd.DataFrame]:
    """Rows of one class: the union of each zone part's pieces."""
    own = np.unique(part)
    area, told = np.zeros(len(own)), np.full(len(own), "", dtype=object)
    for i, k in enumerate(own):
        here = part == k
        area[i] = shapely.area(shapely.union_all(pieces[here]))
        told[i] = "+".join(sorted(set(layer[here])))
    place, zone = partition.municipality, partition.zone[own]
    return [
        rows(zone[m], area[m], municipality=place, layer=names, classes=name)
        for names in sorted(set(told))
        for m in [told == names]
    ]


def _unmapped(partition: Partition, layers: tuple[CertifiedLayer, ...]) -> pd.DataFrame:
    """Rows of the ground where a theme is not mapped; of two themes the one with more of it."""
    area, reason = np.zeros(len(partition.zone)), str(Reason.NO_COVERAGE)
    for theme in THEMES:
        holders = [layer for layer in layers if _holds(layer, theme)]
        if not holders:
            area, reason = partition.area, str(Reason.NO_LAYER)
            break
        area = np.maximum(area, partition.area - _mapped(partition, holders))
    some = area > 0
    return rows(
        partition.zone[some],
        area[some],
        municipality=partition.municipality,
        layer="",
        classes=NOT_COVERED,
        reason=reason,
    )


def _holds(layer: CertifiedLayer, theme: str) -> bool:
    """Tell whether the layer is about the theme: it says so, or has an area of it somewhere."""
    stated = str(layer.declaration.constants.get("fare", "")) == theme
    return stated or any(str(c).endswith(f"_{theme}") for c in layer.classes)


def _mapped(partition: Partition, layers: list[CertifiedLayer]) -> NDArray[np.float64]:
    """Area in m² of each zone part where one of the layers is complete."""
    if any(layer.complete_in(partition.municipality) for layer in layers):
        return partition.area
    outlines = [layer.coverage_polygons for layer in layers if layer.coverage_polygons is not None]
    if not outlines or partition.municipality == "":
        return np.zeros(len(partition.zone))
    where = shapely.union_all(np.concatenate(outlines))
    return np.asarray(shapely.area(shapely.intersection(partition.geometry, where)))
