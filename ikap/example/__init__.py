"""Eksempelregionen: a constructed region of any size, for demo, tests and benchmarks.

In: a folder, a size and, on request, faults of real files. Out: a whole workspace (declarations
and GeoPackages) of four fictional municipalities in the open sea, the same in every run. Read
`build` first; add a layer by a maker here and its text in `declarations`.
"""

from ikap.example.build import build
from ikap.example.faults import FAULTS
from ikap.example.size import SIZES, Size

__all__ = ["FAULTS", "SIZES", "Size", "build"]
