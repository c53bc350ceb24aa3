"""What a layer's own columns say of it: ids, stated accuracy and age. Plain data, without words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.columns import SOURCE_ID, Column, iso_date, match_columns
from ikap.sources.names import as_text

__all__ = ["accuracy_of", "age_of", "file_date", "ids_of"]

ACCURACY = Column("nøyaktighet", ("NOYAKTIGHET", "posisjonskvalitet_nøyaktighet"))
"""Standard deviation of a position in cm, as SOSI and the GML of plans and AR5 have it."""
AGES = (
    Column("datafangstdato", ("DATAFANGSTDATO", "kartleggingsdato")),
    Column("oppdateringsdato", ("OPPDATERINGSDATO", "verifiseringsdato")),
    Column("kopidato", ("KOPIDATO", "datauttaksdato")),
)
SHOWN = 10


def _texts(frame: GeoDataFrame, column: Column, declared: Mapping[str, str]) -> pd.Series | None:
    """Values of a column as text, under the name it has in the file; none without the column."""
    names = [str(c) for c in frame.columns if c != frame.geometry.name]
    found = match_columns(names, (column,), declared).get(column.name)
    return None if found is None else frame[found].map(as_text)


def ids_of(frame: GeoDataFrame, declared: Mapping[str, str]) -> dict[str, Any]:
    """Column of the official id, and how many features lack one or share one.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    declared : mapping of str to str
        `[columns]` of the layer's TOML.

    Returns
    -------
    dict
        `column` (empty where there is none), `missing`, `duplicates` (features whose id another
        has had before) and `examples` of such ids.
    """
    texts = _texts(frame, SOURCE_ID, declared)
    if texts is None:
        return {"column": "", "missing": len(frame), "duplicates": 0, "examples": []}
    given = texts[texts != ""]
    again = given[given.duplicated()]
    return {
        "column": str(texts.name),
        "missing": int((texts == "").sum()),
        "duplicates": len(again),
        "examples": list(dict.fromkeys(again))[:SHOWN],
    }


def accuracy_of(frame: GeoDataFrame, declared: Mapping[str, str]) -> dict[str, Any]:
    """Stated accuracy of the positions in cm, and how many features state none.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    declared : mapping of str to str
        `[columns]` of the layer's TOML.

    Returns
    -------
    dict
        `column`, `missing`, `low`, `median`, `high` and `values` (the most usual, with counts);
        empty without such a column.
    """
    texts = _texts(frame, ACCURACY, declared)
    if texts is None:
        return {}
    numbers = pd.to_numeric(texts, errors="coerce").dropna()
    counts = numbers.value_counts()
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    return {
        "column": str(texts.name),
        "missing": len(frame) - len(numbers),
        "low": float(numbers.min()) if len(numbers) else None,
        "median": float(numbers.median()) if len(numbers) else None,
        "high": float(numbers.max()) if len(numbers) else None,
        "values": [{"cm": float(str(value)), "count": int(count)} for value, count in order],
    }


def age_of(frame: GeoDataFrame, declared: Mapping[str, str]) -> list[dict[str, Any]]:
    """First and last day of the columns that say when something was mapped or updated.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    declared : mapping of str to str
        `[columns]` of the layer's TOML.

    Returns
    -------
    list of dict
        `column`, `from`, `to` (ISO dates, empty where no value is a date) and `missing`.
    """
    told = []
    for column in AGES:
        texts = _texts(frame, column, declared)
        if texts is None:
            continue
        days = texts.map(iso_date).dropna()
        span = {"from": str(days.min()), "to": str(days.max())} if len(days) else {}
        missing = len(frame) - len(days)
        told.append({"column": str(texts.name), "from": "", "to": "", **span, "missing": missing})
    return told


def file_date(path: Path) -> str:
    """ISO date (UTC) when a file was last changed; empty where it is not there.

    Parameters
    ----------
    path : Path
        File or folder.

    Returns
    -------
    str
        As the file system has it: copying may have changed it.
    """
    if not path.exists():
        return ""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
