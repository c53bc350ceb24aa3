"""Tables of figures without geometry: numbers as people write them, and the way to `Canonical`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Opened, open_raw
from ikap.kinds.columns import SOURCE_ID, Column, match_columns
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["open_table", "plain_numbers"]

SPACES = "[ \u00a0\u2009\u202f]"
GROUPED = re.compile(rf"[-\u2212]?\d{{1,3}}(?:{SPACES}\d{{3}})+(?:,\d+)?")
DECIMAL = re.compile(r"[-\u2212]?\d+,\d+")
UNSURE = re.compile(r"[-\u2212]?\d{1,3},\d{3}")


def open_table(
    raw: Raw, declaration: LayerDeclaration, region: Region, columns: Sequence[Column]
) -> Opened:
    """Table with canonical columns, its numbers read as Norwegians write them.

    Parameters
    ----------
    raw : Raw
        As read; every cell may be text.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    columns : sequence of Column
        Schema of the kind.

    Returns
    -------
    Opened
        Faults are in the ledger, not raised yet.
    """
    ledger = Ledger(str(raw.path), declaration.name, quality=list(raw.quality))
    frame = plain_numbers(raw.frame, columns, declaration, ledger)
    read = dataclasses.replace(raw, frame=frame, quality=tuple(ledger.quality))
    return open_raw(read, declaration, region, columns, None)


def plain_numbers(
    frame: GeoDataFrame, columns: Sequence[Column], declaration: LayerDeclaration, ledger: Ledger
) -> GeoDataFrame:
    """Table whose numbers have a decimal point and no spaces.

    `1 234,5` becomes 1234.5. `1,234` may be either, and is left as it is (and told as unreadable)
    unless another cell of the column has a comma that can only be a decimal one.

    Parameters
    ----------
    frame : GeoDataFrame
        As read, text or numbers.
    columns : sequence of Column
        Schema of the kind; only its numbers are looked at.
    declaration : LayerDeclaration
        Its `columns`.
    ledger : Ledger
        Gets `number.norwegian`, one row a column.

    Returns
    -------
    GeoDataFrame
        Same rows.
    """
    names = [str(c) for c in frame.columns if c != frame.geometry.name]
    found = match_columns(names, (SOURCE_ID, *columns), declaration.columns)
    changed: dict[str, pd.Series] = {}
    for column in columns:
        name = found.get(column.name)
        if column.type not in ("int", "number") or name is None:
            continue
        texts = frame[name].map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
        forms = [t for t in texts if isinstance(t, str)]
        sure = any(DECIMAL.fullmatch(t) and not UNSURE.fullmatch(t) for t in forms)
        sure |= any("," in t and GROUPED.fullmatch(t) for t in forms)
        plain = [_plain(t, sure=sure) for t in texts]
        count = sum(a != b for a, b in zip(texts, plain, strict=True) if isinstance(a, str))
        if count:
            example = next(t for t in forms if _plain(t, sure=sure) != t)
            ledger.told("number.norwegian", count, column=name, example=example)
            changed[name] = pd.Series(plain, index=frame.index, dtype=object)
    return frame.assign(**changed) if changed else frame


def _plain(cell: object, *, sure: bool) -> object:
    if not isinstance(cell, str):
        return cell
    if GROUPED.fullmatch(cell) or (
        DECIMAL.fullmatch(cell) and (sure or not UNSURE.fullmatch(cell))
    ):
        return re.sub(SPACES, "", cell).replace(",", ".").replace("\u2212", "-")
    return cell.replace("\u2212", "-") if re.fullmatch(r"\u2212\d+(\.\d+)?", cell) else cell
