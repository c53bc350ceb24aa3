"""Codes of a table held against the official lists: what no list has is told, and stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.codes import code_list
from ikap.sources.ledger import Ledger

__all__ = ["NONE_NEAR", "first_ids", "nearest", "tell_unknown_codes"]

NONE_NEAR = "–"
TOLD_IDS = 10


def tell_unknown_codes(frame: GeoDataFrame, lists: Mapping[str, str], ledger: Ledger) -> None:
    """Tell each code that the official list of its column does not have.

    Parameters
    ----------
    frame : GeoDataFrame
        With `source_id`; its values are not changed.
    lists : mapping
        Column to the name of its list.
    ledger : Ledger
        Gets `code.unknown` with the file, the first ids and the nearest code there is.
    """
    for column, name in lists.items():
        listed = code_list(name)
        codes = {value: str(value) for value in frame[column].dropna().unique()}
        for code in listed.unknown(codes.values()):
            hit = frame[column].isin([value for value, text in codes.items() if text == code])
            ids = first_ids(frame.loc[hit, "source_id"])
            facts = {"column": column, "code": code, "nearest": nearest(name, code), "ids": ids}
            ledger.told("code.unknown", int(hit.sum()), file=Path(ledger.file).name, **facts)


def nearest(name: str, code: str) -> str:
    """Code of a list that may have been meant, or a dash.

    Examples
    --------
    >>> nearest("planstatus", "7"), nearest("kp_arealformal", "77")
    ('0, 1, 2, 3, 4, 5, 6, 8, 9, 10', '–')
    """
    return code_list(name).nearest(code) or NONE_NEAR


def first_ids(ids: pd.Series) -> str:
    """The first ids, for a message.

    Examples
    --------
    >>> first_ids(pd.Series(["fid:1", "fid:2"]))
    'fid:1, fid:2'
    """
    more = ", …" if len(ids) > TOLD_IDS else ""
    return ", ".join(str(own) for own in ids.head(TOLD_IDS)) + more
