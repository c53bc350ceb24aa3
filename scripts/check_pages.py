"""Look at every page of a built portal as its readers will, and measure what it costs them.

    python scripts/check_pages.py ikap-demo/portal --shots skjermbilder

Each page is opened at 360, 412, 1280 and 1920 px, in light and dark, with the network cut, and once
without JavaScript: no page may scroll sideways, fail, or break a rule of axe-core. Then it is
loaded as by a phone on a slow net (processor slowed four times, 1.6 Mbit/s, 150 ms, gzip), and the
budgets are held with a tenth to spare. Exit code 1 if anything is wrong. Needs Chromium and
playwright; axe-core lies in `tests/browser/vendor`.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).parents[1] / "tests" / "browser" / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {360: 780, 412: 823, 1280: 900, 1920: 1080}
PHONE = {"width": 412, "height": 823}
SPARE = 1.1


@dataclass(frozen=True)
class Budget:
    """Most that a page may cost: kB gzipped, requests, seconds to first paint and ready, nodes."""

    kilobytes: float
    requests: int
    paint: float
    ready: float
    nodes: int


MAP, FRONT = Budget(400, 5, 1.5, 3.0, 5000), Budget(100, 5, 1.0, 1.5, 1500)


class Zipped(SimpleHTTPRequestHandler):
    """Serves files gzipped and counts the bytes sent."""

    sent: dict[str, int]

    def do_GET(self) -> None:
        """Send one file, packed."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.sent[self.path] = len(body)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve a folder on the loopback address."""
    sent: dict[str, int] = {}
    handler = type("Counted", (Zipped,), {"sent": sent})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()


def is_map(page: Page) -> bool:
    """Whether the page has a map."""
    return page.query_selector("#map_kart") is not None


def wait(page: Page) -> None:
    """Wait until the map has drawn its data."""
    if is_map(page):
        page.wait_for_selector("#map_kart[data-ready]", timeout=60_000)


def look(browser: Browser, file: Path, name: str, shots: Path | None) -> list[str]:
    """Open one page at every width and theme; what is wrong."""
    wrong = []
    for width, height in WIDTHS.items():
        for scheme in ("light", "dark"):
            view = {"width": width, "height": height}
            page = browser.new_context(viewport=view, color_scheme=scheme).new_page()
            faults: list[str] = []
            page.on("pageerror", lambda error, told=faults: told.append(str(error)))
            page.route("http*://**", lambda route: route.abort())
            page.goto(file.as_uri())
            wait(page)
            label = f"{name} {width} px {scheme}"
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{label}: ruller sideveis")
            wrong += [f"{label}: {fault}" for fault in faults]
            if shots is not None:
                plain = name.replace("/", "-").removesuffix(".html")
                page.screenshot(path=shots / f"{plain}-{width}-{scheme}.png")
            if width in (412, 1280):
                page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
                wrong += [f"{label}: {fault}" for fault in axe(page)]
            page.context.close()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(file.as_uri())
    if page.query_selector("#map_kart") and not page.query_selector("#tabell h2"):
        wrong.append(f"{name}: ingen tabell uten JavaScript")
    page.context.close()
    return wrong


def axe(page: Page) -> list[str]:
    """Rules of axe-core that the page breaks."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [f"{v['id']} {v['nodes'][0]['target']}" for v in found["violations"]]


def cost(browser: Browser, address: str, sent: dict[str, int], name: str) -> tuple[str, list[str]]:
    """Load one page as a phone on a slow net; a line of figures, and budgets passed."""
    page = browser.new_context(viewport=PHONE).new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    client = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000}
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 93_750})
    client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sent.clear()
    page.goto(f"{address}/{name}")
    wait(page)
    ready = page.evaluate("performance.now()") / 1000
    entry = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    paint = page.evaluate(entry) / 1000
    nodes = page.evaluate("document.getElementsByTagName('*').length")
    budget = MAP if is_map(page) else FRONT
    page.context.close()
    size = sum(sent.values()) / 1000
    told = f"{size:6.0f} kB {len(sent):2d} kall  {paint:4.1f} s  {ready:4.1f} s  {nodes:5d}  {name}"
    measured = (size, len(sent), paint, ready, nodes)
    limits = (budget.kilobytes, budget.requests, budget.paint, budget.ready, budget.nodes)
    labels = ("kB", "kall", "s til første bilde", "s til klar", "elementer")
    return told, [
        f"{name}: {value:.1f} {label}, budsjett {limit}"
        for value, limit, label in zip(measured, limits, labels, strict=True)
        if value > limit * SPARE
    ]


def main() -> int:
    """Check all pages of a portal."""
    parser = argparse.ArgumentParser(description="Se på og mål alle sidene i en portal.")
    parser.add_argument("portal", type=Path, help="mappen med portalen")
    parser.add_argument("--shots", type=Path, help="mappe for skjermbilder")
    parser.add_argument("--only", default="", help="bare sider med dette i navnet")
    parser.add_argument("--no-cost", action="store_true", help="ikke mål tid og størrelse")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Fant ikke Chromium (Debian: apt-get install chromium).")
        return 2
    names = sorted(p.relative_to(options.portal).as_posix() for p in options.portal.rglob("*.html"))
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright, served(options.portal.resolve()) as (address, sent):
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for name in (n for n in names if options.only in n):
            wrong += look(browser, (options.portal / name).resolve(), name, options.shots)
            if not options.no_cost:
                told, passed = cost(browser, address, sent, name)
                print(told, flush=True)
                wrong += passed
        browser.close()
    print("\n".join(wrong) if wrong else "Alle sider er i orden.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
