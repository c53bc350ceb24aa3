"""How to redo a figure in QGIS: the layers to open, and a query that gives the same number.

The queries are in the SQL of QGIS' virtual layers, which is SQLite with SpatiaLite's functions; any
other program that has those gives the same. `area(geometry)` is planar, as all areas of ikap are;
QGIS' own `$area` follows the project's ellipsoid, and differs. Every layer has its name in ikap.
"""

# ruff: noqa: S608 (the queries are told to the user; ikap runs none)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ikap.facts import CertifiedLayer, FactSpec
from ikap.facts.area_by_abc import USE as BY_POLYGON
from ikap.facts.farmland_remnants import TAKING
from ikap.facts.land import answers_by_polygon
from ikap.facts.table import UNMAPPED
from ikap.flow.again import Pieces
from ikap.flow.file_names import FID, class_column, id_column, layer_in_file
from ikap.flow.reading import Reader
from ikap.model import Parameters

__all__ = ["Asked", "recipe"]

ZONES, PLACES = "zones", "municipalities"
"""Layers of `results.gpkg`."""
PARTS = 1000
"""Most parts of one field that are looked through."""


@dataclass(frozen=True)
class Asked:
    """A figure that is to be redone."""

    spec: FactSpec
    zone_key: str
    classes: tuple[str, ...]
    answered: tuple[str, ...]  # names of the layers that answered
    pieces: Pieces
    parameters: Parameters
    paths: Mapping[str, str]  # of the layers' files and of the results ("")

    @property
    def table(self) -> pd.DataFrame:
        """Pieces of the figure."""
        return self.pieces.table


def recipe(reader: Reader, asked: Asked) -> dict[str, Any]:
    """Layers to open and what to do with them.

    Parameters
    ----------
    reader : Reader
        Knows the files' own names for layers and columns.
    asked : Asked
        The figure, with its pieces.

    Returns
    -------
    dict
        `how` (as `FactSpec.by_hand`; empty where there is nothing to redo), `layers` (name, path
        and layer in the file), `sql` and `expression` (for the layer `zones`), which may be empty,
        and of a distance `from` and `target`.
    """
    made = _Recipe(reader, asked)
    how = asked.spec.by_hand
    if how == "way":
        return made.way()
    sql = {"sum": made.sum, "clear": made.sum, "union": made.union, "left": made.left}.get(how)
    text = sql() if sql is not None else ""
    if not text:
        return {"how": "", "layers": [], "sql": "", "expression": ""}
    return {
        "how": how,
        "layers": made.opened(),
        "sql": text,
        "expression": made.expression() if how == "sum" else "",
    }


def _text(value: str) -> str:
    """Text constant in SQL and in QGIS' expressions."""
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


class _Recipe:
    """One recipe on its way: which layers it opens is noted as it is written."""

    def __init__(self, reader: Reader, asked: Asked) -> None:
        self.reader, self.asked = reader, asked
        self.used: list[str] = []
        self.cut: tuple[str, ...] = ()
        self.places = False

    # --- the figure ------------------------------------------------------------------------------

    def sum(self) -> str:
        """Query for a sum of pieces, each layer answering for what those before it left."""
        layers = [one for one in self._main() if one.name in self.asked.answered]
        rows = []
        for i, layer in enumerate(layers):
            where = self._filter(layer, "l")
            if where is None:
                continue
            self._cut_to(layer)
            inside = "ST_Intersection(l.geometry, z.geometry)"
            taken = [*self._earlier(layers[:i]), *self._buildings()]
            less = "".join(
                f" - COALESCE(ST_Area(ST_Intersection({inside}, ({one}))), 0)" for one in taken
            )
            rows.append(
                f"SELECT ST_Area({inside}){less} AS m2\n"
                f"FROM {self._open(layer)} l, {self._zone()} z\n"
                f"WHERE ST_Intersects(l.geometry, z.geometry) AND {where}"
            )
        joined = "\nUNION ALL\n".join(rows)
        return f"SELECT COALESCE(SUM(m2), 0) AS m2 FROM (\n{joined}\n)" if rows else ""

    def union(self) -> str:
        """Query for ground inside any of some shapes, counted once."""
        rows = []
        for layer in self._main():
            where = self._filter(layer, "l")
            if where is not None:
                rows.append(f"SELECT l.geometry FROM {self._open(layer)} l WHERE {where}")
        if not rows:
            return ""
        if self.asked.pieces.outside_m2 > 0:
            self.cut = self.asked.pieces.municipalities
        joined = "\nUNION ALL\n".join(rows)
        return (
            "SELECT COALESCE(ST_Area(ST_Intersection(z.geometry, ST_Union(s.geometry))), 0) AS m2\n"
            f"FROM {self._zone()} z, (\n{joined}\n) s\n"
            "WHERE ST_Intersects(s.geometry, z.geometry)"
        )

    def left(self) -> str:
        """Query for what is left of fields: the parts that hold the given points."""
        table = self.asked.table
        rows = []
        for layer in self._main():
            own = table[table["layer"] == layer.name] if len(table) else table
            column = id_column(self.reader, layer)
            if not len(own) or not column:
                continue
            points = "\nUNION ALL ".join(
                f"SELECT {_text(str(r.source_id))} AS id, {r.east!r} AS x, {r.north!r} AS y"
                for r in own.itertuples()
            )
            taking = ", ".join(_text(name) for name in TAKING)
            rows.append(
                "SELECT ST_Area(ST_GeometryN(f.g, n.i)) AS m2\n"
                "FROM (SELECT p.x, p.y, COALESCE(ST_Difference(l.geometry, (\n"
                f"    SELECT ST_Union(t.geometry) FROM {ZONES} t\n"
                f"    WHERE t.development IN ({taking}) AND ST_Intersects(t.geometry, l.geometry)\n"
                f"  )), l.geometry) AS g\n  FROM {self._open(layer)} l, (\n{points}\n  ) p\n"
                f"  WHERE CAST(l.{_name(column)} AS TEXT) = p.id) f, n\n"
                "WHERE n.i <= ST_NumGeometries(f.g)\n"
                "  AND ST_Intersects(ST_GeometryN(f.g, n.i), MakePoint(f.x, f.y, ST_SRID(f.g)))"
            )
        if not rows:
            return ""
        more = f"SELECT i + 1 FROM n WHERE i < {PARTS}"
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL {more})"
        joined = "\nUNION ALL\n".join(rows)
        return f"{numbers}\nSELECT COALESCE(SUM(m2), 0) AS m2 FROM (\n{joined}\n)"

    def expression(self) -> str:
        """Expression for the area in the layer `zones`; only where one layer answers for it all."""
        if len(self.used) != 1 or self.places:
            return ""
        (layer,) = (one for one in self._main() if one.name in self.used)
        where = self._filter(layer, "")
        return (
            f"aggregate({_text(layer.name)}, 'sum', "
            "area(intersection($geometry, geometry(@parent))), "
            f"{where} AND intersects($geometry, geometry(@parent)))"
        )

    def way(self) -> dict[str, Any]:
        """Where to go from and to along the network."""
        for layers in self.asked.pieces.layers.values():
            for layer in layers:
                if any(layer.name in name.split(", ") for name in self.asked.answered):
                    self._open(layer)
        return {"how": "way", "layers": self.opened(), "sql": "", "expression": ""}

    # --- its parts -------------------------------------------------------------------------------

    def opened(self) -> list[dict[str, str]]:
        """Layers to open, in the order they were asked for, after those of the results."""
        own = [ZONES, *([PLACES] if self.places else [])]
        paths = self.asked.paths
        found = [{"name": name, "path": paths[""], "layer": name} for name in own]
        for name in self.used:
            layer = layer_in_file(self.reader, name)
            found.append({"name": name, "path": paths.get(name, ""), "layer": layer})
        return found

    def _main(self) -> Sequence[CertifiedLayer]:
        return self.asked.pieces.layers.get(self.asked.spec.uses[0], ())

    def _open(self, layer: CertifiedLayer) -> str:
        if layer.name not in self.used:
            self.used.append(layer.name)
        return _name(layer.name)

    def _zone(self) -> str:
        """The area, cut to where the layers answer."""
        own = f"FROM {ZONES} WHERE zone_key = {_text(self.asked.zone_key)}"
        if not self.cut:
            return f"(SELECT geometry {own})"
        self.places = True
        places = ", ".join(_text(number) for number in self.cut)
        where = f"SELECT ST_Union(geometry) FROM {PLACES} WHERE kommunenummer IN ({places})"
        return f"(SELECT ST_Intersection(geometry, ({where})) AS geometry {own})"

    def _cut_to(self, layer: CertifiedLayer) -> None:
        """Note the municipalities that a layer answers in, where they are not the whole area."""
        pieces = self.asked.pieces
        everywhere = answers_by_polygon(layer) or self.asked.spec.uses[0] == BY_POLYGON
        everywhere |= layer.coverage_polygons is not None
        own = tuple(n for n in pieces.municipalities if everywhere or layer.complete_in(n))
        self.cut = own if own != pieces.municipalities or pieces.outside_m2 > 0 else ()

    def _earlier(self, layers: Sequence[CertifiedLayer]) -> list[str]:
        """Queries for ground that layers before have answered for."""
        found = []
        for layer in layers:
            if answers_by_polygon(layer):
                column = class_column(self.reader, layer)
                mapped = f" AND CAST(e.{_name(column)} AS INTEGER) <> {UNMAPPED}" if column else ""
                found.append(
                    f"SELECT ST_Union(e.geometry) FROM {self._open(layer)} e, {self._zone()} y "
                    f"WHERE ST_Intersects(e.geometry, y.geometry){mapped}"
                )
        return found

    def _buildings(self) -> list[str]:
        """Queries for the belts round buildings, for what is clear of them."""
        if self.asked.spec.by_hand != "clear":
            return []
        width, segments = (self.asked.parameters[n].value for n in self.asked.spec.parameters)
        layers = self.asked.pieces.layers["buildings"]
        each = " UNION ALL ".join(f"SELECT geometry FROM {self._open(one)}" for one in layers)
        return [
            f"SELECT ST_Union(ST_Buffer(b.geometry, {width:g}, {int(segments)})) "
            f"FROM ({each}) b, {self._zone()} y "
            f"WHERE ST_Distance(b.geometry, y.geometry) <= {width:g}"
        ]

    def _filter(self, layer: CertifiedLayer, alias: str) -> str | None:
        """Which features count, by class where the file has it, else by id; None if none do.

        With an alias in SQL, without one as an expression of QGIS.
        """
        column, classes = class_column(self.reader, layer), self.asked.classes
        if column and all(name.isdigit() for name in classes):
            return f"{_cast(column, alias, whole=True)} IN ({', '.join(sorted(classes))})"
        ids, column = self._ids(layer), id_column(self.reader, layer)
        if not ids or not column:
            return None
        if all(one.startswith(f"{FID}:") for one in ids):
            numbers = ", ".join(one.removeprefix(f"{FID}:") for one in ids)
            return f"{alias}.{FID} IN ({numbers})" if alias else f"$id IN ({numbers})"
        return f"{_cast(column, alias)} IN ({', '.join(_text(one) for one in ids)})"

    def _ids(self, layer: CertifiedLayer) -> list[str]:
        """Ids of the features that the pieces are of."""
        table = self.asked.table
        if not len(table):
            return []
        return sorted(set(table.loc[table["layer"] == layer.name, "source_id"]))


def _cast(column: str, alias: str, *, whole: bool = False) -> str:
    """Column as whole numbers or text, in SQL or (without an alias) in QGIS' expressions."""
    if alias:
        return f"CAST({alias}.{_name(column)} AS {'INTEGER' if whole else 'TEXT'})"
    return f"to_{'int' if whole else 'string'}({_name(column)})"
