"""Words that files use for one thing, as the one canonical word; others are told and kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = ["canonical_words", "letters_only"]


def letters_only(word: object) -> str:
    """Word in lower case without spaces, signs and Norwegian letters; empty for nothing.

    Examples
    --------
    >>> letters_only("Gang- og sykkelveg")
    'gangogsykkelveg'
    """
    return "".join(c for c in fold(word) if c.isalnum()) if isinstance(word, str) else ""


def canonical_words(
    cells: pd.Series,
    words: Mapping[str, Sequence[str]],
    ledger: Ledger,
    *,
    column: str,
    other: str | None,
) -> pd.Series:
    """Cells as canonical words.

    Parameters
    ----------
    cells : Series of str
        As in the file, missing where there is nothing.
    words : mapping
        Canonical word to the other spellings of it.
    ledger : Ledger
        Gets `word.unknown` with the count of each word that is not known, and `word.missing`.
    column : str
        Canonical column, for the message.
    other : str or None
        Word for what is not known; None leaves it missing.

    Returns
    -------
    Series of str
        Same index.
    """
    known = {letters_only(w): name for name, given in words.items() for w in (name, *given)}
    plain = cells.map(letters_only)
    found = plain.map(known).astype(object)
    strange = found.isna() & (plain != "")
    valid = ", ".join(words)
    for word, count in cells[strange].value_counts().sort_index().items():
        ledger.told("word.unknown", int(count), word=str(word), column=column, valid=valid)
    missing = int((plain == "").sum())
    if missing:
        ledger.told("word.missing", missing, column=column)
    return found.where(found.notna(), other)
