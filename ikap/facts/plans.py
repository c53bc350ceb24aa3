"""The plan itself, and the one it is compared with, as layers of a partition.

`PLAN` holds the plan's attributes row for row with the zones that are measured; `COMPARED` the
areas of the other plan, its overlap with itself counted once. The ground itself has neither.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer, certify
from ikap.facts.partition import FROM, Partition
from ikap.kinds.core_farmland import CONCERN
from ikap.model import Coverage, Development, LayerDeclaration

__all__ = [
    "COMPARED",
    "CONCERNS",
    "LINES",
    "OF_PLAN",
    "PLAN",
    "attributes",
    "concerns_layer",
    "for_building",
    "lines_layer",
    "may_be_built_on",
    "once",
    "plan_layer",
    "restricted",
]

PLAN, COMPARED, LINES, CONCERNS = "plan_itself", "plan_compared", "plan_lines", "plan_concerns"
"""Names among a partition's layers; no name under `[use]` may be one of these."""
OF_PLAN = (PLAN, COMPARED, LINES, CONCERNS)
"""Layers that differ from plan to plan. A fact of the ground that reads one names it in `uses`;
others are measured once for all plans of a run."""


def plan_layer(certified: CertifiedLayer, shared: NDArray[np.int64]) -> CertifiedLayer:
    """Layer `PLAN` for zones that are followed by the counted-once shares of those that overlap.

    Parameters
    ----------
    certified : CertifiedLayer
        The plan, its overlap with itself counted once.
    shared : array of int
        Zones that share ground; their shares are zones n, n + 1, ... in this order.

    Returns
    -------
    CertifiedLayer
        Attributes of all n + len(shared) zones, with `once`: whether the row is to be summed.
    """
    own = certified.attributes
    whole = pd.concat([own, own.iloc[shared]], ignore_index=True)
    once = np.ones(len(whole), dtype=bool)
    once[shared] = False
    return dataclasses.replace(certified, attributes=whole.assign(once=once))


def lines_layer(
    declaration: LayerDeclaration, lines: gpd.GeoDataFrame | None
) -> dict[str, tuple[CertifiedLayer, ...]]:
    """Layer `LINES` of a plan's roads and railways without area; nothing where it has none.

    Parameters
    ----------
    declaration : LayerDeclaration
        The plan's layer.
    lines : GeoDataFrame or None
        `Canonical.lines` of it.

    Returns
    -------
    dict
        One use with one layer, whose `polygons` are lines.
    """
    if lines is None or lines.empty:
        return {}
    shapes = np.asarray(lines.geometry.values, dtype=object)
    ids = lines["source_id"].to_numpy(dtype=object)
    told = pd.DataFrame(lines.drop(columns=lines.geometry.name)).reset_index(drop=True)
    classes = np.full(len(lines), "", dtype=object)
    return {LINES: (CertifiedLayer(declaration, shapes, classes, ids, (), attributes=told),)}


def concerns_layer(
    declaration: LayerDeclaration, zones: gpd.GeoDataFrame | None
) -> dict[str, tuple[CertifiedLayer, ...]]:
    """Layer `CONCERNS` of hensynssone H510 in the plan's own file; nothing where it has none.

    Parameters
    ----------
    declaration : LayerDeclaration
        The plan's layer, which is named as the source.
    zones : GeoDataFrame or None
        `Canonical.concerns` of it.

    Returns
    -------
    dict
        One use with one layer. It is declared complete nowhere: that a plan has no H510 somewhere
        does not say that nobody has adopted a kjerneområde there.
    """
    if zones is None or zones.empty:
        return {}
    own = dataclasses.replace(declaration, coverage=Coverage(), accuracy=None)
    frame = zones.assign(jordvern=CONCERN)
    return {CONCERNS: (certify(frame, own, classes="jordvern", exclusive=False),)}


def attributes(partition: Partition) -> pd.DataFrame:
    """Attributes of the plan's areas, row for row with the partition."""
    plan = partition.layers[PLAN][0].attributes
    return plan.iloc[partition.zone].reset_index(drop=True)


def once(partition: Partition) -> NDArray[np.bool_]:
    """Rows of the partition that are summed: each square metre of a plan stands in one of them."""
    if PLAN not in partition.layers:  # the municipalities themselves
        return np.ones(len(partition.zone), dtype=bool)
    return attributes(partition)["once"].to_numpy(dtype=bool)


def restricted(partition: Partition, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Partition:
    """Partition of the chosen rows alone, not measured yet."""
    return dataclasses.replace(
        partition,
        zone=partition.zone[rows],
        geometry=partition.geometry[rows],
        area=partition.area[rows],
        answers={},
    )


def may_be_built_on(partition: Partition) -> NDArray[np.bool_]:
    """Rows of areas that may be built on by the plan; none without a plan."""
    if PLAN not in partition.layers or len(partition.zone) == 0:
        return np.zeros(len(partition.zone), dtype=bool)
    development = attributes(partition)["development"].astype(str).to_numpy()
    return np.asarray(development != str(Development.NONE), dtype=bool)


def for_building(partition: Partition) -> Partition:
    """Rows of areas that may be built on by the plan, in full; none without a plan.

    LNF and green areas are most of a plan's ground. Checks that are not about them need not have
    them measured. The same partition every time, so that facts share what was measured of it.
    """
    key = "for building"
    if key not in partition.answers:
        keep = may_be_built_on(partition)
        made = restricted(partition, keep)
        made.answers[FROM] = partition, np.flatnonzero(keep)
        partition.answers[key] = made
    found: Partition = partition.answers[key]  # type: ignore[assignment] # put there above
    return found
