"""The interval of a finding in words, and always beside it what it does not cover."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from ikap.texts import Catalogue, area, date_text

__all__ = ["accuracy_word", "interval_parts", "interval_sentence", "within_sentence"]

CERTAIN_M2 = 0.05
"""An interval narrower than this is that of an area without any border in it."""


def interval_parts(row: Mapping[str, Any], catalogue: Catalogue) -> tuple[str, str]:
    """Interval of a finding's area in words, and when the land there was registered.

    Parameters
    ----------
    row : mapping
        One row of `findings`.
    catalogue : Catalogue
        Words of one language.

    Returns
    -------
    tuple of str
        Both empty where nothing was found, or where the check's figure has no interval; the first
        empty where the finding's own sentence tells it (`within_sentence`), the second where the
        interval is not known.
    """
    facts = json.loads(row["facts_json"])
    if "deviations" not in facts or not row["measured"] > 0:
        return "", ""
    if math.isnan(row["low"]):
        return catalogue.say("finding.interval_not_stated"), ""
    ends = {name: area(row[name], catalogue.lang) for name in ("low", "high")}
    if row.get("within_accuracy"):
        return "", _dates(facts, catalogue)
    certain = row["high"] - row["low"] < CERTAIN_M2
    said = catalogue.say("finding.interval_certain" if certain else "finding.interval", **ends)
    if facts.get("accuracy_assumed") and not certain:
        said += " " + catalogue.say("finding.interval_assumed")
    return said, _dates(facts, catalogue)


def accuracy_word(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Whether the map's accuracy could turn a finding; empty where it could not."""
    if row.get("within_accuracy"):
        return catalogue.say("accuracy.within")
    has_interval = "deviations" in json.loads(row["facts_json"]) and row["measured"] > 0
    return catalogue.say("accuracy.unknown") if has_interval and math.isnan(row["low"]) else ""


def interval_sentence(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Interval of a finding's area, what it rests on and what it leaves out; may be empty."""
    said, dates = interval_parts(row, catalogue)
    if not dates:
        return said
    return f"{said} {catalogue.say('finding.interval_leaves_out', dates=dates)}".strip()


def _dates(facts: Mapping[str, Any], catalogue: Catalogue) -> str:
    """When the land in the area was registered: a day, or the first and the last."""
    if "land_oldest" not in facts:
        return catalogue.say("finding.registered_unknown")
    oldest, newest = (
        date_text(date.fromisoformat(facts[f"land_{end}"]), catalogue.lang)
        for end in ("oldest", "newest")
    )
    if oldest == newest:
        return oldest
    return catalogue.say("finding.registered_between", oldest=oldest, newest=newest)


def within_sentence(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Say that the map's accuracy could turn a finding; empty where it could not."""
    if not row.get("within_accuracy"):
        return ""
    ends = {name: area(row[name], catalogue.lang) for name in ("low", "high")}
    said = [catalogue.say("finding.within_accuracy", **ends)]
    if row["status"] == "warning":
        said.append(catalogue.say("finding.at_most_warning"))
    return " ".join(said)
