"""Adding a layer, a check or a map means adding one file; it is found in the results."""

import ikap

CHECK = '''
"""Goal 2: areas larger than a limit, a rule of this region alone."""

from datetime import date

import numpy as np

from ikap.model import Check, Development, Measure, Status, Verdicts

CHECK = Check(
    goal=2,
    needs=("farmland_by_class",),
    applies_to=(Development.FUTURE,),
    valid_from=date(2020, 1, 1),
    parameters={"farmland.map_limit": "m2"},
    texts={
        "nb": {"title": "Store områder", "big": "Området er på {measured}.", "none": "Lite."},
        "en": {"title": "Large areas", "big": "The area is {measured}.", "none": "Small."},
    },
)


def check(zones, facts, parameters):
    """Area of each zone against the limit."""
    nothing = np.full(len(zones), np.nan)
    measured = Measure(zones.area_m2, np.zeros(len(zones)), nothing, nothing)
    big = zones.area_m2 > parameters["farmland.map_limit"].m2
    status = np.where(big, str(Status.WARNING), str(Status.OK)).astype(object)
    text = np.where(big, "big", "none").astype(object)
    return Verdicts(status, measured, 500.0, "m2", text, np.zeros(len(zones), dtype=bool))
'''

MAP = """
title = { nb = "Store områder", en = "Large areas" }
goal = 2
checks = ["store"]
layers = ["ar5"]
"""


def test_one_check_one_map_and_one_layer(squares):
    from shapely import box  # noqa: PLC0415

    squares.plan(("1110", 2, box(569_000, 7_034_000, 569_100, 7_034_100)))
    squares.layer(
        "ny_plan",
        "zoning",
        [box(569_000, 7_034_000, 569_050, 7_034_050)],
        'plan = { id = "ny_plan", role = "proposal" }',
        arealformål=["1300"],
        arealbruksstatus=[2],
    )
    (squares.root / "checks").mkdir()
    (squares.root / "checks/store.py").write_text(CHECK, encoding="utf-8")
    (squares.root / "maps/store.toml").write_text(MAP, encoding="utf-8")

    done, portal = ikap.run(ikap.open_workspace(squares.root))

    assert [r.run["plan"]["id"] for r in done] == ["forslag", "ny_plan"]
    rows = done[0].findings
    assert rows.loc[rows["check"] == "store", "status"].tolist() == ["warning"]
    rows = done[1].findings
    assert rows.loc[rows["check"] == "store", "measured"].tolist() == [2500]
    assert any("store" in p.name for p in portal.parent.rglob("*.html"))
    exported = next(done[0].folder.glob("*vurderinger.nb.csv")).read_text("utf-8-sig")
    assert "Området er på 10,0\u202fdaa." in exported
