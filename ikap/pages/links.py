"""Addresses that pages of one region use, seen from the region's own folder.

In: nothing but texts. Out: small dataclasses for the templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["Download", "Links", "MapLink", "area_link"]


@dataclass(frozen=True)
class Download:
    """One file that the portal offers."""

    label: str
    href: str
    kind: str


@dataclass(frozen=True)
class MapLink:
    """One map page of one plan."""

    title: str
    href: str
    goal: int | None
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Links:
    """All pages of one region, in one language."""

    front: str
    maps: Mapping[str, tuple[MapLink, ...]]  # by plan
    places: Mapping[str, str]  # by municipality number
    story: tuple[str, ...]

    def map_of(self, plan: str, goal: int) -> MapLink | None:
        """First map of one goal."""
        return next((m for m in self.maps.get(plan, ()) if m.goal == goal), None)

    def map_with(self, plan: str, check: str) -> MapLink | None:
        """First map that shows one check."""
        return next((m for m in self.maps.get(plan, ()) if check in m.checks), None)


def area_link(link: MapLink | None, key: str) -> str:
    """Address of one planned area on a map; empty without a map."""
    return f"{link.href}#id={quote(key, safe='')}" if link else ""
