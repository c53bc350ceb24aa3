"""Inputs of an account, made by hand."""

import numpy as np
import pandas as pd
import pytest

from ikap.accounts import AccountInputs
from ikap.checks import parameters_on
from ikap.model import Parameters, Zones

NUMBERS = ("9901", "9902")


@pytest.fixture
def inputs():
    """`inputs(commercial=frame, covered=(...), parameters={...})`."""

    def make(*, covered=NUMBERS, parameters=None, zones=(), **statistics):
        count = len(zones)
        purpose, development, area, number = zip(*zones, strict=True) if zones else ((), (), (), ())
        made = Zones(
            plan="p",
            keys=np.array([f"z{i}" for i in range(count)], dtype=object),
            municipality=np.array(number, dtype=object),
            purpose=np.array(purpose, dtype=object),
            use_status=np.ones(count, dtype=np.int64),
            development=np.array(development, dtype=object),
            area_m2=np.array(area, dtype=float),
            measurable=np.ones(count, dtype=bool),
        )
        land = pd.DataFrame(
            {
                "zone": np.arange(count),
                "municipality": list(number),
                "layer": "",
                "class": "not_covered",
                "area_m2": list(area),
                "reason": "no_layer",
            }
        )
        return AccountInputs(
            plan="p",
            zones=made,
            tables={"farmland_by_class": land},
            ground={},
            municipalities=NUMBERS,
            planned=frozenset(NUMBERS),
            parameters=Parameters(parameters or dict(parameters_on(None, {}))),
            statistics=statistics,
            covered={name: frozenset(covered) for name in statistics},
        )

    return make


@pytest.fixture
def cells():
    """Indicator rows as `{(indicator, municipality, year): (value, unknown)}`."""

    def table(rows):
        return {(r.indicator, r.municipality, r.year): (r.value, r.unknown) for r in rows}

    return table
