"""Valid polygons in one of several forms, each made from another when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.rings import Rings, geometries_of_wkb, polygonal
from ikap.measure.route import has_compiler
from ikap.measure.threads import in_threads

if TYPE_CHECKING:
    from ikap.measure.wkb import Wkb

__all__ = ["Polygons"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Polygons:
    """Valid polygons and multipolygons in one projected CRS with metre as unit.

    Held as GEOS objects (`of_geometries`), as flat rings (`of_rings`) or as well-known binary
    (`of_wkb`). Boxes and areas that are known already (from a cache) can be handed in, so that
    vertices need not be touched to find them.
    """

    def __init__(
        self,
        *,
        rings: Rings | None = None,
        geometries: NDArray[np.object_] | None = None,
        wkb: Wkb | None = None,
        boxes: Floats | None = None,
        areas: Floats | None = None,
    ) -> None:
        self._rings = rings
        self._geometries = geometries
        self._wkb = wkb
        self._boxes = boxes
        self._areas = areas

    @classmethod
    def of_geometries(cls, geometries: NDArray[np.object_]) -> Polygons:
        """Hold GEOS objects: collections keep their polygons, what has no area counts as empty."""
        return cls(geometries=polygonal(geometries))

    @classmethod
    def of_rings(
        cls, rings: Rings, *, boxes: Floats | None = None, areas: Floats | None = None
    ) -> Polygons:
        """Hold flat rings; boxes (n, 4) in m and areas (n,) in m² if they are known."""
        return cls(rings=rings, boxes=boxes, areas=areas)

    @classmethod
    def of_wkb(
        cls,
        data: NDArray[np.uint8],
        offsets: Ints,
        *,
        boxes: Floats | None = None,
        areas: Floats | None = None,
    ) -> Polygons:
        """Hold well-known binary as `Rings.of_wkb` takes it; read where and when it is needed.

        Parameters
        ----------
        data : array of uint8
            Bytes of all features, such as the buffer of an Arrow column.
        offsets : array of int64, shape (n + 1,)
            Where each feature starts.
        boxes : array, shape (n, 4), optional
            Boxes in m, if they are known.
        areas : array, shape (n,), optional
            Areas in m², if they are known.

        Returns
        -------
        Polygons
            One for each feature.

        Raises
        ------
        ValueError
            A feature is no polygon or multipolygon, or its bytes are damaged.
        """
        return cls.of_chunks([(data, offsets)], boxes=boxes, areas=areas)

    @classmethod
    def of_chunks(
        cls,
        chunks: Sequence[tuple[NDArray[np.uint8], Ints]],
        *,
        boxes: Floats | None = None,
        areas: Floats | None = None,
    ) -> Polygons:
        """Hold well-known binary of several buffers, one after the other; nothing is copied.

        Parameters
        ----------
        chunks : sequence of tuple
            Bytes and offsets of each buffer, as for `of_wkb`.
        boxes, areas : array, optional
            As for `of_wkb`, for all buffers together. With both, no byte is read before it is
            needed, and damage is told then.

        Returns
        -------
        Polygons
            One for each feature.

        Raises
        ------
        ValueError
            As for `of_wkb`.
        """
        if not has_compiler():
            shapes = [geometries_of_wkb(*chunk) for chunk in chunks]
            whole = np.concatenate([np.zeros(0, dtype=object), *shapes])
            return cls(geometries=whole, boxes=boxes, areas=areas)
        from ikap.measure.wkb import Wkb  # noqa: PLC0415 (imports numba)

        made = cls(wkb=Wkb.of_chunks(chunks), boxes=boxes, areas=areas)
        made._find_boxes_and_areas()  # damage is told now, and both are needed anyway
        return made

    def __len__(self) -> int:
        if self._geometries is not None:
            return len(self._geometries)
        return len(self.rings if self._wkb is None else self._wkb)

    @property
    def rings(self) -> Rings:
        """All polygons as flat arrays."""
        if self._rings is None:
            if self._wkb is not None:
                self._rings = self._wkb.rings()
            else:
                assert self._geometries is not None
                self._rings = Rings.of_geometries(self._geometries)
        return self._rings

    @property
    def geometries(self) -> NDArray[np.object_]:
        """All polygons as GEOS objects."""
        if self._geometries is None:
            self._geometries = self.rings.geometries()
        return self._geometries

    @property
    def boxes(self) -> Floats:
        """Bounding boxes (n, 4): xmin, ymin, xmax, ymax in m; NaN for an empty polygon."""
        self._find_boxes_and_areas()
        assert self._boxes is not None
        return self._boxes

    @property
    def areas(self) -> Floats:
        """Planar areas (n,) in m²."""
        self._find_boxes_and_areas()
        assert self._areas is not None
        return self._areas

    def _find_boxes_and_areas(self) -> None:
        if self._boxes is not None and self._areas is not None:
            return
        if self._wkb is not None:
            boxes, areas = self._wkb.boxes_and_areas()
        elif self._geometries is None and has_compiler():
            from ikap.measure.flat import boxes_and_areas  # noqa: PLC0415 (imports numba)

            boxes, areas = boxes_and_areas(self.rings)
        else:
            boxes, areas = _boxes_and_areas(self.geometries)
        self._boxes = boxes if self._boxes is None else self._boxes
        self._areas = areas if self._areas is None else self._areas

    def rings_of(self, index: Ints) -> tuple[Rings, Ints]:
        """Rings that hold the polygons at `index`, and where in them each one is.

        What is not asked for is not unpacked, and rings that are there are not copied.
        """
        if self._rings is not None:
            return self._rings, index
        if self._wkb is not None:
            return self._wkb.rings(index), np.arange(len(index))
        assert self._geometries is not None
        return Rings.of_geometries(self._geometries[index]), np.arange(len(index))

    def geometries_of(self, index: Ints) -> NDArray[np.object_]:
        """GEOS objects of the polygons at `index`; no others are made."""
        if self._geometries is not None:
            return self._geometries[index]
        rings, at = self.rings_of(index)
        return (rings.take(at) if rings is self._rings else rings).geometries()

    def take(self, index: Ints) -> Polygons:
        """The polygons at `index`; all of them in order are not copied."""
        if len(index) == len(self) and np.array_equal(index, np.arange(len(self))):
            return self
        rings = None
        if self._rings is not None:
            rings = self._rings.take(index)
        elif self._wkb is not None:
            rings = self._wkb.rings(index)
        return Polygons(
            rings=rings,
            geometries=None if self._geometries is None else self._geometries[index],
            boxes=None if self._boxes is None else self._boxes[index],
            areas=None if self._areas is None else self._areas[index],
        )

    def __getstate__(self) -> dict[str, object]:
        """Leave out GEOS objects that can be made anew.

        Boxes and areas go along: made anew from other arrays, an area may differ in its last bit.
        """
        self._find_boxes_and_areas()
        state = dict(self.__dict__)
        if self._rings is not None or self._wkb is not None:
            state["_geometries"] = None
        return state


def _boxes_and_areas(shapes: NDArray[np.object_]) -> tuple[Floats, Floats]:
    found = in_threads(
        lambda a, b: (shapely.bounds(shapes[a:b]), shapely.area(shapes[a:b])),
        len(shapes),
        least=2048,
    )
    boxes, areas = (np.concatenate(each) for each in zip(*found, strict=True))
    return boxes, areas
