"""A finding in words: the check's own sentence, what is unknown, and what the limit rests on.

Results store keys and facts; the words come here, from a catalogue of one language, so that the
language never changes a result.
"""

from __future__ import annotations

import json
import math
import string
from collections.abc import Mapping, Sequence
from typing import Any

from ikap.model import M2_PER, ParameterStatus, Status
from ikap.results.interval_words import within_sentence
from ikap.results.told import told_fields
from ikap.texts import Catalogue, area, distance, number, percent

__all__ = ["finding_sentence", "parameter_text"]

NOT_ADOPTED = (ParameterStatus.ASSUMPTION, ParameterStatus.PROPOSAL)
NOTHING_M2 = 0.5
"""Unknown ground below this is rounding along edges, and is not spoken of."""
NOTHING_SHARE = 0.0005
"""Unknown share below this would print as 0,0 %."""


def finding_sentence(
    row: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]], catalogue: Catalogue
) -> str:
    """Whole explanation of one finding.

    Parameters
    ----------
    row : mapping
        One row of `findings`.
    parameters : sequence of mapping
        `parameters` of `run.json`: the values that were in force.
    catalogue : Catalogue
        Shared words and the checks' own (`check.<name>.<key>`).

    Returns
    -------
    str
        One to six sentences.
    """
    status, lang = row["status"], catalogue.lang
    if status == Status.NOT_APPLICABLE:
        return catalogue.say("finding.not_applicable")
    facts = json.loads(row["facts_json"])
    unknown = float(facts.get("unknown_m2", 0.0))
    sentences = []
    if status == Status.UNKNOWN:
        reason = row["reason"]
        sentences.append(
            catalogue.say(
                "finding.unknown",
                reason=catalogue.say(f"reason.{reason}"),
                remedy=catalogue.say(f"remedy.{reason}"),
            )
        )
        if "known_say" in facts:  # a check may say itself what is known
            sentences.append(catalogue.say(facts["known_say"], **told_fields(facts, catalogue)))
        elif row["measured"] is not None and row["measured"] > 0:
            sentences += _known(row, facts, catalogue)
        return " ".join(sentences)
    key = f"check.{row['check']}.{row['text_key']}"
    sentences.append(catalogue.say(key, **_fields(row, facts, parameters, catalogue)))
    if facts.get("classes_list"):
        sentences.append(catalogue.say("finding.classes", **told_fields(facts, catalogue)))
    if within := within_sentence(row, catalogue):
        sentences.append(within)
    if unknown > NOTHING_M2:
        sentences.append(catalogue.say("finding.unknown_part", unknown=area(unknown, lang)))
    if float(facts.get("unknown_share", 0.0)) > NOTHING_SHARE:
        sentences.append(catalogue.say("finding.unknown_share", **told_fields(facts, catalogue)))
    sentences += _rests_on(row, facts, catalogue)
    return " ".join(sentences)


def _rests_on(row: Mapping[str, Any], facts: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Say what nobody has adopted of the values that an answer rests on.

    An answer without a hit rests on its limit where there was something to hold against it, or
    where the sentence itself names it.
    """
    own, method = row["parameter_status"], facts.get("method_status")
    if row["status"] == Status.WARNING and own in NOT_ADOPTED:
        return [catalogue.say(f"finding.{own}")]
    if row["status"] == Status.OK and own in NOT_ADOPTED:
        named = _names_a_limit(row, facts, catalogue)
        return [catalogue.say(f"finding.{own}_ok")] if row["measured"] > 0 or named else []
    if method in NOT_ADOPTED and row["status"] in (Status.OK, Status.WARNING):
        return [catalogue.say(f"finding.method_{method}")]
    return []


def _names_a_limit(row: Mapping[str, Any], facts: Mapping[str, Any], catalogue: Catalogue) -> bool:
    """Whether the check's own sentence has one of its limits in it."""
    limits = {name.rsplit(".", 1)[-1] for name in facts.get("parameters", ())}
    template = catalogue.words[f"check.{row['check']}.{row['text_key']}"]
    fields = {field for _, field, _, _ in string.Formatter().parse(template)}
    return bool(fields & (limits | {"limit"}))


def _known(row: Mapping[str, Any], facts: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Say what is known of a finding that is unknown."""
    if row["unit"] == "m2":
        measured = area(row["measured"], catalogue.lang)
        return [catalogue.say("finding.known_part", measured=measured)]
    fields = told_fields(facts, catalogue)
    return [catalogue.say("finding.known_distance", **fields)] if "minimum" in fields else []


def parameter_text(parameter: Mapping[str, Any], lang: str) -> str:
    """Value of a parameter with its unit, as text."""
    value, unit = float(parameter["value"]), str(parameter["unit"])
    if unit == "m2":
        return f"{number(value, lang)}\u202fm²"
    if unit in M2_PER:
        return area(value * M2_PER[unit], lang)
    return distance(value, lang) if unit == "m" else f"{value:g} {unit}"


def _fields(
    row: Mapping[str, Any],
    facts: Mapping[str, Any],
    parameters: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
) -> dict[str, str]:
    by_name, lang = {p["name"]: p for p in parameters}, catalogue.lang
    measured, whole = float(row["measured"]), float(facts.get("zone_area_m2") or math.nan)
    shown = area if row["unit"] == "m2" else distance
    fields = {
        **told_fields(facts, catalogue),
        "measured": shown(measured, lang),
        "limit": shown(float(row["limit"]), lang),
        "share": percent(measured / whole, lang),
        "source": "",
    }
    for name in facts.get("parameters", ()):
        if name not in by_name:
            continue
        fields[name.rsplit(".", 1)[-1]] = parameter_text(by_name[name], lang)
        if not fields["source"] and name.rsplit(".", 1)[-1].startswith("max"):
            fields["source"] = str(by_name[name]["source"]).rstrip(".")
    fields.setdefault("buffer", fields.get("building_buffer", ""))
    return fields
