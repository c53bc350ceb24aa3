"""Numbers, areas and dates as people say them, in Norwegian bokmål and English."""

from __future__ import annotations

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["area", "date_text", "distance", "number", "percent"]

THIN_SPACE = "\u202f"  # narrow no-break space, between thousands and before units
MINUS = "\u2212"
MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
SHOWN_IN_M2 = 100  # m²; smaller areas would print as 0,0 daa
SHOWN_WHOLE = 10  # m²; below this a decimal is shown
SHOWN_IN_KM = 10_000  # m
MISSING = {"nb": "ukjent", "en": "unknown"}


def number(value: float, lang: str, *, digits: int = 0) -> str:
    """Number with grouped thousands, rounded half away from zero.

    Parameters
    ----------
    value : float
        NaN gives the word for unknown.
    lang : str
        `nb` (decimal comma, thin spaces) or `en` (decimal point, commas).
    digits : int
        Decimals to print.

    Returns
    -------
    str
        Text for display; never read back as data.

    Examples
    --------
    >>> number(1234.56, "en", digits=1)
    '1,234.6'
    >>> number(12.35, "nb", digits=1)
    '12,4'
    """
    if value is None or math.isnan(value):
        return MISSING[lang]
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}"
    if lang == "nb":
        text = text.replace(",", THIN_SPACE).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def area(m2: float, lang: str) -> str:
    r"""Area in daa (dekar, 1 000 m²) with one decimal; below 0,1 daa in m².

    Parameters
    ----------
    m2 : float
        Square metres; NaN gives the word for unknown.
    lang : str
        `nb` or `en`.

    Returns
    -------
    str
        For example `12,4 daa` or `30 m²`.

    Examples
    --------
    >>> area(2400, "en")
    '2.4\u202fdaa'
    >>> area(30, "en")
    '30\u202fm²'
    """
    if math.isnan(m2):
        return MISSING[lang]
    if m2 == 0:
        return f"0{THIN_SPACE}daa"
    if 0 < abs(m2) < SHOWN_IN_M2:
        digits = 0 if abs(m2) >= SHOWN_WHOLE else 1
        return f"{number(m2, lang, digits=digits)}{THIN_SPACE}m²"
    return f"{number(m2 / 1000, lang, digits=1)}{THIN_SPACE}daa"


def distance(metres: float, lang: str) -> str:
    r"""Distance in whole metres, from 10 000 m in kilometres with one decimal.

    Parameters
    ----------
    metres : float
        Metres; NaN gives the word for unknown.
    lang : str
        `nb` or `en`.

    Returns
    -------
    str
        For example `700 m` or `12,3 km`.

    Examples
    --------
    >>> distance(700, "nb")
    '700\u202fm'
    """
    if math.isnan(metres):
        return MISSING[lang]
    if abs(metres) >= SHOWN_IN_KM:
        return f"{number(metres / 1000, lang, digits=1)}{THIN_SPACE}km"
    return f"{number(metres, lang)}{THIN_SPACE}m"


def percent(share: float, lang: str) -> str:
    r"""Share (0 to 1) in per cent with one decimal.

    Parameters
    ----------
    share : float
        Share; NaN gives the word for unknown.
    lang : str
        `nb` or `en`.

    Returns
    -------
    str
        For example `24,0 %`.

    Examples
    --------
    >>> percent(0.24, "nb")
    '24,0\u202f%'
    """
    if math.isnan(share):
        return MISSING[lang]
    text = number(share * 100, lang, digits=1)
    return f"{text}{THIN_SPACE}%" if lang == "nb" else f"{text}%"


def date_text(day: date, lang: str) -> str:
    """Date in words.

    Parameters
    ----------
    day : date
        Calendar date.
    lang : str
        `nb` or `en`.

    Returns
    -------
    str
        For example `1. juni 2025`.

    Examples
    --------
    >>> date_text(date(2025, 6, 1), "nb")
    '1. juni 2025'
    """
    month = MONTHS[lang].split()[day.month - 1]
    return f"{day.day}. {month} {day.year}" if lang == "nb" else f"{day.day} {month} {day.year}"
