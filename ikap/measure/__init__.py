"""Mathematics only: arrays in, arrays out. No file, no code list, no CRS object.

To add a measure, add one file. Its truth is a figure worked out by hand, exact rationals or an
independent library in `tests/measure/`.
"""

from ikap.measure.areas import PairAreas, pair_areas, pair_parts, parts_in
from ikap.measure.overlaps import Overlap, counted_once, find_overlaps
from ikap.measure.polygons import Polygons
from ikap.measure.rings import Rings

__all__ = [
    "Overlap",
    "PairAreas",
    "Polygons",
    "Rings",
    "counted_once",
    "find_overlaps",
    "pair_areas",
    "pair_parts",
    "parts_in",
]
