"""CSV exports for Excel: words, rounded figures that still add up, decimal comma, UTF-8 with BOM.

An export is for reading; it is never an input. Text that a spreadsheet would run as a formula gets
an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ikap.model import Status
from ikap.results.interval_words import accuracy_word
from ikap.results.sensitivity_csv import sensitivity_rows
from ikap.results.sentences import finding_sentence
from ikap.results.situation_csv import situation_rows
from ikap.results.store import Results, records
from ikap.results.topology_csv import topology_rows
from ikap.texts import Catalogue, number

__all__ = ["csv_cell", "export_csv", "quality_sentence", "rounded_to_sum"]

DECIMALS = 1  # daa with one decimal = 100 m²
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_csv(results: Results, folder: Path, catalogue: Catalogue) -> list[Path]:
    """Write `vurderinger`, `arealregnskap`, `kommuner` and what stands beside them as CSV.

    `uavklart`, `datakvalitet` and `plantopologi`; a plan that is interpreted from others has
    `plansituasjon` too, and a run that moved the limits has `folsomhet`.

    Parameters
    ----------
    results : Results
        One plan's results.
    folder : Path
        Where the files go.
    catalogue : Catalogue
        Words of one language; its code stands in the file names.

    Returns
    -------
    list of Path
        The files written. Areas are in daa with one decimal unless the header says m².
    """
    prefix = "konstruert-" if _region(results).get("constructed") else ""
    lang = catalogue.lang
    sheets = {
        "vurderinger": _findings(results, catalogue),
        "arealregnskap": _statement(results, catalogue),
        "kommuner": _indicators(results, catalogue),
        "uavklart": _unsettled(results, catalogue),
        "datakvalitet": _quality(results, catalogue),
        "plantopologi": topology_rows(results, catalogue),
    }
    with_areas = ["vurderinger", "arealregnskap", "kommuner", "uavklart", "plantopologi"]
    if results.geodata("situation") is not None:
        sheets["plansituasjon"] = situation_rows(results, catalogue)
        with_areas.append("plansituasjon")
    if len(results.sensitivity):
        sheets["folsomhet"] = sensitivity_rows(results, catalogue)
        with_areas.append("folsomhet")
    for name in with_areas:
        sheets[name] = _with_crs(sheets[name], results, catalogue)
    written = []
    for name, rows in sheets.items():
        path = folder / f"{prefix}{name}.{lang}.csv"
        _write(path, rows, catalogue, constructed=bool(prefix))
        written.append(path)
    return written


def rounded_to_sum(values: Sequence[float], digits: int) -> list[float]:
    """Round so that the printed parts add up to the printed sum (largest remainder).

    Parameters
    ----------
    values : sequence of float
        Parts, not negative.
    digits : int
        Decimals.

    Returns
    -------
    list of float
        Each within one unit of the last digit of its value.

    Examples
    --------
    >>> rounded_to_sum([0.25, 0.25, 0.5], 1)
    [0.3, 0.2, 0.5]
    """
    scale = 10**digits
    exact = np.asarray(values, dtype=np.float64) * scale
    floor = np.floor(exact + 1e-9)
    missing = int(np.floor(exact.sum() + 0.5) - floor.sum())
    order = np.argsort(-(exact - floor), kind="stable")
    floor[order[:missing]] += 1
    return [float(v) for v in floor / scale]


def _region(results: Results) -> Mapping[str, Any]:
    region = results.run["region"]
    assert isinstance(region, Mapping)
    return region


def _with_crs(
    rows: Iterable[list[object]], results: Results, catalogue: Catalogue
) -> Iterable[list[object]]:
    """Rows with the CRS that areas were measured in, since other CRS show other areas."""
    last, crs = catalogue.say("column.crs"), str(_region(results).get("crs", ""))
    for row in rows:
        yield [*row, last]
        last = crs


def _zones(results: Results) -> pd.DataFrame:
    zones = results.geodata("zones")
    if zones is None:
        return pd.DataFrame(columns=["zone_key", "name", "purpose", "municipality"])
    return pd.DataFrame(zones.drop(columns="geometry"))


def _lines(results: Results) -> pd.DataFrame:
    """Roads and railways of the plan that are drawn as lines, which have findings of their own."""
    lines = results.geodata("plan_lines")
    if lines is None or "zone_key" not in lines:
        return pd.DataFrame(columns=["zone_key", "name", "purpose", "municipality"])
    return pd.DataFrame(lines.drop(columns="geometry"))


def _findings(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    say = catalogue.say
    names: tuple[str, ...]
    names = ("goal", "check", "municipality", "zone_key", "name", "purpose", "status")
    names += ("measured_daa", "limit_daa", "measured_m", "limit_m", "low_daa", "high_daa")
    names += ("accuracy", "parameter_status", "layer", "why", "finding_id")
    yield [say(f"column.{name}") for name in names]
    zones = {zone["zone_key"]: zone for zone in records(_zones(results))}
    zones |= {line["zone_key"]: line for line in records(_lines(results))}
    parameters = results.run["parameters"]
    assert isinstance(parameters, Sequence)
    for row in records(results.findings):
        if row["status"] == Status.NOT_APPLICABLE:
            continue
        zone = zones[row["zone_key"]]
        yield [
            row["goal"],
            say(f"check.{row['check']}.title"),
            row["municipality"] or say("export.outside"),
            row["zone_key"],
            zone["name"],
            zone["purpose"],
            say(f"status.{row['status']}"),
            *_amounts(row),
            *_interval(row),
            accuracy_word(row, catalogue),
            say(f"parameter_status.{row['parameter_status']}") if row["parameter_status"] else "",
            row["layer"],
            finding_sentence(row, parameters, catalogue),
            row["finding_id"],
        ]


def _statement(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    say = catalogue.say
    names: tuple[str, ...]
    names = ("zone_key", "name", "purpose", "municipality", "class_code", "class")
    names += ("area_daa", "area_m2", "zone_area_daa", "low_daa", "high_daa")
    yield [say(f"column.{n}") for n in names]
    zones = _zones(results)
    columns = ("zone_key", "name", "purpose", "municipality")
    place = dict(zip(zones["zone_key"], zones[list(columns)].to_numpy().tolist(), strict=True))
    table = results.statement
    areas: dict[str, list[float]] = {}
    for key, m2 in zip(table["zone_key"], table["area_m2"], strict=True):
        areas.setdefault(key, []).append(m2 / 1000)
    parts = {key: rounded_to_sum(daa, DECIMALS) for key, daa in areas.items()}
    shown = {key: iter(daa) for key, daa in parts.items()}
    whole = {key: round(sum(daa), DECIMALS) for key, daa in parts.items()}
    for row in records(table):
        key, code, label = row["zone_key"], row["class"], say(f"class.{row['class']}")
        figures = [next(shown[key]), round(row["area_m2"], 2), whole[key], *_interval(row)]
        yield [*place[key], code, label, *figures]


def _indicators(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    say = catalogue.say
    names: tuple[str, ...]
    names = ("goal", "indicator", "year", "municipality", "value", "low", "high")
    names += ("unknown", "unit")
    yield [_word(catalogue, f"column.{name}") for name in (*names, "parameter_status")]
    for row in records(results.indicators):
        number, unit, status = row["municipality"], row["unit"], row["parameter_status"]
        yield [
            row["goal"],
            _word(catalogue, f"indicator.{row['indicator']}"),
            row.get("year") or "",
            say("export.region_total") if number == "region" else number,
            say("status.unknown") if math.isnan(row["value"]) else _in_unit(row["value"], unit),
            *_interval(row),
            say("status.unknown") if math.isnan(row["unknown"]) else _in_unit(row["unknown"], unit),
            _word(catalogue, f"unit.{'daa' if unit == 'm2' else unit}"),
            say(f"parameter_status.{status}") if status else "",
        ]


def _word(catalogue: Catalogue, key: str) -> str:
    """Word of a key, or the name itself where a workspace's own rule brings no words for it."""
    return catalogue.say(key) if key in catalogue else key.rpartition(".")[2]


def _in_unit(value: float, unit: str) -> object:
    """Areas in daa with one decimal; whole numbers whole; shares with three decimals."""
    if unit == "m2":
        return _daa(value)
    return round(value, 3 if unit == "share" else DECIMALS)


def _unsettled(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    """One row for each thing that an area lacks; where it lies is in `results.gpkg`, by its id."""
    say = catalogue.say
    names: tuple[str, ...]
    names = ("unsettled", "municipality", "zone_key", "name", "purpose", "old_purpose")
    names += ("area_daa", "area_m2", "layer", "source_id")
    yield [say(f"column.{name}") for name in names]
    zones = _zones(results)
    if "unsettled" not in zones:
        return
    zones = zones.assign(unsettled=zones["unsettled"].fillna(""))  # "" is NULL in a GeoPackage
    rows = [row for row in records(zones) if row["unsettled"]]
    found = [(lack, row) for row in rows for lack in str(row["unsettled"]).split(",")]
    for lack, row in sorted(found, key=lambda f: (f[0], str(f[1]["municipality"]))):
        yield [
            say(f"unsettled.{lack}"),
            row["municipality"] or say("export.outside"),
            row["zone_key"],
            row["name"],
            row["purpose"],
            row["old_purpose"],
            _daa(row["area_m2"]),
            round(row["area_m2"], 2),
            row["source_layer"],
            row["source_id"],
        ]


def _quality(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    names = ("layer", "source_id", "what", "amount", "unit")
    yield [catalogue.say(f"column.{name}") for name in names]
    for row in records(results.quality):
        yield [
            row["layer"],
            row["source_id"],
            quality_sentence(row, catalogue),
            round(row["amount"], 2),
            catalogue.say(f"unit.{row['unit']}"),
        ]


def quality_sentence(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Text of one row of the quality record; layers' own notes are used as they are."""
    key = f"quality.{row['what']}"
    if key not in catalogue:
        return str(row["what"])
    facts = {"amount": float(row["amount"]), **json.loads(row["facts_json"])}
    if facts["amount"] == 1:
        facts["areas"] = catalogue.say("export.one_area")
    else:
        facts["areas"] = catalogue.say("export.areas", count=_told(facts["amount"], catalogue.lang))
    return catalogue.tell(key, {k: _told(v, catalogue.lang) for k, v in facts.items()})


def _told(value: object, lang: str) -> str:
    """Show one fact: numbers as people write them, texts in the catalogue's language."""
    if isinstance(value, Mapping):
        return str(value.get(lang, ""))
    if isinstance(value, float):
        return number(value, lang, digits=0 if value.is_integer() else 1)
    return str(value)


def _amounts(row: Mapping[str, Any]) -> list[object]:
    """Measured and limit in daa, and in m; two of the four are empty."""
    given = [row["measured"], row["limit"]]
    if row["status"] == Status.UNKNOWN and given[0] == 0:
        given[0] = float("nan")  # nothing found where nobody has looked is no nought
    if row["unit"] == "m2":
        return [*(_daa(value) for value in given), "", ""]
    return ["", "", *("" if math.isnan(value) else round(value) for value in given)]


def _interval(row: Mapping[str, Any]) -> list[object]:
    """Ends of the interval in daa; both empty where it is not known."""
    return [_daa(row.get(end, float("nan"))) for end in ("low", "high")]


def _daa(m2: float) -> object:
    """Daa with one decimal; with three where one would print some ground as nothing."""
    if math.isnan(m2):
        return ""
    return round(m2 / 1000, DECIMALS) or round(m2 / 1000, 3)


def _write(
    path: Path, rows: Iterable[list[object]], catalogue: Catalogue, *, constructed: bool
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        for i, row in enumerate(rows):
            if i == 0 and constructed:
                writer.writerow([catalogue.say("export.constructed")])
            writer.writerow([csv_cell(value, catalogue.lang) for value in row])


def csv_cell(value: object, lang: str) -> str:
    """Cell as a spreadsheet reads it: decimal comma in nb, and no text that runs as a formula."""
    if isinstance(value, float):
        text = "" if math.isnan(value) else f"{value:.3f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if lang == "nb" else text
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
