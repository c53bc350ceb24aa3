"""The drawn plan of Eksempelregionen: fjord arms, valleys, roads and towns, all invented.

Everything here is data, in kilometres on a sheet of 36 × 30 km. `terrain` makes ground of it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AXES",
    "CENTRE",
    "CITY",
    "MUNICIPALITIES",
    "RAILWAY",
    "ROADS",
    "SHEET",
    "TOWNS",
    "Axis",
    "Road",
]

SHEET = (36.0, 30.0)
CENTRE = (404_000.0, 7_155_000.0)  # EPSG:25832, in the open sea off Trøndelag

MUNICIPALITIES = {
    "9901": "Ternhavn",  # a city by the inner fjord
    "9902": "Kornvang",  # a suburb in farmland
    "9903": "Tåkefjord",  # a fjord municipality
    "9904": "Reinurdal",  # a mountain valley
}


@dataclass(frozen=True)
class Axis:
    """Middle line of a fjord arm or a valley: points (east, north, half-width), in km.

    The half-width is that of the water in a fjord, that of the farmed floor in a valley. From
    point number `split` on, the land belongs to `beyond` instead of `municipality`.
    """

    key: str
    water: bool
    municipality: str
    relief: float  # height of the hills beside it, in metres
    points: tuple[tuple[float, float, float], ...]
    split: int = 99
    beyond: str = ""
    river: tuple[float, float] = (0.0, 0.0)  # half-width in metres at the first and last point


AXES = (
    Axis(
        "f1",
        True,
        "9903",
        360,
        (
            (-3.0, 21.4, 5.6),
            (0.6, 20.9, 3.6),
            (3.6, 20.0, 2.1),
            (6.2, 19.2, 1.25),
            (8.4, 18.9, 1.1),
            (11.0, 18.2, 1.0),
            (14.0, 17.5, 0.95),
            (16.2, 17.3, 0.75),
            (17.5, 17.2, 0.25),
        ),
        split=6,
        beyond="9901",
    ),
    Axis(
        "f2",
        True,
        "9903",
        470,
        (
            (8.4, 18.9, 0.9),
            (9.9, 21.0, 0.75),
            (11.8, 23.1, 0.6),
            (13.2, 25.1, 0.4),
            (13.6, 25.8, 0.1),
        ),
    ),
    Axis(
        "f3",
        True,
        "9901",
        330,
        (
            (13.0, 17.7, 0.6),
            (13.9, 15.6, 0.6),
            (15.3, 13.7, 0.55),
            (16.5, 12.4, 0.35),
            (16.9, 12.0, 0.1),
        ),
    ),
    Axis(
        "v1",
        False,
        "9901",
        430,
        (
            (17.0, 17.2, 0.45),
            (19.4, 16.7, 0.85),
            (22.0, 15.3, 0.75),
            (24.1, 13.4, 0.5),
            (26.3, 11.3, 0.6),
            (28.6, 9.3, 0.5),
            (30.6, 7.1, 0.36),
            (32.0, 4.7, 0.22),
            (32.5, 3.2, 0.1),
        ),
        split=3,
        beyond="9904",
        river=(32.0, 6.0),
    ),
    Axis(
        "v2",
        False,
        "9904",
        1120,
        ((26.3, 11.3, 0.4), (24.8, 8.7, 0.34), (23.7, 6.2, 0.25), (22.2, 4.0, 0.1)),
        river=(11.0, 3.0),
    ),
    Axis(
        "v3",
        False,
        "9904",
        1120,
        ((28.6, 9.3, 0.3), (30.9, 10.5, 0.25), (32.7, 12.2, 0.1)),
        river=(8.0, 3.0),
    ),
    Axis(
        "v4",
        False,
        "9901",
        200,
        (
            (18.2, 17.0, 0.5),
            (19.4, 18.9, 0.9),
            (20.4, 20.4, 1.3),
            (22.6, 22.3, 1.9),
            (25.8, 23.7, 2.1),
            (29.4, 24.2, 1.5),
            (32.2, 23.5, 0.7),
        ),
        split=1,
        beyond="9902",
        river=(12.0, 3.0),
    ),
    Axis(
        "v5",
        False,
        "9902",
        240,
        ((25.0, 23.4, 1.0), (27.6, 20.9, 1.15), (30.2, 18.8, 0.75), (32.0, 17.2, 0.3)),
        river=(7.0, 2.5),
    ),
    Axis(
        "v6",
        False,
        "9903",
        590,
        ((13.5, 25.7, 0.3), (14.7, 27.0, 0.28), (16.4, 27.7, 0.1)),
        river=(9.0, 3.0),
    ),
    Axis(
        "v7",
        False,
        "9903",
        460,
        ((7.6, 18.1, 0.3), (7.3, 15.4, 0.45), (8.1, 12.9, 0.4), (9.3, 10.8, 0.28), (9.7, 9.1, 0.1)),
        river=(11.0, 3.0),
    ),
    Axis(
        "v8",
        False,
        "9901",
        360,
        ((16.8, 12.1, 0.3), (18.0, 10.3, 0.45), (19.2, 8.6, 0.35), (19.7, 6.9, 0.1)),
        river=(9.0, 3.0),
    ),
)
"""The first point of a fjord lies out at sea: the region ends on the way in."""


@dataclass(frozen=True)
class Road:
    """A road that follows axes: (axis, from, to, side), side in half-widths, + to the left.

    For water, the side's size is the half-width plus that share of a km.
    """

    name: str
    category: str  # E | F | K
    legs: tuple[tuple[str, float, float, float], ...]


ROADS = (
    Road("E99", "E", (("v4", 1.0, 0.02, 0.2), ("v1", 0.09, 1.0, 0.45))),
    Road(
        "Fv. 9701",
        "F",
        (
            ("v1", 0.10, 0.03, 0.5),
            ("f1", 0.98, 0.66, 0.36),
            ("f2", 0.3, 1.0, -0.3),
            ("v6", 0.02, 1.0, -0.5),
        ),
    ),
    Road(
        "Fv. 9702", "F", (("v1", 0.08, 0.05, -0.4), ("f3", 0.22, 1.0, 0.33), ("v8", 0.05, 1.0, 0.4))
    ),
    Road(
        "Fv. 9703",
        "F",
        (
            ("v7", 1.0, 0.14, 0.45),
            ("f1", 0.57, 0.76, -0.34),
            ("f3", 0.18, 0.98, -0.3),
            ("v8", 0.06, 0.10, -0.5),
        ),
    ),
    Road("Fv. 9704", "F", (("v2", 0.03, 1.0, 0.4),)),
    Road("Fv. 9705", "F", (("v5", 0.05, 1.0, 0.25),)),
    Road("Fv. 9706", "F", (("v3", 0.03, 1.0, -0.4),)),
    Road("Fv. 9707", "F", (("v4", 0.12, 0.92, -0.62),)),
    Road("Fv. 9708", "F", (("f2", 0.42, 0.98, 0.33),)),
)
RAILWAY = Road("Ternhavnbanen", "rail", (("v4", 1.0, 0.04, -0.12), ("v1", 0.10, 1.0, -0.5)))

CITY = ("Ternhavn", "9901", (18.3, 17.2), 1.55)
TOWNS = (
    ("Kornvang", "9902", (23.0, 22.3), 0.85),
    ("Fjordnes", "9903", (10.9, 19.8), 0.62),
    ("Reinurmo", "9904", (26.5, 11.5), 0.62),
)
