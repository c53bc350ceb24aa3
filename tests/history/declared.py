"""Municipalities through time, written short."""

from datetime import date

from ikap.model import Municipality, ParameterStatus, Weights

__all__ = ["unit"]


def unit(
    number: str,
    span: tuple[int, int | None] = (1964, None),
    successor: str = "",
    shares: dict[str, float] | None = None,
    figures: tuple[str, ...] = (),
) -> Municipality:
    """Municipality from 1 January of one year to 31 December of another."""
    first, last = span
    weights = ()
    if shares is not None:
        weights = (Weights(shares, f"kilde {number}", ParameterStatus.ASSUMPTION, figures),)
    return Municipality(
        number,
        f"Sted {number}",
        date(first, 1, 1),
        date(last, 12, 31) if last else None,
        tuple(successor.split()),
        weights,
    )
