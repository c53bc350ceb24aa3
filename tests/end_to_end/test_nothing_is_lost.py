"""No command takes away what somebody else has put there, or mixes one plan with another."""

import pytest
import shapely

import ikap
from ikap.errors import InputError


@pytest.fixture
def measured(squares):
    squares.plan(("1110", 2, shapely.box(569_000, 7_034_000, 569_100, 7_034_100)))
    squares.check()
    return ikap.open_workspace(squares.root)


def test_publishing_never_replaces_a_folder_of_somebody_elses(measured, tmp_path):
    folder = tmp_path / "Dokumenter"
    folder.mkdir()
    (folder / "sak.docx").write_text("viktig", encoding="utf-8")
    with pytest.raises(InputError, match=r"publish\.exists"):
        ikap.publish(measured, folder)
    assert (folder / "sak.docx").read_text(encoding="utf-8") == "viktig"
    with pytest.raises(InputError, match=r"publish\.exists"):
        ikap.publish(measured, folder / "sak.docx")


def test_publishing_replaces_its_own_portal_and_fills_an_empty_folder(measured, tmp_path):
    folder = tmp_path / "portal"
    folder.mkdir()
    for _ in range(2):
        assert ikap.publish(measured, folder) == folder / "index.html"


def test_folder_that_cannot_be_made_is_told(measured, tmp_path):
    (tmp_path / "fil").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r"output\.denied"):
        ikap.publish(measured, tmp_path / "fil" / "portal")


@pytest.mark.parametrize("name", ["../../ut", "", "Plan æ/ø", "."])
def test_plan_id_that_is_no_folder_name_is_refused(squares, name):
    squares.plan(("1110", 2, shapely.box(569_000, 7_034_000, 569_100, 7_034_100)))
    path = squares.root / "layers/forslag.toml"
    text = path.read_text(encoding="utf-8").replace('id = "forslag"', f'id = "{name}"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toml\.plan_id"):
        ikap.open_workspace(squares.root)


def test_two_plans_never_share_a_result_folder(squares):
    for name in ("forslag", "alternativ"):
        squares.plan(("1110", 2, shapely.box(569_000, 7_034_000, 569_100, 7_034_100)), name=name)
    path = squares.root / "layers/forslag.toml"
    text = path.read_text(encoding="utf-8").replace('id = "forslag"', 'id = "alternativ"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toml\.plan_twice"):
        ikap.open_workspace(squares.root)


@pytest.mark.parametrize("port", [99_999, -1])
def test_port_that_is_no_port_is_told(measured, port):
    portal = ikap.publish(measured)
    with pytest.raises(InputError, match=r"serve\.port"):
        ikap.serve(portal.parent, port=port, open_browser=False)


@pytest.mark.parametrize("crs", ["tull", "EPSG:4326", "EPSG:3857"])
def test_region_is_never_measured_in_degrees_or_web_mercator(squares, crs):
    path = squares.root / "layers/region.toml"
    text = path.read_text(encoding="utf-8").replace("EPSG:25832", crs)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toml\.crs"):
        ikap.open_workspace(squares.root)


def test_municipality_that_stands_twice_is_told(squares):
    path = squares.root / "layers/region.toml"
    text = path.read_text(encoding="utf-8").replace('"9902"', '"9901"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toml\.municipality_twice"):
        ikap.open_workspace(squares.root)


def test_unknown_coverage_layer_is_told_by_its_key(squares):
    squares.plan(("1110", 2, shapely.box(569_000, 7_034_000, 569_100, 7_034_100)))
    path = squares.root / "layers/ar5.toml"
    text = path.read_text(encoding="utf-8").replace("own_polygons = true", 'layer = "nei"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"toml\.layer_unknown") as caught:
        squares.check()
    assert caught.value.faults[0].facts["where"] == "coverage.layer"
