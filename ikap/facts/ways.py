"""Distance on foot from sample points of zone parts to the nearest targets, over the network.

The network is noded once, the targets of a layer are put on it once, and each class of target has
one search over all of it, however many zones there are. What is read off is a distance, or unknown
with its reason; there is no air line in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.samples import merge_samples, sample_rows
from ikap.measure.network import Attachment, Network, attach, components, noded
from ikap.measure.routes import Routes, distance_at, routes, search
from ikap.measure.sampling import Samples, sample_points
from ikap.model import QualityRow, Reason

__all__ = ["METHOD", "NETWORK", "Holds", "walked"]

NETWORK = "network"
OFFSET, SPACING = "distance.max_offset", "distance.sample_spacing"
TOLERANCE = "distance.gap_tolerance"
METHOD = (OFFSET, SPACING, TOLERANCE)
"""Parameters of the method, in m."""

Wanted = NDArray[np.bool_]
Holds = Callable[[CertifiedLayer, str, str], Wanted | None]
"""Targets of a class among a layer's rows, by layer, class and municipality; None where the layer
does not hold that class at all, so that its absence means nothing."""


@dataclass
class _Targets:
    """A network with the targets of one layer, and the searches that were done."""

    routes: Routes
    layer: CertifiedLayer
    found: dict[bytes, NDArray[np.float64]] = field(default_factory=dict)

    def search(self, wanted: Wanted) -> NDArray[np.float64]:
        """Return the distance of each node to the nearest wanted target, in m."""
        key = wanted.tobytes()
        if key not in self.found:
            self.found[key] = search(self.routes, wanted)
        return self.found[key]


@dataclass(frozen=True)
class _Here:
    """Samples of one partition, and where they meet the network that answers for it."""

    partition: Partition
    samples: Samples
    network: CertifiedLayer
    at: Attachment

    @property
    def zone(self) -> NDArray[np.int64]:
        """Zone of each sample."""
        return self.partition.zone[self.samples.area]


def walked(
    partition: Partition,
    use: str,
    classes: tuple[str, ...],
    holds: Holds,
    samples: Samples | None = None,
) -> pd.DataFrame:
    """Distances on foot from the partition's zones to the nearest target of each class.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    use : str
        Layers of the targets: the name under `[use]` in goals.toml.
    classes : tuple of str
        Classes of target.
    holds : callable
        Which rows of a layer are targets of a class.
    samples : Samples, optional
        Points to go from, where they are not to be a grid over the zones; what each stands for
        need not be an area.

    Returns
    -------
    DataFrame
        Columns of `samples.COLUMNS`; every sample has a row for each class, in m.
    """
    networks = partition.layers.get(NETWORK, ())
    reason = _why_not(partition, networks)
    if reason:
        return _nothing(partition, classes, reason, samples)
    network = _first(networks, partition.municipality)
    if samples is None:
        samples = sample_points(partition.geometry, partition.parameters[SPACING].value)
    at = attach(_network(partition, network), samples.xy, partition.parameters[OFFSET].value)
    here = _Here(partition, samples, network, at)
    return merge_samples(_one_class(here, use, name, holds) for name in classes)


def _why_not(partition: Partition, networks: tuple[CertifiedLayer, ...]) -> str:
    if any(name not in partition.parameters for name in METHOD):
        return str(Reason.NO_PARAMETER)
    if not networks:
        return str(Reason.NO_LAYER)
    return str(Reason.NO_COVERAGE) if partition.municipality == "" else ""


def _nothing(
    partition: Partition, classes: tuple[str, ...], reason: str, samples: Samples | None
) -> pd.DataFrame:
    """One row a zone part (or given sample) and class: all of it is unknown."""
    if samples is None:
        points = shapely.get_coordinates(shapely.point_on_surface(partition.geometry))
        samples = Samples(np.arange(len(partition.zone)), points, partition.area)
    zone = partition.zone[samples.area]
    where = {"municipality": partition.municipality, "layer": "", "reason": reason}
    return merge_samples(
        sample_rows(zone, samples.xy, samples.m2, classes=name, **where) for name in classes
    )


def _first(layers: tuple[CertifiedLayer, ...], municipality: str) -> CertifiedLayer:
    """First layer that is complete there, even in part; else the first, as far as it goes."""
    complete = (
        layer
        for layer in layers
        if layer.complete_in(municipality) or layer.coverage_polygons is not None
    )
    return next(complete, layers[0])


def _one_class(here: _Here, use: str, name: str, holds: Holds) -> pd.DataFrame:
    place = here.partition.municipality
    holders = [
        layer
        for layer in here.partition.layers.get(use, ())
        if holds(layer, name, place) is not None
    ]
    xy, m2 = here.samples.xy, here.samples.m2
    if not holders:
        where = {"municipality": place, "layer": "", "reason": str(Reason.NO_LAYER)}
        return sample_rows(here.zone, xy, m2, classes=name, **where)
    layer = _first(tuple(holders), place)
    wanted = holds(layer, name, place)
    assert wanted is not None
    distance = _distances(here, use, layer, wanted)
    complete = _complete(here.network, here) & _complete(layer, here)
    met = np.isin(np.arange(len(xy)), here.at.point)
    certain = complete & (np.isfinite(distance) | (not wanted.any()))
    reason = np.full(len(xy), "", dtype=object)
    reason[~complete] = str(Reason.NO_COVERAGE)
    lost = np.isnan(distance) & ~certain & wanted.any()
    reason[lost & met] = str(Reason.NO_PATH)
    reason[lost & ~met] = str(Reason.NO_NETWORK)
    return sample_rows(
        here.zone,
        xy,
        m2,
        municipality=place,
        layer=f"{layer.name}, {here.network.name}",
        classes=name,
        distance=distance,
        certain=certain,
        reason=reason,
    )


def _distances(here: _Here, use: str, layer: CertifiedLayer, wanted: Wanted) -> NDArray[np.float64]:
    """Distance in m from each sample; 0 for samples inside a wanted area."""
    xy = here.samples.xy
    targets = _targets(here, use, layer)
    metres = targets.search(wanted)
    distance = distance_at(targets.routes.network, here.at, metres, len(xy))
    areas = layer.polygons[wanted & (shapely.get_dimensions(layer.polygons) > 1)]
    if len(areas) and len(xy):
        points = np.asarray(shapely.points(xy), dtype=object).reshape(-1)
        inside, _ = shapely.STRtree(areas).query(points, predicate="intersects")
        distance[inside] = 0.0
    return distance


def _complete(layer: CertifiedLayer, here: _Here) -> NDArray[np.bool_]:
    """Whether the layer is complete where each sample lies."""
    xy = here.samples.xy
    if layer.coverage_polygons is None:
        return np.full(len(xy), layer.complete_in(here.partition.municipality))
    inside = np.zeros(len(xy), dtype=bool)
    points = np.asarray(shapely.points(xy), dtype=object).reshape(-1)
    hit, _ = shapely.STRtree(layer.coverage_polygons).query(points, predicate="intersects")
    inside[hit] = True
    return inside


def _network(partition: Partition, layer: CertifiedLayer) -> Network:
    tolerance = partition.parameters[TOLERANCE].value
    key = (NETWORK, layer.name, tolerance)
    return partition.memo.once(key, partial(_noded, layer, tolerance))


def _noded(layer: CertifiedLayer, tolerance: float) -> tuple[Network, tuple[QualityRow, ...]]:
    """Network of what may be walked, with its gaps and parts for the quality record."""
    walk = layer.attributes["walk"].to_numpy(dtype=bool)
    ground = layer.attributes["ground"].to_numpy(dtype=bool)
    network = noded(layer.polygons[walk], ground[walk], tolerance)
    parts = components(network)
    share = round(100 * parts.largest_m / parts.length_m, 1) if parts.length_m else 0.0
    told: list[tuple[str, float, Mapping[str, object]]] = [
        (
            "network.components",
            float(parts.count),
            {"share": share, "km": round(parts.length_m / 1000)},
        )
    ]
    if network.gaps:
        told.append(("network.gaps", float(network.gaps), {"tolerance": tolerance}))
    rows = (QualityRow(layer.name, "", what, n, "count", facts) for what, n, facts in told)
    return network, tuple(rows)


def _targets(here: _Here, use: str, layer: CertifiedLayer) -> _Targets:
    parameters = here.partition.parameters
    offset, tolerance = parameters[OFFSET].value, parameters[TOLERANCE].value
    network = _network(here.partition, here.network)
    key = (use, layer.name, here.network.name, offset, tolerance)
    return here.partition.memo.once(key, partial(_put_on, layer, network, offset))


def _put_on(
    layer: CertifiedLayer, network: Network, offset: float
) -> tuple[_Targets, tuple[QualityRow, ...]]:
    """Targets on the network; those too far from it are told, each by its id."""
    made = routes(network, layer.polygons, offset)
    off = np.setdiff1d(np.arange(len(layer.polygons)), made.target)
    rows = (
        QualityRow(layer.name, str(layer.ids[i]), "target.off_network", offset, "m") for i in off
    )
    return _Targets(made, layer), tuple(rows)
