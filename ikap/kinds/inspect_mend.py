"""What was noticed of a layer, brought together, and in which order it should be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ikap.errors import Fault
from ikap.model import QualityRow

__all__ = ["faults_of", "mend_first", "repairs_of", "summed"]

MEND_FIRST = (
    "archive.left_out",
    "crs.unreadable",
    "table.not_placed",
    "shape.no_table",
    "geometry.unreadable",
    "geometry.not_finite",
    "geometry.missing",
    "geometry.empty",
    "geometry.no_area",
    "geometry.parts_lost",
    "table.coordinate_unreadable",
    "table.wkt_unreadable",
    "ring.closed",
    "purpose.missing",
    "purpose.unknown",
    "purpose.undefined",
    "purpose.doubtful",
    "plan.other_law",
    "use_status.missing",
    "use_status.unknown",
    "planstatus.missing",
    "planstatus.unknown",
    "code.unknown",
    "zones.code_unknown",
    "class.missing",
    "class.unknown",
    "domain.unknown",
    "hole.restored",
    "geometry.repaired",
    "geometry.duplicate",
    "id.duplicate",
    "id.missing",
    "id.none",
    "letters.lost",
    "letters.guessed",
    "value.unreadable",
    "number.text",
    "place.partly_outside",
    "geometry.line",
    "geometry.point",
)
"""What costs most trust in the figures first. Other notes of a reader come after these."""
READERS = ("gml.", "sosi.")
NEEDS_NO_MENDING = ("curves.straightened", "heights.dropped", "crs.vertical", "crs.changed")
REPAIRED = ("geometry.repaired", "ring.closed", "hole.restored")
IDS = 10


def summed(quality: Iterable[QualityRow]) -> list[dict[str, Any]]:
    """Quality rows, those that stand for one feature each brought together.

    Parameters
    ----------
    quality : iterable of QualityRow
        As the layer has them.

    Returns
    -------
    list of dict
        `what`, `unit`, `amount` (sum), `count`, `ids` (ten at most) and `facts` (of the first).
    """
    rows: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(quality):
        key = row.what if row.source_id else f"{row.what} {number}"
        empty: dict[str, Any] = {"what": row.what, "unit": row.unit, "amount": 0.0, "count": 0}
        entry = rows.setdefault(key, {**empty, "ids": [], "facts": dict(row.facts)})
        entry["amount"] += float(row.amount)
        entry["count"] += 1
        if row.source_id and len(entry["ids"]) < IDS:
            entry["ids"].append(row.source_id)
    return list(rows.values())


def faults_of(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults as plain values.

    Parameters
    ----------
    faults : iterable of Fault
        What stops the layer.

    Returns
    -------
    list of dict
        `key`, `ids` and `facts`.
    """
    return [{"key": f.key, "ids": list(f.ids), "facts": dict(f.facts)} for f in faults]


def repairs_of(quality: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many features were repaired, and how much their area changed.

    Parameters
    ----------
    quality : sequence of dict
        As `summed` gives them.

    Returns
    -------
    dict
        `count` and `area_m2`, the net change in m².
    """
    rows = [row for row in quality if row["what"] in REPAIRED]
    area = sum(row["amount"] for row in rows if row["unit"] == "m2")
    return {"count": sum(row["count"] for row in rows), "area_m2": round(float(area), 2)}


def mend_first(
    faults: Sequence[Mapping[str, Any]], quality: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Keys of what stops the file, then of what costs most trust in its figures.

    Parameters
    ----------
    faults : sequence of dict
        As `faults_of` gives them.
    quality : sequence of dict
        As `summed` gives them.

    Returns
    -------
    list of str
        Each key once.
    """
    told = list(dict.fromkeys(row["what"] for row in quality))
    known = [key for key in MEND_FIRST if key in told]
    others = [
        key for key in told if key.startswith(READERS) and key not in (*known, *NEEDS_NO_MENDING)
    ]
    return list(dict.fromkeys([*(fault["key"] for fault in faults), *known, *others]))
