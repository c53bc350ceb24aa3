"""When two names are the same name: case, Norwegian letters and letters that were lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["LOST", "as_text", "find_name", "fold", "same_name"]

LOST = "\ufffd"
"""The replacement character: some program before us lost the letter that stood here."""

LETTERS = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "ö": "o", "ä": "ae"})


def fold(name: str) -> str:
    """Name in lower case, with å→a, ø→o and æ→ae as map programs write them.

    Parameters
    ----------
    name : str
        Name of a column, layer or object type.

    Returns
    -------
    str
        Form to compare by.

    Examples
    --------
    >>> fold("AREALFORMÅL") == fold("arealformal")
    True
    """
    return unicodedata.normalize("NFC", name).strip().casefold().translate(LETTERS)


def same_name(one: str, other: str) -> bool:
    r"""Whether two names are the same but for case, Norwegian letters and lost letters.

    Parameters
    ----------
    one, other : str
        A lost letter (U+FFFD) in one stands for any letter of the other.

    Returns
    -------
    bool
        True if they are.

    Examples
    --------
    >>> same_name("\ufffdpentOmr\ufffdde", "ÅpentOmråde")
    True
    """
    if LOST not in one + other:
        return fold(one) == fold(other)
    broken, whole = (one, other) if LOST in one else (other, one)
    parts = (re.escape(fold(part)) for part in broken.split(LOST))
    return re.fullmatch(".{0,2}".join(parts), fold(whole)) is not None


def find_name(wanted: str, names: Iterable[str]) -> str | None:
    """First of `names` that is the wanted one: the same spelling before the same name.

    Parameters
    ----------
    wanted : str
        Name that is looked for.
    names : iterable of str
        Names that there are.

    Returns
    -------
    str or None
        The name as it is spelt there.
    """
    there = list(names)
    if wanted in there:
        return wanted
    return next((name for name in there if same_name(wanted, name)), None)


def as_text(value: object) -> str:
    """Value as text, the way a person would type it: `1110` for 1110.0, empty for nothing.

    Parameters
    ----------
    value : object
        Cell of a table.

    Returns
    -------
    str
        Text without space at its ends.

    Examples
    --------
    >>> as_text(1110.0), as_text(None), as_text(" 0301 ")
    ('1110', '', '0301')
    """
    if value is None or value != value or str(value) in {"<NA>", "NaT"}:  # noqa: PLR0124 (NaN)
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
