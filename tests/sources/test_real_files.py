"""Every real file: its layers, its counts and its known faults, in one table."""

from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources.survey import survey

GML, SOSI = "plan/gml", "sosi"
N1000 = {
    "ApentOmrade": 156,
    "Arealbrukgrense": 462,
    "Bane": 17,
    "Havflate": 2,
    "Innsjo": 73,
    "Kommune": 23,
    "Myr": 99,
    "Naturvernomrade": 2,
    "Skog": 50,
    "Stasjon": 10,
    "Tettbebyggelse": 6,
    "Veglenke": 517,
}
HAMAR = {
    "Fartsgrense": 3128,
    "FunksjonellVegklasse": 3018,
    "Gågatereguleringer": 2,
    "Høydebegrensning": 11,
    "InnkjøringForbudt": 717,
    "Jernbanekryssing": 20,
    "Svingerestriksjon": 34,
    "Trafikkreguleringer": 8,
    "Veglenke": 8594,
    "Vegsperring": 50,
}
NO_CRS = {"crs.missing"}
FILES = [
    # path, features by layer, EPSG code, faults, invalid geometries, some of what is noted
    ("landuse/n1000_trondheimsregionen.gpkg", N1000, 25833, set(), 0, set()),
    (
        "landuse/trondheim_n50_arealbruk.geojson",
        {"trondheim_n50_arealbruk": 18},
        4326,
        set(),
        0,
        {"heights.dropped", "crs.vertical", "letters.lost"},
    ),
    (
        "municipalities/Basisdata_0000_Norge_25833_Fylker_GeoJSON.zip",
        {"Fylke": 15, "Grense": 4636},
        25833,
        set(),
        0,
        set(),
    ),
    ("municipalities/bydeler_trondheim.json", {"Bydeler_Trondheim": 4}, None, NO_CRS, 0, set()),
    ("municipalities/kommuner_2020_l.geojson", {"kommuner_2020_l": 356}, 4326, set(), 22, set()),
    ("municipalities/kommuner_2024_m.geojson", {"kommuner_2024_m": 357}, 4326, set(), 33, set()),
    ("municipalities/kommuner_2024_s.topojson", {"Kommuner": 357}, None, NO_CRS, 28, set()),
    ("municipalities/kommuner_land.gpkg", {"kommuner_land": 359}, 25833, set(), 0, set()),
    ("plan/arealplan_his-alle.geojson", {"arealplan_his-alle": 1}, 25832, set(), 0, set()),
    (
        "plan/plankart_4204_1536_stemtjonn.geojson",
        {"plankart_4204_1536_stemtjonn": 99},
        25832,
        set(),
        0,
        set(),
    ),
    (
        f"{GML}/gml.avgr.1-pass.gml",
        {"RpOmråde": 1, "RpArealformålOmråde": 3, "RpFormålGrense": 3},
        25832,
        set(),
        0,
        {"gml.facts.plan"},
    ),
    (
        f"{GML}/gml.epsg.1-pass-1.gml",
        {"RpOmråde": 1, "RpArealformålOmråde": 3},
        25832,
        set(),
        0,
        {"gml.facts.plan"},
    ),
    (
        f"{GML}/gml.gmlid.1-3D-pass.gml",
        {"RpRegulertTerreng": 1},
        25832,
        set(),
        0,
        {"heights.dropped"},
    ),
    (
        f"{GML}/gml.xlink.1-2D-pass.gml",
        {"RpOmråde": 1, "RpBestemmelseOmråde": 1},
        25832,
        set(),
        0,
        {"curves.straightened"},
    ),
    (f"{GML}/ks_fiks_planomraade.gml", {"Arealplan": 1}, 25832, set(), 0, set()),
    (
        f"{SOSI}/0403_INNKJØRINGFORBUDT_VEGNETT.SOS",
        {"InnkjøringForbudt": 735},
        None,
        NO_CRS,
        0,
        {"heights.dropped", "sosi.koordsys"},
    ),
    (
        f"{SOSI}/RV150_NVDB_Kantstein_9_Tunnel_UTM32.sos",
        {"Kantstein_9": 10},
        25832,
        set(),
        0,
        {"heights.dropped"},
    ),
    (f"{SOSI}/valid_real_data.sos", {"NedsenkaKantstein_10": 14}, 25832, set(), 0, set()),
    (f"{SOSI}/valid_real_data2.sos", {"Fiberduk_59": 3}, 25832, set(), 0, set()),
    (f"{SOSI}/valid_utf8_with_bom.sos", {"Rekkverk_5": 1}, 25833, set(), 0, set()),
    ("transport/0403_Hamar_fkbvn_GML.zip", HAMAR, 25833, set(), 0, {"heights.dropped"}),
    ("transport/sample_area_roads.gpkg", {"sample_area_roads": 1880}, 25833, set(), 0, set()),
]


@pytest.mark.parametrize("row", FILES, ids=[row[0] for row in FILES])
def test_real_file(realdata: Path, row: tuple) -> None:
    path, counts, code, faults, invalid, noted = row
    layers = survey(realdata / path)
    assert {layer.name: len(layer.raw.frame) for layer in layers} == counts
    assert {fault.key for layer in layers for fault in layer.faults} == faults
    for layer in layers:
        frame = layer.raw.frame
        assert (frame.crs.to_epsg() if frame.crs else None) == code
        assert frame.geometry.notna().all()
    bad = sum(int((~layer.raw.frame.is_valid).sum()) for layer in layers)
    assert bad == invalid
    assert noted <= {row.what for layer in layers for row in layer.raw.quality}


def test_surfaces_without_a_system_in_the_head_are_refused(realdata: Path) -> None:
    layers = survey(realdata / SOSI / "valid_with_island_refs.sos")
    assert {layer.name for layer in layers} == {"EtKurveObjekt", "EtFlateObjekt"}
    assert {fault.key for layer in layers for fault in layer.faults} == {"sosi.head"}


@pytest.mark.parametrize("path", ["plan/resultPlan.json", "dok/request.json"])
def test_json_that_is_no_map_is_refused(realdata: Path, path: str) -> None:
    with pytest.raises(InputError) as caught:
        survey(realdata / path)
    assert [fault.key for fault in caught.value.faults] == ["file.type"]


def test_all_real_map_files_are_in_the_table(realdata: Path) -> None:
    endings = {".gpkg", ".geojson", ".topojson", ".zip", ".gml", ".sos"}
    found = {
        str(path.relative_to(realdata))
        for path in realdata.rglob("*")
        if path.suffix.lower() in endings
    }
    assert found - {row[0] for row in FILES} == {f"{SOSI}/valid_with_island_refs.sos"}
