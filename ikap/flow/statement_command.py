"""What `ikap statement` shows of a plan's results, and which options go together."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ikap.errors import InputError
from ikap.flow.account_screen import account_text, save_text
from ikap.flow.statement_screen import silent_line, statement_screen, widest_line
from ikap.flow.stating import areas_by_purpose, chosen_cells, half_by_purpose
from ikap.results import Results
from ikap.results.account_words import left_out_notes
from ikap.texts import Catalogue, area

__all__ = ["Wanted", "refuse_unused", "rows_as_json", "show"]


@dataclass(frozen=True)
class Wanted:
    """What the user asked to see, by the names of the options; `csv` is "" for the screen."""

    table: str | None
    method: str | None
    municipality: str | None
    csv: str | None
    json: bool
    ellipsoidal: bool
    intervals: bool


def refuse_unused(wanted: Wanted, numbers: Sequence[str]) -> None:
    """Refuse, before anything is measured, what could not be shown.

    Parameters
    ----------
    wanted : Wanted
        Options that were given.
    numbers : sequence of str
        Municipalities of the region.

    Raises
    ------
    InputError
        `option.needs_table`, `option.not_together` (an option that would be left out of account),
        `statement.place` (no such municipality), `output.denied` (no folder for the CSV).
    """
    if wanted.table is None:
        for name in ("method", "municipality", "csv"):
            if getattr(wanted, name) is not None:
                raise InputError("option.needs_table", option=f"--{name}")
    pairs = [("csv", "json"), ("csv", "municipality"), ("ellipsoidal", "table")]
    pairs += [("csv", "intervals"), ("json", "intervals")]  # there they always are
    for one, other in pairs:
        if all(getattr(wanted, name) not in (None, False) for name in (one, other)):
            raise InputError("option.not_together", option=f"--{one}", other=f"--{other}")
    if wanted.municipality is not None and wanted.municipality not in numbers:
        valid = ", ".join(numbers)
        raise InputError("statement.place", name=wanted.municipality, valid=valid)
    if wanted.csv and not Path(wanted.csv).absolute().parent.is_dir():
        folder = str(Path(wanted.csv).absolute().parent)
        raise InputError("output.no_folder", file=wanted.csv, folder=folder)


def show(done: Results, wanted: Wanted, words: Catalogue, width: int) -> str:
    """Text for the screen; a CSV that goes to a file is written, and the file named.

    Parameters
    ----------
    done : Results
        One plan's results.
    wanted : Wanted
        What is to be seen of them.
    words : Catalogue
        Words of one language.
    width : int
        Columns of the terminal.

    Returns
    -------
    str
        What the command prints.
    """
    if wanted.table is None:
        return _by_purpose(done, wanted, words, width)
    if wanted.json:
        cells = chosen_cells(done, wanted.table, wanted.method)
        if wanted.municipality is not None:
            cells = cells[cells["municipality"] == wanted.municipality]
        return rows_as_json(cells, done)
    text = account_text(
        done,
        wanted.table,
        words,
        method=wanted.method,
        place=wanted.municipality,
        width=width,
        as_csv=wanted.csv is not None,
        intervals=wanted.intervals,
    )
    if not wanted.csv:
        return text
    save_text(Path(wanted.csv), text)
    return words.say("run.done_results", path=wanted.csv)


def _by_purpose(done: Results, wanted: Wanted, words: Catalogue, width: int) -> str:
    table = areas_by_purpose(done, ellipsoidal=wanted.ellipsoidal, intervals=wanted.json)
    if wanted.json:
        return rows_as_json(table, done)
    halves = half_by_purpose(done)
    lines = statement_screen(table, words, width, halves, intervals=wanted.intervals)
    notes = [] if wanted.intervals else [widest_line(table, halves, words)]
    notes += [silent_line(table, halves, words), words.say("account.note.interval_sum")]
    notes += _counted(done, words)
    notes.append(words.say("run.measured_in", crs=done.run["region"]["crs"]))
    if wanted.ellipsoidal:
        notes.append(words.say("run.on_ellipsoid"))
    told = [note for note in (*notes, words.say("run.provisions")) if note]
    return "\n".join([*lines, "", *(line for note in told for line in textwrap.wrap(note, width))])


def _counted(done: Results, words: Catalogue) -> list[str]:
    """Sentences on what is counted once, lies outside the region, or cannot be measured."""
    left = done.run.get("left_out", {}).get("plan", {})
    keys = {"shared_m2": "account.note.shared", "outside_m2": "account.note.outside_with"}
    told = [
        words.say(key, area=area(left[name], words.lang))
        for name, key in keys.items()
        if left.get(name)
    ]
    lost = {"plan": {**left, "outside_m2": 0.0}}
    run = {**done.run, "left_out": lost}
    return [*told, *left_out_notes(run, words, compared=False)]


def rows_as_json(table: pd.DataFrame, done: Results) -> str:
    """Rows in full precision, each with the CRS that its areas are measured in."""
    told = table.assign(crs=done.run["region"]["crs"])
    rows = json.loads(told.to_json(orient="records", force_ascii=False, double_precision=15))
    return json.dumps(rows, ensure_ascii=False, indent=1)
