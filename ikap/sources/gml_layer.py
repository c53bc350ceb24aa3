"""One layer of a GML file, feature by feature: attributes, geometry, and what is told of them."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from shapely import Geometry

from ikap.sources.arcs import SAGITTA_M
from ikap.sources.crs import crs_name, flat_crs, same_crs
from ikap.sources.gml_attributes import Attributes
from ikap.sources.gml_coordinates import Marks, Place, Unreadable, place_at
from ikap.sources.gml_crs import Reference
from ikap.sources.gml_curves import HREF
from ikap.sources.gml_geometry import Shapes, rank
from ikap.sources.gml_links import Scan, number, references
from ikap.sources.gml_stream import Element, feature_id, local
from ikap.sources.gml_targets import Targets, drawn_place
from ikap.sources.ledger import Ledger

__all__ = ["Layer"]

EXAMPLES = 5
POLYGON = 3
SEVERAL = -2
TOLERANCE_CM = round(100 * SAGITTA_M)


@dataclass
class Layer:
    """Collects the features of one layer."""

    scan: Scan
    targets: Targets
    ledger: Ledger
    ids: list[str] = field(default_factory=list)
    geometries: list[Geometry | None] = field(default_factory=list)
    attributes: Attributes = field(default_factory=Attributes)
    done: Counter[str] = field(default_factory=Counter)
    beside: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: dict[str, tuple[Reference | None, str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, tuple[array[int], array[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shapes = Shapes(self.targets.line, self.targets.area)

    def add(self, feature: Element, envelope: Place) -> None:
        """Take one feature; `envelope` is what the collection says of its coordinates."""
        name = feature_id(feature) or f"nr{len(self.ids) + 1}"
        self._follow(feature, len(self.ids))
        self.ids.append(name)
        self.attributes.add(feature)
        self.shapes.fresh()
        try:
            geometry = self._geometry(feature, _bounded(feature, envelope))
        except Unreadable as fault:
            self.ledger.told(fault.key, 1, source_id=f"gml:{name}", **fault.facts)
            geometry = None
        except (shapely.errors.ShapelyError, ValueError):
            self.ledger.told("geometry.unreadable", 1, source_id=f"gml:{name}")
            geometry = None
        self.geometries.append(geometry)
        self._note(self.shapes.marks, name)

    def _geometry(self, feature: Element, envelope: Place) -> Geometry | None:
        """Geometry of the highest rank; of several in one attribute all, else the first."""
        drawn = [(local(p), g) for p in feature for g in p if rank(g) >= 0]
        if not drawn:
            return self._elsewhere(feature)
        best = max(drawn, key=lambda found: rank(found[1]))
        same = [g for role, g in drawn if role == best[0] and rank(g) == rank(best[1])]
        if len(same) < len(drawn):
            for role in dict.fromkeys(role for role, g in drawn if g not in same):
                self.beside[best[0], role] += 1
        parts = [self.shapes.geometry(g, drawn_place(g, envelope)) for g in same]
        return parts[0] if len(parts) == 1 else _together(parts)

    def _elsewhere(self, feature: Element) -> Geometry | None:
        """Geometry that an attribute refers to in place of having one."""
        for _, name in references(feature):
            if number(name) not in self.scan.whole:
                continue
            if (area := self.targets.area(name)) is not None:
                self.shapes.marks.add(area[1])
                return area[0]
            if (line := self.targets.line(name)) is not None:
                self.shapes.marks.add(line[1])
                return shapely.LineString(line[0])
            raise Unreadable("gml.boundary_missing", id=name)
        return None

    def _follow(self, feature: Element, row: int) -> None:
        for child in feature:
            href = child.get(HREF)
            if href is None:
                continue
            if href.startswith("#"):
                rows, numbers = self.links.setdefault(local(child), (array("q"), array("q")))
                rows.append(row)
                numbers.append(number(href[1:]))
            elif "#" in href:
                self.outside.setdefault(local(child), []).append(href)

    def _note(self, marks: Marks, name: str) -> None:
        for srs, found in marks.references.items():
            self.seen.setdefault(srs, (found, name))
        self.done["arcs"] += marks.arcs
        self.done["arc_features"] += marks.arcs > 0
        self.done["heights"] += marks.heights
        self.done["turned"] += marks.turned > 0
        if marks.closed:
            self.ledger.told("ring.closed", 1, source_id=f"gml:{name}")
        if marks.straight_arcs:
            arcs = marks.straight_arcs
            self.ledger.told("gml.arc_straight", arcs, source_id=f"gml:{name}")

    def frame(self, envelope: Place) -> GeoDataFrame:
        """The layer as a table; what was done to it is told.

        Parameters
        ----------
        envelope : Place
            Coordinate system of a layer where no coordinates could be read.

        Returns
        -------
        GeoDataFrame
            Index `gml:` and the feature's id; 2D; CRS None where the file has none.

        Raises
        ------
        InputError
            `gml.crs_unknown`, `gml.crs_mixed`.
        """
        crs = self._crs(envelope)
        self._tell()
        table = self.attributes.table()
        self._given_facts(table)
        shapes = np.empty(len(self.geometries), dtype=object)
        shapes[:] = self.geometries
        index = pd.Index(self._unique_ids(), dtype=object)
        table.index = index
        return GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=index, crs=crs), crs=crs)

    def _crs(self, envelope: Place) -> CRS | None:
        """The one CRS of the layer; different ones are not mixed, and none is not guessed."""
        for srs, (found, name) in self.seen.items():
            if srs and found is None:
                self.ledger.fault("gml.crs_unknown", ids=[f"gml:{name}"], name=srs)
        self.ledger.stop()
        used = [found for found, _ in self.seen.values() if found is not None]
        if not self.seen:
            return envelope.reference.crs if envelope.reference else None
        if not used:
            return None
        flat = [flat_crs(reference.crs) for reference in used]
        ids = [f"gml:{name}" for _, name in self.seen.values()]
        if len(used) < len(self.seen) or not all(same_crs(flat[0], other) for other in flat):
            there = ", ".join(srs or "(–)" for srs in self.seen)
            self.ledger.fault("gml.crs_mixed", ids=ids, there=there)
            self.ledger.stop()
        for reference in used:
            if reference.short:
                self.ledger.told("gml.axis_short", len(self.ids), name=reference.name)
        whole = {crs_name(reference.crs) for reference in used}
        return used[0].crs if len(whole) == 1 else flat[0]

    def _tell(self) -> None:
        told, done = self.ledger.told, self.done
        if done["arcs"]:
            told(
                "curves.straightened",
                done["arcs"],
                objects=done["arc_features"],
                tolerance_cm=TOLERANCE_CM,
            )
        if done["heights"]:
            told("heights.dropped", done["heights"])
        if done["turned"]:
            told("gml.curve_turned", done["turned"])
        for (used, other), count in self.beside.items():
            told("gml.geometry_beside", count, used=used, other=other)
        for name, count in self.attributes.repeated.items():
            told("gml.repeated", count, name=name, column=self.attributes.whole_name(name))
        for role, (rows, numbers) in self.links.items():
            lost = np.array(rows)[~np.isin(np.array(numbers), self.scan.ids)]
            if len(lost):
                named = dict.fromkeys(f"gml:{self.ids[row]}" for row in lost[:EXAMPLES])
                told("gml.link_missing", len(lost), role=role, ids=", ".join(named))
        for role, hrefs in self.outside.items():
            told("gml.link_outside", len(hrefs), role=role, example=hrefs[0])

    def _given_facts(self, table: pd.DataFrame) -> None:
        """Add the facts of each feature's plan as `arealplan.<name>`, and those of its outline."""
        numbers = np.array([number(name) for name in self.ids], dtype=np.int64)
        for given in self.scan.given:
            prefix, values = given.giver.prefix, given.values
            got = given.of(numbers)
            several, used = int((got == SEVERAL).sum()), np.unique(got[got >= 0])
            if several:
                self.ledger.told(f"gml.several.{given.giver.word}", several)
            if len(used):
                self.ledger.told(f"gml.facts.{given.giver.word}", int((got >= 0).sum()))
            for fact in (f for f in given.giver.facts if any(f in values[i] for i in used)):
                cells = [values[i].get(fact) if i >= 0 else None for i in got]
                table[f"{prefix}.{fact}"] = np.array(cells, dtype=object)

    def _unique_ids(self) -> list[str]:
        """Ids with `~2` and so on after one that comes again."""
        times: Counter[str] = Counter()
        names: list[str] = []
        for name in self.ids:
            times[name] += 1
            names.append(f"gml:{name}" if times[name] == 1 else f"gml:{name}~{times[name]}")
        again = [name for name, count in times.items() if count > 1]
        if again:
            self.ledger.told("gml.id_twice", len(again), ids=", ".join(again[:EXAMPLES]))
        return names


def _bounded(feature: Element, envelope: Place) -> Place:
    """What the feature's own bounds say of coordinates, else what the collection says."""
    if len(feature) and local(feature[0]) == "boundedBy" and len(feature[0]):
        own = feature[0][0]
        if own.get("srsName"):
            return place_at(own, Place())
    return envelope


def _together(parts: list[Geometry]) -> Geometry:
    """Geometries of one attribute as one."""
    flat = shapely.get_parts(parts)
    kinds = set(shapely.get_type_id(flat))
    for kind, make in ((0, shapely.multipoints), (1, shapely.multilinestrings)):
        if kinds == {kind}:
            return cast(Geometry, make(flat))
    if kinds == {POLYGON}:
        return cast(Geometry, shapely.multipolygons(flat))
    return cast(Geometry, shapely.geometrycollections(flat))
