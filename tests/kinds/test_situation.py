"""Tolket plansituasjon: invariants, rulings that are wrong, the table of compatible purposes."""

import csv
from datetime import date
from importlib import resources

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.errors import InputError
from ikap.kinds.codes import code_list
from ikap.kinds.situation import Asked, Parts, interpret
from ikap.kinds.situation.motstrid import motstrid
from ikap.model import PlanRuling

EAST, NORTH = 569_000.0, 7_034_000.0
PURPOSES = {"kp": ("1110", "1300", "5100", "3040", ""), "rp": ("1111", "1161", "3040", "2010", "")}
ASKED = Asked(layer="situasjon", file="situasjon.toml", order=("future", "none"))


@st.composite
def plans(draw, most=7):
    """A few plans of one to three areas each, some without date, some claiming ground twice."""
    rows = []
    for number in range(draw(st.integers(1, most))):
        level = draw(st.sampled_from(["kp", "rp"]))
        day = draw(st.sampled_from([None, "2010-01-01", "2015-06-01", "2020-01-01"]))
        status = draw(st.sampled_from([3, 3, 3, 3, 8]))
        for _ in range(draw(st.integers(1, 3))):
            x, y = draw(st.integers(0, 20)), draw(st.integers(0, 20))
            turn = draw(st.sampled_from([0.0, 0.3, 0.77]))
            shape = shapely.affinity.rotate(
                shapely.box(x, y, x + draw(st.integers(2, 15)), y + draw(st.integers(2, 15))),
                turn,
                use_radians=True,
            )
            purpose = draw(st.sampled_from(PURPOSES[level]))
            rows.append((f"P{number}", level, day, status, purpose, shape))
    return table(rows)


def table(rows):
    plan, level, day, status, purpose, shape = zip(*rows, strict=True)
    keys = [f"a{k}" for k in range(len(rows))]
    frame = gpd.GeoDataFrame(
        {
            "source_layer": "lag",
            "source_id": keys,
            "zone_key": keys,
            "arealformål": [p or None for p in purpose],
            "arealbruksstatus": 2,
            "planstatus": list(status),
            "plantype": 20,
            "områdenavn": None,
            "planidentifikasjon": list(plan),
            "kommunenummer": "9901",
            "ikrafttredelsesdato": list(day),
            "plan_level": list(level),
            "development": ["future" if p.startswith("1") else "none" for p in purpose],
        },
        geometry=[shapely.affinity.translate(s, EAST, NORTH) for s in shape],
        crs="EPSG:25832",
    )
    return frame.assign(planstatus=frame["planstatus"].astype("Int64"))


def parts(areas, border=10.0):
    """Areas split at x = 10, where one municipality ends and the other begins."""
    west = shapely.box(EAST - 100, NORTH - 100, EAST + border, NORTH + 100)
    own = areas.geometry.to_numpy()
    cut = np.concatenate([shapely.intersection(own, west), shapely.difference(own, west)])
    rows = np.tile(np.arange(len(own)), 2)
    number = np.repeat(np.array(["9901", "9902"], dtype=object), len(own))
    kept = shapely.area(cut) > 0
    return Parts(rows[kept], number[kept], cut[kept])


def map_of(areas, asked=ASKED):
    return interpret(areas, parts(areas), asked).pieces


def same_map(one, other):
    columns = ["piece_municipality", "zone_key", "planidentifikasjon", "arealformål", "why"]
    columns += ["doubts", "motstrid", "others"]
    assert one[columns].astype(str).to_dict("list") == other[columns].astype(str).to_dict("list")
    both = zip(one.geometry, other.geometry, strict=True)
    assert all(a.equals_exact(b, 0.0) for a, b in both)


@given(plans())
@settings(max_examples=80)
def test_pieces_partition_the_union(areas):
    pieces = map_of(areas)
    union = shapely.union_all(areas.geometry.to_numpy())
    assert pieces.geometry.area.sum() == pytest.approx(union.area, abs=0.01)
    whole = shapely.union_all(pieces.geometry.to_numpy())
    assert shapely.symmetric_difference(whole, union).area < 0.01
    assert shapely.is_valid(pieces.geometry.to_numpy()).all()


@given(plans(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_of_input_changes_nothing(areas, random):
    order = list(range(len(areas)))
    random.shuffle(order)
    same_map(map_of(areas), map_of(areas.iloc[order].reset_index(drop=True)))


@given(plans(most=4))
@settings(max_examples=40)
def test_a_plan_above_itself_changes_nothing(areas):
    twice = gpd.GeoDataFrame(
        gpd.pd.concat([areas, areas.assign(source_layer="samme")], ignore_index=True),
        crs=areas.crs,
    )
    one, other = map_of(areas), map_of(twice)
    told = ["planidentifikasjon", "arealformål", "why", "doubts", "motstrid", "others"]

    def by_place(pieces):
        rows = pieces.assign(wkb=shapely.to_wkb(shapely.normalize(pieces.geometry.to_numpy())))
        return rows.sort_values("wkb")[told].astype(str).to_dict("list")

    assert by_place(one) == by_place(other)


@given(plans())
@settings(max_examples=40)
def test_every_piece_says_why_or_what_is_open(areas):
    for piece in map_of(areas).to_dict("records"):
        assert bool(piece["why"]) != bool(piece["doubts"])
        assert (piece["arealformål"] == "uavklart") == bool(piece["doubts"])


def two(kp="2022-06-14", rp="2010-03-01", purpose="3040"):
    return table(
        [
            ("K1", "kp", kp, 3, "1110", shapely.box(0, 0, 10, 10)),
            ("R1", "rp", rp, 3, purpose, shapely.box(0, 0, 10, 10)),
        ]
    )


def ruled(**keys):
    made = {"plan": "R1", "reason": "Byggesak", "who": "Plansjefen", "date": date(2026, 1, 1)}
    ruling = PlanRuling(**{**made, **keys})
    return Asked("situasjon", "situasjon.toml", ("future", "none"), rulings=[ruling])


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"plan": "R9"}, "rulings.plan"),
        ({"over": ("K9",)}, "rulings.plan"),
        ({"municipality": "9999"}, "rulings.municipality"),
        ({"reason": " "}, "rulings.empty"),
        ({"who": ""}, "rulings.empty"),
        ({"pieces": ("finnes-ikke",)}, "rulings.nothing"),
        ({"areas": ("a0",)}, "rulings.nothing"),  # an area of the other plan
    ],
)
def test_ruling_that_is_wrong_or_decides_nothing_is_a_fault(keys, fault):
    with pytest.raises(InputError) as error:
        map_of(two(), ruled(**keys))
    assert error.value.key == fault
    assert error.value.faults[0].file == "situasjon.toml"


def test_ruling_decides_the_piece_it_names():
    key = map_of(two())["zone_key"][0]
    pieces = map_of(two(), ruled(pieces=(key,)))
    assert pieces["why"].tolist() == ["ruling"]
    assert pieces["planidentifikasjon"].tolist() == ["R1"]
    assert pieces["law"].tolist() == ["K1"]  # what the law comes to stands beside it
    assert "Plansjefen" in pieces["source"][0]


def test_h910_is_shown_and_decides_nothing():
    zone = shapely.box(EAST, NORTH, EAST + 5, NORTH + 10)
    pieces = map_of(two(), Asked("s", "s.toml", ("future",), h910=np.array([zone, zone])))
    assert pieces["planidentifikasjon"].tolist() == ["K1"]
    assert pieces["h910_m2"].tolist() == [50.0]


def test_date_of_the_plan_is_known_where_its_other_areas_have_it():
    rows = [
        ("K1", "kp", "2015-01-01", 3, "1110", shapely.box(0, 0, 10, 10)),
        ("R1", "rp", None, 3, "3040", shapely.box(0, 0, 5, 10)),
        ("R1", "rp", "2020-01-01", 3, "3040", shapely.box(5, 0, 10, 10)),
    ]
    assert set(map_of(table(rows))["planidentifikasjon"]) == {"R1"}


def test_compatibility_table_is_marked_and_covers_known_purposes():
    path = resources.files("ikap.kinds.codes").joinpath("compatibility.csv")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert all(row["source"].startswith("[K]") for row in rows)
    spans = [(row["kp"], row["kp_to"], row["rp"], row["rp_to"]) for row in rows]
    assert len(set(spans)) == len(spans)
    widths = {}
    for kp in code_list("kp_arealformal").codes:
        for row in rows:
            if int(row["kp"]) <= int(kp) <= int(row["kp_to"]):
                widths.setdefault(kp, []).append(row)
    assert set(code_list("kp_arealformal").codes) == set(widths)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (("kp", "1110"), ("rp", "1110"), ("nei", False)),  # the same purpose rests on no table
        (("kp", "1110"), ("rp", "1113"), ("nei", True)),
        (("kp", "1110"), ("rp", "2011"), ("nei", True)),  # a street in a housing area
        (("kp", "1110"), ("rp", "3040"), ("ja", True)),  # worked example 5
        (("rp", "3040"), ("kp", "1110"), ("ja", True)),
        (("kp", "1001"), ("rp", "1340"), ("nei", True)),
        (("kp", "1800"), ("rp", "1340"), ("uavklart", True)),
        (("kp", "5100"), ("rp", "1111"), ("ja", True)),
        (("kp", "5100"), ("kp", "1110"), ("ja", True)),
        (("kp", ""), ("rp", "1111"), ("uavklart", False)),
        (("kp", "1110"), ("rp", "9999"), ("uavklart", True)),
    ],
)
def test_motstrid(one, other, verdict):
    found = motstrid(one, other)
    assert (str(found.motstrid), found.assumed) == verdict


def test_an_area_that_names_no_plan_gets_no_date_from_others():
    """Areas of a layer that name no plan may be of many plans: one date there is not all of theirs.

    The two plans without id: one dated, the other not, and in conflict with the kommuneplan.
    """
    rows = [
        ("K1", "kp", "2015-06-01", 3, "1110", shapely.box(0, 0, 9, 9)),
        ("", "rp", "2020-01-01", 3, "3040", shapely.box(20, 0, 29, 9)),
        ("", "rp", None, 3, "3040", shapely.box(0, 0, 4, 9)),
    ]
    pieces = map_of(table(rows))
    hit = pieces[pieces["doubts"] != ""]
    assert hit["doubts"].tolist() == ["no_date"]
    assert hit.geometry.area.sum() == pytest.approx(36.0)
