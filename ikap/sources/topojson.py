"""TopoJSON: shared borders (arcs) put together into lines and areas; every object is a layer.

The format has no CRS of its own. A `crs` member as in old GeoJSON is honoured; else the layer's
TOML must state it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from ikap.sources.geojson import member_crs
from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers"]

Coordinates = NDArray[np.float64]
Geometry = Mapping[str, Any]


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:  # noqa: ARG001 (see formats.Reader)
    """Names of the objects, in the file's order."""
    return tuple(_topology(path, None)["objects"])


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """Geometries of one object with their properties; the index is the number in the object."""
    whole = _topology(path, encoding)
    topology = _Topology.of(whole)
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    for number, geometry in enumerate(_features(whole["objects"][layer])):
        properties = geometry.get("properties") or {}
        own = {"id": geometry["id"]} if "id" in geometry else {}
        rows.append({**own, **properties})
        try:
            shapes.append(topology.shape(geometry))
        except (IndexError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
            shapes.append(None)
            ledger.told("geometry.unreadable", 1, source_id=f"fid:{number}")
    table = pd.DataFrame(rows, index=pd.RangeIndex(len(rows)), dtype=object)
    crs = member_crs(whole.get("crs"))
    return GeoDataFrame(table, geometry=GeoSeries(shapes, table.index, crs=crs))


def _topology(path: Path, encoding: str | None) -> dict[str, Any]:
    whole = json.loads(path.read_bytes().decode(encoding or "utf-8-sig"))
    if not isinstance(whole, dict) or whole.get("type") != "Topology":
        raise ValueError("type: Topology")
    if not isinstance(whole.get("objects"), dict) or not isinstance(whole.get("arcs"), list):
        raise ValueError("objects, arcs")
    return whole


def _features(geometry: Geometry) -> Iterator[Geometry]:
    """Geometries of a collection; a collection with properties of its own is one feature."""
    if geometry.get("type") == "GeometryCollection" and not geometry.get("properties"):
        yield from geometry.get("geometries") or ()
    else:
        yield geometry


@dataclass(frozen=True)
class _Topology:
    """Arcs in coordinates, and how a single position becomes one."""

    arcs: tuple[Coordinates, ...]
    scale: Coordinates
    translate: Coordinates

    @classmethod
    def of(cls, whole: Mapping[str, Any]) -> _Topology:
        transform = whole.get("transform") or {}
        scale = np.array(transform.get("scale", (1.0, 1.0)), dtype=float)
        translate = np.array(transform.get("translate", (0.0, 0.0)), dtype=float)
        arcs = [np.array([p[:2] for p in arc], dtype=float).reshape(-1, 2) for arc in whole["arcs"]]
        if transform:
            arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]
        return cls(tuple(arcs), scale, translate)

    def shape(self, geometry: Geometry) -> shapely.Geometry | None:
        """Geometry in coordinates; nothing for `type: null`."""
        kind, arcs = geometry.get("type"), geometry.get("arcs", ())
        if kind is None:
            return None
        if kind == "GeometryCollection":
            parts = [self.shape(g) for g in geometry["geometries"]]
            return shapely.GeometryCollection([part for part in parts if part is not None])
        if kind == "Point":
            return shapely.Point(self._positions([geometry["coordinates"]])[0])
        if kind == "MultiPoint":
            return shapely.MultiPoint(self._positions(geometry["coordinates"]))
        if kind == "LineString":
            return shapely.LineString(self._line(arcs))
        if kind == "MultiLineString":
            return shapely.MultiLineString([self._line(line) for line in arcs])
        if kind == "Polygon":
            return self._area(arcs)
        if kind == "MultiPolygon":
            return shapely.MultiPolygon([self._area(rings) for rings in arcs])
        raise ValueError(kind)

    def _positions(self, positions: Sequence[Sequence[float]]) -> Coordinates:
        xy = np.array([p[:2] for p in positions], dtype=float).reshape(-1, 2)
        moved: Coordinates = xy * self.scale + self.translate
        return moved

    def _area(self, rings: Sequence[Sequence[int]]) -> shapely.Polygon:
        lines = [self._line(ring) for ring in rings]
        return shapely.Polygon(lines[0], lines[1:]) if lines else shapely.Polygon()

    def _line(self, indices: Sequence[int]) -> Coordinates:
        """Arcs one after the other, each without the point it shares with the one before.

        A negative number `~i` is arc `i` backwards.
        """
        arcs = [self.arcs[i] if i >= 0 else self.arcs[~i][::-1] for i in indices]
        return np.concatenate([arc if n == 0 else arc[1:] for n, arc in enumerate(arcs)])
