"""How large the constructed region is made: three named sizes, and any other by `Size(...)`."""

from __future__ import annotations

from dataclasses import dataclass

from ikap.errors import InputError

__all__ = ["SIZES", "Size", "size_of"]


@dataclass(frozen=True)
class Size:
    """One size of the region; lengths in metres, `scale` 1.0 is about 36 × 30 km."""

    name: str
    scale: float  # extent of the whole region
    cell: float  # cells of the ground that borders between land classes are drawn from
    coarse: float  # cells of valleys, heights and municipal borders
    stand: float  # distance between forest stands
    strip: float  # width of a strip of fields
    zones: int  # planned areas in the adopted plan, LNFR areas apart
    simplify: float  # tolerance for natural borders, 0 = keep every point
    vertices: int = 0  # wanted mean number of vertices of a land polygon, 0 = as drawn


SIZES = {
    size.name: size
    for size in (
        Size("small", 0.34, 30, 60, 1050, 430, 50, 4.0),
        Size("demo", 1.0, 25, 100, 640, 250, 390, 3.0),
        Size("bench", 2.2, 18, 160, 107, 130, 3950, 2.0, 98),
    )
}


def size_of(size: str | Size) -> Size:
    """Size of that name; a `Size` is handed through."""
    if isinstance(size, Size):
        return size
    if size not in SIZES:
        raise InputError("example.size", name=size, valid=", ".join(SIZES))
    return SIZES[size]
