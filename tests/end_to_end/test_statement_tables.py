"""The statement's tables through the whole flow, with figures that can be worked out by hand."""

import csv
import io

import pandas as pd
import pytest

import ikap
from ikap.errors import InputError
from ikap.flow.stating import stated
from ikap.results.account_csv import account_csv
from ikap.texts import Catalogue

E0, N0 = 569_000, 7_034_000


def box(x1, y1, x2, y2):
    from shapely import box  # noqa: PLC0415

    return box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def cells(results, table, method=""):
    """`{(municipality, part, row, column): (value, unknown)}`."""
    rows = results.accounts
    rows = rows[(rows["table"] == table) & (rows["method"] == method)]
    keys = rows[["municipality", "part", "row", "column"]].itertuples(index=False, name=None)
    return dict(zip(keys, zip(rows["value"], rows["unknown"], strict=True), strict=True))


def stated_plan(squares, now, proposal, **more):
    squares.plan(*now, name="gjeldende", role="adopted")
    squares.plan(*proposal, name="forslag")
    return stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende", **more)


NOW = [
    ("1110", 2, box(0, 0, 100, 100)),  # 10 daa housing, in the plan and not built
    ("1300", 1, box(100, 0, 200, 100)),  # 10 daa business
    ("5100", None, box(0, 100, 600, 200)),  # 60 daa LNFR, 10 daa of it in the next municipality
]
PROPOSAL = [
    ("5100", None, box(0, 0, 50, 100)),  # half of the housing goes back to LNFR
    ("1110", 2, box(50, 0, 100, 100)),
    ("1800", 2, box(100, 0, 200, 100)),  # business becomes combined
    ("5100", None, box(0, 100, 500, 200)),
    ("1110", 2, box(500, 100, 600, 200)),  # new housing in the next municipality
]
WHOLE = 3_000_000.0  # 1 500 × 2 000 m, each of the two municipalities


def test_t1_t2_and_t7_by_hand(squares):
    results = stated_plan(squares, NOW, PROPOSAL)
    t1 = {k[:1] + k[2:]: v[0] for k, v in cells(results, "T1").items()}
    assert t1["9901", "1110", "before"] == pytest.approx(10_000)
    assert t1["9901", "1110", "after"] == pytest.approx(5_000)
    assert t1["9901", "5100", "before"] == pytest.approx(50_000)
    assert t1["9902", "5100", "before"] == pytest.approx(10_000)
    assert t1["9902", "1110", "after"] == pytest.approx(10_000)
    assert t1["9901", "not_in_plan", "before"] == pytest.approx(WHOLE - 70_000)
    for side in ("before", "after"):
        for place in ("9901", "9902"):
            assert sum(v for k, v in t1.items() if (k[0], k[2]) == (place, side)) == pytest.approx(
                WHOLE, abs=1e-3
            )

    t2 = {(k[0], k[2], k[3]): v[0] for k, v in cells(results, "T2").items()}
    assert t2["9901", "1110", "5100"] == pytest.approx(5_000)
    assert t2["9901", "1110", "1110"] == pytest.approx(5_000)
    assert t2["9901", "1300", "1800"] == pytest.approx(10_000)
    assert t2["9902", "5100", "1110"] == pytest.approx(10_000)
    assert ("9902", "5100", "5100") not in t2
    assert sum(t2.values()) == pytest.approx(2 * WHOLE, abs=1e-3)

    assert cells(results, "T7") == {("9901", "future", "1110", "lnfr"): (pytest.approx(5_000), 0.0)}


def test_ground_in_several_areas_counts_once_and_is_told(squares):
    """Housing drawn on top of LNFR counts as housing, in both plans."""
    drawn = [("5100", None, box(0, 0, 200, 100)), ("1110", 2, box(50, 0, 150, 100))]
    results = stated_plan(squares, drawn, drawn)
    t1 = {(k[2], k[3]): v[0] for k, v in cells(results, "T1").items() if k[0] == "9901"}
    for side in ("before", "after"):
        assert t1["1110", side] == pytest.approx(10_000)
        assert t1["5100", side] == pytest.approx(10_000)
    t2 = {(k[2], k[3]): v[0] for k, v in cells(results, "T2").items() if k[0] == "9901"}
    assert t2["1110", "1110"] == pytest.approx(10_000)
    assert ("1110", "5100") not in t2
    told = results.quality[results.quality["what"] == "overlap.zone"]
    assert told["layer"].tolist() == ["forslag", "gjeldende"]
    assert told["amount"].tolist() == pytest.approx([10_000, 10_000])


def test_order_of_the_file_does_not_decide_who_keeps_shared_ground(squares):
    """Equal areas overlap by half: the lower purpose keeps it; then a small one inside a large."""
    large, beside = ("1300", 2, box(50, 0, 150, 100)), ("1110", 2, box(0, 0, 100, 100))
    small = ("2010", 2, box(10, 10, 20, 20))
    for zones in ([beside, large, small], [small, large, beside], [large, beside, small]):
        squares.plan(*zones, name="forslag")
        results = ikap.check(ikap.open_workspace(squares.root), "forslag")
        sums = {k[2]: v[0] for k, v in cells(results, "T1").items() if k[0] == "9901"}
        assert sums["1110"] == pytest.approx(10_000 - 100)
        assert sums["1300"] == pytest.approx(5_000)
        assert sums["2010"] == pytest.approx(100)


def test_areas_without_purpose_stay_as_a_row_of_their_own(squares):
    results = stated_plan(squares, NOW, [("", 2, box(0, 0, 100, 100)), *PROPOSAL[2:]])
    t1 = {(k[2], k[3]): v[0] for k, v in cells(results, "T1").items() if k[0] == "9901"}
    assert t1["", "after"] == pytest.approx(10_000)
    assert sum(v for k, v in t1.items() if k[1] == "after") == pytest.approx(WHOLE, abs=1e-3)
    unclear = cells(results, "T3", "KDD")["9901", "unclear", "", "not_covered"]
    assert unclear == (pytest.approx(10_000), 0.0)
    assert cells(results, "T3", "KDD")["9901", "unclear", "", "reserve"] == (0.0, 10_000)


def test_a_municipality_without_a_plan_is_unknown_and_not_outside(squares):
    squares.plan(*NOW[:2], name="gjeldende", role="adopted")  # nothing in 9902
    squares.plan(*PROPOSAL, name="forslag")
    results = stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende")
    t1 = cells(results, "T1")
    assert t1["9902", "", "unknown_plan", "before"][0] == pytest.approx(WHOLE)
    assert t1["9902", "", "not_in_plan", "after"][0] == pytest.approx(WHOLE - 10_000)
    t2 = cells(results, "T2")
    assert t2["9902", "", "unknown_plan", "1110"][0] == pytest.approx(10_000)


FIELD = [("1300", 2, box(0, 0, 100, 100))]


@pytest.mark.parametrize(
    ("zone", "reserve"),
    [
        (("1110", 2, box(0, 0, 100, 100)), {"KDD": 8000.0, "SSB": 8000.0, "egen": 6485.8}),
        (("1300", 2, box(0, 0, 100, 100)), {"SSB": 8000.0, "egen": 6485.8}),
        (("1400", 2, box(0, 0, 100, 100)), {"egen": 6485.8}),
        (("1110", 3, box(0, 0, 100, 100)), {"SSB": 8000.0, "egen": 6485.8}),
        (("5200", 2, box(0, 0, 100, 100)), {"KDD": 8000.0, "egen": 6485.8}),
    ],
)
def test_each_method_has_its_own_purposes_and_its_own_built_ground(squares, zone, reserve):
    """A strip of 20 m is built in AR5, and one house of 20 × 20 m stands elsewhere."""
    squares.land(a11=[(0, 0, 100, 20)], a30=[(0, 20, 2000, 1000), (100, 0, 2000, 20)])
    squares.buildings((40, 50, 60, 70))
    squares.plan(zone)
    results = stated(ikap.open_workspace(squares.root), "forslag")
    found = {}
    for method in ("KDD", "SSB", "egen"):
        for key, (value, unknown) in cells(results, "T3", method).items():
            if key[0] == "9901" and key[3] == "reserve" and key[1] != "objection":
                found[method] = round(value, 1)
                assert unknown == 0
    assert found == reserve


def test_t4_rows_add_up_and_forest_has_its_site_index(squares):
    squares.layer(
        "ar5",
        "landcover",
        [box(0, 0, 40, 100), box(40, 0, 70, 100), box(70, 0, 90, 100)],
        "coverage = { own_polygons = true }",
        arealtype=["21", "30", "12"],
        skogbonitet=["98", "14", "98"],
    )
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = stated(ikap.open_workspace(squares.root), "forslag")
    rows = {k[3]: v for k, v in cells(results, "T4", "KDD").items()}
    assert {c: v[0] for c, v in rows.items() if c != "cultivable"} == pytest.approx(
        {"21": 4000, "30_14": 3000, "built": 2000, "not_covered": 1000}
    )
    assert rows["not_covered"][1] == pytest.approx(1000)
    assert pd.isna(rows["cultivable"][0])  # no layer: unknown, not nought
    assert rows["cultivable"][1] == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("grown", "ids", "kept"),
    [
        (["13", "15"], ["a", "b"], "30_15"),  # the better forest
        (["13", "13"], ["a", "b"], "30_13"),
        (["98", "13"], ["a", "b"], "30_13"),
        (["98", "99"], ["a", "b"], "30"),
    ],
)
def test_order_of_two_equal_polygons_of_forest_does_not_decide_the_site_index(
    squares, grown, ids, kept
):
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    for turn in (1, -1):
        squares.layer(
            "ar5",
            "landcover",
            [box(0, 0, 100, 100)] * 2,
            "coverage = { own_polygons = true }",
            arealtype=["30", "30"],
            skogbonitet=grown[::turn],
            lokalid=ids[::turn],
        )
        results = stated(ikap.open_workspace(squares.root), "forslag")
        rows = {k[3]: v[0] for k, v in cells(results, "T4", "KDD").items() if v[0] > 0}
        assert rows == {kept: pytest.approx(10_000)}
        told = results.quality[results.quality["what"] == "overlap.same_class"]
        assert len(told) == 1
        if len(set(grown)) == 1 or kept == "30":
            assert told["source_id"].tolist() == ["b"]


def test_without_buildings_the_methods_that_need_them_are_unknown(squares):
    (squares.root / "layers/data/bygninger.gpkg").unlink()
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = stated(ikap.open_workspace(squares.root), "forslag")
    for method in ("egen", "NINA"):
        value, unknown = cells(results, "T3", method)["9901", "future", "1110", "reserve"]
        assert (value, unknown) == (0.0, pytest.approx(10_000))
    assert cells(results, "T3", "KDD")["9901", "future", "1110", "reserve"][1] == 0


def test_nina_by_hand_with_roads_and_scraps(squares):
    """30 m round the house in a present area that is not housing; a strip beside the road drops."""
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text("utf-8").replace("[use]", '[use]\nnetwork = ["veger"]')
    goals.write_text(text, "utf-8")
    from shapely import LineString  # noqa: PLC0415

    squares.layer(
        "veger",
        "network",
        [LineString([(E0 - 50, N0 + 215), (E0 + 150, N0 + 215)])],
        'coverage = { municipalities = ["all"] }',
        typeVeg=["Enkel bilveg"],
    )
    squares.land(a30=[(-1000, -1000, 2000, 1000)])
    squares.buildings((40, 40, 60, 60))
    squares.plan(
        ("1300", 1, box(0, 0, 100, 100)),
        ("1400", 2, box(0, 200, 100, 300)),  # 10 m south of the road's belt drop out
        ("2010", 2, box(300, 0, 400, 100)),
    )
    results = stated(ikap.open_workspace(squares.root), "forslag")
    rows = {k[1:]: v[0] for k, v in cells(results, "T3", "NINA").items() if k[0] == "9901"}
    assert ("adopted", "1300", "reserve") not in rows  # 10 m wide along the edges
    assert rows["adopted", "1300", "dropped"] == pytest.approx(4372.6, abs=0.05)  # example 6
    field = rows["future", "1400", "reserve"] + rows["future", "1400", "dropped"]
    assert field == pytest.approx(9000, abs=1e-6)  # the road takes 10 × 100 m
    lost = (1 - 3.14159265 / 4) * 7.5**2 * 4  # four rounded corners
    assert rows["future", "1400", "reserve"] == pytest.approx(8000 - lost, abs=0.02)
    assert rows["future", "2010", "apart"] == pytest.approx(10_000)
    sums = {k: v for k, v in rows.items() if k[2] != "set_aside" and k[0] != "objection"}
    whole = {k: v for k, v in rows.items() if k[2] == "set_aside"}
    assert sum(sums.values()) == pytest.approx(sum(whole.values()), abs=0.01)


def test_splitting_an_area_changes_no_total(squares):
    one = [("1110", 2, box(0, 0, 100, 100)), ("1300", 2, box(100, 0, 200, 100))]
    two = [
        ("1110", 2, box(0, 0, 37, 100)),
        ("1110", 2, box(37, 0, 100, 41)),
        ("1300", 2, box(100, 0, 200, 100)),
        ("1110", 2, box(37, 41, 100, 100)),
    ]
    squares.buildings((30, 40, 45, 50))
    tables = [stated_plan(squares, NOW, zones).accounts for zones in (one, two)]
    keys = ["table", "method", "municipality", "part", "row", "column"]
    a, b = (t[t["table"] != "T6"].set_index(keys)["value"] for t in tables)
    assert set(a.index) == set(b.index)
    assert (a.sub(b).abs().dropna() < 0.01).all()
    assert a.isna().eq(b[a.index].isna()).all()


def test_wrong_names_are_told_before_anything_is_measured(squares):
    squares.plan(*FIELD)
    workspace = ikap.open_workspace(squares.root)
    for wrong, key in (
        ({"table": "T9"}, "statement.table"),
        ({"table": "T3", "method": "kdd"}, "statement.method"),
        ({"table": "T2"}, "statement.no_against"),
        ({"table": "T1", "against": "forslag"}, "plan.against_itself"),
    ):
        with pytest.raises(InputError) as told:
            ikap.statement(workspace, "forslag", **wrong)
        assert told.value.key == key


def test_every_table_names_its_plans_method_date_layers_and_crs(squares):
    results = stated_plan(squares, NOW, PROPOSAL)
    words = Catalogue.load("nb")
    for name in ("T1", "T2", "T3", "T4", "T5", "T7"):
        text = account_csv(results, name, words)
        for needed in (
            "EPSG:25832",
            "1. juni 2026",
            "KONSTRUERTE DATA",
            "forslag",
            "telles én gang",
        ):
            assert needed in text, (name, needed)
    assert "gjeldende mot forslag" in account_csv(results, "T2", words)
    text = account_csv(results, "T3", words)
    assert "metode KDD." in text
    assert "metode SSB (tilnærmet)" in text
    assert "metode NINA (tilnærmet)" in text
    rows = [line for line in text.splitlines() if line.startswith(("Hele regionen;", "99"))]
    methods = {line.rsplit(";", 1)[-1] for line in rows}  # each row names its method, moved or not
    assert methods == {"KDD", "SSB (tilnærmet)", "NINA (tilnærmet)", "egen"}
    assert "reserve.building_buffer = 10 m (vedtatt)" in text
    assert "reserve_nina.road_buffer = 5 m (forutsetning, ikke vedtatt). Utledet" in text


def test_exported_rows_and_municipalities_add_up_as_printed(squares):
    odd = [
        ("1110", 2, box(0, 0, 33.3, 77.7)),
        ("1300", 2, box(33.3, 0, 71.2, 91.4)),
        ("5100", None, box(470, 200, 533.3, 271.9)),
        ("1120", 2, box(455, 300, 541.7, 371.3)),
    ]
    results = stated_plan(squares, NOW, odd)
    rows = list(
        csv.reader(io.StringIO(account_csv(results, "T2", Catalogue.load("nb"))), delimiter=";")
    )
    head = next(i for i, row in enumerate(rows) if row[0] == "Kommune")
    body = [r for r in rows[head + 1 :] if len(r) == len(rows[head])]
    table = {(r[0], r[2]): [float(v.replace(",", ".")) for v in r[3:]] for r in body}
    for figures in table.values():
        assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=1e-6)
    for (place, label), figures in table.items():
        if place != "Hele regionen":
            continue
        parts = [f for (p, name), f in table.items() if p != place and name == label]
        for i, figure in enumerate(figures):
            assert sum(part[i] for part in parts) == pytest.approx(figure, abs=1e-6)
