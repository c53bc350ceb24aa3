"""Known faults in somebody else's file, mended in the open by `[[corrections]]` of the TOML."""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame

from ikap.model import Correction, LayerDeclaration
from ikap.sources.attributes import missing_column
from ikap.sources.ledger import Ledger
from ikap.sources.names import as_text, find_name

__all__ = ["correct"]

ACTIONS = ("drop", "set")


def correct(frame: GeoDataFrame, declaration: LayerDeclaration, ledger: Ledger) -> GeoDataFrame:
    """Table with the declared corrections made, each of them told.

    Parameters
    ----------
    frame : GeoDataFrame
        As read. `where` names the file's own columns, canonical ones, or `source_id`, which is
        also the feature's number in the file (`fid:12`).
    declaration : LayerDeclaration
        Its `corrections`: action `drop`, or `set` with `values`.
    ledger : Ledger
        Gets the faults `corrections.expect` (another number of rows than `expect`, with those
        that were hit), `corrections.action`, `corrections.values` (nothing to set),
        `corrections.where` (no rows chosen) and `column.missing`.

    Returns
    -------
    GeoDataFrame
        New table; the given one is not changed.
    """
    for number, correction in enumerate(declaration.corrections, start=1):
        if correction.action not in ACTIONS:
            valid = ", ".join(ACTIONS)
            ledger.fault("corrections.action", name=correction.action, number=number, valid=valid)
            continue
        if correction.action == "set" and not correction.values:
            ledger.fault("corrections.values", number=number, reason=correction.reason)
            continue
        if not correction.where:
            ledger.fault("corrections.where", number=number, reason=correction.reason)
            continue
        hit = _rows(frame, correction, declaration, ledger)
        if hit is None:
            continue
        found = int(hit.sum())
        if found != correction.expect:
            facts: dict[str, object] = {"expect": correction.expect, "reason": correction.reason}
            ids = [str(i) for i in frame.index[hit]]
            ledger.fault("corrections.expect", ids=ids, number=number, found=found, **facts)
            continue
        told = {"reason": correction.reason, "reported": correction.reported.isoformat()}
        ledger.told(f"corrections.{correction.action}", found, number=number, **told)
        if correction.action == "drop":
            frame = frame[~hit]
        else:
            frame = _set(frame, hit, correction, declaration, ledger)
    return frame


def _column(name: str, frame: GeoDataFrame, declaration: LayerDeclaration) -> str | None:
    names = [str(c) for c in frame.columns if c != frame.geometry.name]
    return find_name(declaration.columns.get(name, name), names) or find_name(name, names)


def _rows(
    frame: GeoDataFrame, correction: Correction, declaration: LayerDeclaration, ledger: Ledger
) -> pd.Series | None:
    hit = pd.Series(data=True, index=frame.index)
    for name, values in correction.where.items():
        column = _column(name, frame, declaration)
        if column is None and name != "source_id":
            ledger.fault("column.missing", **missing_column(name, frame))
            return None
        wanted = {as_text(v) for v in values}
        inside = frame.index.isin(wanted)
        hit &= inside if column is None else frame[column].map(as_text).isin(wanted) | inside
    return hit


def _set(
    frame: GeoDataFrame,
    hit: pd.Series,
    correction: Correction,
    declaration: LayerDeclaration,
    ledger: Ledger,
) -> GeoDataFrame:
    changed: dict[str, pd.Series] = {}
    for name, value in correction.values.items():
        column = _column(name, frame, declaration)
        if column is None:
            ledger.fault("column.missing", **missing_column(name, frame))
        else:
            changed[column] = frame[column].astype(object).mask(hit, value)
    return frame.assign(**changed)
