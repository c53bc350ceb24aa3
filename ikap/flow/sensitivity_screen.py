"""What `ikap check --sensitivity` shows: for each limit how many areas turn as it moves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ikap.checks import fixed_limits
from ikap.flow.columns import Line, laid_out
from ikap.flow.discovery import catalogues, discover
from ikap.results import Results, parameter_text, records
from ikap.results.sensitivity_csv import limit_label
from ikap.texts import Catalogue, number
from ikap.workspace import Workspace

__all__ = ["moved_limits"]

OUTCOMES = ("conflict", "warning", "ok", "unknown")
DAA = 1000.0


def moved_limits(results: Results, workspace: Workspace, lang: str, width: int) -> str:
    """Table of each limit, and which limits cannot be moved without measuring again.

    Parameters
    ----------
    results : Results
        With the table `sensitivity`.
    workspace : Workspace
        Whose checks were run.
    lang : str
        `nb` or `en`.
    width : int
        Columns of the terminal.

    Returns
    -------
    str
        Lines; areas in daa with one decimal.
    """
    registry = discover(workspace)
    words = catalogues(registry.checks)[lang]
    fixed = {name: fixed_limits(check, registry.facts) for name, check in registry.checks.items()}
    lines = [words.say("sensitivity.title"), words.say("sensitivity.how")]
    rows = records(results.sensitivity)
    for (check, limit), group in groupby(rows, key=lambda row: (row["check"], row["parameter"])):
        told = list(group)
        title = words.say(f"check.{check}.title")
        lines += ["", f"{title}: {limit_label(limit, words)}"]
        lines.append(_now(told, words))
        lines += laid_out(list(_grid(told, words)), width)
    for check, limits in fixed.items():
        for limit in sorted(limits):
            told_as = {
                "check": words.say(f"check.{check}.title"),
                "limit": limit_label(limit, words),
            }
            lines += ["", words.say("sensitivity.fixed", **told_as)]
    if not rows:
        lines += ["", words.say("sensitivity.none")]
    return "\n".join(lines)


def _now(rows: Sequence[Mapping[str, Any]], words: Catalogue) -> str:
    now = next(row for row in rows if row["in_force"])
    return words.say(
        "sensitivity.now",
        limit=parameter_text(now, words.lang),
        status=words.say(f"parameter_status.{now['parameter_status']}"),
        areas=number(now["areas"], words.lang),
    )


def _grid(rows: Sequence[Mapping[str, Any]], words: Catalogue) -> Iterator[Line]:
    say, lang = words.say, words.lang
    heads = ("turned", "daa", *OUTCOMES, "sliver")
    yield (say("sensitivity.head.limit"), *(say(f"sensitivity.head.{name}") for name in heads))
    for row in rows:
        m2 = row["turned_measured_m2"]
        m2 = row["turned_area_m2"] if math.isnan(m2) else m2
        counts = (number(row[name], lang) for name in (*OUTCOMES, "sliver"))
        mark = f" {say('sensitivity.in_force')}" if row["in_force"] else ""
        name = f"{parameter_text(row, lang)}{mark}"
        yield (name, number(row["turned"], lang), number(m2 / DAA, lang, digits=1), *counts)
