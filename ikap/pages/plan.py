"""One plan of a region, opened once: results, geometry and whatever several pages need of it.

In: a result folder. Out: `Plan`. What is made for one page is kept for the next, in any language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import geopandas as gpd

from ikap.pages.figures import Figures, figures_of
from ikap.pages.passing import passable
from ikap.pages.shapes import Packed
from ikap.results import Results, read

__all__ = ["MAIN_ROLES", "Plan", "open_plan", "open_plans", "slug_of"]

LETTERS: dict[str, str | int | None] = {"æ": "ae", "ø": "o", "å": "a"}
LAYERS = ("zones", "pieces", "municipalities", "context", "farmland")
MAIN_ROLES = ("proposal", "adopted", "alternative")
"""Which plan opens first: a proposal is what people are asked about."""

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """One plan of a region, ready to be shown."""

    slug: str
    results: Results
    kept: dict[Hashable, object] = field(default_factory=dict)
    packed: dict[Hashable, Packed] = field(default_factory=dict)  # of all plans of the region

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Value of `make`, made the first time that the key is asked for."""
        if key not in self.kept:
            self.kept[key] = make()
        return cast("T", self.kept[key])

    @property
    def run(self) -> Mapping[str, Any]:
        """Facts of `run.json`."""
        return self.results.run

    @property
    def id(self) -> str:
        """The plan's id in its declaration."""
        return str(self.run["plan"]["id"])

    @property
    def role(self) -> str:
        """Role of the plan: `proposal`, `adopted` or `alternative`."""
        return str(self.run["plan"]["role"])

    @property
    def interpreted(self) -> bool:
        """Whether it is made of several plans, and so adopted by nobody as it stands."""
        return bool(self.run["plan"].get("made_of"))

    @property
    def missing(self) -> bool:
        """Whether the plan itself has not been put in."""
        return bool(self.run["plan"].get("missing"))

    @property
    def constructed(self) -> bool:
        """Whether the region's data are constructed."""
        return bool(self.run["region"].get("constructed"))

    @property
    def members(self) -> list[tuple[str, str]]:
        """Numbers and names of the region's municipalities, in number order."""
        rows = self.run["region"]["municipalities"]
        return sorted((str(m["number"]), str(m["name"])) for m in rows)

    @property
    def figures(self) -> Figures:
        """The plan's indicators."""
        return self.once("figures", lambda: figures_of(self.results))

    def layer(self, name: str) -> gpd.GeoDataFrame | None:
        """Rows of a layer that may be drawn, in the region's CRS; None if none may."""
        return self.once(("layer", name), lambda: passable(self.results, name))

    def zones(self) -> dict[str, dict[str, Any]]:
        """Attributes of every planned area by key; geometry is left out."""

        def make() -> dict[str, dict[str, Any]]:
            return _by_key(self.results.geodata("zones"))

        return self.once("zones", make)

    def lines(self) -> dict[str, dict[str, Any]]:
        """Attributes of every road or railway that is drawn as a line, by key."""
        return self.once("lines", lambda: _by_key(self.results.geodata("plan_lines")))


def _by_key(frame: gpd.GeoDataFrame | None) -> dict[str, dict[str, Any]]:
    """Rows by `zone_key`, geometry left out; none of results that are older than the keys."""
    if frame is None or frame.empty or "zone_key" not in frame:
        return {}
    names = [str(c) for c in frame.columns if c != "geometry"]
    columns = [frame[name].to_list() for name in names]
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return {str(row["zone_key"]): row for row in rows}


def open_plan(folder: Path, packed: dict[Hashable, Packed] | None = None) -> Plan:
    """Plan of one result folder, its geometry read once; `packed` is what others have packed."""
    results = read(folder)
    found = {name: frame for name in LAYERS if (frame := results.geodata(name)) is not None}
    slug = slug_of(str(results.run["plan"]["id"]))
    return Plan(slug, replace(results, layers=found), packed={} if packed is None else packed)


def open_plans(folders: Sequence[Path]) -> list[Plan]:
    """Plans of a region, the one that people are asked about first."""
    packed: dict[Hashable, Packed] = {}
    found = [open_plan(folder, packed) for folder in folders]
    return sorted(found, key=lambda plan: _rank(plan.role))


def _rank(role: str) -> int:
    return MAIN_ROLES.index(role) if role in MAIN_ROLES else len(MAIN_ROLES)


def slug_of(text: str) -> str:
    """Text as part of an address: plain letters, figures and hyphens."""
    plain = text.lower().translate(str.maketrans(LETTERS))
    ascii_text = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60] or "uten-navn"
