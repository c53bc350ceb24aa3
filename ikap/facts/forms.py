"""A fact's tables put together and aligned, whether it measures areas or distances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ikap.facts.samples import merge_samples, to_distances
from ikap.facts.spec import FactSpec
from ikap.facts.table import merge, to_fact
from ikap.model import Facts

__all__ = ["aligned", "merged"]


def merged(spec: FactSpec, tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One long table of a fact, in stable order.

    Parameters
    ----------
    spec : FactSpec
        Which fact.
    tables : iterable of DataFrame
        What its `measure` gave for each partition.

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS` or `samples.COLUMNS`.
    """
    return merge_samples(tables) if spec.sampled else merge(tables)


def aligned(specs: Mapping[str, FactSpec], tables: Mapping[str, pd.DataFrame], count: int) -> Facts:
    """All facts as arrays for `count` zones.

    Parameters
    ----------
    specs : mapping
        Facts by name.
    tables : mapping
        Their long tables.
    count : int
        Number of zones.

    Returns
    -------
    Facts
        Areas and distances.
    """
    areas = {n: to_fact(s, tables[n], count) for n, s in specs.items() if not s.sampled}
    ways = {n: to_distances(s, tables[n], count) for n, s in specs.items() if s.sampled}
    return Facts(areas, ways)
