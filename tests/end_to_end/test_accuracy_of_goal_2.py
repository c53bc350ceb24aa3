"""Each check of goal 2 says whether the map's accuracy could turn its answer."""

import pytest
import shapely

from ikap.texts import Catalogue

E0, N0 = 569_000, 7_034_000
DECLARED = 'accuracy = { metres = 2.0, source = "Oppdiktet", status = "adopted" }'
EVERYWHERE = 'coverage = { municipalities = ["all"] }'
NEAR, FAR = 6, 30  # m of the area that are farmland: 600 m² and 3 000 m²


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def fields(*widths):
    """One field for each row of areas; its edge runs 100 m through the area."""
    return [(-400, 200 * k - 20, width, 200 * k + 120) for k, width in enumerate(widths)]


@pytest.fixture(scope="module")
def findings(shared_squares):
    squares = shared_squares
    squares.land(a21=fields(NEAR, FAR, NEAR, FAR), a30=[(-900, -900, -800, -800)])
    toml = squares.root / "layers/ar5.toml"
    toml.write_text(f"{toml.read_text(encoding='utf-8')}\n{DECLARED}\n", encoding="utf-8")
    shapes = [box(*one) for one in fields(NEAR, FAR)]
    more = f"{EVERYWHERE}\n{DECLARED}"
    squares.layer("dyrkbar", "cultivable", shapes, more, dyrkbarJord=["82", "82"])
    squares.layer("kjerne", "core_farmland", shapes, EVERYWHERE, navn=["A", "B"])
    goals = squares.root / "layers/goals.toml"
    use = '[use]\ncultivable = ["dyrkbar"]\ncore_farmland = ["kjerne"]\n'
    goals.write_text(goals.read_text(encoding="utf-8").replace("[use]\n", use), encoding="utf-8")
    areas = [("2010", 2), ("2010", 2), ("1110", 1), ("1110", 1)]
    squares.plan(*((p, s, box(0, 200 * k, 100, 200 * k + 100)) for k, (p, s) in enumerate(areas)))
    results = squares.check()
    (path,) = results.folder.glob("*vurderinger.nb.csv")
    return results.findings, path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("check", "near", "far"),
    [
        ("farmland_conversion", "z0", "z1"),
        ("farmland_transport", "z0", "z1"),
        ("farmland_adopted_unbuilt", "z2", "z3"),
        ("farmland_cultivable", "z0", "z1"),
    ],
)
def test_near_the_map_limit_the_map_could_turn_it_and_far_from_it_not(findings, check, near, far):
    rows = findings[0][findings[0]["check"] == check].set_index("zone_key")
    half = 1.959964 * 2 * 100  # 95 %, σ = 2 m along 100 m of edge
    for zone, m2 in ((near, 600), (far, 3000)):
        row = rows.loc[zone]
        assert row["measured"] == pytest.approx(m2)
        assert (row["low"], row["high"]) == pytest.approx((m2 - half, m2 + half), abs=1)
    assert rows.loc[near, "within_accuracy"]  # 208 to 992 m², and the limit is 500 m²
    assert not rows.loc[far, "within_accuracy"]


def test_a_decided_line_turns_nothing_and_says_nothing_of_accuracy(findings):
    rows = findings[0][findings[0]["check"] == "farmland_core"].set_index("zone_key")
    assert rows.loc["z0", "measured"] == pytest.approx(600)
    assert not rows["within_accuracy"].any()
    title = "Kjerneområde for landbruk og H510"
    told = [line for line in findings[1].splitlines() if f";{title};" in line]
    assert told
    words = Catalogue.load("nb")
    both = [words.say(f"accuracy.{name}") for name in ("within", "unknown")]
    assert not [line for line in told for word in both if word in line]
