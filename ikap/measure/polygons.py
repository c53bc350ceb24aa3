"""Valid polygons as flat rings, as GEOS objects, or both, each made when it is asked for."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.rings import Rings
from ikap.measure.threads import in_threads

__all__ = ["Polygons"]

Floats = NDArray[np.float64]


class Polygons:
    """Valid polygons and multipolygons in one projected CRS with metre as unit.

    Made by `of_geometries` or `of_rings`. Boxes and areas that are known already (from a cache)
    can be handed in, so that vertices need not be touched to find them.
    """

    def __init__(
        self,
        rings: Rings | None,
        geometries: NDArray[np.object_] | None,
        boxes: Floats | None = None,
        areas: Floats | None = None,
    ) -> None:
        self._rings = rings
        self._geometries = geometries
        self._boxes = boxes
        self._areas = areas

    @classmethod
    def of_geometries(cls, geometries: NDArray[np.object_]) -> Polygons:
        """Hold GEOS objects; None and what has no area count as empty."""
        return cls(None, np.asarray(geometries, dtype=object))

    @classmethod
    def of_rings(
        cls, rings: Rings, *, boxes: Floats | None = None, areas: Floats | None = None
    ) -> Polygons:
        """Hold flat rings; boxes (n, 4) in m and areas (n,) in m² if they are known."""
        return cls(rings, None, boxes, areas)

    def __len__(self) -> int:
        if self._geometries is not None:
            return len(self._geometries)
        return len(self.rings)

    @property
    def rings(self) -> Rings:
        """All polygons as flat arrays."""
        if self._rings is None:
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
        if self._boxes is None:
            shapes = self.geometries
            self._boxes = np.concatenate(
                in_threads(lambda a, b: shapely.bounds(shapes[a:b]), len(shapes))
            )
        return self._boxes

    @property
    def areas(self) -> Floats:
        """Planar areas (n,) in m²."""
        if self._areas is None:
            shapes = self.geometries
            self._areas = np.concatenate(
                in_threads(lambda a, b: shapely.area(shapes[a:b]), len(shapes))
            )
        return self._areas

    def rings_of(self, index: NDArray[np.int64]) -> tuple[Rings, NDArray[np.int64]]:
        """Rings that hold the polygons at `index`, and where in them each one is.

        GEOS objects that are not asked for are not unpacked, rings that are there not copied.
        """
        if self._rings is not None:
            return self._rings, index
        return Rings.of_geometries(self.geometries[index]), np.arange(len(index))

    def take(self, index: NDArray[np.int64]) -> Polygons:
        """The polygons at `index`; all of them in order are not copied."""
        if len(index) == len(self) and np.array_equal(index, np.arange(len(self))):
            return self
        return Polygons(
            None if self._rings is None else self._rings.take(index),
            None if self._geometries is None else self._geometries[index],
            None if self._boxes is None else self._boxes[index],
            None if self._areas is None else self._areas[index],
        )

    def __getstate__(self) -> dict[str, object]:
        """Leave out GEOS objects where there are rings; they are made anew when asked for."""
        state = dict(self.__dict__)
        if self._rings is not None:
            state["_geometries"] = None
        return state
