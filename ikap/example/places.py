"""Settlements and their invented names: a city, three towns, and villages by the roads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ikap.example.curves import sheet_to_metres
from ikap.example.geography import CITY, TOWNS
from ikap.example.noise import hash_unit
from ikap.example.terrain import Terrain

__all__ = ["Settlement", "invented_names", "make_settlements"]

Floats = NDArray[np.float64]
FIRST = (
    "Terne",
    "Rug",
    "Tåke",
    "Spove",
    "Brisk",
    "Mjød",
    "Humle",
    "Havre",
    "Orre",
    "Sisik",
    "Kløver",
    "Vier",
    "Lom",
    "Ærfugl",
    "Stær",
    "Trost",
    "Vipe",
    "Linerle",
    "Gaupe",
    "Oter",
    "Røyskatt",
    "Timotei",
    "Engsyre",
    "Blåveis",
    "Tyttebær",
    "Multe",
    "Starr",
    "Siv",
    "Takrør",
    "Åkerrikse",
)
LAST = (
    "grenda",
    "moen",
    "vangen",
    "bakken",
    "vika",
    "haugen",
    "jordet",
    "sletta",
    "lia",
    "åsen",
    "bekken",
    "tunet",
    "hamna",
    "dalen",
    "kroken",
    "berget",
    "øra",
    "holtet",
    "teigen",
    "løkka",
)


@dataclass(frozen=True)
class Settlement:
    """A town or village; the frame is the direction of its main road. Metres, EPSG:25832."""

    name: str
    municipality: str
    level: str  # city | town | village
    x: float
    y: float
    along: tuple[float, float]  # unit vector of the main road
    radius: float

    def local(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Metres along and across the main road."""
        dx, dy = x - self.x, y - self.y
        ax, ay = self.along
        return dx * ax + dy * ay, dy * ax - dx * ay

    def world(self, local: Floats) -> Floats:
        """Coordinates in EPSG:25832 of points given along and across the main road."""
        ax, ay = self.along
        a, c = local[..., 0], local[..., 1]
        return np.stack([self.x + a * ax - c * ay, self.y + a * ay + c * ax], axis=-1)


def invented_names(seed: int) -> Iterator[str]:
    """Invented place names, each once."""
    order = np.argsort(hash_unit(np.arange(len(FIRST) * len(LAST)), seed=seed))
    for number in order:
        first, last = FIRST[number // len(LAST)], LAST[number % len(LAST)]
        yield first + last
    for round_ in range(2, 99):
        for number in order:
            yield f"{FIRST[number // len(LAST)]}{LAST[number % len(LAST)]} {round_}"


def make_settlements(terrain: Terrain) -> list[Settlement]:
    """City and towns where they are drawn, villages where the roads leave room; largest first."""
    scale = terrain.size.scale
    wide = scale**0.5
    found: list[Settlement] = []
    for number, (name, municipality, at, radius) in enumerate((CITY, *TOWNS)):
        x, y = sheet_to_metres(np.array(at), scale)
        level = "town" if number else "city"
        along = _direction(terrain, x, y)
        found.append(Settlement(name, municipality, level, x, y, along, radius * 1000 * wide))
    names = invented_names(7)
    apart = 800 * wide * np.clip((390 * scale / terrain.size.zones) ** 0.9, 0.2, 1)
    for xy, along, chance in _candidates(terrain):
        x, y = float(xy[0]), float(xy[1])
        radius = (170 + 210 * chance**2) * min(wide, 1.25)
        free = all(np.hypot(x - s.x, y - s.y) > 1.4 * (s.radius + radius) + apart for s in found)
        owner = terrain.grid.at(terrain.municipality, xy[:1], xy[1:])[0]
        if free and owner > 0 and terrain.grid.at(terrain.sea, xy[:1], xy[1:])[0] > 90:
            found.append(
                Settlement(next(names), str(owner), "village", float(x), float(y), along, radius)
            )
    return found


def _candidates(
    terrain: Terrain,
) -> Iterator[tuple[Floats, tuple[float, float], float]]:
    for number, road in enumerate(terrain.roads.values()):
        places = np.arange(500.0, road.s[-1] - 300, 450.0)
        chance = hash_unit(np.arange(len(places)), number, seed=17)
        (xy, normal) = road.at(places + 300 * chance)
        for k in range(len(places)):
            yield xy[k], (normal[k, 1], -normal[k, 0]), float(chance[k])


def _direction(terrain: Terrain, x: float, y: float) -> tuple[float, float]:
    nearest, best = (1.0, 0.0), 9e9
    for road in terrain.roads.values():
        away = np.hypot(road.xy[:, 0] - x, road.xy[:, 1] - y)
        k = int(away.argmin())
        if away[k] < best:
            best = away[k]
            nearest = (float(road.normal[k, 1]), float(-road.normal[k, 0]))
    return nearest
