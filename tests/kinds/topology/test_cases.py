"""Readable cases: a plan, and every fault that is found in it. A planner can object to each."""

import tomllib
from pathlib import Path

import pytest
import shapely

from ikap.kinds import zoning
from ikap.kinds.topology import fault_table, plan_faults, plan_file
from ikap.sources import read_path
from tests.kinds.topology.planned import CRS, LIMITS, REGION, declared_at, faults_of

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


@pytest.mark.realdata
def test_a_real_detail_plan_fills_its_own_boundary(realdata):
    """Stemtjønn in Kristiansand, all object types in one table, the type in a column `name`."""
    path = realdata / "plan" / "plankart_4204_1536_stemtjonn.geojson"
    raw, declared = read_path(path, name="plan"), declared_at(path)
    layer = zoning.canonical(raw, declared, REGION)
    file = plan_file(raw, layer, declared, REGION)
    (plan,) = file.plans
    assert (plan.level, len(plan.rows)) == ("rp", 10)
    assert plan.boundary is not None
    assert shapely.area(plan.boundary) == pytest.approx(layer.frame.area.sum(), rel=1e-6)
    rules = {fault.rule for fault in plan_faults(file, LIMITS, crs=CRS)}
    assert rules == {"plan_id_none", "older_unknown"}  # ids and dates stand in the plan's own part
