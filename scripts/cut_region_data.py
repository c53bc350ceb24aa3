"""Cut the open data of Trondheimsregionen that come with the workspace (`layers/data/`).

Run once when the source files change: `python scripts/cut_region_data.py`, with `IKAP_REALDATA`
set to the folder that holds them. The same sources and the same GDAL, GEOS and PROJ give the
same bytes.

In (all Kartverket, CC BY 4.0)

- `municipalities/kommuner_2024_m.geojson`: 357 municipalities of 2024, land area, EPSG:4326
- `landuse/n1000_trondheimsregionen.gpkg`: N1000, EPSG:25833
- `landuse/trondheim_n50_arealbruk.geojson`: 18 areas of N50, EPSG:4979 (with heights)

Out (all EPSG:25832, metres)

- `kommuner.gpkg`: `kommuner` (the eight with their sea, neighbours on land), `kommuner_land`,
  and `hav`, the sea inside the frame (the region's bounds and `MARGIN_M`)
- `n1000.gpkg`: `flater`, `linjer`, `punkter`; land cover cut to the region's land, because the
  source is complete only there, lakes, built-up areas and lines cut to the frame
- `n50.gpkg`: `arealdekke`, nothing cut; heights dropped, two unreadable names mended

Nothing is simplified. Coordinates are rounded to `GRID_M`; the script prints what that, the
repairs and the new CRS did to the areas.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

CRS = "EPSG:25832"
GRID_M = 0.001
MARGIN_M = 15_000
STAMP = "2026-11-24T00:00:00.000Z"  # fixed, so that a new run gives the same bytes
LICENCE = "© Kartverket, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."

COVER = ("ApentOmrade", "Skog", "Myr")  # not complete outside the region
AREAS = ("Innsjo", "Tettbebyggelse")
LINES = ("Veglenke", "Bane")
ROAD_COLUMNS = ("medium", "typeVeg", "vegkategori", "vegfase", "vegnummer")
Shape = shapely.Geometry
UNREADABLE = "\N{REPLACEMENT CHARACTER}pentOmr\N{REPLACEMENT CHARACTER}de"


def main() -> None:
    """Cut all three files and print what was done to the areas."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    root = Path(__file__).resolve().parents[1]
    parser.add_argument("--out", type=Path, default=root / "layers" / "data")
    parser.add_argument("--layers", type=Path, default=root / "layers")
    options = parser.parse_args()
    if "IKAP_REALDATA" not in os.environ:
        sys.exit("Set IKAP_REALDATA to the folder that holds municipalities/ and landuse/.")
    source = Path(os.environ["IKAP_REALDATA"])
    members, neighbours = region_numbers(options.layers / "region.toml")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": STAMP})
    options.out.mkdir(parents=True, exist_ok=True)

    n1000 = source / "landuse" / "n1000_trondheimsregionen.gpkg"
    every = gpd.read_file(source / "municipalities" / "kommuner_2024_m.geojson").to_crs(CRS)
    land = municipalities_on_land(every, (*members, *neighbours))
    whole = with_sea(land, members, gpd.read_file(n1000, layer="Kommune").to_crs(CRS))
    frame = frame_around(whole[whole["rolle"] == "medlem"])
    write_municipalities(options.out / "kommuner.gpkg", land, whole, sea(every, frame))
    ground = shapely.union_all(land[land["kommunenummer"].isin(members)].geometry.to_numpy())
    write_n1000(options.out / "n1000.gpkg", n1000, ground, frame)
    write_n50(options.out / "n50.gpkg", source / "landuse" / "trondheim_n50_arealbruk.geojson")


def region_numbers(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers of the region's members and of its neighbours, as declared."""
    region = tomllib.loads(path.read_text(encoding="utf-8"))
    return (
        tuple(sorted(m["number"] for m in region["municipalities"])),
        tuple(sorted(m["number"] for m in region["neighbours"])),
    )


# --- municipalities -----------------------------------------------------------------------------


def municipalities_on_land(every: gpd.GeoDataFrame, numbers: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Land area of the given municipalities, valid, by number."""
    chosen = every[every["kommunenummer"].isin(numbers)].sort_values("kommunenummer")
    missing = sorted(set(numbers) - set(chosen["kommunenummer"]))
    if missing:
        sys.exit(f"Not in the source: {', '.join(missing)}")
    invalid = ~chosen.is_valid
    before = chosen.area
    chosen["geometry"] = shapely.set_precision(
        shapely.make_valid(chosen.geometry.to_numpy(), method="linework"), GRID_M
    )
    for number, was, now in zip(chosen["kommunenummer"], before, chosen.area, strict=True):
        repaired = " (repaired)" if invalid[chosen["kommunenummer"] == number].any() else ""
        print(f"  {number} land {now / 1e6:9.3f} km², changed by {now - was:+.2f} m²{repaired}")
    return chosen[["kommunenummer", "kommunenavn", "geometry"]].reset_index(drop=True)


def with_sea(
    land: gpd.GeoDataFrame, members: tuple[str, ...], n1000: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Members with the sea that N1000 gives them, neighbours as they are; a valid coverage.

    All outlines are noded together and made into faces. A face on somebody's land is theirs;
    a face outside all land belongs to the member that N1000 draws there.
    """
    territory = n1000[n1000["kommunenummer"].isin(members)].set_index("kommunenummer").geometry
    outlines = [*land.boundary, *shapely.set_precision(territory.boundary.to_numpy(), GRID_M)]
    noded = shapely.union_all(np.array(outlines), grid_size=GRID_M)
    faces = np.array(shapely.get_parts(shapely.polygonize([noded])))
    inside = shapely.point_on_surface(faces)
    owner = np.full(len(faces), "", dtype=object)
    for number in members:
        owner[shapely.covers(territory[number], inside)] = number
    for number, area in zip(land["kommunenummer"], land.geometry, strict=True):
        owner[shapely.covers(area, inside)] = number
    whole = land.copy()
    whole["geometry"] = [
        shapely.normalize(shapely.coverage_union_all(faces[owner == number]))
        for number in whole["kommunenummer"]
    ]
    whole["rolle"] = np.where(whole["kommunenummer"].isin(members), "medlem", "nabo")
    whole["landareal_m2"] = land.area.round(1)
    report_coverage(whole[whole["rolle"] == "medlem"])
    return whole


def frame_around(members: gpd.GeoDataFrame) -> shapely.Polygon:
    """Rectangle of the members' bounds and `MARGIN_M` on each side."""
    west, south, east, north = members.total_bounds
    return shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)


def sea(every: gpd.GeoDataFrame, frame: shapely.Polygon) -> gpd.GeoDataFrame:
    """What no municipality's land covers inside the frame, without Sweden at its eastern edge."""
    near = every[every.intersects(frame)]
    land = shapely.union_all(shapely.make_valid(near.geometry.to_numpy()), grid_size=GRID_M)
    parts = shapely.get_parts(shapely.difference(frame, land, grid_size=GRID_M))
    water = shapely.multipolygons(parts[shapely.bounds(parts)[:, 2] < frame.bounds[2]])
    return gpd.GeoDataFrame({"id": ["hav"]}, geometry=[shapely.normalize(water)], crs=CRS)


def report_coverage(members: gpd.GeoDataFrame) -> None:
    """Say whether the members lie edge to edge: gaps, overlaps and the sum of their areas."""
    shapes = members.geometry.to_numpy()
    union = shapely.union_all(shapes)
    holes = sum(len(part.interiors) for part in shapely.get_parts(union))
    print(
        f"  edge to edge: {bool(shapely.coverage_is_valid(shapes))}, holes in the region: {holes}"
    )
    print(f"  sum - union: {shapely.area(shapes).sum() - union.area:.4f} m²")
    land = members["landareal_m2"].sum()
    print(f"  region with sea {union.area / 1e6:.2f} km², land {land / 1e6:.2f} km²")


def write_municipalities(
    path: Path, land: gpd.GeoDataFrame, whole: gpd.GeoDataFrame, water: gpd.GeoDataFrame
) -> None:
    """Write the three tables of `kommuner.gpkg`."""
    said = (
        "Kommuner 2024 (generalisert, via robhop/fylker-og-kommuner). Utsnitt: Trondheimsregionen "
        "og nabokommuner. Ugyldige flater er reparert (make_valid, linework), koordinatene er "
        "regnet om til EPSG:25832 og avrundet til 1 mm. "
    )
    with_sea_said = "De åtte kommunene har med sjøområdet sitt fra N1000 (Kommune). "
    write(path, "kommuner", whole, said + with_sea_said + LICENCE, fresh=True)
    alone = land.assign(geometry=shapely.normalize(land.geometry.to_numpy()))
    write(path, "kommuner_land", alone, said + "Bare landarealet. " + LICENCE)
    water_said = (
        "Sjøen rundt Trondheimsregionen: det som ikke er land i noen kommune i grensefilen fra "
        "2024, innenfor regionens ytterkant pluss 15 km. Bare til bakgrunn. "
    )
    write(path, "hav", water, water_said + LICENCE)


# --- N1000 and N50 ------------------------------------------------------------------------------


def write_n1000(path: Path, source: Path, ground: Shape, frame: shapely.Polygon) -> None:
    """Cut N1000 to three tables with the object type kept.

    Land cover is cut to `ground`, the region's land; everything else to the frame.
    """
    said = (
        "N1000 Kartdata (via hmalmedal/N1000). Utsnitt: {what}, klippet. "
        "Regnet om fra EPSG:25833 til EPSG:25832. "
        "Kartet er sterkt generalisert og brukes bare som bakgrunn. " + LICENCE
    )
    near = "innenfor Trondheimsregionens ytterkant pluss 15 km"
    areas = pd.concat(
        [cut(source, name, ground, ()) for name in COVER]
        + [cut(source, name, frame, ()) for name in AREAS],
        ignore_index=True,
    )
    lines = pd.concat(
        [cut(source, name, frame, ROAD_COLUMNS if name == "Veglenke" else ()) for name in LINES],
        ignore_index=True,
    )
    road = lines["objtype"] == "Veglenke"
    lines = lines[~road | ((lines["typeVeg"] == "enkelBilveg") & (lines["vegfase"] == "V"))].copy()
    lines["vegnummer"] = lines["vegnummer"].astype("Int64")
    points = cut(source, "Stasjon", frame, ("navn",))
    cover_said = f"arealdekke på regionens land, innsjøer og tettbebyggelse {near}"
    write(path, "flater", areas, said.format(what=cover_said), fresh=True)
    write(path, "linjer", lines, said.format(what=f"bilveger i bruk og jernbane {near}"))
    write(path, "punkter", points, said.format(what=f"jernbanestasjoner {near}"))


def cut(source: Path, name: str, frame: Shape, columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """One object type inside the frame; `id` is the type and its number in the source file."""
    table = gpd.read_file(source, layer=name).to_crs(CRS)
    table["id"] = [f"{name}-{number}" for number in range(1, len(table) + 1)]
    table["objtype"] = name
    wanted = set(shapely.get_dimensions(table.geometry.to_numpy()))
    shapes = shapely.make_valid(table.geometry.to_numpy(), method="linework")
    shapes = shapely.set_precision(shapely.intersection(shapes, frame), GRID_M)
    parts = table.assign(geometry=shapes).explode()  # touching the frame leaves points and lines
    parts = parts[~parts.is_empty & np.isin(shapely.get_dimensions(parts.geometry), list(wanted))]
    whole = parts.dissolve(by="id", sort=False, method="unary").reset_index()
    whole["geometry"] = shapely.normalize(whole.geometry.to_numpy())
    return whole[["id", "objtype", *columns, "geometry"]]


def write_n50(path: Path, source: Path) -> None:
    """Write the N50 sample: heights dropped, unreadable names mended, geometry as it is."""
    table = gpd.read_file(source)
    table["OBJTYPE"] = table["OBJTYPE"].replace(UNREADABLE, "ÅpentOmråde")
    flat = gpd.GeoSeries(shapely.force_2d(table.geometry.to_numpy()), crs="EPSG:4326").to_crs(CRS)
    table = gpd.GeoDataFrame(
        {"id": [f"N50-{n}" for n in range(1, len(table) + 1)], "objtype": table["OBJTYPE"]},
        geometry=shapely.set_precision(flat.to_numpy(), GRID_M),
        crs=CRS,
    )
    if not table.is_valid.all():
        sys.exit("The N50 sample has invalid areas.")
    said = (
        "N50 arealdekke, 18 flater øst i Trondheim kommune (via "
        "MathiasMyrmell/TBA4251_Programmering_i_Geomatikk). Høydene er fjernet, to uleselige navn "
        "(ÅpentOmråde) er rettet, og koordinatene er regnet om fra EPSG:4979 til EPSG:25832. "
    )
    write(path, "arealdekke", table, said + LICENCE, fresh=True)
    print(table.dissolve("objtype").area.div(1000).round(1).rename("N50, daa").to_string())


def write(
    path: Path, layer: str, table: gpd.GeoDataFrame, description: str, *, fresh: bool = False
) -> None:
    """Write one table with its description; `fresh` starts the file anew."""
    if fresh:
        path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        table,
        path,
        layer=layer,
        driver="GPKG",
        append=False,
        layer_options={"DESCRIPTION": description, "GEOMETRY_NAME": "geom"},
        promote_to_multi=bool((shapely.get_dimensions(table.geometry.to_numpy()) > 0).any()),
    )
    print(f"{path.name}: {layer}, {len(table)} rows, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
