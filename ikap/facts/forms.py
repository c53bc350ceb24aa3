"""A fact's tables put together and aligned, whether it measures areas or distances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from ikap.facts.samples import merge_samples, to_distances
from ikap.facts.spec import FactSpec
from ikap.facts.table import merge, to_fact
from ikap.facts.variance_table import merge_variances, to_deviations
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
        Columns of `table.COLUMNS`, `samples.COLUMNS` or `accuracy.COLUMNS`.
    """
    if spec.variances:
        return merge_variances(tables)
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
        Areas, with their deviations where a fact names its accuracy, and distances.
    """
    sure = {n: to_deviations(tables[n], count) for n, s in specs.items() if s.variances}
    areas = {
        n: replace(to_fact(s, tables[n], count), deviations=sure.get(s.accuracy))
        for n, s in specs.items()
        if not (s.sampled or s.variances)
    }
    ways = {n: to_distances(s, tables[n], count) for n, s in specs.items() if s.sampled}
    return Facts(areas, ways)
