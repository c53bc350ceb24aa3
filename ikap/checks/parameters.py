"""Which parameter values apply on a date: the last one that has begun, never another year's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path

from ikap.errors import Fault, InputError
from ikap.model import Parameter, Parameters
from ikap.workspace import parameters_in

__all__ = ["national_parameters", "parameters_on"]


def national_parameters() -> dict[str, tuple[Parameter, ...]]:
    """Histories of the national parameters (`national.toml`), oldest value first."""
    text = resources.files("ikap.checks").joinpath("national.toml").read_text(encoding="utf-8")
    faults: list[Fault] = []
    found = parameters_in(tomllib.loads(text), Path("ikap/checks/national.toml"), faults)
    if faults:
        raise InputError.of(faults)
    return found


def parameters_on(day: date | None, history: Mapping[str, tuple[Parameter, ...]]) -> Parameters:
    """Values in force on `day`; a name without a value that has begun is left out.

    Parameters
    ----------
    day : date or None
        The date of judgement; None gives no parameters at all.
    history : mapping
        Values by name, oldest first.

    Returns
    -------
    ikap.model.Parameters
        At most one value per name. Checks that miss one answer `unknown`.
    """
    found: dict[str, Parameter] = {}
    for name, values in history.items():
        begun = [value for value in values if day is not None and value.valid_from <= day]
        if begun:
            found[name] = begun[-1]
    return Parameters(found)
