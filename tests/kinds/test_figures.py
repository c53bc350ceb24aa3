"""Tables: numbers as people write them, and each kind of figures from a small file."""

import json

import numpy as np
import pandas as pd
import pytest

from ikap.errors import InputError
from ikap.kinds import builtup, commuting, farmland_decisions, population, population_grid
from ikap.kinds.inspect import describe
from ikap.kinds.inspect_table import kind_of_table
from ikap.sources import tables
from ikap.workspace import open_workspace


@pytest.fixture
def table(tmp_path, layers, region):
    """Read a text as a kind: `table(kind, text, **keys)`."""

    def read(kind, text, name="x.csv", **keys):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        source = {"from": "tables", **keys.pop("source", {})}
        declaration = layers.declare(path, kind.KIND, source=source, **keys)
        return kind.canonical(tables.read(declaration), declaration, region)

    return read


def told(canonical):
    return {row.what: row.amount for row in canonical.quality}


def test_population_long_with_norwegian_numbers(table):
    text = "kommunenr;år;folkemengde\n5001;2022;210 496\n5031;2022;14\u00a0425\n301;2022;1\n"
    read = table(population, text)
    cells = read.frame.set_index("kommunenummer")["personer"]
    assert cells.to_dict() == {"5001": 210496, "5031": 14425}
    assert told(read)["number.norwegian"] == 2
    assert told(read)["number.mended"] == 1  # 301 → 0301
    assert read.frame.geometry.isna().all()
    assert set(read.frame["grunnlag"]) == {"registrert"}


def test_years_as_columns(table):
    text = "kommunenummer,navn,pop2021,pop2022,pop2030\n5001,T,7,8,9\n5031,M,1,2,3\n"
    years = {"column": "pop{year}", "value": "personer", "from": 2021, "to": 2022}
    read = table(population, text, source={"years": years}, constants={"inndeling": 2020})
    assert sorted(set(read.frame["år"])) == [2021, 2022]
    assert read.frame["personer"].sum() == 18


def test_years_that_are_not_there_are_told(table):
    years = {"column": "areal_{year}", "value": "personer"}
    with pytest.raises(InputError) as error:
        table(population, "kommunenummer;pop2020\n5001;1\n", source={"years": years})
    assert error.value.key == "column.missing"


def test_merged_number_is_summed_in_the_kind(table):
    text = "kommunenummer;år;bebygd_km2\n5001;2019;70,5\n5030;2019;3,5\n5031;2019;9,0\n"
    read = table(builtup, text)
    cells = read.frame.set_index("kommunenummer")["bebygd_km2"]
    assert cells["5001"] == 74.0
    assert cells["5031"] == 9.0


def test_unreadable_and_missing_cells_are_unknown_and_told(table):
    read = table(builtup, "kommunenummer;år;bebygd_km2\n5001;2022;:\n5031;2022;\n")
    assert read.frame["bebygd_km2"].isna().all()
    assert told(read)["value.unreadable"] == 1


def test_a_comma_that_may_be_thousands_is_not_guessed(table):
    read = table(builtup, "kommunenummer;år;bebygd_km2\n5001;2022;1,234\n5031;2022;9\n")
    assert np.isnan(read.frame.set_index("kommunenummer").loc["5001", "bebygd_km2"])
    sure = table(builtup, "kommunenummer;år;bebygd_km2\n5001;2022;1,234\n5031;2022;9,5\n")
    assert sure.frame.set_index("kommunenummer").loc["5001", "bebygd_km2"] == 1.234


def test_wrong_basis_stops_with_the_rows(table):
    with pytest.raises(InputError) as error:
        table(population, "kommunenummer;år;personer;grunnlag\n5001;2022;1;gjettet\n")
    assert error.value.key == "population.basis"
    assert error.value.faults[0].ids == ("rad:2",)


def test_commuting_keeps_old_numbers(table):
    text = "kommunenummer;navn;til;år;pendlere;andel\n5030;Klæbu;5001;2018;1976;63,5\n"
    read = table(commuting, text)
    row = read.frame.iloc[0]
    assert (row["kommunenummer"], row["pendlere"], row["andel_prosent"]) == ("5030", 1976, 63.5)


def test_grid_cells_lie_where_their_id_says(table):
    """22120007040500 has its lower left corner at 212000, 7040500 in EPSG:25833."""
    read = table(population_grid, "SSBID0250M;pop_tot\n22120007040500;5\n22120007040750;12\n")
    back = read.frame.to_crs("EPSG:25833").geometry
    assert back.x.round(3).tolist() == [212125, 212125]
    assert back.y.round(3).tolist() == [7040625, 7040875]
    assert told(read)["grid.rounded"] == 1


@pytest.mark.parametrize(
    ("rows", "key"), [("2212000704050;5", "grid.id"), ("22120007040500;5", "table.twice")]
)
def test_grid_ids_that_cannot_be_right(table, rows, key):
    with pytest.raises(InputError) as error:
        table(population_grid, f"SSBID0250M;pop_tot\n{rows}\n22120007040500;5\n")
    assert error.value.key == key


def test_real_population_is_the_same_by_the_standard_library(realdata, table):
    import csv  # noqa: PLC0415

    path = realdata / "statistics" / "population_2000_2050.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["kommunenummer"]: row for row in csv.DictReader(file)}
    years = {"column": "pop{year}", "value": "personer"}
    read = table(
        population, path.read_bytes(), source={"years": years}, constants={"inndeling": 2020}
    )
    assert len(read.frame) == 2 * 51
    for number, year, value in read.frame[["kommunenummer", "år", "personer"]].to_numpy():
        assert value == float(rows[number][f"pop{year}"])
    assert isinstance(read.frame, pd.DataFrame)


def test_a_table_is_described_for_the_person_who_has_to_mend_it(tmp_path, region):
    path = tmp_path / "register.csv"
    path.write_text("id;kommune;status;brutto_daa\n1;5001;utbygd;12,5\n", encoding="utf-8")
    found = describe(path, region)
    (layer,) = found["layers"]
    assert (layer["used_as"], layer["count"], layer["faults"]) == ("commercial", 1, [])
    assert [row["what"] for row in layer["quality"]] == ["number.norwegian"]
    assert json.loads(json.dumps(found)) == found
    path.write_text("kommunenummer;år;folkemengde\n5001;2022;1\n5001;2022;2\n", encoding="utf-8")
    (layer,) = describe(path, region)["layers"]
    assert (layer["used_as"], layer["mend_first"]) == ("population", ["table.twice"])
    assert layer["faults"][0]["ids"] == ["rad:2", "rad:3"]
    path.write_text("", encoding="utf-8")
    assert describe(path, region)["faults"][0]["key"] == "file.empty"


@pytest.mark.parametrize("division", [None, 2020])
def test_real_built_up_series_has_no_growth_by_merger(realdata, layers, root, division):
    """Orkland's 0 of 2017–2019 is no figure; without a stated division Klæbu is missing too."""
    region = open_workspace(root).region
    path = realdata / "statistics" / "ssb_arealbruk_2011_2022.csv"
    years = {"column": "areal_{year}", "value": "bebygd_km2"}
    constants = {} if division is None else {"inndeling": division}
    source = {"from": "tables", "years": years}
    declaration = layers.declare(path, "builtup", source=source, constants=constants)
    read = builtup.canonical(tables.read(declaration), declaration, region)
    cells = read.frame.set_index(["kommunenummer", "år"])["bebygd_km2"]
    assert cells["5059"].isna().tolist() == [True, True, True, False, False, False]
    assert cells["5059", 2020] == 36.74
    assert bool(cells["5001"].isna().any()) is (division is None)
    assert cells["5027"].tolist() == [18.06, 17.92, 17.98, 18.03, 18.1, 18.14]
    assert told(read)["number.mended"] == 6  # Oslo, 301, in six years


DECISIONS = "kommunenr;år;dyrka_jordloven_daa;dyrka_pbl_daa;tilbakefort_daa\n"


def test_decisions_keep_released_and_returned_apart_and_holes_unknown(table):
    """Klæbu (5030) became part of Trondheim in 2020; where it has no figure, the sum is unknown."""
    rows = "5001;2022;1 250,5;3;0\n5031;2022;2;;1\n5001;2019;4;1;0\n5030;2019;6,5;;2\n"
    read = table(farmland_decisions, DECISIONS + rows)
    cells = read.frame.set_index(["kommunenummer", "år"])
    assert cells.loc[("5001", 2022), "dyrka_jordloven_daa"] == 1250.5
    assert cells.loc[("5001", 2022), "tilbakeført_daa"] == 0  # a published nought
    assert np.isnan(cells.loc[("5031", 2022), "dyrka_pbl_daa"])
    assert cells.loc[("5001", 2019), "dyrka_jordloven_daa"] == 10.5
    assert np.isnan(cells.loc[("5001", 2019), "dyrka_pbl_daa"])
    assert cells.loc[("5001", 2019), "tilbakeført_daa"] == 2
    assert read.frame["dyrkbar_pbl_daa"].isna().all()
    found = kind_of_table(DECISIONS.strip().split(";"))
    assert found is not None
    assert found.kind == "farmland_decisions"


def test_decisions_below_nought_are_refused_with_the_column(table):
    with pytest.raises(InputError) as told_of:
        table(farmland_decisions, DECISIONS + "5001;2022;3;1;-2\n")
    (fault,) = told_of.value.faults
    assert (fault.key, fault.facts["column"]) == ("farmland_decisions.negative", "tilbakeført_daa")
