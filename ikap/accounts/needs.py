"""What growth needs and what land can hold: plain arithmetic, every norm an argument.

Growth only: replacement of houses that are torn down, holiday homes and changed household sizes
are not part of it.
"""

from __future__ import annotations

import math

__all__ = ["dwelling_capacity", "dwellings_needed", "jobs", "reserve_years"]


def dwellings_needed(people: float, people_later: float, persons_per_dwelling: float) -> float:
    """Dwellings that a growth in population needs, rounded up; 0 where it does not grow.

    Parameters
    ----------
    people, people_later : float
        Residents at the beginning and the end; NaN gives NaN.
    persons_per_dwelling : float
        Residents of one new dwelling.

    Returns
    -------
    float
        Whole dwellings.

    Examples
    --------
    >>> dwellings_needed(8484, 9437, 2.2)
    434.0
    """
    growth = people_later - people
    if math.isnan(growth):
        return float("nan")
    return float(math.ceil(round(max(growth, 0.0) / persons_per_dwelling, 9)))


def dwelling_capacity(area_m2: float, dwellings_per_daa: float) -> float:
    """Dwellings that an area can hold.

    Parameters
    ----------
    area_m2 : float
        Area in m², gross or net as the density is.
    dwellings_per_daa : float
        Density, dwellings per 1 000 m².

    Returns
    -------
    float
        Dwellings, not rounded.

    Examples
    --------
    >>> dwelling_capacity(300_000, 2)
    600.0
    """
    return area_m2 / 1000 * dwellings_per_daa


def jobs(
    gross_m2: float, net_share: float, utilisation_percent: float, m2_per_employee: float
) -> float:
    """Jobs that commercial land can hold.

    Parameters
    ----------
    gross_m2 : float
        Gross area in m².
    net_share : float
        Net area as a share of gross.
    utilisation_percent : float
        Floor space in per cent of the net area (%-BRA).
    m2_per_employee : float
        Floor space (BRA) per employee in m².

    Returns
    -------
    float
        Jobs, not rounded.

    Examples
    --------
    >>> jobs(50_000, 0.75, 50, 150)
    125.0
    """
    return gross_m2 * net_share * utilisation_percent / 100 / m2_per_employee


def reserve_years(vacant_m2: float, take_up_m2_a_year: float) -> float:
    """Years that a reserve lasts at a steady take-up; NaN without any take-up.

    Parameters
    ----------
    vacant_m2 : float
        Vacant land in m².
    take_up_m2_a_year : float
        Land taken into use in m² a year.

    Returns
    -------
    float
        Years.

    Examples
    --------
    >>> reserve_years(2_400_000, 2_400_000 / 22)
    22.0
    """
    return vacant_m2 / take_up_m2_a_year if take_up_m2_a_year > 0 else float("nan")
