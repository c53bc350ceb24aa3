"""What GDAL, GEOS and the operating system say of a file, in our words."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

import pyarrow as pa
import pyogrio.errors
import shapely

from ikap.sources.formats import readable
from ikap.sources.ledger import Ledger

__all__ = ["guarded"]

UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pa.ArrowException,
    shapely.errors.ShapelyError,
    ValueError,
    OSError,
)
UNKNOWN = "not recognized as being in a supported file format"
NOT_A_NUMBER = "invalid value encountered"
"""What numpy says of a vertex without a number; the kinds tell of it by feature."""

T = TypeVar("T")


def guarded(read: Callable[[], T], ledger: Ledger, *, letters: bool = False) -> T:
    """What `read` answers; GDAL's warnings become quality rows, its errors become ours.

    Parameters
    ----------
    read : callable
        Touches the file.
    ledger : Ledger
        Gets `reader.said` for each warning.
    letters : bool
        Let a `UnicodeDecodeError` through, for the caller to try another encoding.

    Returns
    -------
    object
        The answer of `read`.

    Raises
    ------
    InputError
        `file.type` or `file.unreadable`.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = read()
        except UNREADABLE as error:
            if isinstance(error, UnicodeDecodeError) and letters:
                raise
            detail = str(error).splitlines()[0] if str(error) else type(error).__name__
            if UNKNOWN in detail:
                raise ledger.error("file.type", found="?", readable=readable()) from error
            raise ledger.error("file.unreadable", detail=detail) from error
    messages = (str(w.message) for w in caught if NOT_A_NUMBER not in str(w.message))
    for message in dict.fromkeys(messages):
        ledger.told("reader.said", 1, message=message)
    return answer
