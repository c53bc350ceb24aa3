"""Readable cases: a plan, and every fault that is found in it. A planner can object to each."""

import tomllib
from pathlib import Path

import pytest
import shapely

from ikap.kinds.topology.fault import fault_table
from tests.kinds.topology.planned import CRS, faults_of

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, tmp_path):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    found = faults_of(tmp_path, case["areas"], case.get("boundary", ()), case.get("as_of"))
    told = [(f.rule, f.status, set(f.ids)) for f in found]
    wanted = [(e["rule"], e["status"], set(e["ids"])) for e in case.get("expected", ())]
    assert sorted(told, key=str) == sorted(wanted, key=str), case["name"]
    for expected in case.get("expected", ()):
        (fault,) = [
            f for f in found if f.rule == expected["rule"] and set(f.ids) == set(expected["ids"])
        ]
        if "area_m2" in expected:
            assert shapely.area(fault.shape) == pytest.approx(expected["area_m2"], abs=1e-3)
        if "width_m" in expected:
            (width,) = fault_table([fault], CRS)["width_m"]
            assert width == pytest.approx(expected["width_m"], abs=1e-3)
        assert list(fault.ids) == expected["ids"] or expected["rule"] != "overlap"
