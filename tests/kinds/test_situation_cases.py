"""Every rule of precedence as a case that a planner can read: plans in, expected map out."""

import json
import tomllib
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ikap.kinds.situation import Asked, Parts, interpret
from ikap.model import ParameterStatus, PlanPrecedence, PlanRuling

CASES = sorted((Path(__file__).parent / "cases" / "situation").glob("*.toml"))
EAST, NORTH = 569_000.0, 7_034_000.0
BORDER = 500
TYPES = {"kommuneplan": ("kp", 20), "kommunedelplan": ("kp", 21), "reguleringsplan": ("rp", 35)}
WHY = {
    "eneste plan": "alone",
    "gir detaljene": "detail",
    "nyere": "newer",
    "nyere på samme nivå": "newer_of_level",
    "egen regel": "rule",
    "blir stående": "kept",
    "den andre er overstyrt": "overridden",
    "sier det samme": "agree",
    "avklart av planlegger": "ruling",
}
DOUBT = {
    "dato mangler": "no_date",
    "samme dato": "same_date",
    "uklar forenlighet": "compatibility",
    "regelen tier": "rule_silent",
    "overstyrt alene": "overridden_alone",
    "planstatus mangler": "no_status",
    "avklaringer strider": "rulings",
}
APART = {
    "utsatt rettsvirkning": "deferred",
    "planforslag": "proposal",
    "ikke i kraft ennå": "later",
}
ORDER = ("future", "further", "unclear", "adopted", "spread", "none")


def areas_of(case):
    """Canonical zoning of a case's plans; levels other than 2 are dropped as the kind does."""
    rows, shapes = [], []
    for plan in case["plan"]:
        level, plantype = TYPES[plan["type"]]
        status = plan.get("planstatus", 3)
        for number, area in enumerate(plan["flater"]):
            if area.get("vertikalnivå", 2) != 2:
                continue
            x1, y1, x2, y2 = area["boks"]
            key = f"{plan['id']}-{plan.get('kommune', '')}-{number}"
            purpose = area.get("formål")
            built = (purpose or "").startswith(("1", "2"))
            rows.append(
                {
                    "source_layer": plan["type"],
                    "source_id": key,
                    "zone_key": key,
                    "arealformål": purpose,
                    "arealbruksstatus": area.get("status", 0),
                    "planstatus": None if status == -1 else status,
                    "plantype": plantype,
                    "områdenavn": None,
                    "planidentifikasjon": plan["id"],
                    "kommunenummer": plan.get("kommune", "9901"),
                    "ikrafttredelsesdato": str(plan["i_kraft"]) if "i_kraft" in plan else None,
                    "plan_level": level,
                    "development": "future" if built else "none" if purpose else "unclear",
                }
            )
            shapes.append(shapely.box(EAST + x1, NORTH + y1, EAST + x2, NORTH + y2))
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:25832")
    return frame.assign(planstatus=frame["planstatus"].astype("Int64"))


def parts_of(areas):
    """Areas split at the border between the two municipalities."""
    west = shapely.box(EAST - 9_000, NORTH - 9_000, EAST + BORDER, NORTH + 9_000)
    found = []
    for number, shape in (("9901", west), ("9902", None)):
        own = areas.geometry.to_numpy()
        cut = shapely.difference(own, west) if shape is None else shapely.intersection(own, west)
        found += [(k, number, c) for k, c in enumerate(cut) if shapely.area(c) > 0]
    zone, number, shape = zip(*sorted(found, key=lambda row: row[:2]), strict=True)
    return Parts(
        np.array(zone, dtype=np.int64), np.array(number, object), np.array(shape, dtype=object)
    )


def rule_of(rule):
    words = {"går foran": "before", "viker for": "after"}
    return PlanPrecedence(
        municipality=rule["kommune"],
        plan=rule["plan"],
        source=rule["kilde"],
        status=ParameterStatus(rule["status"]),
        goes=words[rule.get("retning", "går foran")],
        when={"ved motstrid": "motstrid", "alltid": "always"}[rule.get("omfang", "ved motstrid")],
        plans=tuple(rule.get("planer", ())),
        adopted_before=rule.get("eldre_enn"),
        others={"uavklart": "unclear", "blir stående": "keep", "etter loven": "law"}[
            rule.get("ellers", "uavklart")
        ],
        valid_from=rule.get("gjelder_fra"),
    )


def ruling_of(ruling):
    return PlanRuling(ruling["plan"], ruling["grunn"], ruling["hvem"], ruling["dato"])


def asked_of(case):
    return Asked(
        layer="situasjon",
        file="situasjon.toml",
        order=ORDER,
        day=case.get("dag", date(2026, 6, 1)),
        rules=[rule_of(rule) for rule in case.get("forrang", ())],
        rulings=[ruling_of(ruling) for ruling in case.get("avklaring", ())],
        municipalities=("9901", "9902"),
    )


def row_of(expected):
    """Expected piece as the map tells it, areas in daa."""
    told = {
        "plan": expected.get("plan", ""),
        "formål": expected.get("formål", "uavklart"),
        "daa": expected["daa"],
    }
    if "fordi" in expected:
        told["fordi"] = WHY[expected["fordi"]]
    if "uavklart" in expected:
        told["uavklart"] = ",".join(DOUBT[name] for name in expected["uavklart"])
    for name in ("motstrid", "andre_planer", "kommune"):
        if name in expected:
            told[name] = expected[name]
    if "uten_avklaring" in expected:
        told["uten_avklaring"] = DOUBT[expected["uten_avklaring"]]
    return told


def text(cell):
    return cell if isinstance(cell, str) else ""


def told_by(piece, wanted):
    """What the map tells of a piece, as far as the case asks."""
    whole = {
        "plan": text(piece["planidentifikasjon"]),
        "formål": text(piece["arealformål"]),
        "daa": round(piece["geometry"].area / 1000, 6),
        "fordi": piece["why"],
        "uavklart": piece["doubts"],
        "motstrid": piece["motstrid"],
        "andre_planer": sorted(other["plan"] for other in json.loads(piece["others"])),
        "kommune": piece["piece_municipality"],
        "uten_avklaring": piece["law"],
    }
    return {name: whole[name] for name in wanted}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    areas = areas_of(case)
    found = interpret(areas, parts_of(areas), asked_of(case))
    expected = [row_of(row) for row in case["forventet"]]
    left = found.pieces.to_dict("records")
    for wanted in expected:
        if wanted["plan"] == "" and wanted["formål"] != "uavklart":
            del wanted["plan"]  # which of the plans it is does not matter
        hit = next((piece for piece in left if told_by(piece, wanted) == wanted), None)
        shown = "\n".join(str(told_by(piece, wanted)) for piece in left)
        assert hit is not None, f"{case['tittel']}: venter {wanted}\nkartet har\n{shown}"
        left.remove(hit)
    assert not left, case["tittel"]
    apart = found.apart.groupby("standing")["area_m2"].sum() / 1000
    assert apart.round(6).to_dict() == {
        APART[name]: daa for name, daa in case.get("utenfor", {}).items()
    }
    twice = [row.amount for row in found.quality if row.what == "situation.same_plan"]
    assert twice == pytest.approx([*case.get("merknader", {}).values()])


def test_there_are_cases():
    assert len(CASES) >= 25
