"""The demo: both regions, one portal, and ten findings recomputed with plain shapely."""

import json

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import ikap
from ikap.results.csv_export import rounded_to_sum


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "ikap demo"
    done, portal = ikap.demo(folder)
    return {r.run["plan"]["id"]: r for r in done}, portal


def test_ten_findings_recomputed_with_plain_shapely_from_results_gpkg(demo):
    results = demo[0]["forslag"]
    gpkg = results.folder / "results.gpkg"
    zones = gpd.read_file(gpkg, layer="zones").set_index("zone_key")
    farmland = gpd.read_file(gpkg, layer="farmland")
    rows = results.findings
    rows = rows[(rows["check"] == "farmland_conversion") & (rows["measured"] > 0)]
    assert len(rows) >= 10
    for row in rows.sort_values("measured", ascending=False).iloc[:10].to_dict("records"):
        zone = zones.geometry[row["zone_key"]]
        near = farmland[farmland.intersects(zone)]
        oracle = shapely.union_all([zone.intersection(g) for g in near.geometry]).area
        assert row["measured"] == pytest.approx(oracle, abs=max(1e-9 * zone.area, 1e-5))


def test_pieces_lead_back_to_the_planners_own_file(demo):
    results = demo[0]["forslag"]
    pieces = results.geodata("pieces")
    source = pyogrio.read_dataframe(
        next((results.folder.parents[2] / "layers/data").glob("ar5*.gpkg"))
    ).set_index("lokalid")
    for row in pieces.sample(10, random_state=1).itertuples():
        field = source.geometry[row.source_id]
        assert row.geometry.difference(field.buffer(1e-6)).is_empty
        assert source.arealtype[row.source_id] == row._2


def test_statement_of_every_area_adds_up(demo):
    for results in demo[0].values():
        if results.statement.empty:
            continue
        total = results.statement.groupby("zone_key")["area_m2"].sum()
        whole = results.statement.groupby("zone_key")["zone_area_m2"].first()
        assert (total - whole).abs().max() < 0.01
        for _, rows in results.statement.groupby("zone_key"):
            printed = rounded_to_sum((rows["area_m2"] / 1000).tolist(), 1)
            assert sum(printed) == pytest.approx(
                round(rows["area_m2"].sum() / 1000 + 1e-9, 1), abs=0.051
            )


def test_sums_per_municipality_add_up_to_the_region(demo):
    for results in demo[0].values():
        for (_, year), rows in results.indicators.groupby(["indicator", "year"]):
            parts = rows.loc[rows["municipality"] != "region", "value"]
            if not (rows["municipality"] == "region").any():
                continue  # shares are not added up
            region = rows.loc[rows["municipality"] == "region", "value"].iloc[0]
            if (rows["unit"] == "share").all():  # the region's share lies between the others
                assert parts.isna().all() or parts.min() <= region <= parts.max()
                continue
            if year and parts.isna().any():
                assert np.isnan(region)  # a sum of the rest would look like growth later
            elif parts.notna().any():
                assert region == pytest.approx(parts.sum(), rel=1e-12)


def test_constructed_data_are_marked_in_every_file(demo):
    results = demo[0]["forslag"]
    assert results.run["region"]["constructed"]
    for path in results.folder.glob("*.csv"):
        assert path.name.startswith("konstruert-")
        first = path.read_text("utf-8-sig").splitlines()[0]
        assert "KONSTRUERTE" in first or "CONSTRUCTED" in first
    assert results.provenance["constructed"].all()


def test_real_region_without_plan_is_unknown_with_what_to_put_where(demo):
    results = demo[0]["kommuneplaner"]
    assert results.run["plan"]["missing"]
    assert "layers/data" in results.run["plan"]["how"]["nb"]
    rows = results.indicators
    plan = rows[rows["indicator"] == "farmland_planned_conversion"]
    assert plan["value"].isna().all()
    stock = rows[rows["indicator"] == "farmland_stock"].set_index("municipality")
    assert stock.loc["5001", "value"] == pytest.approx(5_130_100, rel=1e-4)  # N50 sample
    assert stock.loc["5001", "unknown"] > 400e6
    assert not results.run["region"]["constructed"]


def test_run_record_has_checksums_of_all_inputs(demo):
    for results in demo[0].values():
        inputs = json.loads((results.folder / "run.json").read_text("utf-8"))["inputs"]
        assert inputs
        assert all(len(i["sha256"]) == 64 and i["size"] > 0 for i in inputs)
        assert all(not i["path"].startswith("/") for i in inputs)


def test_portal_covers_both_regions(demo):
    text = demo[1].read_text("utf-8")
    assert "Trondheimsregionen" in text
    assert "Eksempelregionen" in text
    assert "KONSTRUERTE DATA" in text


@pytest.mark.parametrize("plan", ["gjeldende", "forslag"])
def test_plan_checked_alone_gives_the_same_tables_as_in_the_whole_run(demo, plan):
    results = demo[0][plan]
    root = results.folder.parents[2]
    again = ikap.check(ikap.open_workspace(root), plan)
    assert {layer["name"]: layer["present"] for layer in again.run["layers"]} == {
        layer["name"]: layer["present"] for layer in results.run["layers"]
    }
    for name in ("findings", "statement", "indicators", "quality", "provenance"):
        assert again.table(name).equals(results.table(name))


def test_farmland_pages_alone_show_the_three_ledgers_side_by_side(demo):
    """Figures of the page are those of the tables; the earlier map is of one municipality."""
    done, portal = demo
    pages = {p: p.read_text(encoding="utf-8") for p in portal.parent.rglob("*.html")}
    shown = {p: text for p, text in pages.items() if 'id="regnskap"' in text}
    assert len(shown) >= 2  # both languages
    assert all("jordvern" in str(p) for p in shown)
    path = portal.parent / "eksempelregionen" / "jordvern.html"  # the proposal, in Norwegian
    text = shown[path]
    section = text[text.index('id="regnskap"') : text.index('id="metode"')]
    for words in ("Plan: ", "Vedtak: ", "Grunn: ", "skal ikke legges sammen", "KONSTRUERTE DATA"):
        assert words in section, (path, words)
    assert section.count("Nasjonalt jordvernmål") == 1
    cells = done["forslag"].accounts
    own = cells[(cells["table"] == "J3") & (cells["municipality"] == "9904") & ~cells["herav"]]
    built = own.loc[own["column"] == "built", "value"].sum() / 1000
    assert built > 0
    row = section[section.index(">9904<") :].split("</tr>")[0]
    assert f">{built:.1f}<".replace(".", ",") in row
    assert ">Ukjent<" in section[section.index(">9901<") :].split("</tr>")[0]
