"""Every rule of goal 2 as a case that a planner can read: maps and plan in, expected findings out.

How a case is written stands in `cases/LES_MEG.md`.
"""

import tomllib
from pathlib import Path

import pytest
import shapely

import ikap
from ikap.flow.discovery import catalogues, discover
from ikap.results import finding_sentence

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
EAST, NORTH = 569_000.0, 7_034_000.0
KNOWN = {
    *("tittel", "område", "mark", "dyrkbar", "jordkvalitet", "kjerneområde", "hensynssone"),
    *("bygning", "oversikt", "grense", "forventet", "sum", "arealregnskap", "uten_kart", "dag"),
    *("plankart_har_hensynssoner",),
}
CHECKS = {
    "omdisponering": "farmland_conversion",
    "vedtatt, ikke utbygd": "farmland_adopted_unbuilt",
    "dyrkbar jord": "farmland_cultivable",
    "kjerneområde": "farmland_core",
    "gjenværende jordstykker": "farmland_fragments",
    "samferdsel": "farmland_transport",
}
STATUS = {
    "i strid med vedtatt regel": "conflict",
    "må vurderes": "warning",
    "ingen treff": "ok",
    "ukjent": "unknown",
    "ikke aktuelt": "not_applicable",
}
SUMS = {
    "planlagt omdisponering": "farmland_planned_conversion",
    "vedtatt, ikke utbygd": "farmland_adopted_unbuilt",
}
PLACES = {"Vest": "9901", "Øst": "9902", "regionen": "region"}
USES = """municipality = ["kommuner"]
cultivable = ["dyrkbar"]
soil_quality = ["jordkvalitet"]
core_farmland = [{core}]
"""
VALUE = """
[{name}]
unit = "{unit}"
[[{name}.values]]
from = {since}
value = {value}
source = "{source}"
status = "{status}"
"""
EVERYWHERE = 'coverage = { municipalities = ["all"] }'
OWN = "coverage = { own_polygons = true }"


def box(row):
    x1, y1, x2, y2 = row["boks"]
    return shapely.box(EAST + x1, NORTH + y1, EAST + x2, NORTH + y2)


def boxes(rows):
    return [box(row) for row in rows]


def goals(squares, case):
    """Write which layers answer, and the limits of the case."""
    path = squares.root / "layers" / "goals.toml"
    text = path.read_text(encoding="utf-8")
    core = [f'"{name}"' for name in ("kjerneomraader", "h510") if core_rows(case, name)]
    text = text.replace('municipality = ["kommuner"]\n', USES.format(core=", ".join(core)))
    if "oversikt" in case:
        text = text.replace('farmland = ["ar5"]', 'farmland = ["ar5", "oversikt"]')
    for name, limit in case.get("grense", {}).items():
        head = text.find(f"\n[{name}]\n")
        if head >= 0:
            after = text.find("\n[", text.find("]]", head))
            text = text[:head] + (text[after:] if after >= 0 else "\n")
        since = limit.get("fra", "2020-01-01")
        text += VALUE.format(
            name=name,
            unit=limit["enhet"],
            value=limit["verdi"],
            source=limit["kilde"],
            status=limit["status"],
            since=since,
        )
    path.write_text(text, encoding="utf-8")


def core_rows(case, layer):
    return case.get({"kjerneomraader": "kjerneområde", "h510": "hensynssone"}[layer])


def maps(squares, case):
    """Write the layers of the case; a map that it does not have is not there."""
    land = case.get("mark", ())
    if land:
        squares.layer(
            "ar5",
            "landcover",
            boxes(land),
            OWN,
            arealtype=[row["arealtype"] for row in land],
            lokalid=[f"ar5-{k}" for k in range(len(land))],
        )
    if "ar5" in case.get("uten_kart", ()):
        (squares.root / "layers/data/ar5.gpkg").unlink()
    more = {"dyrkbar": "cultivable", "jordkvalitet": "soil_quality"}
    for name, kind in more.items():
        rows = case.get(name, ())
        own = {
            "ARDYRKING": [row.get("kode", "82") for row in rows],
            "ENDRETETTER2008": [int(row.get("endret", False)) for row in rows],
        }
        if name == "jordkvalitet":
            own = {"jordkvalitet": [str(row["klasse"]) for row in rows]}
        squares.layer(name, kind, boxes(rows), EVERYWHERE if name == "dyrkbar" else OWN, **own)
        if not rows:
            (squares.root / f"layers/data/{name}.gpkg").unlink()
    if core := core_rows(case, "kjerneomraader"):
        names = [row["navn"] for row in core]
        squares.layer("kjerneomraader", "core_farmland", boxes(core), EVERYWHERE, navn=names)
    if zones := core_rows(case, "h510"):
        codes = [row["angitt_hensyn"] for row in zones]
        squares.layer("h510", "core_farmland", boxes(zones), EVERYWHERE, KPANGITTHENSYN=codes)
    if overview := case.get("oversikt"):
        codes = [row["artype"] for row in overview]
        squares.layer("oversikt", "overview", boxes(overview), "", artype=codes)
    if houses := case.get("bygning"):
        squares.buildings(*(row["boks"] for row in houses))


def findings_of(case, squares):
    """Findings of the case by check and area, with their sentences."""
    assert not set(case) - KNOWN, f"ukjente ord: {set(case) - KNOWN}"
    maps(squares, case)
    goals(squares, case)
    areas = case["område"]
    squares.plan(*((area["formål"], area.get("status", 0), box(area)) for area in areas))
    day = str(case["dag"]) if "dag" in case else None
    results = squares.check(as_of=day)
    keys = {f"z{k}": area["navn"] for k, area in enumerate(areas)}
    words = catalogues(discover(ikap.open_workspace(squares.root)).checks)["nb"]
    found = {}
    for row in results.findings.to_dict("records"):
        row["sentence"] = finding_sentence(row, results.run["parameters"], words)
        found[row["check"], keys[row["zone_key"]]] = row
    return found, results, {name: key for key, name in keys.items()}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path, squares_at, tmp_path):
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    found, results, keys = findings_of(case, squares_at(tmp_path / "arbeidsområde"))
    checks = {c["name"] for c in results.run["checks"] if c["subject"] == "areas"}
    assert set(CHECKS.values()) <= checks
    assert set(found) == {(c, area["navn"]) for c in checks for area in case["område"]}
    assert len(found) == len(results.findings)  # every area × every check has one verdict
    assert {row["status"] for row in found.values()} <= set(STATUS.values())
    for wanted in case["forventet"]:
        row = found[CHECKS[wanted["kontroll"]], wanted["område"]]
        told = f"{case['tittel']}: venter {wanted}\nfikk {row['status']}: {row['sentence']}"
        assert row["status"] == STATUS[wanted["vurdering"]], told
        if "daa" in wanted:
            assert row["measured"] / 1000 == pytest.approx(wanted["daa"], abs=1e-5), told
        for part in wanted.get("sier", ()):
            assert part in row["sentence"].replace("\u202f", " ").replace("\u00a0", " "), told
        for part in wanted.get("sier_ikke", ()):
            assert part not in row["sentence"].replace("\u202f", " "), told
    table = results.indicators.set_index(["indicator", "municipality"])
    for wanted in case.get("sum", ()):
        row = table.loc[SUMS[wanted["tall"]], PLACES[wanted["sted"]]]
        assert row["value"] / 1000 == pytest.approx(wanted["daa"], abs=1e-5)
        if "ukjent_daa" in wanted:
            assert row["unknown"] / 1000 == pytest.approx(wanted["ukjent_daa"], abs=1e-5)
    for name, classes in case.get("arealregnskap", {}).items():
        own = results.statement[results.statement["zone_key"] == keys[name]]
        areas = dict(zip(own["class"], own["area_m2"] / 1000, strict=True))
        assert areas == pytest.approx(
            {("not_covered" if c == "ukjent" else c): a for c, a in classes.items()}, abs=1e-5
        )


def test_there_are_cases():
    assert len(CASES) >= 15
