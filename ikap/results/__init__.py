"""The open result tables: one folder per plan, written whole, read back by anybody.

In: tables of findings, statement, indicators, quality and provenance, plus geometry for QGIS.
Out: `ut/resultater/<plan>/` with Parquet (the truth), `results.gpkg`, `run.json` and CSV exports.
To add a column, change `tables.py`; to add an export, add a file beside `csv_export.py`.
"""

from ikap.results.account_csv import export_accounts
from ikap.results.csv_export import export_csv, quality_sentence, rounded_to_sum
from ikap.results.interval_words import interval_parts, interval_sentence
from ikap.results.lookup import Wanted, area_of, find_finding
from ikap.results.package import settle, written_aside
from ikap.results.sentences import finding_sentence, parameter_text
from ikap.results.situation_words import lost_plans, situation_sentence, won_because
from ikap.results.store import Results, read, records, write
from ikap.results.swap import recover, swap_in
from ikap.results.tables import EMPTY, SCHEMAS

__all__ = [
    "EMPTY",
    "SCHEMAS",
    "Results",
    "Wanted",
    "area_of",
    "export_accounts",
    "export_csv",
    "find_finding",
    "finding_sentence",
    "interval_parts",
    "interval_sentence",
    "lost_plans",
    "parameter_text",
    "quality_sentence",
    "read",
    "records",
    "recover",
    "rounded_to_sum",
    "settle",
    "situation_sentence",
    "swap_in",
    "won_because",
    "write",
    "written_aside",
]
