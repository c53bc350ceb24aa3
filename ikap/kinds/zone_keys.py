"""Keys of planned areas: the official id, else a hash of the shape, the same from run to run."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.sources.ledger import Ledger

__all__ = ["shape_hashes", "zone_keys"]

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
    ordinal = table.groupby("key").cumcount().sort_index().to_numpy() + 1
    for key, count in table["key"].value_counts().sort_index().items():
        if count > 1:
            ledger.told("id.duplicate", int(count), source_id=str(key))
    numbered = [k if n == 1 else f"{k}~{n}" for k, n in zip(keys, ordinal, strict=True)]
    return pd.Series(numbered, index=frame.index, dtype=object)


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
