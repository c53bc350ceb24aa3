"""What a fact declares of itself."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FactSpec"]


@dataclass(frozen=True)
class FactSpec:
    """A fact's needs: the `use` names of its layers, the parameters of its method, its unit.

    `sampled` facts are distances at sample points (`samples`); the others are areas (`table`).
    `of_lines` facts are lengths of the plan's transport lines, not of its areas.
    `ground_only` facts are measured of the municipalities, never of the zones of a plan. A fact
    with `variances` says how sure other facts are (`accuracy`), which name it in `accuracy`.
    `by_hand` says how a figure of it is redone in QGIS: `sum` of pieces, pieces `clear` of
    buildings, `union` of shapes, what is `left` of fields, or the `way` to a target. Its parameters
    can be moved up to `reach` times their values without measuring again; 0: not at all.
    """

    name: str
    uses: tuple[str, ...]
    classes: tuple[str, ...]
    unit: str = "m2"
    parameters: tuple[str, ...] = ()
    sampled: bool = False
    ground_only: bool = False
    of_lines: bool = False
    variances: bool = False
    accuracy: str = ""
    by_hand: str = ""
    reach: float = 0.0
