"""One finding among the result folders: by its id, or by plan, area and check.

A finding's id is `check:plan:zone_key`, the same on screen, in CSV, on the pages and in
`results.gpkg`. Ids come from planners' files and may hold any letters; what a terminal does not
show need not be typed.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ikap.errors import InputError
from ikap.results.store import Results, read, records

__all__ = ["Wanted", "area_of", "find_finding"]

SHOWN = 10
NEAR = 0.3


@dataclass(frozen=True)
class Wanted:
    """What the user asked for: an id, or some of its parts."""

    finding: str = ""
    plan: str = ""
    area: str = ""
    check: str = ""


def find_finding(folders: Mapping[str, Path], wanted: Wanted) -> tuple[Results, dict[str, Any]]:
    """Results that hold the finding, and its row.

    Parameters
    ----------
    folders : mapping
        Result folders that are there, by plan.
    wanted : Wanted
        A whole id, or an area with the plan and check where there are several.

    Returns
    -------
    tuple of Results and dict
        Row of `findings`.

    Raises
    ------
    InputError
        `finding.unknown` with the nearest id, `finding.several` where more than one is meant,
        `finding.plan` where the plan has no results.
    """
    check, plan, area = _parts(wanted, folders)
    if plan and plan not in folders:
        raise InputError("finding.plan", name=plan, valid=", ".join(sorted(folders)))
    chosen = [folders[plan]] if plan else [folders[name] for name in sorted(folders)]
    found: list[tuple[Results, dict[str, Any]]] = []
    known: list[str] = []
    for folder in chosen:
        results = read(folder)
        rows = results.findings
        rows = rows[rows["check"].map(_seen) == check] if check else rows
        keys = _keys(results, area)
        hits = rows[rows["zone_key"].astype(str).isin(keys)]
        found += [(results, row) for row in records(hits)]
        known += rows["finding_id"].astype(str).tolist()
    if len(found) > 1:
        about = [one for one in found if one[1]["status"] != "not_applicable"]
        found = about if about else found
    if not found:
        asked = wanted.finding or ":".join((check, plan, area))
        raise InputError("finding.unknown", name=_seen(asked), nearest=_nearest(asked, known))
    if len(found) > 1:
        ids = [str(row["finding_id"]) for _, row in found]
        raise InputError("finding.several", ids=ids, name=_seen(area))
    return found[0]


def area_of(results: Results, zone_key: str) -> dict[str, Any]:
    """Row of the layer `zones` or `plan_lines` for one area or one line, with its geometry.

    Parameters
    ----------
    results : Results
        One plan's results.
    zone_key : str
        The area, or the road or railway that is drawn as a line.

    Returns
    -------
    dict
        Attributes and `geometry`; a line has `length_m` and no `area_m2`. Empty where the results
        hold no geodata.
    """
    for name in ("zones", "plan_lines"):
        there = results.geodata(name)
        if there is None or "zone_key" not in there:
            continue
        rows = there[there["zone_key"].astype(str) == zone_key]
        if len(rows):
            return records(pd.DataFrame(rows))[0]
    return {}


def _parts(wanted: Wanted, folders: Mapping[str, Path]) -> tuple[str, str, str]:
    """Check, plan and area that are asked for; options fill in what an id leaves open."""
    first, _, rest = _seen(wanted.finding).partition(":")
    named = next((p for p in _longest_first(folders) if rest.startswith(f"{_seen(p)}:")), "")
    if named:
        return first, named, rest[len(_seen(named)) + 1 :]
    pieces = rest.split(":", 1)
    if len(pieces) > 1 and not (wanted.plan or wanted.area):
        return first, pieces[0], pieces[1]
    return wanted.check, wanted.plan, wanted.area or wanted.finding


def _longest_first(names: Mapping[str, Path]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def _keys(results: Results, area: str) -> set[str]:
    """Keys of the areas that are meant: by key, else by id in the file, else by name."""
    zones = results.geodata("zones")
    keys = results.findings["zone_key"].astype(str).drop_duplicates()
    direct = set(keys[keys.map(_seen) == _seen(area)])
    if direct or zones is None:
        return direct
    for column in ("source_id", "name"):
        same = zones[column].astype(str).map(_seen) == _seen(area)
        if same.any():
            return set(zones.loc[same, "zone_key"].astype(str))
    return set()


def _nearest(asked: str, known: Sequence[str]) -> str:
    """The id that is most like what was asked for, as a terminal shows it."""
    seen = {_seen(one): one for one in known}
    first = asked.partition(":")[0]
    same = [one for one in seen if one.startswith(f"{first}:")] or list(seen)
    near = difflib.get_close_matches(_seen(asked), same, n=1, cutoff=NEAR)
    return near[0] if near else ""


def _seen(text: object) -> str:
    """Text as a terminal shows it, without control characters."""
    return "".join(c for c in str(text) if c.isprintable())
