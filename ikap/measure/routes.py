"""Shortest ways over a network from many targets at once, read off at any point.

Targets become nodes of the network, so that a point and a target on the same line are as far
apart as the line between them says. One search serves all targets of a class. No way is NaN,
never a number that stands for none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ikap.measure.network import Attachment, Network, attach, graph, insert

__all__ = ["Routes", "distance_at", "routes", "search"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Routes:
    """A network with its targets: row for row a target, a node, and the straight way to it."""

    network: Network
    target: Ints
    node: Ints
    offset: Floats

    @cached_property
    def matrix(self) -> csr_array:
        """Ways between nodes; behind them one node a row, with a one-way edge into the network."""
        rows = len(self.network.node_xy) + np.arange(len(self.node), dtype=np.int64)
        return graph(self.network, np.column_stack([rows, self.node]), self.offset)


def routes(network: Network, targets: Geometries, max_offset: float) -> Routes:
    """Network with targets put on it.

    Parameters
    ----------
    network : Network
        Lines and cuts.
    targets : array of Point, Polygon or MultiPolygon, shape (t,)
        Same CRS. A polygon is reached where a line on the ground crosses its edge and at every
        node inside; one beside the network from the places nearest to it and to its corners.
    max_offset : float
        Longest straight way in m from a target to the nearest line on the ground.

    Returns
    -------
    Routes
        Targets farther away have no row.
    """
    is_area = shapely.get_dimensions(targets) > 1
    points = np.flatnonzero(~is_area).astype(np.int64)
    areas = np.flatnonzero(is_area).astype(np.int64)
    at = attach(network, shapely.get_coordinates(targets[points]), max_offset)
    area, link, position, offset = _edges(network, targets[areas], max_offset)
    links = np.concatenate([at.link, link])
    widened, node = insert(network, links, np.concatenate([at.position, position]))
    inner, inside = _inside(network, targets[areas])
    return Routes(
        widened,
        np.concatenate([points[at.point], areas[area], areas[inner]]),
        np.concatenate([node, inside]),
        np.concatenate([at.offset, offset, np.zeros(len(inside))]),
    )


def search(routes: Routes, wanted: NDArray[np.bool_]) -> Floats:
    """Shortest way in m from each node to the nearest of the wanted targets.

    Parameters
    ----------
    routes : Routes
        Network and targets.
    wanted : array of bool, shape (t,)
        Targets to look for.

    Returns
    -------
    array of float
        One value a node; infinite where there is no way (`distance_at` makes that NaN).
    """
    count = len(routes.network.node_xy)
    rows = np.flatnonzero(wanted[routes.target])
    if not len(rows):
        return np.full(count, np.inf)
    found = dijkstra(routes.matrix, directed=True, indices=count + rows, min_only=True)
    return np.asarray(found[:count], dtype=np.float64)


def distance_at(network: Network, at: Attachment, metres: Floats, count: int) -> Floats:
    """Shortest way in m from points to the targets that were searched for.

    Parameters
    ----------
    network : Network
        The network of `Routes`.
    at : Attachment
        Where the points meet it.
    metres : array of float
        One value a node, as `search` gives.
    count : int
        Number of points.

    Returns
    -------
    array of float, shape (count,)
        NaN where there is no way, or no line near enough.
    """
    shortest = np.full(count, np.inf)
    if len(at.link):
        a, b = _cuts_around(network, at)
        back = metres[network.node[a]] + np.maximum(at.position - network.position[a], 0.0)
        on = metres[network.node[b]] + np.maximum(network.position[b] - at.position, 0.0)
        np.minimum.at(shortest, at.point, at.offset + np.minimum(back, on))
    return np.where(np.isfinite(shortest), shortest, np.nan)


def _cuts_around(network: Network, at: Attachment) -> tuple[Ints, Ints]:
    """Rows of the cuts before and after each place."""
    base = np.append(0.0, np.cumsum(network.length + 1.0))  # lines one after another, apart
    keys = base[network.link] + network.position
    after = np.searchsorted(keys, base[at.link] + at.position, side="right")
    first = np.searchsorted(network.link, at.link, side="left")
    last = np.searchsorted(network.link, at.link, side="right") - 1
    before = np.clip(after - 1, first, last - 1).astype(np.int64)
    return before, before + 1


def _edges(
    network: Network, areas: Geometries, max_offset: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Places where lines on the ground cross the edges of areas, else the nearest place to them."""
    if not len(areas) or not len(network.on_ground):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0), np.zeros(0)
    found, distance = network.tree.query_nearest(
        areas, max_distance=np.nextafter(max_offset, np.inf), return_distance=True
    )
    (area, near), offset = np.asarray(found), np.asarray(distance, dtype=np.float64)
    crossed = offset == 0
    over, beside = area[crossed], np.unique(area[~crossed & (offset <= max_offset)])
    link = network.on_ground[near[crossed]]
    rim = shapely.boundary(areas[over])
    xy, row = shapely.get_coordinates(
        shapely.intersection(rim, network.lines[link]), return_index=True
    )
    position = shapely.line_locate_point(network.lines[link[row]], _points(xy))
    place, at = _beside(network, areas[beside], max_offset)
    return (
        np.concatenate([over[row], beside[place]]).astype(np.int64),
        np.concatenate([link[row], at.link]),
        np.concatenate([position, at.position]),
        np.concatenate([np.zeros(len(row)), at.offset]),
    )


def _beside(network: Network, areas: Geometries, max_offset: float) -> tuple[Ints, Attachment]:
    """Places nearest to areas that no line crosses, and nearest to their corners."""
    found = network.tree.query_nearest(areas, all_matches=True)
    area, near = np.asarray(found)
    ways = shapely.shortest_line(areas[area], network.lines[network.on_ground[near]])
    tips = shapely.get_coordinates(shapely.get_point(ways, 0))
    corners, corner_of = shapely.get_coordinates(areas, return_index=True)
    at = attach(network, np.concatenate([tips, corners]), max_offset)
    return np.concatenate([area, corner_of])[at.point].astype(np.int64), at


def _points(xy: Floats) -> Geometries:
    return np.asarray(shapely.points(xy), dtype=object).reshape(-1)


def _inside(network: Network, areas: Geometries) -> tuple[Ints, Ints]:
    """Areas and the nodes that lie in them."""
    if not len(areas) or not len(network.node_xy):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    area, node = shapely.STRtree(_points(network.node_xy)).query(areas, predicate="intersects")
    return area.astype(np.int64), node.astype(np.int64)
