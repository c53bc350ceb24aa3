"""Municipalities through time. In: a region's history. Out: what was when, and where it went.

`units` follows numbers from day to day; `faults` tells what no history can be. Numbers are text of
four digits, and names never join anything.
"""

from ikap.history.faults import history_faults
from ikap.history.units import History, Way

__all__ = ["History", "Way", "history_faults"]
