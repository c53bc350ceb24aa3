"""Headless Chromium on a built portal; skipped with a reason where there is no browser."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parents[1] / "pages" / "conftest.py"
AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": (412, 823), "desktop": (1280, 900)}


def _shared() -> Any:
    spec = importlib.util.spec_from_file_location("pages_shared_fixtures", PAGES)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_pages = _shared()
fabricated, hostile, edition = _pages.fabricated, _pages.hostile, _pages.edition
catalogues, folders, portal = _pages.catalogues, _pages.folders, _pages.portal
wide_portal = _pages.wide_portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium of the system, without a network."""
    path = os.environ.get("IKAP_CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if path is None:
        pytest.skip("ingen Chromium på maskinen (Debian: apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright er ikke installert")
    with api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        made = playwright.chromium.launch(executable_path=path, args=flags)
        yield made
        made.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opener of one file in a fresh context; other hosts are cut off, faults are collected."""
    contexts = []

    def opener(path: Path, *, size: str = "desktop", query: str = "", **options: Any) -> Any:
        width, height = options.pop("view", SIZES[size])
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console", lambda m: page.faults.append(m.text) if "Content Sec" in m.text else None
        )
        page.route("http*://**", lambda route: route.abort())
        page.goto(f"{path.as_uri()}{query}")
        if options.get("java_script_enabled", True) and page.query_selector("#map_kart"):
            page.wait_for_selector("#map_kart[data-ready]", timeout=15_000)
        return page

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture
def faults_by_axe() -> Callable[[Any], list[str]]:
    """What axe-core finds wrong on a page in its present state, one line per rule."""

    def run(page: Any) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
        )
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found["violations"]
        ]

    return run
