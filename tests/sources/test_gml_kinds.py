"""From GML to what the checks use: a plan with its status, and AR5 with its classes."""

from datetime import date
from pathlib import Path

import pytest
from shapely import box

from ikap.kinds import landcover, zoning
from ikap.kinds.loading import load
from ikap.model import LayerDeclaration, Municipality, PlanDeclaration, Region

REGION = Region(
    key="prøve",
    name={"nb": "Prøve", "en": "Test"},
    crs="EPSG:25832",
    municipalities=(Municipality("5001", "Trondheim", date(2020, 1, 1)),),
)
EXTENT = (509326.0, 6947293.0, 635345.0, 7082737.0)


def square(x: float) -> str:
    ring = box(569000 + x, 7034000, 569100 + x, 7034100).exterior.coords
    text = " ".join(f"{e:.2f} {n:.2f}" for e, n in ring)
    return (
        "<gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{text}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def leaf(name: str, value: str) -> str:
    return f"<app:{name}>{value}</app:{name}>"


def identity(name: str) -> str:
    return leaf("identifikasjon", leaf("Identifikasjon", leaf("lokalId", name)))


def declared(path: Path, kind: str) -> LayerDeclaration:
    source = {"from": "files", "path": str(path)}
    plan = PlanDeclaration("plan", "proposal") if kind == "zoning" else None
    return LayerDeclaration(
        "lag", kind, {}, "", "", source, path.parent, file="lag.toml", plan=plan
    )


@pytest.fixture
def plan(gml, zone) -> Path:
    number = leaf("arealplanId", leaf("NasjonalArealplanId", leaf("planidentifikasjon", "r20")))
    facts = number.replace("</app:Nas", leaf("kommunenummer", "5001") + "</app:Nas")
    to_outline = '<app:planområde xlink:href="#o"/>'
    areas = [
        zone(f"a{i}", square(100 * i), identity(f"l{i}") + leaf("arealformål", code) + to_outline)
        for i, code in enumerate(("1110", "2011", "3040"))
    ]
    outline = '<app:arealplan xlink:href="#p"/><app:vertikalnivå>2</app:vertikalnivå>'
    return gml(
        zone("p", "", facts + leaf("planstatus", "3") + leaf("plantype", "35"), kind="Arealplan"),
        zone("o", square(0), outline, kind="RpOmråde"),
        *areas,
    )


def test_plan(plan: Path) -> None:
    found = load(zoning, declared(plan, "zoning"), REGION, extent=EXTENT)
    frame = found.frame
    assert list(frame["source_id"]) == ["l0", "l1", "l2"]
    assert list(frame["arealformål"]) == ["1110", "2011", "3040"]
    assert set(frame["planstatus"]) == {3}
    assert set(frame["planidentifikasjon"]) == {"r20"}
    assert set(frame["kommunenummer"]) == {"5001"}
    assert set(frame["plan_level"]) == {"rp"}
    assert frame.area.tolist() == [10_000.0] * 3
    assert "planstatus.missing" not in {row.what for row in found.quality}
    assert found.names["planstatus"] == "arealplan.planstatus"


def test_plan_that_no_longer_applies(plan: Path) -> None:
    text = plan.read_text(encoding="utf-8")
    one = leaf("planstatus", "3")
    plan.write_text(text.replace(one, leaf("planstatus", "5")), encoding="utf-8")
    with pytest.raises(Exception, match=r"zoning\.no_areas"):
        load(zoning, declared(plan, "zoning"), REGION, extent=EXTENT)


def test_area_that_cannot_be_drawn_is_not_forgotten(plan: Path) -> None:
    text = plan.read_text(encoding="utf-8")
    broken = text.replace("569200.00 7034000.00", "569200,0 7034000", 1)
    plan.write_text(broken, encoding="utf-8")
    found = load(zoning, declared(plan, "zoning"), REGION, extent=EXTENT)
    left = len(found.frame) + len(found.unmeasurable)
    assert (left, len(found.unmeasurable)) == (3, 1)
    ids = [r.source_id for r in found.quality if r.what == "gml.coordinates"]
    assert len(ids) == 1


def test_ar5(gml, zone) -> None:
    quality = leaf("kvalitet", leaf("Posisjonskvalitet", leaf("nøyaktighet", "200")))
    path = gml(
        *(
            zone(
                f"a{i}",
                square(100 * i),
                identity(f"l{i}") + leaf("arealtype", code) + leaf("treslag", "98") + quality,
                kind="ArealressursFlate",
            )
            for i, code in enumerate(("21", "30", "60"))
        )
    )
    frame = load(landcover, declared(path, "landcover"), REGION, extent=EXTENT).frame
    assert list(frame["arealtype"]) == ["21", "30", "60"]
    assert set(frame["nøyaktighet"]) == {200.0}
    assert list(frame["source_id"]) == ["l0", "l1", "l2"]
