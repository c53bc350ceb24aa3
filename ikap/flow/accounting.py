"""The statement of one plan: its tables, made of what was measured of it and of another plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from ikap.accounts import CELL_COLUMNS, StatementInputs
from ikap.errors import InputError
from ikap.facts import CertifiedLayer, certify, place
from ikap.flow.measuring import PLANNED_FIRST, Measured
from ikap.flow.reading import Reader
from ikap.model import Indicator, LayerDeclaration, QualityRow

__all__ = ["Compared", "compared_plan", "spoken_for", "statement_tables"]


@dataclass(frozen=True)
class Compared:
    """The plan that another is compared with, its overlap with itself counted once."""

    plan: LayerDeclaration
    layer: CertifiedLayer
    planned: frozenset[str]
    full_m2: float = 0.0  # all its areas, ground in several of them as often as it is there
    without_geometry: tuple[str, ...] = ()  # purposes of areas whose size nobody knows

    @property
    def id(self) -> str:
        """Id of the plan."""
        assert self.plan.plan is not None
        return self.plan.plan.id

    @property
    def quality(self) -> tuple[QualityRow, ...]:
        """Ground in several of its areas, which counts in one of them."""
        return tuple(replace(row, what="overlap.zone") for row in self.layer.quality)


def compared_plan(
    reader: Reader,
    plan: LayerDeclaration,
    ground: CertifiedLayer,
    against: LayerDeclaration | None = None,
) -> Compared | None:
    """Plan to compare with: the given one, else the one that the plan names.

    Parameters
    ----------
    reader : Reader
        Gives each layer once.
    plan : LayerDeclaration
        The plan whose statement is made.
    ground : CertifiedLayer
        Municipal areas of the region.
    against : LayerDeclaration, optional
        Plan given by the user.

    Returns
    -------
    Compared or None
        None without a plan to compare with, or where its file is not there: it is unknown.

    Raises
    ------
    InputError
        `plan.against_itself`.
    """
    assert plan.plan is not None
    named = plan.plan.compare_with
    declared = {p.plan.id: p for p in reader.workspace.plans() if p.plan is not None}
    other = against or (declared.get(named) if named else None)
    if other is None:
        return None
    if other.name == plan.name:
        raise InputError("plan.against_itself", name=plan.plan.id)
    loaded = reader.layer(other)
    if loaded is None:
        return None
    frame = loaded.canonical.frame
    order = [str(d) for d in PLANNED_FIRST]
    layer = certify(frame, other, classes="development", order=order)
    placed = place(np.asarray(frame.geometry.values, dtype=object), ground)
    with_zones = placed.main_municipality(len(frame))
    full = float(frame.geometry.area.sum())
    lost = loaded.canonical.unmeasurable
    purposes = tuple(lost["arealformål"].fillna("").astype(str)) if len(lost) else ()
    return Compared(other, layer, spoken_for(other, with_zones), full, purposes)


def spoken_for(plan: LayerDeclaration, with_zones: Iterable[object]) -> frozenset[str]:
    """Name the municipalities that a plan speaks for: as declared, else where it has zones.

    `all` stands for those that the file has zones in: a municipality that did not deliver its plan
    has an unknown plan, not an empty one.
    """
    declared = [n for n in plan.coverage.municipalities if n != "all"]
    found = [str(m) for m in with_zones if m]
    everywhere = "all" in plan.coverage.municipalities
    return frozenset(declared + found if everywhere or not declared else declared)


def statement_tables(
    reader: Reader,
    measured: Measured,
    ground: CertifiedLayer,
    *,
    on_ground: Mapping[str, pd.DataFrame],
    level: Sequence[str],
    planned: frozenset[str],
    compared: Compared | None,
    indicators: Sequence[Indicator],
) -> pd.DataFrame:
    """Table `accounts`: cells of all statement tables, by every method.

    Parameters
    ----------
    reader : Reader
        Its registry has the tables and methods.
    measured : Measured
        What was measured of the plan.
    ground : CertifiedLayer
        Municipal areas of the region.
    on_ground : mapping
        Facts of the municipalities themselves.
    level : sequence of str
        Plan level (kp, rp) of each zone.
    planned : frozenset of str
        Municipalities that the plan speaks for.
    compared : Compared or None
        Plan to compare with; without one the tables that compare are left out.
    indicators : sequence of Indicator
        Figures that a table may repeat.

    Returns
    -------
    DataFrame
        Columns `CELL_COLUMNS`; areas in m².
    """
    numbers = [str(n) for n in ground.classes]
    inputs = StatementInputs(
        plan=measured.zones.plan,
        against=compared.id if compared else "",
        zones=measured.zones,
        level=np.asarray(level, dtype=object),
        tables=measured.once,
        ground=on_ground,
        area_m2=dict(zip(numbers, shapely.area(ground.polygons).tolist(), strict=True)),
        planned=planned,
        planned_before=compared.planned if compared else frozenset(),
        lost_before=frozenset(compared.without_geometry) if compared else frozenset(),
        methods=tuple(reader.registry.methods.values()),
        indicators=indicators,
        statistics=reader.statistics(),
    )
    tables = [
        one.function(inputs)
        for one in reader.registry.tables.values()
        if compared is not None or not one.spec.compares
    ]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=CELL_COLUMNS)
