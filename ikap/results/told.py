"""Facts of a finding as people say them; the end of a fact's name says what it is.

`minimum_m` becomes the field `minimum` («700 m»), `covered_m2` becomes `covered`, `walk_min`
becomes `walk`, `within_share` stays `within_share`, `target_key` becomes `target` (the words of
that key), and `services_list` becomes `services`: one phrase for each row, by the row's `say`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ikap.texts import Catalogue, area, distance, number, percent

__all__ = ["told_fields"]


def told_fields(facts: Mapping[str, object], catalogue: Catalogue) -> dict[str, str]:
    """Fields for a sentence.

    Parameters
    ----------
    facts : mapping
        `facts_json` of a finding, or one row of a list in it.
    catalogue : Catalogue
        Words of one language.

    Returns
    -------
    dict of str to str
        Only facts whose names end in one of the known ways.
    """
    fields: dict[str, str] = {}
    for key, value in facts.items():
        name, _, sort = key.rpartition("_")
        if not name:
            continue
        if sort == "key":
            fields[name] = catalogue.say(str(value))
        elif sort == "list" and isinstance(value, Sequence):
            rows = [_phrase(row, catalogue) for row in value if isinstance(row, Mapping)]
            fields[name] = ", ".join(rows)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            text = _number(float(value), sort, catalogue)
            if text:
                fields[key if sort == "share" else name] = text
    return fields


def _phrase(row: Mapping[str, object], catalogue: Catalogue) -> str:
    return catalogue.say(str(row["say"]), **told_fields(row, catalogue))


def _number(value: float, sort: str, catalogue: Catalogue) -> str:
    lang = catalogue.lang
    if sort == "m":
        return distance(value, lang)
    if sort == "m2":
        return area(value, lang)
    if sort == "share":
        return percent(value, lang)
    if sort == "min":
        return catalogue.say("finding.minutes", minutes=number(value, lang, digits=1))
    return ""
