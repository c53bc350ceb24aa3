"""Which parameter values apply on a date: the last one that has begun, never another year's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from ikap.errors import Fault, InputError
from ikap.model import M2_PER, Check, Parameter, Parameters
from ikap.workspace import parameters_in

__all__ = ["national_parameters", "parameters_on", "refuse_other_units"]


@cache
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


def refuse_other_units(
    checks: Iterable[Check], history: Mapping[str, tuple[Parameter, ...]], *, file: str
) -> None:
    """Refuse values in a unit that a check would read as another one (km read as m).

    Parameters
    ----------
    checks : iterable of Check
        Each says the unit of its parameters; an area may be given in any area unit.
    history : mapping
        Values by name.
    file : str
        Where the values stand, for the message.

    Raises
    ------
    InputError
        `parameter.unit`, all of them together.
    """
    wanted = {name: unit for check in checks for name, unit in check.parameters.items()}
    faults: list[Fault] = []
    for name, unit in sorted(wanted.items()):
        valid = tuple(M2_PER) if unit in M2_PER else (unit,)
        for given in sorted({value.unit for value in history.get(name, ())} - set(valid)):
            facts = {"name": name, "unit": given, "valid": ", ".join(valid)}
            faults.append(Fault("parameter.unit", file, facts=facts))
    if faults:
        raise InputError.of(faults)
