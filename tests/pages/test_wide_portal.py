"""Pages of all goals, of municipalities and of the story: figures, links, what is always said."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from ikap.pages.figures import REGION
from ikap.pages.plan import open_plan
from ikap.pages.series import series_tables
from ikap.pages.words import Words
from ikap.results import read
from ikap.texts import Catalogue, area, distance, number, percent

HERE = Path(__file__).parent
NUMBERS = ("9901", "9902", "9903", "9904")


def _page_class() -> Any:
    spec = importlib.util.spec_from_file_location("pages_reading", HERE / "test_portal.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.Page


Page = _page_class()


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@pytest.fixture(scope="module")
def region(wide_portal: Path) -> Path:
    return wide_portal / "eksempel"


def test_every_map_municipality_and_screen_has_a_page_in_both_languages(region: Path) -> None:
    maps = ["jordvern", "klima", "bomiljo", "naering"]
    names = [m + plan for m in maps for plan in ("", "-gjeldende", "-alternativ")]
    names += [f"kommune-{n}" for n in NUMBERS] + [f"historie-{i}" for i in range(1, 6)] + ["index"]
    wanted = {f"{name}{end}.html" for name in names for end in ("", ".en")}
    assert {path.name for path in pages(region)} == wanted


def test_every_link_leads_somewhere_and_pages_lead_to_their_other_language(
    wide_portal: Path,
) -> None:
    for path in pages(wide_portal):
        page = Page(path)
        for _, attributes in page.tags:
            for name in ("src", "href"):
                target = (attributes.get(name) or "").split("#")[0]
                if target and ":" not in target:
                    assert (path.parent / target).is_file(), f"{path.name}: {target}"
        other = [a["href"] for t, a in page.tags if t == "a" and "hreflang" in a]
        swap = path.name.replace(".en.html", ".html")
        assert other == [swap if swap != path.name else path.name.replace(".html", ".en.html")]


def test_constructed_data_are_marked_on_every_page_and_table(region: Path) -> None:
    for path in pages(region):
        word = "CONSTRUCTED DATA" if path.name.endswith(".en.html") else "KONSTRUERTE DATA"
        text = path.read_text(encoding="utf-8")
        assert word in re.sub(r"<caption>.*?</caption>", "", text, flags=re.DOTALL), path.name
        for caption in re.findall(r"<caption>(.*?)</caption>", text, flags=re.DOTALL):
            named = any(w in caption for w in (word, "Kartlag, eier", "Layers, owner"))
            assert named or "grense" in caption.lower() or "threshold" in caption.lower(), caption


@pytest.mark.parametrize(("name", "checks"), [("klima", 1), ("bomiljo", 2), ("naering", 1)])
def test_each_check_has_a_table_with_its_unit_and_the_results_figures(
    region: Path, folders: dict[str, Path], name: str, checks: int
) -> None:
    page = Page(region / f"{name}.html")
    results = read(folders["forslag"])
    assert sum(1 for t, a in page.tags if t == "table" and a.get("class") == "findings") == checks
    rows = {r["finding_id"]: r for r in results.findings.to_dict("records")}
    assert page.findings
    for key, cells in page.findings.items():
        measured, unit = rows[key]["measured"], rows[key]["unit"]
        assert cells[2] == (distance(measured, "nb") if unit == "m" else area(measured, "nb"))
    shown = {key.split(":")[0] for key in page.findings}
    text = page.path.read_text(encoding="utf-8")
    for check in shown:
        own = results.findings[results.findings["check"] == check]
        counts = own["status"].value_counts().drop("not_applicable")
        box = text.split(f'data-check="{check}"')[1].split("</ul>")[0]
        told = [int(n) for n in re.findall(r"<strong>(\d+)</strong>", box)]
        assert sorted(told) == sorted(counts)


def test_a_map_credits_only_the_layers_that_it_shows(region: Path) -> None:
    climate, living = Page(region / "klima.html"), Page(region / "bomiljo.html")
    assert "© Holdeplassene" in climate.data["credit"] and "Laget ar5" not in climate.text
    assert "farmland" not in climate.shapes and "pieces" not in climate.shapes
    assert all(a["r"] == [] for a in climate.data["areas"])
    assert "Laget pendling" not in living.text
    assert "farmland" in Page(region / "jordvern.html").shapes


def test_maps_of_a_plan_share_their_shapes(region: Path) -> None:
    found = {path.name for path in (region / "forslag").glob("former-*.js")}
    assert len(found) == 2  # with farmland, and without
    sources = {
        re.search(r'src="(forslag/former-[^"]+)"', path.read_text(encoding="utf-8"))[1]  # type: ignore[index]
        for path in pages(region)
        if re.fullmatch(r"(klima|bomiljo|naering)(\.en)?\.html", path.name)
    }
    assert len(sources) == 1


def test_a_municipality_shows_its_own_figures_with_the_unknown_beside(
    region: Path, folders: dict[str, Path]
) -> None:
    figures = open_plan(folders["forslag"]).figures
    for place in NUMBERS:
        page = Page(region / f"kommune-{place}.html")
        told = figures.at("farmland_planned_conversion", place)
        assert told is not None
        row = next(c for _, c in page.rows if c and c[0].startswith("Planlagt omdisponering"))
        assert row[1:3] == [area(told.value, "nb"), area(told.unknown, "nb")]
        people = next(c for _, c in page.rows if c and c[0].startswith(place) and len(c) > 4)
        assert number(figures.value("population", place, 2022), "nb") in people
        others = re.findall(r'href="kommune-(\d+)\.html"', page.path.read_text(encoding="utf-8"))
        assert others[:4] == sorted(others[:4])


def test_its_largest_areas_lead_to_the_map(region: Path, folders: dict[str, Path]) -> None:
    zones = read(folders["forslag"]).geodata("zones")
    assert zones is not None
    own = zones[(zones.municipality == "9902") & zones.development.isin(["future", "further"])]
    largest = own.sort_values(["area_m2", "zone_key"], ascending=[False, True]).zone_key.head(8)
    text = (region / "kommune-9902.html").read_text(encoding="utf-8")
    assert re.findall(r"#id=(z\d+)", text) == list(largest)


def test_registered_and_projected_figures_stand_apart(
    folders: dict[str, Path], catalogues: dict[str, Catalogue]
) -> None:
    plan = open_plan(folders["forslag"])
    tables = {t.name: t for t in series_tables(plan, Words(catalogues["nb"]))}
    people, built = tables["population"], tables["builtup_area"]
    assert people.years == (
        (2000, False), (2010, False), (2020, False), (2022, False),
        (2030, True), (2040, True), (2050, True),
    )  # fmt: skip
    assert [g[1:] for g in people.groups] == [(4, False), (3, True)]
    assert [r[0] for r in people.rows] == [*NUMBERS, REGION]
    row = next(r for r in people.rows if r[0] == "9902")
    assert row[2][3] == (number(10_814, "nb"), False) and row[2][4] == (number(10_900, "nb"), True)
    gone = next(r for r in built.rows if r[0] == "9904")
    assert gone[2][0][0] == "Ukjent" and gone[2][1][0] == "17,0\u202fkm²"


def test_the_commuting_table_is_printed_as_it_is(region: Path) -> None:
    page = Page(region / "index.html")
    assert "Som trykt." in page.text
    rows = {c[0]: c[1:] for _, c in page.rows if c}
    assert rows["9902 Åkerlia"] == ["371", percent(0.131, "nb")]
    assert rows["9801 (tidligere kommune)"] == [number(1560, "nb"), ""]
    assert rows["Sum"][0] == number(1931, "nb")


def test_the_story_tells_the_results_figures(region: Path, folders: dict[str, Path]) -> None:
    plan, other = open_plan(folders["forslag"]), open_plan(folders["alternativ"])
    name = "farmland_planned_conversion"
    total, less = (p.figures.value(name, REGION) for p in (plan, other))
    first = Page(region / "historie-1.html")
    assert f"Forslaget tar {area(total, 'nb')} jordbruksareal" in first.text
    frame = plan.results.findings
    found = frame[frame["check"] == "farmland_conversion"].sort_values("measured", ascending=False)
    top = found.dropna(subset=["measured"]).head(3)
    second = Page(region / "historie-2.html")
    text = second.path.read_text(encoding="utf-8")
    assert re.findall(r'href="jordvern\.html#id=(z\d+)"', text) == list(top["zone_key"])
    assert all(area(m2, "nb") in second.text for m2 in top["measured"])
    third = Page(region / "historie-3.html")
    assert area(top["measured"].iloc[0], "nb") in third.text and "Fulldyrka jord" in third.text
    fourth = Page(region / "historie-4.html")
    row = next(c for _, c in fourth.rows if c and c[0].startswith("Planlagt omdisponering"))
    assert row[1].startswith(area(total, "nb")) and row[2].startswith(area(less, "nb"))
    assert row[3] == "\u2212" + area(total - less, "nb")
    assert "Boligpotensial" in fourth.text and "ikke regnet ut i denne utgaven" in fourth.text
    fifth = Page(region / "historie-5.html")
    assert f"{number((frame['status'] == 'unknown').sum(), 'nb')} vurderinger" in fifth.text
    assert "Bestemmelsene er ikke vurdert." in fifth.text and "enighet" in fifth.text


def test_screens_follow_one_another(region: Path) -> None:
    for i in range(1, 6):
        tags = Page(region / f"historie-{i}.html").tags
        links = {a.get("rel"): a["href"] for t, a in tags if t == "a" and a.get("rel")}
        assert links.get("next") == (f"historie-{i + 1}.html" if i < 5 else None)
        assert links.get("prev") == (f"historie-{i - 1}.html" if i > 1 else None)
    front = (region / "index.html").read_text(encoding="utf-8")
    assert 'href="historie-1.html"' in front


def test_a_plan_that_may_not_be_passed_on_is_told_without_its_shapes(
    folders: dict[str, Path], catalogues: dict[str, Catalogue]
) -> None:
    from ikap.pages.sketch import pins, sketch  # noqa: PLC0415

    plan = open_plan(folders["forslag"])
    words = Words(catalogues["nb"])
    assert sketch(plan, "z0001", words) is not None
    for layer in plan.run["layers"]:
        if layer["name"] == "forslag":
            layer["redistribute"] = False
    closed = type(plan)(plan.slug, plan.results)
    assert sketch(closed, "z0001", words) is None and pins(closed, ["z0001"]) == {}


def test_pages_are_within_their_budgets(wide_portal: Path) -> None:
    shared = {p.name: len(gzip.compress(p.read_bytes(), 6)) for p in wide_portal.rglob("*.js")}
    style = {p.name: len(gzip.compress(p.read_bytes(), 6)) for p in wide_portal.rglob("*.css")}
    for path in pages(wide_portal):
        page = Page(path)
        is_map = "data" in {a.get("id") for a, _ in page.scripts}
        text = path.read_text(encoding="utf-8")
        used = [s for s in (*shared, *style) if s in text]
        size = len(gzip.compress(path.read_bytes(), 6))
        size += sum({**shared, **style}[name] for name in used)
        assert size <= (400_000 if is_map else 100_000), path.name
        assert len(used) + 1 <= 5 and len(page.tags) <= (5000 if is_map else 1500), path.name


def test_nothing_of_the_data_stands_outside_the_jsons_text(wide_portal: Path) -> None:
    script = next(wide_portal.rglob("former-*.js")).read_text(encoding="utf-8")
    assert json.loads(script.removeprefix("window.ikapShapes=").rstrip(";\n"))
