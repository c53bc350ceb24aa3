"""Code lists are complete, consistent, and say where they come from."""

import importlib
from pathlib import Path

import pytest

from ikap.kinds.codes import code_list

LISTS = ("kp_arealformal", "rp_arealformal", "ar5_arealtype", "arealbruksstatus", "planstatus")


@pytest.mark.parametrize("name", LISTS)
def test_every_row_has_names_and_a_source(name: str) -> None:
    listed = code_list(name)
    for row in (*listed.codes.values(), *listed.ranges):
        assert row.name_nb, row
        assert row.name_en, row
        assert row.source.startswith(("[S]", "[K]")), row


@pytest.mark.parametrize("name", ["kp_arealformal", "rp_arealformal"])
def test_development_is_building_transport_and_camps(name: str) -> None:
    listed = code_list(name)
    for row in (*listed.codes.values(), *listed.ranges):
        building = 1000 <= int(row.code) <= 2999 or row.code in ("4030", "6420", "6430", "6750")
        assert row.development == building, row


def test_a_code_of_its_own_goes_before_a_range() -> None:
    listed = code_list("rp_arealformal")
    assert listed.find("2011").name_nb == "Kjøreveg"
    assert listed.find("2013").name_nb == "Veg"
    assert listed.find("1161").name_nb == "Barnehage"
    assert listed.find("7000") is None
    assert listed.find("x") is None


def test_unknown_codes_are_sorted_and_each_told_once() -> None:
    assert code_list("kp_arealformal").unknown(["9", "1110", "", "12", "9"]) == ("12", "9")


def test_development_flags_agree_with_ninas_table(realdata: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reads Excel: pip install openpyxl")
    book = openpyxl.load_workbook(
        realdata / "codes" / "nina_kommuneplan_formal.xlsx", read_only=True
    )
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    book.close()
    theirs = {str(row[0]): row[5] == 1 for row in rows if row[0] and len(str(row[0])) == 4}
    ours = code_list("kp_arealformal")
    missing = sorted(code for code in theirs if ours.find(code) is None)
    differ = {c for c in theirs if ours.find(c) and ours.find(c).development != theirs[c]}
    assert len(theirs) > 50
    assert missing == []
    assert differ == set()


def test_kinds_are_found_by_folder() -> None:
    names = ("buildings", "context", "farmland", "landcover", "municipality", "zoning")
    for name in names:
        module = importlib.import_module(f"ikap.kinds.{name}")
        assert name == module.KIND
