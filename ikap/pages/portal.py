"""The portal: a front page, pages for regions, maps and municipalities, a story; swapped in whole.

In: result folders, map declarations, words. Out: a folder of static files that opens from disk.
No network, no data but the results. Assets are written first and the front page last.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ikap.model import Edition, MapDeclaration
from ikap.pages.leaflet import map_parts
from ikap.pages.maps import MapPage, map_page
from ikap.pages.municipality import municipality_page
from ikap.pages.page import (
    BOOT,
    Assets,
    hashed_name,
    policy,
    render,
    script_json,
    shapes_script,
    write_assets,
)
from ikap.pages.plan import Plan, open_plans, slug_of
from ikap.pages.region import Download, Links, MapLink, RegionView, region_view
from ikap.pages.story import SCREENS, Pair, pair_of, screens
from ikap.pages.words import Words
from ikap.results import export_csv
from ikap.results.swap import fresh, swap_in
from ikap.texts import Catalogue

__all__ = ["build_portal"]

STORY = "historie"
"""Beginning of the addresses of a story's screens."""


@dataclass(frozen=True)
class Region:
    """One region with its plans, opened once for all languages."""

    slug: str
    edition: Edition
    plans: Sequence[Plan]
    pair: Pair | None = None
    shapes: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict)

    @property
    def maps(self) -> list[MapDeclaration]:
        """Declared maps, in their order."""
        return sorted(self.edition.maps, key=lambda m: (m.order, m.name))


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
    regions = [_open(edition) for edition in editions]
    languages = list(catalogues)
    for lang in languages:
        words = Words(catalogues[lang])
        suffix = "" if lang == languages[0] else f".{lang}"
        other = {
            code: "" if code == languages[0] else f".{code}" for code in languages if code != lang
        }
        site = _Site(new, assets, words, suffix, other, progress)
        site.front([site.region(region) for region in regions if region.plans])
    swap_in(new, target)
    return target / "index.html"


def _open(edition: Edition) -> Region:
    plans = open_plans(edition.results)
    return Region(slug_of(edition.key), edition, plans, pair_of(plans))


def _names(declared: MapDeclaration, plans: Sequence[Plan]) -> list[str]:
    base = slug_of(declared.name)
    return [base if i == 0 else f"{base}-{plan.slug}" for i, plan in enumerate(plans)]


@dataclass(frozen=True)
class _Site:
    """Pages of one language."""

    root: Path
    assets: Assets
    words: Words
    suffix: str
    other: Mapping[str, str]
    progress: Callable[[str], None] | None

    def region(self, region: Region) -> RegionView:
        """Write all pages and files of one region; what the front pages say of it."""
        files = {plan.slug: tuple(self._downloads(region, plan)) for plan in region.plans}
        links = self._links(region)
        for declared in region.maps:
            for plan in region.plans:
                self._map(region, declared, plan, files[plan.slug])
        self._municipalities(region, links, files)
        self._story(region, links)
        view = region_view(region.slug, region.plans, links, files, self.words)
        self._page(
            f"{region.slug}/index",
            "region.html.j2",
            page=view,
            accessibility=view.accessibility,
            constructed=view.constructed,
        )
        return view

    def _links(self, region: Region) -> Links:
        """Addresses of a region's pages, seen from its own folder."""
        maps: dict[str, list[MapLink]] = {plan.slug: [] for plan in region.plans}
        for declared in region.maps:
            title = self.words.local(declared.title, declared.name)
            for plan, name in zip(region.plans, _names(declared, region.plans), strict=True):
                href = f"{name}{self.suffix}.html"
                maps[plan.slug].append(MapLink(title, href, declared.goal, declared.checks))
        places = {n: f"kommune-{n}{self.suffix}.html" for n, _ in region.plans[0].members}
        story = [f"{STORY}-{i + 1}{self.suffix}.html" for i in range(SCREENS)]
        return Links(
            front=f"index{self.suffix}.html",
            maps={key: tuple(found) for key, found in maps.items()},
            places=places,
            story=tuple(story) if region.pair else (),
        )

    def _map(
        self,
        region: Region,
        declared: MapDeclaration,
        plan: Plan,
        files: tuple[Download, ...],
    ) -> None:
        page = map_page(plan, declared, self.words)
        names = _names(declared, region.plans)
        name = names[region.plans.index(plan)]
        links = self._links(region)
        parts = map_parts(tuple(page.data["bounds"]))
        choices = [
            (
                self.words.local(p.run["plan"]["title"], p.slug),
                self.words.role_of(p.run["plan"]),
                f"{n}{self.suffix}.html",
                p is plan,
            )
            for p, n in zip(region.plans, names, strict=True)
        ]
        self._page(
            f"{region.slug}/{name}",
            "map.html.j2",
            page=page,
            parts=parts,
            data=script_json({**page.data, "places": links.places}),
            shapes=self._shapes(region, plan, page),
            plans=choices,
            links=links,
            siblings=[m for m in links.maps[plan.slug] if m.href != f"{name}{self.suffix}.html"],
            downloads=files,
            notes=_notes(page, self.words),
            method_texts=[
                self.words.local(declared.texts[key])
                for key in ("method", "uncertainty")
                if key in declared.texts
            ],
            policy=policy([BOOT, parts.script], [page.basemap] if page.basemap else []),
            host=urlsplit(page.basemap).netloc,
        )

    def _shapes(self, region: Region, plan: Plan, page: MapPage) -> str:
        """Address of the shapes that a map draws; written once for all maps that draw the same."""
        layers = page.drawing.layers
        if not layers:
            return ""
        key = (plan.slug, frozenset(layers))
        if key not in region.shapes:
            content = shapes_script(layers)
            name = hashed_name("former.js", content)
            folder = self.root / region.slug / plan.slug
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
            region.shapes[key] = f"{plan.slug}/{name}"
        return region.shapes[key]

    def _municipalities(
        self, region: Region, links: Links, files: Mapping[str, tuple[Download, ...]]
    ) -> None:
        for number, _ in region.plans[0].members:
            page = municipality_page(region.plans, number, links, self.words)
            downloads = files[region.plans[0].slug]
            self._page(
                f"{region.slug}/kommune-{number}",
                "municipality.html.j2",
                page=page,
                links=links,
                downloads=downloads,
            )

    def _story(self, region: Region, links: Links) -> None:
        if region.pair is None:
            return
        for i, screen in enumerate(screens(region.pair, links, self.words)):
            self._page(
                f"{region.slug}/{STORY}-{i + 1}",
                "story.html.j2",
                page=screen,
                links=links,
            )

    def _downloads(self, region: Region, plan: Plan) -> list[Download]:
        folder = self.root / region.slug / plan.slug
        folder.mkdir(parents=True, exist_ok=True)
        source = plan.results.folder
        assert source is not None
        own = sorted(source.glob(f"*.{self.words.lang}.csv"))
        if own:
            written = [Path(shutil.copyfile(path, folder / path.name)) for path in own]
        else:
            written = sorted(export_csv(plan.results, folder, self.words.catalogue))
        run = folder / ("konstruert-run.json" if plan.constructed else "run.json")
        shutil.copyfile(source / "run.json", run)
        return [self._download(path, plan) for path in (*written, run)]

    def _download(self, path: Path, plan: Plan) -> Download:
        stem = path.name.split(".")[0].removeprefix("konstruert-")
        kind = "json" if path.suffix == ".json" else "csv"
        size = self.words.number(max(path.stat().st_size / 1000, 1))
        label = self.words.either(f"pages.file.{stem}", default=stem)
        told = self.words(f"downloads.{kind}", size=size)
        return Download(label, f"{plan.slug}/{path.name}", told)

    def front(self, views: Sequence[RegionView]) -> None:
        """Write the front page."""
        self._page("index", "index.html.j2", regions=views)

    def _page(self, address: str, template: str, **facts: object) -> None:
        """Write one page of this language; `address` is its path without language and ending."""
        up = "../" * address.count("/")
        name = address.rpartition("/")[2]
        common: dict[str, object] = {
            "t": self.words,
            "lang": self.words.lang,
            "up": up,
            "assets": {key: self.assets.href(key, up) for key in self.assets.names},
            "front": f"{up}index{self.suffix}.html",
            "languages": [(code, f"{name}{end}.html") for code, end in self.other.items()],
            "policy": policy([BOOT]),
        }
        path = self.root / f"{address}{self.suffix}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(template, **{**common, **facts}), encoding="utf-8", newline="\n")
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
