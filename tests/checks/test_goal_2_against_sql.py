"""Every figure of goal 2 in Eksempelregionen against an independent count in SQL (DuckDB)."""

import importlib.util
import sys
from collections import Counter

import pytest

import ikap
from ikap.example import build
from ikap.example.size import Size

MIDDLE = Size("middle", 0.5, 30, 60, 400, 300, 250, 4.0)
"""Large enough for every theme to lie in some planned area; half as long as the demo's region."""


@pytest.fixture(scope="module")
def by_sql(root):
    pytest.importorskip("duckdb_extension_spatial", reason="Hopper over: DuckDB er ikke installert")
    spec = importlib.util.spec_from_file_location(
        "scripts_goal2_sql", root / "scripts" / "_goal2_sql.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("middle")
    build(folder, size=MIDDLE)
    return folder


@pytest.fixture(scope="module")
def base(region, by_sql):
    return by_sql.filled(region, "forslag")


@pytest.fixture(scope="module")
def findings(region):
    found = ikap.check(ikap.open_workspace(region), "forslag").findings
    return found[found["goal"] == 2]


def test_every_figure_of_every_area_agrees_with_sql(base, findings, by_sql):
    theirs = by_sql.figures(base)
    assert by_sql.apart(by_sql.told(findings), theirs) == {}
    met = Counter(figure for _, figure, _ in theirs)
    assert set(met) == set(by_sql.FIGURES)  # nothing agrees by being nought everywhere
    assert met["farmland_conversion"] > 50
    assert met["farmland_adopted_unbuilt"] > 30


def test_measured_is_the_sum_of_the_parts(base, findings, by_sql):
    theirs = by_sql.figures(base)
    for row in findings[findings["measured"] > 0].itertuples():
        if row.check not in by_sql.PARTS:
            continue
        parts = {
            part: a for (z, c, part), a in theirs.items() if (z, c) == (row.zone_key, row.check)
        }
        whole = parts["core"] if row.check == "farmland_core" else sum(parts.values())
        assert row.measured == pytest.approx(whole, abs=by_sql.TOLERANCE_M2)


def test_every_area_has_one_verdict_by_every_check(base, findings, by_sql):
    areas = by_sql.areas(base)
    assert len(areas) > 100
    assert by_sql.verdicts_apart(findings, areas) == []


def test_a_figure_that_is_off_by_two_square_decimetres_is_found(base, findings, by_sql):
    theirs = by_sql.figures(base)
    key = next(iter(sorted(theirs)))
    off = theirs | {key: theirs[key] + 0.02}
    assert list(by_sql.apart(by_sql.told(findings), off)) == [key]
    lost = findings.drop(findings.index[findings["zone_key"] == key[0]][0])
    assert len(by_sql.verdicts_apart(lost, by_sql.areas(base))) == 1
