"""The portal as files: complete, safe, the same bytes twice, and equal to the results."""

from __future__ import annotations

import base64
import filecmp
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ikap.model import Edition
from ikap.pages import build_portal
from ikap.pages import portal as portal_module
from ikap.pages.page import ROOT, script_json
from ikap.pages.statements import adding_up
from ikap.results import Results, read, write
from ikap.texts import Catalogue, area

MakeEdition = Callable[..., Edition]


class Page(HTMLParser):
    """Tags, attributes, visible text, table rows and the data of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[tuple[dict[str, str | None], list[str]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self._inside = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag == "tr":
            self.rows.append((dict(attrs), []))
        if tag in ("td", "th") and self.rows:
            self.rows[-1][1].append("")
        self._inside = tag if tag in ("script", "style") else self._inside

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
            return
        self.text += data
        if self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1] += data

    @property
    def data(self) -> dict[str, Any]:
        """JSON that the page's script reads."""
        made: dict[str, Any] = json.loads(next(t for a, t in self.scripts if a.get("id") == "data"))
        return made

    @property
    def shapes(self) -> dict[str, Any]:
        """Shapes that the page's map draws, from the script that it loads."""
        source = next(
            (str(a["src"]) for a, _ in self.scripts if "former-" in (a.get("src") or "")), ""
        )
        if not source:
            return {}
        text = (self.path.parent / source).read_text(encoding="utf-8")
        made: dict[str, Any] = json.loads(
            text.removeprefix("window.ikapShapes=").rstrip().removesuffix(";")
        )
        return made

    @property
    def findings(self) -> dict[str, list[str]]:
        """Cells of the findings table by finding id."""
        return {str(a["data-id"]): cells for a, cells in self.rows if "data-id" in a}


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_one_page_per_map_and_plan_in_both_languages(portal: Path) -> None:
    found = [p.relative_to(portal).as_posix() for p in pages(portal)]
    assert found == [
        "eksempel/index.en.html",
        "eksempel/index.html",
        "eksempel/jordvern-gjeldende.en.html",
        "eksempel/jordvern-gjeldende.html",
        "eksempel/jordvern.en.html",
        "eksempel/jordvern.html",
        *[
            f"eksempel/kommune-{n}{e}.html"
            for n in ("9901", "9902", "9903", "9904")
            for e in (".en", "")
        ],
        "ekte/index.en.html",
        "ekte/index.html",
        "ekte/jordvern.en.html",
        "ekte/jordvern.html",
        *[
            f"ekte/kommune-{n}{e}.html"
            for n in ("9901", "9902", "9903", "9904")
            for e in (".en", "")
        ],
        "index.en.html",
        "index.html",
    ]
    english = (portal / "eksempel" / "jordvern.en.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in english and "Skip to the table" in english


def test_two_builds_give_the_same_bytes(
    portal: Path,
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    edition: MakeEdition,
    tmp_path: Path,
) -> None:
    editions = [
        edition("eksempel", folders["forslag"], folders["gjeldende"]),
        edition("ekte", folders["kommuneplaner"]),
    ]
    again = build_portal(tmp_path / "portal", editions, catalogues).parent
    names = [p.relative_to(portal).as_posix() for p in portal.rglob("*") if p.is_file()]
    same, different, odd = filecmp.cmpfiles(portal, again, names, shallow=False)
    assert (sorted(same), different, odd) == (sorted(names), [], [])


def test_every_row_and_figure_equals_the_results(portal: Path, folders: dict[str, Path]) -> None:
    results = read(folders["forslag"])
    page = Page(portal / "eksempel" / "jordvern.html")
    zones = results.geodata("zones")
    assert zones is not None
    sizes = dict(zip(zones["zone_key"], zones["area_m2"], strict=True))
    own = results.findings["check"].str.startswith("farmland")
    applies = results.findings[own & (results.findings["status"] != "not_applicable")]
    assert set(page.findings) == set(applies["finding_id"])
    for row in applies.to_dict("records"):
        cells = page.findings[row["finding_id"]]
        assert cells[2] == area(row["measured"], "nb")
        assert cells[3] == area(sizes[row["zone_key"]], "nb")
    assert {a["k"] for a in page.data["areas"]} == set(zones["zone_key"])


def test_statement_of_every_area_adds_up_as_printed(portal: Path, folders: dict[str, Path]) -> None:
    results = read(folders["forslag"])
    total = results.statement.groupby("zone_key")["zone_area_m2"].first()
    for shown in Page(portal / "eksempel" / "jordvern.html").data["areas"]:
        figures = [float(r[1].replace("\u202f", "").replace(",", ".")) for r in shown["r"]]
        assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=1e-9)
        assert figures[-1] * 1000 == pytest.approx(total[shown["k"]], abs=50.001)


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([3333.0, 3333.0, 3334.0], 10_000.0),
        ([30.0, 9970.0], 10_000.0),
        ([0.2, 4.8], 5.0),
        ([49.9, 49.9, 49.9, 50.3], 200.0),
        ([1e6 / 3] * 3, 1e6),
    ],
)
def test_printed_parts_add_up_and_none_is_hidden(values: list[float], total: float) -> None:
    *parts, whole = adding_up(values, total)
    assert sum(parts) == pytest.approx(whole, abs=1e-9)
    assert all(part > 0 for part, value in zip(parts, values, strict=True) if value >= 0.5)
    assert all(abs(p * 1000 - v) <= 100 for p, v in zip(parts, values, strict=True))


def test_no_page_fetches_from_anybody_else(portal: Path) -> None:
    for path in pages(portal):
        for tag, attributes in Page(path).tags:
            for name in ("src", "href", "srcset", "data", "poster", "action", "xlink:href"):
                value = attributes.get(name) or ""
                if re.match(r"(?:[a-z]+:)?//", value, re.IGNORECASE):
                    assert tag == "a", f"{path.name}: {tag} {name}={value}"
            assert "integrity" not in attributes  # a page opened from disk would refuse the file
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]


def test_every_link_inside_the_portal_leads_somewhere(portal: Path) -> None:
    for path in pages(portal):
        for _, attributes in Page(path).tags:
            for name in ("src", "href"):
                target = (attributes.get(name) or "").split("#")[0]
                if target and ":" not in target:
                    assert (path.parent / target).is_file(), f"{path.name}: {target}"


def test_policy_lets_only_these_scripts_run(portal: Path) -> None:
    for path in pages(portal):
        page = Page(path)
        rule = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
        assert rule is not None
        assert "unsafe" not in rule and "default-src 'none'" in rule
        inline = [text for a, text in page.scripts if not a]
        hashes = {base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in inline}
        assert set(re.findall(r"'sha256-([^']+)'", rule)) == hashes
        hosts = re.findall(r"https?://[^ ;]+", rule)
        background = path.parent.name == "ekte" and path.name.startswith("jordvern")
        expected = ["https://cache.kartverket.no"] if background else []
        assert hosts == expected


def test_hostile_text_is_only_text(
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    hostile: ModuleType,
    tmp_path: Path,
) -> None:
    hostile.poisoned(read(folders["gjeldende"]), tmp_path / "gjeldende")
    target = build_portal(
        tmp_path / "portal", [hostile.edition(tmp_path / "gjeldende")], catalogues
    )
    wanted = {"script", "svg", "html", "body"}
    for path in pages(target.parent):
        page = Page(path)
        tags = {tag for tag, _ in page.tags}
        assert "img" not in tags and wanted <= tags
        assert len(page.scripts) == (6 if path.name.startswith("jordvern") else 2)
        assert "window.hacked" not in "".join(t for a, t in page.scripts if not a)
        assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
        assert not [a for _, a in page.tags if (a.get("href") or "").startswith("javascript")]
        assert "{{ 7*7 }}" in page.text and "${window.hacked=1}" in page.text
        assert "<img src=x onerror=window.hacked=1>" in page.text
    data = Page(target.parent / "fiendtlig" / "jordvern.html").data
    assert hostile.ALL in data["areas"][0]["n"]
    assert data["basemap"] == ""


def test_json_in_a_page_cannot_end_its_script() -> None:
    value = {"a": "</script><!--\u2028\u2029&"}
    text = str(script_json(value))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


@pytest.mark.parametrize(
    "case",
    [("ar5", {"farmland", "pieces"}), ("gjeldende", {"zones", "pieces"}), ("context", {"context"})],
)
def test_layer_that_may_not_be_passed_on_is_not_drawn(
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    edition: MakeEdition,
    tmp_path: Path,
    case: tuple[str, set[str]],
) -> None:
    closed, gone = case
    results = read(folders["gjeldende"])
    names = ("zones", "pieces", "farmland", "municipalities", "context")
    run = json.loads(json.dumps(results.run))
    for layer in run["layers"]:
        if layer["name"] == closed:
            layer["redistribute"] = False
    layers = {name: results.geodata(name) for name in names}
    tables = {name: results.table(name) for name in ("findings", "statement", "indicators")}
    rest = {name: results.table(name) for name in ("quality", "provenance")}
    write(Results(**tables, **rest, run=run, layers=layers), tmp_path / "gjeldende")
    nb = {"nb": catalogues["nb"]}
    target = build_portal(tmp_path / "portal", [edition("x", tmp_path / "gjeldende")], nb)
    page = Page(target.parent / "x" / "jordvern.html")
    assert set(names) - set(page.shapes) == gone
    assert len(page.data["areas"]) == len(results.geodata("zones"))
    assert f"Laget {closed}" in page.text


def test_region_without_a_plan_says_unknown_and_what_to_do(portal: Path) -> None:
    page = Page(portal / "ekte" / "jordvern.html")
    assert page.text.count(": Ukjent") == 4
    assert "Legg fila i layers/data/plan.gpkg." in page.text
    assert page.findings == {}
    assert "municipalities" in page.shapes
    front = Page(portal / "index.html")
    assert "Ukjent for alle 4 kommuner" in front.text


def test_what_must_always_be_said_is_said(portal: Path) -> None:
    for path in pages(portal):
        text = Page(path).text
        english = path.name.endswith(".en.html")
        assert (
            "provisions are not assessed" if english else "Bestemmelsene er ikke vurdert"
        ) in text
        if path.parent.name == "eksempel":
            assert ("CONSTRUCTED DATA" if english else "KONSTRUERTE DATA") in text
    real = Page(portal / "ekte" / "jordvern.html").text
    assert "KONSTRUERTE DATA" not in real
    assert "forutsetning, ikke vedtatt" in real


def test_front_page_lists_municipalities_in_number_order(portal: Path) -> None:
    numbers = re.findall(r"99\d\d", Page(portal / "index.html").text)
    assert numbers == sorted(numbers[:4]) * 2


def test_downloads_of_constructed_data_say_so_in_their_names(portal: Path) -> None:
    files = [p.name for p in (portal / "eksempel").rglob("*") if p.suffix in (".csv", ".json")]
    assert files and all("konstruert" in name for name in files)
    assert (portal / "ekte" / "kommuneplaner" / "run.json").is_file()


def test_build_that_stops_leaves_the_old_portal_whole(
    folders: dict[str, Path],
    catalogues: dict[str, Catalogue],
    edition: MakeEdition,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "portal"
    editions = [edition("ekte", folders["kommuneplaner"])]
    build_portal(target, editions, catalogues)
    before = {p.name: p.read_bytes() for p in target.rglob("*") if p.is_file()}

    def stop(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(portal_module, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        build_portal(target, editions, catalogues)
    assert {p.name: p.read_bytes() for p in target.rglob("*") if p.is_file()} == before


def test_vendored_files_are_those_in_the_list() -> None:
    listed = tomllib.loads((ROOT / "vendor" / "VENDOR.toml").read_text(encoding="utf-8"))["files"]
    for entry in listed:
        content = (ROOT / "vendor" / entry["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["path"]
    there = {p.relative_to(ROOT / "vendor").as_posix() for p in (ROOT / "vendor").rglob("*.*")}
    assert there - {"VENDOR.toml"} == {entry["path"] for entry in listed} - {"leaflet/LICENSE"}
