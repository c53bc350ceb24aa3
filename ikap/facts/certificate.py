"""The certificate: nothing is measured before its layer has passed here.

In: a canonical table (valid 2D polygons in the region's CRS). Out: a `CertifiedLayer` whose
polygons do not overlap one another, with a quality row for every overlap. The rule of who keeps
shared ground is stated in `RANK`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ikap.errors import InputError
from ikap.measure import Overlap, Polygons, counted_once, find_overlaps
from ikap.measure.read_ahead import ReadAhead
from ikap.measure.validity import are_valid
from ikap.model import LayerDeclaration, QualityRow

__all__ = ["RANK", "CertifiedLayer", "certify", "refuse_unmeasurable"]

IN_CACHE = ("given", "classes", "ids", "attributes")
AREAS = (3, 6)  # GEOS type numbers of polygons and multipolygons

RANK = ("21", "22", "23", "20", "60", "30", "50", "12", "11", "70", "81", "82", "99")
"""Ground under two classes counts as the class that stands first here, so that a loss of farmland
is never understated; within one class the smaller polygon keeps it (`_settled`)."""
BETTER_FOREST = ("15", "14", "13", "12", "11")
"""Codes of skogbonitet from særs høy to impediment; ground under two counts as the better."""


@dataclass(frozen=True, eq=False)
class CertifiedLayer:
    """A layer that may be measured, and where it came from.

    Its polygons do not overlap one another unless the layer's kind says that they may; networks
    have lines there, and stops points. Areas are measured of `shapes` alone.
    """

    declaration: LayerDeclaration
    given: Polygons | NDArray[np.object_]
    classes: NDArray[np.object_]
    ids: NDArray[np.object_]
    quality: tuple[QualityRow, ...]
    coverage_polygons: NDArray[np.object_] | None = None
    attributes: pd.DataFrame = field(default_factory=pd.DataFrame)  # canonical columns, row for row
    stored: Path | None = None  # folder of the cache that it is read from

    def __getstate__(self) -> dict[str, object]:
        """Leave out what another process can read from the cache."""
        state = {k: v for k, v in self.__dict__.items() if k != "shapes"}
        if self.stored is None:
            return state
        return {k: v for k, v in state.items() if k not in IN_CACHE}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Read from the cache what was left out."""
        self.__dict__.update(state)
        if self.stored is not None:
            from ikap.facts.entry import read_certified  # noqa: PLC0415 (it builds on this module)

            made = read_certified(self.stored, self.declaration)
            self.__dict__.update({k: getattr(made, k) for k in IN_CACHE})

    @cached_property
    def shapes(self) -> Polygons:
        """Polygons as they are measured; lines and points are empty here."""
        if isinstance(self.given, Polygons):
            return self.given
        return Polygons.of_geometries(self.given)

    @property
    def polygons(self) -> NDArray[np.object_]:
        """GEOS objects, lines and points too; made when they are first asked for."""
        return self.given.geometries if isinstance(self.given, Polygons) else self.given

    @property
    def name(self) -> str:
        """Name of the layer's declaration."""
        return self.declaration.name

    def complete_in(self, municipality: str) -> bool:
        """Whether the layer is declared complete in the whole municipality."""
        named = self.declaration.coverage.municipalities
        return municipality != "" and ("all" in named or municipality in named)


def refuse_unmeasurable(crs: pyproj.CRS | None, *, file: str) -> None:
    """Refuse a CRS in which areas and distances are not metres.

    Parameters
    ----------
    crs : pyproj.CRS or None
        CRS of what is to be measured.
    file : str
        Name for the message.

    Raises
    ------
    InputError
        `crs.missing`, `crs.geographic` or `crs.web_mercator`: at Trondheim Web Mercator shows an
        area almost five times too large.
    """
    if crs is None:
        raise InputError("crs.missing", file=file)
    if crs.is_geographic:
        raise InputError("crs.geographic", file=file, crs=crs.name)
    if crs.to_epsg() == 3857 or "Pseudo-Mercator" in crs.name:  # noqa: PLR2004 (EPSG code)
        raise InputError("crs.web_mercator", file=file, crs=crs.name)
    unit = crs.axis_info[0].unit_name if crs.axis_info else ""
    if unit not in ("metre", "meter"):
        raise InputError("crs.unit", file=file, crs=crs.name, unit=unit)


def certify(
    frame: gpd.GeoDataFrame,
    declaration: LayerDeclaration,
    *,
    classes: str | None = None,
    order: Sequence[str] = RANK,
    coverage_polygons: NDArray[np.object_] | None = None,
    exclusive: bool = True,
    checked: bool = False,
    ahead: ReadAhead | None = None,
) -> CertifiedLayer:
    """Find the layer's overlap with itself, count it once, and tell it.

    Parameters
    ----------
    frame : GeoDataFrame
        Canonical table with `source_id` and polygons, valid, 2D, projected CRS in metres.
    declaration : LayerDeclaration
        The layer's declaration.
    classes : str, optional
        Column that holds each polygon's class; none for layers without classes.
    order : sequence of str
        Classes by the right to shared ground.
    coverage_polygons : array of geometry, optional
        Where the layer is complete, if another layer says so.
    exclusive : bool
        Whether ground belongs to one polygon only; False for lines, points and themes that may
        lie on top of one another.
    checked : bool
        Whether the kind has seen just now that each geometry is valid (`Canonical.checked`).
    ahead : ReadAhead, optional
        What is known of the geometry as it was read; not used unless the table still has it.

    Returns
    -------
    CertifiedLayer
        Same rows in the same order; polygons that lost all their ground are empty.

    Raises
    ------
    InputError
        The CRS cannot be measured in (`crs.*`), or a geometry is not valid (`geometry.invalid`).
    """
    refuse_unmeasurable(frame.crs, file=declaration.name)
    polygons = np.asarray(frame.geometry.values, dtype=object)
    ids = frame["source_id"].to_numpy(dtype=object)
    bad = np.zeros(len(polygons), dtype=bool) if checked else ~are_valid(polygons)
    if bad.any():
        raise InputError("geometry.invalid", file=declaration.name, ids=ids[bad].tolist())
    labels = frame[classes].to_numpy(dtype=object) if classes else np.full(len(frame), "", object)
    rank = _rank(labels, order)
    known = ahead if ahead is not None and ahead.fits(polygons) else None
    shapes = known.polygons if known else _shapes(polygons)
    edges = known.edges if known and exclusive else None
    overlaps = find_overlaps(shapes or polygons, rank, edges=edges) if exclusive else ()
    overlaps = _settled(overlaps, rank, frame)
    rows = tuple(
        QualityRow(
            declaration.name,
            str(ids[o.loser]),
            "overlap.same_class" if labels[o.keeper] == labels[o.loser] else "overlap.other_class",
            o.area_m2,
            "m2",
            {
                "keeper": str(ids[o.keeper]),
                "keeper_class": str(labels[o.keeper]),
                "class": str(labels[o.loser]),
            },
        )
        for o in overlaps
    )
    once = counted_once(polygons, overlaps) if overlaps else shapes or polygons
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    return CertifiedLayer(declaration, once, labels, ids, rows, coverage_polygons, attributes)


def _rank(labels: NDArray[np.object_], order: Sequence[str]) -> NDArray[np.int64]:
    """Place of each label in the order; those that are not in it come last."""
    place = {c: i for i, c in enumerate(order)}
    which, values = pd.factorize(labels)
    ranks = [*(place.get(value, len(order)) for value in values), len(order)]  # last: no label
    return np.array(ranks, dtype=np.int64)[which]


def _settled(
    overlaps: tuple[Overlap, ...], rank: NDArray[np.int64], frame: gpd.GeoDataFrame
) -> tuple[Overlap, ...]:
    """Let the smaller of two equals keep the ground, so that the order of a file decides nothing.

    Of two that are equally large, the one whose purpose has the lower code keeps it, then the one
    whose outline comes first as bytes; of two with the same outline the better forest
    (`BETTER_FOREST`), then the one whose id comes first.
    """
    shapes = frame.geometry.to_numpy()
    nothing = pd.Series("", index=frame.index)
    purpose, forest = (frame.get(name, nothing) for name in ("arealformål", "skogbonitet"))
    ids = frame["source_id"]

    def key(place: int) -> tuple[float, str, bytes, int, str]:
        outline = shapely.to_wkb(shapely.normalize(shapes[place]))
        size, code = float(shapely.area(shapes[place])), str(purpose.iloc[place])
        return size, code, outline, _place_of(str(forest.iloc[place])), str(ids.iloc[place])

    def settled(pair: Overlap) -> Overlap:
        equal = rank[pair.keeper] == rank[pair.loser]
        if not equal or key(pair.keeper) <= key(pair.loser):
            return pair
        return Overlap(pair.loser, pair.keeper, pair.area_m2)

    return tuple(settled(pair) for pair in overlaps)


def _place_of(bonitet: str) -> int:
    known = bonitet in BETTER_FOREST
    return BETTER_FOREST.index(bonitet) if known else len(BETTER_FOREST)


def _shapes(geometries: NDArray[np.object_]) -> Polygons | None:
    """Polygons alone as `Polygons`; their rings are unpacked once for all that follows."""
    only = len(geometries) and np.isin(shapely.get_type_id(geometries), AREAS).all()
    return Polygons.of_geometries(geometries) if only else None
