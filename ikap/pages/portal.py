"""The portal: a front page over all regions, a page per map and plan; built aside, swapped in.

In: result folders, map declarations, words. Out: a folder of static files that opens from disk.
No network, no data but the results. Assets are written first and the front page last.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ikap.model import Edition, MapDeclaration
from ikap.pages.drawing import Drawing
from ikap.pages.leaflet import map_parts
from ikap.pages.maps import MapPage, map_page
from ikap.pages.overview import Download, MapLink, RegionView, region_view
from ikap.pages.page import BOOT, Assets, policy, render, script_json, write_assets
from ikap.pages.words import Words
from ikap.results import Results, export_csv, read
from ikap.results.swap import fresh, swap_in
from ikap.texts import Catalogue

__all__ = ["build_portal"]

LETTERS: dict[str, str | int | None] = {"æ": "ae", "ø": "o", "å": "a"}
MAIN_ROLES = ("proposal", "adopted", "alternative")
"""Which plan opens first: a proposal is what people are asked about."""


@dataclass(frozen=True)
class PlanFolder:
    """One plan of a region, ready to be shown."""

    slug: str
    results: Results
    drawn: dict[str, Drawing] = field(default_factory=dict)


def build_portal(
    target: Path,
    editions: Sequence[Edition],
    catalogues: Mapping[str, Catalogue],
    *,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Build the portal of all editions, and put it in the place of an older one.

    Parameters
    ----------
    target : Path
        Folder of the portal; replaced in whole.
    editions : sequence of Edition
        One per region, in the order of the front page.
    catalogues : mapping of str to Catalogue
        Words by language code; the first language has the plain addresses.
    progress : callable, optional
        Told the name of each page.

    Returns
    -------
    Path
        The portal's `index.html`.
    """
    new = fresh(target)
    assets = write_assets(new)
    regions = [(_slug(e.key), e, _plans(e)) for e in editions]
    languages = list(catalogues)
    for lang in languages:
        words = Words(catalogues[lang])
        suffix = "" if lang == languages[0] else f".{lang}"
        other = {
            code: "" if code == languages[0] else f".{code}" for code in languages if code != lang
        }
        site = _Site(new, assets, words, suffix, other, progress)
        views = [site.region(slug, edition, plans) for slug, edition, plans in regions if plans]
        site.front(views)
    swap_in(new, target)
    return target / "index.html"


def _plans(edition: Edition) -> list[PlanFolder]:
    found = [read(folder) for folder in edition.results]
    found.sort(key=lambda r: _rank(str(r.run["plan"]["role"])))
    return [PlanFolder(_slug(str(r.run["plan"]["id"])), r) for r in found]


def _rank(role: str) -> int:
    return MAIN_ROLES.index(role) if role in MAIN_ROLES else len(MAIN_ROLES)


def _slug(text: str) -> str:
    plain = text.lower().translate(str.maketrans(LETTERS))
    ascii_text = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60] or "uten-navn"


@dataclass(frozen=True)
class _Site:
    """Pages of one language."""

    root: Path
    assets: Assets
    words: Words
    suffix: str
    other: Mapping[str, str]
    progress: Callable[[str], None] | None

    def region(self, slug: str, edition: Edition, plans: Sequence[PlanFolder]) -> RegionView:
        """Write all map pages and files of one region; what the front page says of it."""
        links: dict[str, list[MapLink]] = {plan.slug: [] for plan in plans}
        files = {plan.slug: tuple(self._downloads(slug, plan)) for plan in plans}
        for declared in sorted(edition.maps, key=lambda m: (m.order, m.name)):
            names = self._names(declared, plans)
            for plan, name in zip(plans, names, strict=True):
                self._map(slug, declared, plan, list(zip(plans, names, strict=True)), files)
                title = self.words.local(declared.title, declared.name)
                links[plan.slug].append(MapLink(title, f"{slug}/{name}{self.suffix}.html"))
        told = [(p.results, tuple(links[p.slug]), files[p.slug]) for p in plans]
        return region_view(slug, told, self.words)

    def _names(self, declared: MapDeclaration, plans: Sequence[PlanFolder]) -> list[str]:
        base = _slug(declared.name)
        return [base if i == 0 else f"{base}-{plan.slug}" for i, plan in enumerate(plans)]

    def _map(
        self,
        slug: str,
        declared: MapDeclaration,
        plan: PlanFolder,
        choices: Sequence[tuple[PlanFolder, str]],
        files: Mapping[str, tuple[Download, ...]],
    ) -> None:
        page = map_page(plan.results, declared, self.words, plan.drawn)
        name = next(n for p, n in choices if p is plan)
        parts = map_parts(tuple(page.data["bounds"]))
        html = render(
            "map.html.j2",
            page=page,
            parts=parts,
            data=script_json(page.data),
            plans=[
                (
                    self.words.local(p.results.run["plan"]["title"], p.slug),
                    self.words.role(p.results.run["plan"]["role"]),
                    f"{n}{self.suffix}.html",
                    p is plan,
                )
                for p, n in choices
            ],
            downloads=[Download(d.label, f"../{d.href}", d.kind) for d in files[plan.slug]],
            notes=_notes(page, self.words),
            method_texts=[
                self.words.local(declared.texts[key])
                for key in ("method", "uncertainty")
                if key in declared.texts
            ],
            policy=policy([BOOT, parts.script], [page.basemap] if page.basemap else []),
            host=urlsplit(page.basemap).netloc,
            **self._common("../", name),
        )
        self._write(self.root / slug / f"{name}{self.suffix}.html", html)

    def _downloads(self, slug: str, plan: PlanFolder) -> list[Download]:
        folder = self.root / slug / plan.slug
        folder.mkdir(parents=True, exist_ok=True)
        source = plan.results.folder
        assert source is not None
        own = sorted(source.glob(f"*.{self.words.lang}.csv"))
        if own:
            written = [Path(shutil.copyfile(path, folder / path.name)) for path in own]
        else:
            written = sorted(export_csv(plan.results, folder, self.words.catalogue))
        constructed = plan.results.run["region"].get("constructed")
        run = folder / ("konstruert-run.json" if constructed else "run.json")
        shutil.copyfile(source / "run.json", run)
        return [self._download(path, slug, plan) for path in (*written, run)]

    def _download(self, path: Path, slug: str, plan: PlanFolder) -> Download:
        stem = path.name.split(".")[0].removeprefix("konstruert-")
        kind = "json" if path.suffix == ".json" else "csv"
        size = self.words.number(max(path.stat().st_size / 1000, 1))
        label = self.words.either(f"pages.file.{stem}", default=stem)
        return Download(
            label, f"{slug}/{plan.slug}/{path.name}", self.words(f"downloads.{kind}", size=size)
        )

    def front(self, views: Sequence[RegionView]) -> None:
        """Write the front page."""
        html = render(
            "index.html.j2", regions=views, policy=policy([BOOT]), **self._common("", "index")
        )
        self._write(self.root / f"index{self.suffix}.html", html)

    def _common(self, up: str, name: str) -> dict[str, object]:
        return {
            "t": self.words,
            "lang": self.words.lang,
            "up": up,
            "assets": {key: self.assets.href(key, up) for key in self.assets.names},
            "front": f"{up}index{self.suffix}.html",
            "languages": [(code, f"{name}{end}.html") for code, end in self.other.items()],
        }

    def _write(self, path: Path, html: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8", newline="\n")
        if self.progress is not None:
            self.progress(path.relative_to(self.root).as_posix())


def _notes(page: MapPage, words: Words) -> list[str]:
    """What the map leaves out or simplifies, said beside it."""
    drawing = page.drawing
    notes = []
    if drawing.tolerances:
        tolerance = words.number(max(drawing.tolerances.values()))
        finest = words.number(min(drawing.tolerances.values()))
        span = tolerance if tolerance == finest else f"{finest}–{tolerance}"
        notes.append(words("map.generalised", tolerance=span))
    if page.withheld:
        notes.append(words("map.withheld", layers=", ".join(page.withheld)))
    if drawing.too_big:
        names = ", ".join(words(f"part.{name}") for name in drawing.too_big)
        notes.append(words("map.too_big", layers=names))
    return notes
