"""A network of lines with nodes where one may turn, as arrays; distances are metres along lines.

Lines meet where their ends lie in the same place (to the millimetre), and at vertices that lines
on the ground share. A line above or below the ground meets others at its ends only, so that a
bridge does not join the road under it. Lines that cross without a common vertex do not meet.
Ends within a stated tolerance of another end, or of a line on the ground, are joined by the
straight gap between them, which counts with its length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

__all__ = [
    "Attachment",
    "Components",
    "Network",
    "attach",
    "components",
    "graph",
    "insert",
    "noded",
]

DIGITS = 3
"""Decimals of a metre to which two vertices must agree to lie in the same place."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Network:
    """Lines cut at their nodes.

    `link`, `position` (m from the line's start) and `node` are the cuts, sorted along each line;
    a line has at least its two ends. `joint` are pairs of nodes over a closed gap, `joint_m` its
    width. `gaps` counts them, without pairs that a line joins anyway.
    """

    lines: Geometries
    ground: NDArray[np.bool_]
    link: Ints
    position: Floats
    node: Ints
    node_xy: Floats
    joint: Ints
    joint_m: Floats
    gaps: int = 0

    @cached_property
    def pieces(self) -> tuple[Ints, Ints, Floats]:
        """Both nodes and length in m of each piece of line between two cuts."""
        same = np.flatnonzero(self.link[1:] == self.link[:-1])
        length = self.position[same + 1] - self.position[same]
        return self.node[same], self.node[same + 1], length

    @cached_property
    def on_ground(self) -> Ints:
        """Lines that one can step on to anywhere."""
        return np.flatnonzero(self.ground).astype(np.int64)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the lines on the ground, in the order of `on_ground`."""
        return shapely.STRtree(self.lines[self.on_ground])

    @cached_property
    def length(self) -> Floats:
        """Length of each line in m."""
        end = np.flatnonzero(np.append(self.link[1:] != self.link[:-1], True))
        return self.position[end] if len(self.link) else np.zeros(0)


@dataclass(frozen=True)
class Attachment:
    """Where points meet the network: row for row a point, a line, the place on it, the way there.

    A point as near to several lines has a row for each; a point too far away has none.
    """

    point: Ints
    link: Ints
    position: Floats  # m from the line's start
    offset: Floats  # m in a straight line


@dataclass(frozen=True)
class Components:
    """Parts of the network that no line joins."""

    count: int
    length_m: float
    largest_m: float


def noded(lines: Geometries, ground: NDArray[np.bool_], tolerance: float) -> Network:
    """Network of lines, cut where they meet.

    Parameters
    ----------
    lines : array of LineString, shape (k,)
        In a projected CRS with metre as unit, each of some length; empty gives an empty network.
    ground : array of bool, shape (k,)
        False for bridges and tunnels, which meet others at their ends only.
    tolerance : float
        Widest gap in m that is closed.

    Returns
    -------
    Network
        Same lines in the same order.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 -3, 5 0, 5 3)"])
    >>> len(noded(cross, np.array([True, True]), 1.0).node_xy)
    5
    >>> len(noded(cross, np.array([True, False]), 1.0).node_xy)
    4
    """
    xy, link = shapely.get_coordinates(lines, return_index=True)
    link = link.astype(np.int64)
    change = link[1:] != link[:-1]
    is_end = np.append(True, change) | np.append(change, True) if len(xy) else np.zeros(0, bool)
    node_vertex, place = _node_vertices(xy, ground[link], is_end)
    places, node = np.unique(place[node_vertex], return_inverse=True)
    node_xy = np.empty((len(places), 2))
    node_xy[node] = xy[node_vertex]
    network = Network(
        lines=lines,
        ground=ground,
        link=link[node_vertex],
        position=_along(xy, link)[node_vertex],
        node=node.astype(np.int64),
        node_xy=node_xy,
        joint=np.zeros((0, 2), dtype=np.int64),
        joint_m=np.zeros(0),
    )
    if tolerance <= 0 or not len(lines):
        return network
    ends = np.unique(node[is_end[node_vertex]]).astype(np.int64)
    return _gaps_closed(network, ends, tolerance)


def insert(network: Network, link: Ints, position: Floats) -> tuple[Network, Ints]:
    """Network with more nodes on its lines, and those nodes.

    Parameters
    ----------
    network : Network
        Lines and cuts.
    link, position : arrays, shape (m,)
        Line and place on it in m from its start.

    Returns
    -------
    tuple of Network and array of int
        The nodes stand in the order given.
    """
    new = len(network.node_xy) + np.arange(len(link), dtype=np.int64)
    position = np.clip(position, 0.0, network.length[link])
    points = shapely.line_interpolate_point(network.lines[link], position)
    all_link = np.concatenate([network.link, link])
    all_position = np.concatenate([network.position, position])
    order = np.lexsort((all_position, all_link))
    widened = replace(
        network,
        link=all_link[order],
        position=all_position[order],
        node=np.concatenate([network.node, new])[order],
        node_xy=np.concatenate([network.node_xy, shapely.get_coordinates(points)]),
    )
    return widened, new


def attach(network: Network, xy: Floats, max_offset: float) -> Attachment:
    """Nearest place on the nearest line on the ground for each point.

    Parameters
    ----------
    network : Network
        Lines and cuts.
    xy : array of float, shape (p, 2)
        East and north in m.
    max_offset : float
        Longest straight way in m, inclusive.

    Returns
    -------
    Attachment
        No row for a point farther away than that.
    """
    if not len(network.on_ground) or not len(xy) or max_offset <= 0:
        nothing = np.zeros(0, dtype=np.int64)
        return Attachment(nothing, nothing, np.zeros(0), np.zeros(0))
    points = np.asarray(shapely.points(xy), dtype=object)
    reach = np.nextafter(max_offset, np.inf)
    found, ways = network.tree.query_nearest(
        points, max_distance=reach, return_distance=True, all_matches=True
    )
    point, near = np.asarray(found)
    offset = np.asarray(ways, dtype=np.float64)
    keep = offset <= max_offset
    point, offset = point[keep].astype(np.int64), offset[keep]
    link = network.on_ground[near[keep]]
    position = shapely.line_locate_point(network.lines[link], points[point])
    return Attachment(point, link, position, offset)


def graph(network: Network, more: Ints | None = None, more_m: Floats | None = None) -> csr_array:
    """Sparse matrix of the shortest direct way in m between nodes, for `scipy.sparse.csgraph`.

    Parameters
    ----------
    network : Network
        Lines and cuts.
    more : array of int, shape (m, 2), optional
        One-way edges, from and to; their nodes may lie beyond the network's own.
    more_m : array of float, shape (m,), optional
        Their lengths in m.

    Returns
    -------
    csr_array
        Of parallel edges the shortest stands. Ways of 0 m are stored, and are ways.
    """
    a, b, length = network.pieces
    start = np.concatenate([a, b, network.joint[:, 0], network.joint[:, 1]])
    end = np.concatenate([b, a, network.joint[:, 1], network.joint[:, 0]])
    metres = np.concatenate([length, length, network.joint_m, network.joint_m])
    if more is not None and more_m is not None:
        start = np.concatenate([start, more[:, 0]])
        end = np.concatenate([end, more[:, 1]])
        metres = np.concatenate([metres, more_m])
    size = max(len(network.node_xy), int(max(start.max(), end.max())) + 1 if len(start) else 0)
    order = np.lexsort((metres, end, start))
    start, end, metres = start[order], end[order], metres[order]
    first = np.append(True, (start[1:] != start[:-1]) | (end[1:] != end[:-1]))[: len(start)]
    edges = (metres[first], (start[first], end[first]))
    return coo_array(edges, shape=(size, size)).tocsr()


def components(network: Network) -> Components:
    """Count the parts that hang together, with the length in m of all lines and of the longest."""
    if not len(network.node_xy):
        return Components(0, 0.0, 0.0)
    count, label = connected_components(graph(network), directed=False)
    a, _, length = network.pieces
    by_part = np.bincount(label[a], weights=length, minlength=count)
    return Components(int(count), float(by_part.sum()), float(by_part.max()))


def _along(xy: Floats, link: Ints) -> Floats:
    """Distance in m of each vertex from its line's start."""
    if not len(xy):
        return np.zeros(0)
    step = np.append(0.0, np.hypot(*np.diff(xy, axis=0).T))
    first = np.append(True, link[1:] != link[:-1])
    step[first] = 0.0
    total = np.cumsum(step)
    return np.asarray(total - total[first][link], dtype=np.float64)


def _node_vertices(
    xy: Floats, ground: NDArray[np.bool_], is_end: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Ints]:
    """Which vertices are nodes, and an id of the place that each vertex lies in."""
    east, north = np.round(xy, DIGITS).T
    _, place = np.unique(east + 1j * north, return_inverse=True)
    passing = ground & ~is_end
    ends = np.bincount(place[is_end], minlength=len(xy))
    through = np.bincount(place[passing], minlength=len(xy))
    meets = (ends[place] > 0) | (through[place] > 1)
    return is_end | (passing & meets), place


def _gaps_closed(network: Network, ends: Ints, tolerance: float) -> Network:
    """Network with joints from line ends to other ends, and to lines on the ground, close by."""
    xy = network.node_xy[ends]
    pairs = ends[cKDTree(xy).query_pairs(tolerance, output_type="ndarray").astype(np.int64)]
    end, near = network.tree.query(shapely.points(xy), predicate="dwithin", distance=tolerance)
    node, link = ends[end], network.on_ground[near]
    size = len(network.node_xy)
    own = np.isin(link * size + node, network.link * size + network.node)
    node, link = node[~own], link[~own]
    point = np.asarray(shapely.points(network.node_xy[node]), dtype=object)
    position = shapely.line_locate_point(network.lines[link], point)
    inside = (position > 0) & (position < network.length[link])
    node, link, position = node[inside], link[inside], position[inside]
    width = shapely.distance(network.lines[link], point[inside])
    a, b, _ = network.pieces
    known = np.concatenate([a * size + b, b * size + a])
    gaps = int((~np.isin(pairs[:, 0] * size + pairs[:, 1], known)).sum()) + len(node)
    network, new = insert(network, link, position)
    joint = np.concatenate([pairs, np.column_stack([node, new])])
    ways = network.node_xy[pairs[:, 0]] - network.node_xy[pairs[:, 1]]
    metres = np.concatenate([np.hypot(*ways.T), width])
    return replace(network, joint=joint, joint_m=metres, gaps=gaps)
