"""Keys of planned areas: the official id, else a hash of the shape, the same from run to run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.sources.ledger import Ledger

__all__ = ["keys_beside", "shape_hashes", "zone_keys"]

LENGTH = 16
DECIMALS = 3
"""Coordinates are rounded to millimetres for the hash, and for nothing else."""


def zone_keys(frame: GeoDataFrame, ledger: Ledger) -> pd.Series:
    """Key of each planned area: its official id, else the hash of its shape.

    Parameters
    ----------
    frame : GeoDataFrame
        With `source_id` (`fid:12` where the feature has no official id), metres.
    ledger : Ledger
        Gets `id.none`, `id.missing` and `id.duplicate`.

    Returns
    -------
    Series of str
        Unique; the second area of one key ends in `~2`, by order of shape, then of the file.
    """
    official = ~frame["source_id"].str.fullmatch(r"fid:\d+").to_numpy(dtype=bool)
    hashes = shape_hashes(frame.geometry.to_numpy())
    keys = np.where(official, frame["source_id"].to_numpy(dtype=object), hashes)
    if not official.any():
        ledger.told("id.none", len(frame))
    elif not official.all():
        ids = ", ".join(frame.loc[~official, "source_id"].head(10))
        ledger.told("id.missing", int((~official).sum()), ids=ids)
    table = pd.DataFrame({"key": keys, "hash": hashes}).sort_values(["key", "hash"], kind="stable")
    again = table["key"].duplicated()
    for key, count in table["key"].value_counts().sort_index().items():
        if count > 1:
            ledger.told("id.duplicate", int(count), source_id=str(key))
    first, more = table.loc[~again, "key"], table.loc[again, "key"]
    beside = pd.Series(keys_beside(more, first), index=more.index, dtype=object)
    made = pd.concat([first, beside]).sort_index().to_numpy(dtype=object)
    return pd.Series(made, index=frame.index, dtype=object)


def keys_beside(ids: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Keys for ids of which some are taken already: the id, else with the next free ordinal.

    Parameters
    ----------
    ids : iterable of str
        In the order they are given a key.
    taken : iterable of str
        Keys that are in use.

    Returns
    -------
    list of str
        One key an id, none of them twice.

    Examples
    --------
    >>> keys_beside(["a", "a", "b"], ["a", "a~2"])
    ['a~3', 'a~4', 'b']
    """
    used, keys = set(taken), []
    for name in ids:
        key, ordinal = name, 1
        while key in used:
            ordinal += 1
            key = f"{name}~{ordinal}"
        used.add(key)
        keys.append(key)
    return keys


def shape_hashes(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Hash of each shape: the same for any start of a ring, direction and order of parts.

    Parameters
    ----------
    geometries : array of Geometry
        Metres.

    Returns
    -------
    array of str
        16 hexadecimal letters each.
    """
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS) + 0.0)
    forms = shapely.to_wkb(shapely.normalize(rounded))
    digests = [hashlib.sha1(form, usedforsecurity=False).hexdigest()[:LENGTH] for form in forms]
    return np.array(digests, dtype=object)
