"""The pages in a browser: whole from disk, usable by keyboard, equal to the results, accessible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ikap.pages import build_portal
from ikap.results import read
from ikap.texts import Catalogue, area

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
Axe = Callable[[Any], list[str]]
OWN_REQUESTS = 5
DOM_NODES = 5500


@pytest.fixture(scope="module")
def map_file(portal: Path) -> Path:
    return portal / "eksempel" / "jordvern.html"


def opened(page: Any) -> None:
    page.locator(".findings tbody tr:not([hidden]) button").first.click()
    page.wait_for_selector("#sheet:not([hidden])")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_axe_finds_nothing_on_the_map_page(
    open_page: Open, portal: Path, faults_by_axe: Axe, size: str
) -> None:
    page = open_page(portal / "eksempel" / "jordvern-gjeldende.html", size=size)
    assert page.faults == []
    assert faults_by_axe(page) == []
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.click(".chip[data-status=warning]")
    opened(page)
    if size == "phone":
        page.click("#sheet .more")
        page.click("#sheet .more")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults_by_axe(page) == []
    page.keyboard.press("Escape")
    assert faults_by_axe(page) == []


@pytest.mark.parametrize("name", ["index.html", "ekte/jordvern.html"])
def test_axe_finds_nothing_on_the_other_pages(
    open_page: Open, portal: Path, faults_by_axe: Axe, name: str
) -> None:
    page = open_page(portal / name, size="phone")
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults_by_axe(page) == []


@pytest.mark.parametrize("name", ["index.html", "eksempel/jordvern.html", "ekte/jordvern.html"])
def test_no_sideways_scroll_at_320_pixels(open_page: Open, portal: Path, name: str) -> None:
    page = open_page(portal / name, view=(320, 640))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.style.fontSize = '34px'")  # 200 % text
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_area_shows_the_results_figures(
    open_page: Open, map_file: Path, folders: dict[str, Path]
) -> None:
    results = read(folders["forslag"])
    own = results.findings[results.findings["check"].str.startswith("farmland")]
    measured = {r["zone_key"]: r for r in own.to_dict("records") if r["measured"] >= 0}
    page = open_page(map_file)
    shown = page.evaluate(
        """() => {
          const out = {};
          for (const row of document.querySelectorAll('.findings tbody tr')) {
            row.querySelector('button').click();
            const sheet = document.querySelector('#sheet');
            const key = decodeURIComponent(/id=([^&]+)/.exec(location.hash)[1]);
            const rows = Array.from(sheet.querySelectorAll('.statement tbody tr'));
            const plain = text => Number(text.replace(/\\s/g, '').replace(',', '.'));
            const numbers = rows.map(r => plain(r.cells[1].textContent));
            out[key] = {
              figure: sheet.querySelector('.measured').textContent,
              table: row.cells[2].textContent,
              off: Math.abs(numbers.slice(0, -1).reduce((a, b) => a + b, 0) - numbers.at(-1)),
            };
          }
          return out;
        }"""
    )
    assert set(shown) == set(measured)
    for key, told in shown.items():
        assert told["figure"] == told["table"] == area(measured[key]["measured"], "nb")
        assert told["off"] < 1e-6


def test_map_table_list_and_counter_follow_the_same_filter(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file)
    count = int(page.inner_text(".chip[data-status=warning] strong"))
    page.click(".chip[data-status=warning]")
    assert page.get_attribute(".chip[data-status=warning]", "aria-pressed") == "true"
    assert page.inner_text("#status").startswith(f"Viser {count} av 400")
    visible = ".findings tbody tr:not([hidden])"
    assert len({r.get_attribute("data-k") for r in page.query_selector_all(visible)}) == count
    assert len(page.query_selector_all("path.z-warning")) == count
    assert page.query_selector_all("path.z-ok") == []
    assert page.query_selector_all("#items .z-ok") == []
    page.fill("#search", "1300")
    page.wait_for_timeout(400)
    assert 0 < len(page.query_selector_all(visible)) < count
    page.click("#reset")
    assert len(page.query_selector_all(".findings tbody tr[hidden]")) == 0


def test_sort_by_a_column(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file)
    page.click("[data-check=farmland_conversion] thead th:nth-child(4) button")
    assert (
        page.get_attribute("[data-check=farmland_conversion] thead th:nth-child(4)", "aria-sort")
        == "descending"
    )
    cells = page.eval_on_selector_all(
        "[data-check=farmland_conversion] tbody tr td:nth-child(4)",
        "nodes => nodes.map(n => Number(n.dataset.v))",
    )
    assert cells == sorted(cells, reverse=True)


def test_whole_use_by_keyboard(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(e => e.id || e.getAttribute('class') || e.tagName)(document.activeElement)"
            )
        )
        if page.evaluate("document.activeElement.matches('#items button')"):
            break
    assert "map_kart" in " ".join(seen) and "search" in seen
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sheet"
    assert page.is_visible("#sheet h2")
    page.keyboard.press("Escape")
    assert not page.is_visible("#sheet")
    assert page.evaluate("document.activeElement.matches('#items button')")
    page.focus(".findings tbody tr:nth-child(3) button")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sheet"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Lukk"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 3


def test_permalink_opens_the_area_again(
    open_page: Open, map_file: Path, folders: dict[str, Path]
) -> None:
    page = open_page(map_file)
    opened(page)
    title, link = page.inner_text("#sheet h2"), page.evaluate("location.hash")
    again = open_page(map_file, query=link)
    assert again.inner_text("#sheet h2") == title
    assert again.evaluate("location.hash") == link
    missing = open_page(map_file, query="#id=finnes-ikke")
    assert "ikke er i denne planen" in missing.inner_text("#status")
    town = open_page(map_file, query="#kommune=9902")
    assert town.input_value("#municipality") == "9902"


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_largest_area_opens_in_the_map_by_keyboard_and_gives_focus_back(
    open_page: Open, map_file: Path, size: str
) -> None:
    page = open_page(map_file, size=size)
    first = page.locator(".largest a").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet:not([hidden])")
    assert page.inner_text("#sheet h2") == first.inner_text()
    top = page.evaluate("document.querySelector('#sheet').getBoundingClientRect().top")
    assert 0 <= top < page.viewport_size["height"]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.href") == first.evaluate("a => a.href")


def test_first_screen_of_a_phone_holds_the_answer_and_the_map(
    open_page: Open, map_file: Path
) -> None:
    page = open_page(map_file, size="phone")
    box = page.query_selector(".mapbox").bounding_box()
    assert box["height"] >= 0.54 * 823
    assert box["y"] + box["height"] <= 823 - 52
    for selector in ("h1", ".answer", ".chip[data-status=ok]"):
        own = page.query_selector(selector).bounding_box()
        assert own["y"] + own["height"] <= box["y"]


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_targets_are_large_enough(open_page: Open, map_file: Path, size: str) -> None:
    page = open_page(map_file, size=size)
    small = page.evaluate(
        """() => ['button', 'summary', 'select', 'input:not([type=checkbox])', 'nav a']
          .flatMap(kind => Array.from(document.querySelectorAll(kind)))
          .map(e => [e, e.getBoundingClientRect()])
          .filter(([e, r]) => e.checkVisibility() && r.width && (r.height < 43.5 || r.width < 43.5))
          .map(([e]) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_page_is_within_its_budget(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file)
    assert len(set(page.asked)) <= OWN_REQUESTS
    assert all(url.startswith("file:") for url in page.asked if not url.startswith("data:"))
    assert page.evaluate("document.getElementsByTagName('*').length") <= DOM_NODES


def test_without_javascript_the_table_is_complete(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file, java_script_enabled=False)
    assert page.is_visible(".findings >> nth=0") and page.is_visible(
        "text=Kartet trenger JavaScript"
    )
    assert not page.is_visible("#filters") and not page.is_visible(
        ".findings tbody button >> nth=0"
    )
    rows = page.query_selector_all(".findings tbody tr")
    assert len(rows) > 300 and all(row.inner_text() for row in rows[:20])


def test_page_without_background_map_says_so_and_is_whole(open_page: Open, portal: Path) -> None:
    page = open_page(portal / "ekte" / "jordvern.html")
    page.wait_for_timeout(400)
    assert "Bakgrunnskartet kom ikke fram" in page.inner_text("#status")
    hosts = {url.split("/")[2] for url in page.asked if url.startswith("http")}
    assert hosts <= {"cache.kartverket.no"}
    assert page.query_selector_all("canvas")


def test_hostile_text_runs_nothing(
    open_page: Open,
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    hostile: ModuleType,
    tmp_path: Path,
) -> None:
    hostile.poisoned(read(folders["gjeldende"]), tmp_path / "gjeldende")
    nb = {"nb": catalogues["nb"]}
    target = build_portal(tmp_path / "portal", [hostile.edition(tmp_path / "gjeldende")], nb)
    page = open_page(target.parent / "fiendtlig" / "jordvern.html")
    opened(page)
    page.hover("path.z", force=True)
    assert "{{ 7*7 }}" in page.inner_text("#sheet h2")
    assert "<img src=x" in page.inner_text("#sheet")
    assert page.query_selector_all("img:not(.leaflet-tile)") == []
    front = open_page(target)
    assert "{{ 7*7 }}" in front.inner_text("main")
    for shown in (page, front):
        assert shown.evaluate("window.hacked") is None
        assert shown.faults == []


def test_reduced_motion_and_dark_choice_are_respected(open_page: Open, map_file: Path) -> None:
    page = open_page(map_file, reduced_motion="reduce", color_scheme="light")
    assert page.evaluate("L.Map.prototype.options.zoomAnimation") is False
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


PAGES = [  # scripts/check_pages tries every page at every width
    ("index.html", "phone"),
    ("index.html", "desktop"),
    ("eksempel/index.html", "phone"),
    ("eksempel/kommune-9902.html", "desktop"),
    ("eksempel/bomiljo-gjeldende.html", "phone"),
    *((f"eksempel/historie-{i}.html", "desktop" if i % 2 else "phone") for i in range(1, 6)),
]


@pytest.mark.parametrize(("name", "size"), PAGES)
def test_pages_of_all_goals_are_accessible_and_never_scroll_sideways(
    open_page: Open, wide_portal: Path, faults_by_axe: Axe, name: str, size: str
) -> None:
    page = open_page(wide_portal / name, size=size)
    assert page.faults == []
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.emulate_media(color_scheme="light" if size == "phone" else "dark")
    assert faults_by_axe(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_rule_of_a_map_can_be_looked_at_alone(open_page: Open, wide_portal: Path) -> None:
    page = open_page(wide_portal / "eksempel" / "bomiljo.html")
    assert len(page.query_selector_all(".check-table")) == 2
    page.select_option("#check", "hazard")
    assert (
        page.query_selector_all(".check-table[hidden]")[0].get_attribute("data-check") != "hazard"
    )
    count = int(page.inner_text(".chip[data-status=ok] strong"))
    assert count == len(page.query_selector_all("path.z-ok"))
    rows = page.query_selector_all(".check-table:not([hidden]) td.s-ok")
    assert len(rows) <= count
    page.click("#reset")
    assert page.query_selector_all(".check-table[hidden]") == []


def test_distances_are_shown_against_their_limit(open_page: Open, wide_portal: Path) -> None:
    page = open_page(wide_portal / "eksempel" / "klima.html")
    page.click(".findings tbody tr button >> nth=0")
    assert "grense 500" in page.inner_text("#sheet .figure")
    assert page.query_selector("#sheet .statement") is None


def test_the_story_is_whole_without_javascript(open_page: Open, wide_portal: Path) -> None:
    page = open_page(wide_portal / "eksempel" / "historie-1.html", java_script_enabled=False)
    for i in range(2, 6):
        page.click("a[rel=next]")
        assert page.url.endswith(f"historie-{i}.html")
        assert page.is_visible("h1")
