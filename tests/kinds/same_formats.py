"""The same areas written in every format, by programs other than ikap or by hand."""

import json
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

__all__ = ["WRITERS", "plan_areas"]

EAST, NORTH = 569_000.25, 7_034_000.5  # exact in binary and in centimetres
LAYER = "KpArealformålOmråde"


def square(x: float, y: float, size: float = 100.0) -> Polygon:
    return box(EAST + x, NORTH + y, EAST + x + size, NORTH + y + size)


def plan_areas() -> gpd.GeoDataFrame:
    """Five planned areas in EPSG:25832.

    Two that share an edge with a vertex of its own, one with two holes, one of two parts of which
    one has a hole, and one that says next to nothing.
    """
    shared = Polygon(
        [
            *((EAST + x, NORTH + y) for x, y in ((0, 0), (100, 0), (103.75, 40), (100, 100))),
            (EAST, NORTH + 100),
        ]
    )
    beside = square(100, 0).difference(shared)
    holes = square(300, 0, 200).difference(square(320, 20, 30)).difference(square(400, 100, 50))
    parts = shapely.MultiPolygon([square(600, 0), square(800, 0).difference(square(820, 20, 10))])
    return gpd.GeoDataFrame(
        {
            "lokalId": ["æ-1", "b-2", "ø-3", "å-4", "e-5"],
            "objtype": [LAYER] * 5,
            "arealformål": ["1110", "5100", "2010", "3040", "1110"],
            "arealbruksstatus": [2, 1, 1, 2, 2],
            "planstatus": [3, 3, 3, 3, 3],
            "områdenavn": ["Åsen på Øya", "Vær & <ny>", None, "a;b, c", None],
            "planidentifikasjon": ["0301", "0301", "0301", "0301", None],
            "kommunenummer": ["5001"] * 5,
            "vertikalnivå": [2, 2, 2, 2, 2],
            "ikrafttredelsesdato": [date(2023, 5, 1), None, date(1999, 12, 31), None, None],
        },
        geometry=[shared, beside, holes, parts, square(0, 300)],
        crs="EPSG:25832",
    )


def dated(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Dates as the type that file formats have."""
    return frame.assign(ikrafttredelsesdato=pd.to_datetime(frame["ikrafttredelsesdato"]))


def by_gdal(name: str, **options: Any) -> Callable[[gpd.GeoDataFrame, Path], dict[str, object]]:
    def write(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # names are cut, and dates are said to lose their time
            dated(frame).to_file(folder / name, engine="pyogrio", **options)
        return {"from": "files", "path": str(folder / name)}

    return write


def shapefile(encoding: str, *, code_page: bool) -> Callable[..., dict[str, object]]:
    def write(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
        source = by_gdal("a.shp", encoding=encoding)(frame, folder)
        if not code_page:
            (folder / "a.cpg").unlink()
        return source

    return write


def parquet(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    frame.to_parquet(folder / "a.parquet")
    return {"from": "files", "path": str(folder / "a.parquet")}


def zipped(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    inner = Path(str(by_gdal("a.gpkg")(frame, folder)["path"]))
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "Ås/plan på Øya.gpkg")
    return {"from": "files", "path": str(folder / "a.zip")}


def nested_geojson(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    """Two collections in one file, attributes nested, coordinates as they are."""
    features = []
    for row in rows(frame):
        nested = {"Identifikasjon": {"lokalId": row.pop("lokalId"), "navnerom": "x"}}
        shape = row.pop("geometry")
        properties = {**row, "identifikasjon": nested}
        geometry = shapely.geometry.mapping(shape)
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code_of(frame)}"}}
    areas = {"type": "FeatureCollection", "crs": crs, "features": features}
    other = {**areas, "features": features[:1]}
    text = json.dumps({LAYER: areas, "KpGrense": other}, ensure_ascii=False, default=str)
    (folder / "a.json").write_text("\ufeff" + text, encoding="utf-8")
    return {"from": "files", "path": str(folder / "a.json"), "layer": LAYER}


def topojson(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    """Quantised to a quarter of a metre, every second ring backwards."""
    scale, corner = np.array([0.25, 0.25]), frame.total_bounds[:2]
    arcs: list[list[list[int]]] = []

    def ring(xy: np.ndarray) -> list[int]:
        number = len(arcs)
        turned = number % 2 == 1
        steps = np.round(((xy[::-1] if turned else xy) - corner) / scale).astype(int)
        arcs.append(np.diff(steps, axis=0, prepend=[[0, 0]]).tolist())
        return [~number if turned else number]

    def area(polygon: Polygon) -> list[list[int]]:
        return [ring(np.asarray(line.coords)) for line in (polygon.exterior, *polygon.interiors)]

    geometries = []
    for row in rows(frame):
        shape = row.pop("geometry")
        multi = shape.geom_type == "MultiPolygon"
        placed = [area(part) for part in shape.geoms] if multi else area(shape)
        geometries.append({"type": shape.geom_type, "arcs": placed, "properties": row})
    whole = {
        "type": "Topology",
        "transform": {"scale": scale.tolist(), "translate": corner.tolist()},
        "objects": {LAYER: {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    (folder / "a.topojson").write_text(json.dumps(whole, default=str), encoding="utf-8")
    return {"from": "files", "path": str(folder / "a.topojson"), "crs": f"EPSG:{code_of(frame)}"}


def csv(encoding: str) -> Callable[..., dict[str, object]]:
    def write(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
        table = pd.DataFrame(frame.drop(columns="geometry"))
        table["ikrafttredelsesdato"] = [d and d.strftime("%d.%m.%Y") for d in table.iloc[:, -1]]
        table["geometri"] = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1)
        text = table.to_csv(sep=";", index=False)
        (folder / "a.csv").write_bytes(text.encode(encoding))
        return {"from": "tables", "path": str(folder / "a.csv"), "crs": str(frame.crs)}

    return write


def excel(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    book = openpyxl.Workbook()
    book.active.append([*frame.columns])
    for row in rows(frame):
        book.active.append([*[*row.values()][:-1], row["geometry"].wkt])
    book.save(folder / "a.xlsx")
    return {"from": "tables", "path": str(folder / "a.xlsx"), "crs": str(frame.crs)}


def gml(frame: gpd.GeoDataFrame, folder: Path, *, encoding: str = "UTF-8") -> dict[str, object]:
    """GML 3.2 with the URN form of the CRS, in the order of axes that it asks for."""
    code = code_of(frame)
    turned = frame.crs is not None and frame.crs.is_geographic

    def positions(line: BaseGeometry) -> str:
        xy = np.asarray(line.coords)
        return " ".join(repr(float(v)) for p in (xy[:, ::-1] if turned else xy) for v in p)

    def surface(polygon: Polygon) -> str:
        rings = (polygon.exterior, *polygon.interiors)
        parts = "".join(
            f"<gml:{side}><gml:LinearRing><gml:posList>{positions(line)}</gml:posList>"
            f"</gml:LinearRing></gml:{side}>"
            for line, side in zip(rings, ("exterior", *["interior"] * len(rings)), strict=False)
        )
        return f"<gml:Polygon>{parts}</gml:Polygon>"

    members = []
    for number, row in enumerate(rows(frame)):
        shape, local = row.pop("geometry"), row.pop("lokalId")
        row.pop("objtype")
        polygons = getattr(shape, "geoms", [shape])
        surfaces = "".join(f"<gml:surfaceMember>{surface(p)}</gml:surfaceMember>" for p in polygons)
        said = "".join(
            f"<app:{k}>{escape(str(v))}</app:{k}>" for k, v in row.items() if v is not None
        )
        members.append(
            f'<gml:featureMember><app:{LAYER} gml:id="n{number}"><app:identifikasjon>'
            f"<app:Identifikasjon><app:lokalId>{local}</app:lokalId></app:Identifikasjon>"
            f"</app:identifikasjon>{said}<app:område>"
            f'<gml:MultiSurface srsName="urn:ogc:def:crs:EPSG::{code}" srsDimension="2">{surfaces}'
            f"</gml:MultiSurface></app:område></app:{LAYER}></gml:featureMember>"
        )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<gml:FeatureCollection '
        f'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://example.no/plan">'
        f"{''.join(members)}</gml:FeatureCollection>"
    )
    (folder / "a.gml").write_bytes(text.encode(encoding))
    return {"from": "files", "path": str(folder / "a.gml")}


def latin_gml(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
    return gml(frame, folder, encoding="ISO-8859-1")


SOSI_NAMES = {
    "objtype": "OBJTYPE",
    "arealformål": "KPAREALFORMÅL",
    "arealtype": "ARTYPE",
    "arealbruksstatus": "AREALST",
    "planstatus": "PLANSTAT",
    "områdenavn": "OMRNAVN",
    "planidentifikasjon": "PLANID",
    "kommunenummer": "KOMM",
    "vertikalnivå": "VERTNIV",
    "ikrafttredelsesdato": "IKRAFT",
}
KOORDSYS = {25832: 22, 25833: 23}


def sosi(charset: str, encoding: str) -> Callable[..., dict[str, object]]:
    """Surfaces by reference, every second curve backwards, whole centimetres from an origin.

    A surface is one area: what has two parts is left out.
    """

    def write(frame: gpd.GeoDataFrame, folder: Path) -> dict[str, object]:
        objects: list[str] = []
        origin = np.floor(frame.total_bounds[:2])

        def curve(line: BaseGeometry, *, turned: bool) -> str:
            xy = np.asarray(line.coords)[:: -1 if turned else 1]
            steps = np.round((xy - origin) * 100).astype(int)
            number = len(objects) + 1
            text = "\n".join(f"{north} {east}" for east, north in steps)
            objects.append(f".KURVE {number}:\n..OBJTYPE Grense\n..NØ\n{text}\n")
            return f":{'-' if turned else ''}{number}"

        for row in rows(frame):
            shape = row.pop("geometry")
            if shape.geom_type == "MultiPolygon":
                continue
            refs = [curve(shape.exterior, turned=len(objects) % 2 == 1)]
            refs += [f"({curve(hole, turned=False)})" for hole in shape.interiors]
            said = "".join(
                f"..{SOSI_NAMES[k]} {sosi_text(v)}\n"
                for k, v in row.items()
                if k in SOSI_NAMES and v is not None
            )
            local = f'..IDENT\n...LOKALID "{row["lokalId"]}"\n'
            number = len(objects) + 1
            objects.append(f".FLATE {number}:\n{said}{local}..REF {' '.join(refs)}\n")
        head = (
            f".HODE\n..TEGNSETT {charset}\n..TRANSPAR\n...KOORDSYS {KOORDSYS[code_of(frame)]}\n"
            f"...ORIGO-NØ {origin[1]:.0f} {origin[0]:.0f}\n...ENHET 0.01\n..SOSI-NIVÅ 4\n"
        )
        text = f"{head}{''.join(objects)}.SLUTT\n"
        (folder / "a.sos").write_bytes(text.encode(encoding))
        return {"from": "files", "path": str(folder / "a.sos"), "layer": LAYER}

    return write


def sosi_text(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%Y%m%d")
    return f'"{value}"' if isinstance(value, str) and not value.isalnum() else str(value)


def rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; nothing is None."""
    listed = pd.DataFrame(frame).astype(object)
    return [
        {k: v if pd.notna(v) else None for k, v in row.items()} for row in listed.to_dict("records")
    ]


def code_of(frame: gpd.GeoDataFrame) -> int:
    assert frame.crs is not None
    code = frame.crs.to_epsg()
    assert code is not None
    return int(code)


Writer = Callable[[gpd.GeoDataFrame, Path], dict[str, object]]
WRITERS: Mapping[str, Writer] = {
    "GeoPackage": by_gdal("a.gpkg"),
    "GeoPackage, multi": by_gdal("a.gpkg", promote_to_multi=True),
    "FlatGeobuf": by_gdal("a.fgb"),
    "FileGDB": by_gdal(
        "a.gdb", driver="OpenFileGDB", layer="KpArealformalOmrade", promote_to_multi=True
    ),
    "Shapefile, UTF-8": shapefile("UTF-8", code_page=True),
    "Shapefile, Latin-1": shapefile("ISO-8859-1", code_page=True),
    "Shapefile, no code page": shapefile("ISO-8859-1", code_page=False),
    "GeoJSON": by_gdal("a.geojson", COORDINATE_PRECISION=15),
    "GeoJSON, several collections": nested_geojson,
    "GeoParquet": parquet,
    "TopoJSON": topojson,
    "CSV, UTF-8": csv("utf-8-sig"),
    "CSV, Windows": csv("cp1252"),
    "Excel": excel,
    "zip": zipped,
    "GML": gml,
    "GML, Latin-1": latin_gml,
    "SOSI, UTF-8": sosi("UTF-8", "utf-8"),
    "SOSI, ISO8859-10": sosi("ISO8859-10", "iso8859-10"),
    "SOSI, DOSN8": sosi("DOSN8", "cp865"),
}
