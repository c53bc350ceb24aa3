"""Code lists are complete, consistent, and say where they come from and why they differ."""

import importlib
import re
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from ikap.kinds import codes, hazards
from ikap.kinds.codes import Code, code_list, nina_differences

PURPOSES = {"kp": ("kp_arealbruk", "kp_arealformal"), "rp": ("rp_regform", "rp_arealformal")}
LISTS = sorted(
    path.name.removesuffix(".csv")
    for path in resources.files(codes).iterdir()
    if path.name.endswith(".csv") and "code,name_nb," in path.read_text(encoding="utf-8")
)
FILES = {"kp": "nina_kommuneplan_formal.xlsx", "rp": "nina_reguleringsplan_formal.xlsx"}
UNDEFINED = "9999"
"""What NINA translates codes to that it cannot define; no code of either official list."""


def ours(level: str) -> dict[str, Code]:
    """All purposes of a level, old law and new."""
    rows = {code: row for name in PURPOSES[level] for code, row in code_list(name).codes.items()}
    return {code: row for code, row in rows.items() if code != UNDEFINED}


@pytest.mark.parametrize("name", LISTS)
def test_every_row_has_names_and_a_source(name: str) -> None:
    for row in code_list(name).codes.values():
        assert row.name_nb, row
        assert row.name_en, row
        assert row.source.startswith(("[S]", "[K]")), row


@pytest.mark.parametrize("name", LISTS)
def test_no_code_stands_twice(name: str) -> None:
    text = resources.files(codes).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    assert len(code_list(name).codes) == len(text.splitlines()) - 1


@pytest.mark.parametrize(("level", "old", "new"), [("kp", 65, 66), ("rp", 156, 231)])
def test_purposes_are_131_and_386(level: str, old: int, new: int) -> None:
    lists = [code_list(name).codes for name in PURPOSES[level]]
    assert [len(rows) for rows in lists] == [old, new]
    assert {len(code) for code in lists[0]} == {3}
    assert {len(code) for code in lists[1]} == {4}
    assert len(ours(level)) == {"kp": 131, "rp": 386}[level]


@pytest.mark.parametrize("level", ["kp", "rp"])
def test_every_old_purpose_is_translated_to_one_of_today(level: str) -> None:
    old, new = (code_list(name) for name in PURPOSES[level])
    assert {row.purpose for row in old.codes.values()} <= set(new.codes)


def test_planned_development_of_the_kommuneplan_is_the_rule() -> None:
    for row in code_list("kp_arealformal").codes.values():
        building = 1000 <= int(row.code) <= 2999 or row.code == "4030"
        assert row.development == building, row
        assert not row.unclear, row


def test_planned_development_of_the_reguleringsplan_is_what_nina_does_not_exclude() -> None:
    counted = [row for row in ours("rp").values() if not row.development]
    assert len(counted) == 117
    late = {r.code for r in ours("rp").values() if r.group[:2] >= "12" and r.development}
    assert late == {
        *("380", "381", "390", "391", "398", "462", "618", "2040", "2041", "2042", "2043"),
        *("2044", "4030", "6420", "6430", "6750"),
    }
    assert all(ours("rp")[code].note for code in late)


def test_undefined_purposes_are_unclear() -> None:
    rows = code_list("rp_regform").codes.values()
    undefined = {row.code for row in rows if row.purpose == UNDEFINED}
    assert undefined == {"600", "660", "661", "662", "699", "999"}
    assert all(row.unclear for row in rows if row.code in undefined)
    assert code_list("rp_arealformal").find(UNDEFINED).unclear


@pytest.mark.parametrize("level", ["kp", "rp"])
def test_purposes_are_those_of_nina_or_the_difference_is_explained(
    level: str, realdata: Path
) -> None:
    theirs = nina(realdata / "codes" / FILES[level])
    assert set(theirs) == set(ours(level))
    explained = {(d.code, d.field): d for d in nina_differences() if d.level == level}
    for code, row in theirs.items():
        for field, their in row.items():
            own = field_of(ours(level)[code], field)
            if (code, field) in explained:
                difference = explained.pop((code, field))
                assert (difference.nina, difference.ikap) == (their, own)
                assert difference.reason
            else:
                assert own == their, (code, field)
    assert set(explained) <= {(d.code, "development") for d in nina_differences()}


def nina(path: Path) -> dict[str, dict[str, str]]:
    """NINA's rows as text, spaces and line breaks made one space."""
    openpyxl = pytest.importorskip("openpyxl", reason="reads Excel: pip install openpyxl")
    book = openpyxl.load_workbook(path)
    found = {}
    for code, name, purpose, _, group, *more in book.worksheets[0].iter_rows(
        min_row=2, values_only=True
    ):
        row = {"name": re.sub(r"\s+", " ", name).strip(), "purpose": str(purpose), "group": group}
        found[str(code)] = row | ({"development": str(more[0])} if more else {})
    book.close()
    return found


def field_of(row: Code, field: str) -> str:
    if field == "development":
        return "?" if row.unclear else str(int(row.development))
    return {"name": row.name_nb, "purpose": row.purpose, "group": row.group}[field]


def test_oddities_stay_visible() -> None:
    kp, old = code_list("kp_arealformal"), code_list("kp_arealbruk")
    assert (kp.find("5200").purpose, code_list("rp_arealformal").find("5200").purpose) == (
        "5200",
        "5200",
    )
    assert (old.find("400").purpose, old.find("400").unclear) == ("1001", True)
    for code in ("6110", "6120", "6130"):
        groups = {kp.find(code).group[:2], code_list("rp_arealformal").find(code).group[:2]}
        assert groups == {"16", "17"}
        assert kp.find(code).note
    assert all(kp.find(code).group == "15 LNFR spredt" for code in ("5200", "5210", "5220", "5230"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ar5_arealtype", "11 12 20 21 22 23 30 50 60 70 81 82 99"),  # 20 is of coarser maps
        ("ar5_treslag", "31 32 33 39 98 99"),
        ("ar5_skogbonitet", "11 12 13 14 15 98 99"),
        ("ar5_grunnforhold", "41 42 43 44 45 46 98 99"),
        ("ar50_artype", "10 20 30 50 60 70 81 82 99"),
        ("ar50_arjordbr", "24 25 98 99"),
        ("ar50_arskogbon", "11 12 13 18 98 99"),
        ("arealbruksstatus", "1 2 3"),
        ("planstatus", "0 1 2 3 4 5 6 8 9 10"),
        ("plantype", "20 21 22 30 31 32 33 34 35"),
        ("lovreferanse", "1 2 3 4 5 6"),
        ("vertikalniva", "1 2 3 4 5"),
        ("eierform", "1 2 3"),
        ("utnyttingstype", "1 2 3 4 5 6 7 10 11 12 13 14 15 16 17 18"),
        (
            "hensynssone",
            "110 120 130 140 190 210 220 230 290 310 320 330 350 360 370 380 390 410 430 440 450 "
            "510 520 530 540 550 560 570 580 590 700 710 720 730 735 740 750 800 810 820 830 "
            "900 910",
        ),
    ],
)
def test_small_lists_are_whole(name: str, expected: str) -> None:
    assert list(code_list(name).codes) == expected.split()


def test_area_and_detail_zoning_are_not_swapped() -> None:
    types = code_list("plantype")
    assert types.find("34").name_nb == "Områderegulering"
    assert types.find("35").name_nb == "Detaljregulering"
    assert {row.group for row in types.codes.values()} == {"kp", "rp"}


def test_a_hensynssone_has_the_attribute_of_its_hundred() -> None:
    rows = code_list("hensynssone").codes.values()
    by_hundred = {
        row.code[0]: {r.field("attribute") for r in rows if r.code[0] == row.code[0]}
        for row in rows
    }
    assert by_hundred == {
        "1": {"sikring"},
        "2": {"støy"},
        "3": {"fare"},
        "4": {"infrastruktur"},
        "5": {"angittHensyn"},
        "7": {"båndlegging"},
        "8": {"gjennomføring"},
        "9": {"detaljering"},
    }


def test_hazards_of_plans_are_those_of_the_list() -> None:
    rows = code_list("hensynssone").codes.values()
    assert {row.code for row in rows if row.field("attribute") == "fare"} == set(hazards.CODES)


def test_object_types_have_a_level_and_a_use() -> None:
    rows = code_list("objekttype").codes.values()
    assert Counter(row.group for row in rows)["area"] == 4
    assert {row.field("level") for row in rows} == {"kp", "rp"}
    assert all(row.code[:2].lower() in ("kp", "rp", "rb") for row in rows)


def test_a_number_is_the_same_with_zeros_in_front() -> None:
    assert code_list("planstatus").find("03").name_nb == "Endelig vedtatt"
    assert code_list("rp_arealformal").find("7000") is None
    assert code_list("rp_arealformal").find("x") is None


def test_unknown_codes_are_sorted_and_each_told_once() -> None:
    assert code_list("kp_arealformal").unknown(["9", "1110", "", "12", "9"]) == ("12", "9")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("1111", "1110"), ("1234", "1200"), ("Boligbebyggelse", "1110"), ("11100", ""), ("", "")],
)
def test_nearest_code_is_one_that_may_have_been_meant(wrong: str, meant: str) -> None:
    assert code_list("kp_arealformal").nearest(wrong) == meant


def test_kinds_are_found_by_folder() -> None:
    names = ("buildings", "context", "farmland", "landcover", "municipality", "zoning")
    for name in names:
        module = importlib.import_module(f"ikap.kinds.{name}")
        assert name == module.KIND
