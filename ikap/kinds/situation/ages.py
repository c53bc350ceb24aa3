"""Which plans take part, and how old they are: planstatus, dates and the day of judgement.

planstatus 3 takes part, 8 takes part and gives way; 6 (utsatt rettsvirkning), proposals (0 to 2)
and plans not in force yet on the day are kept apart; 4, 5, 9 and 10 are left out and counted.
A missing planstatus is what the layer's role says; without a role it is in doubt, and so is a code
that no list has.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.kinds.codes import code_list

__all__ = ["OVERRIDDEN", "Standing", "dates_in_force", "plan_names", "standings"]

ADOPTED, OVERRIDDEN, DEFERRED = 3, 8, 6
OPEN = (0, 1, 2)
BY_ROLE = {"adopted": ADOPTED, "proposal": 2, "alternative": 2}


class Standing(StrEnum):
    """Whether an area takes part in the interpretation (text keys under [situation.standing])."""

    IN_FORCE = "in_force"
    DOUBTFUL = "doubtful"  # planstatus is no code, or missing and no role says what it is
    DEFERRED = "deferred"
    PROPOSAL = "proposal"
    LATER = "later"  # adopted, in force only after the day of judgement
    ENDED = "ended"


def plan_names(frame: pd.DataFrame) -> NDArray[np.object_]:
    """Id of each area's plan; the layer's name where the file has none.

    Parameters
    ----------
    frame : DataFrame
        With `planidentifikasjon` and `source_layer`.

    Returns
    -------
    array of str
        One value a row.
    """
    ids = frame["planidentifikasjon"].fillna("").astype(str)
    return np.asarray(ids.where(ids != "", frame["source_layer"].astype(str)), dtype=object)


def dates_in_force(frame: pd.DataFrame) -> NDArray[np.object_]:
    """Date in force of each area (`2022-06-14`), empty where it is missing.

    Parameters
    ----------
    frame : DataFrame
        With `plan`, `planidentifikasjon`, `kommunenummer` and `ikrafttredelsesdato`.

    Returns
    -------
    array of str
        An area without a date has its plan's, if all others of the plan have the same one; one
        that does not say which plan it is of has none.
    """
    own = frame["ikrafttredelsesdato"].fillna("").astype(str)
    whole = pd.DataFrame(
        {"plan": frame["plan"], "of": frame["kommunenummer"].fillna(""), "day": own}
    )
    dated = whole[whole["day"] != ""].groupby(["plan", "of"])["day"]
    of_plan = dated.first()[dated.nunique() == 1].rename("of_plan")
    found = whole.join(of_plan, on=["plan", "of"])["of_plan"].fillna("")
    found = found.where(frame["planidentifikasjon"].fillna("").astype(str) != "", "")
    return np.asarray(own.where(own != "", found), dtype=object)


def standings(
    frame: pd.DataFrame, roles: Mapping[str, str], day: date | None
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Standing of each area, and its planstatus with missing ones filled in by role (-1 if none).

    Parameters
    ----------
    frame : DataFrame
        With `planstatus`, `source_layer` and `day` (date in force or empty).
    roles : mapping of str to str
        Role by layer: adopted, proposal, alternative; others say nothing.
    day : date or None
        Day of judgement; without one every plan in force counts.

    Returns
    -------
    tuple of two arrays
        Values of `Standing`, and planstatus.
    """
    by_role = frame["source_layer"].map(lambda name: BY_ROLE.get(roles.get(name, ""), -1))
    status = frame["planstatus"].astype("Int64").fillna(by_role.astype("Int64"))
    status_ = np.asarray(status.to_numpy(dtype=np.int64), dtype=np.int64)
    standing: NDArray[np.object_] = np.full(len(frame), str(Standing.ENDED), dtype=object)
    standing[np.isin(status_, (ADOPTED, OVERRIDDEN))] = str(Standing.IN_FORCE)
    known = [int(code) for code in code_list("planstatus").codes]
    standing[~np.isin(status_, known)] = str(Standing.DOUBTFUL)
    standing[status_ == DEFERRED] = str(Standing.DEFERRED)
    standing[np.isin(status_, OPEN)] = str(Standing.PROPOSAL)
    if day is not None:
        later = (frame["day"] > day.isoformat()).to_numpy(dtype=bool)
        standing[later & (standing == Standing.IN_FORCE)] = str(Standing.LATER)
    return standing, status_
