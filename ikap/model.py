"""The nouns of ikap as frozen dataclasses: no file access, no geometry work, no words for users.

Every other room hands these to the next one. Start with `Finding`'s makers: a `Check` says which
facts and parameters it needs, the runner gives it `Zones`, `Facts` and `Parameters`, and gets
`Verdicts` back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "UNSETTLED",
    "Accuracy",
    "Check",
    "CheckFunction",
    "Correction",
    "Coverage",
    "Development",
    "Deviations",
    "Distances",
    "Edition",
    "End",
    "Fact",
    "Facts",
    "Goal",
    "Indicator",
    "LayerDeclaration",
    "MapDeclaration",
    "Measure",
    "Municipality",
    "Parameter",
    "ParameterStatus",
    "Parameters",
    "Place",
    "PlanDeclaration",
    "PlanPrecedence",
    "PlanRuling",
    "QualityRow",
    "Reason",
    "Region",
    "Status",
    "Text",
    "Verdicts",
    "Weights",
    "Zones",
]

Text = Mapping[str, str]
"""A text by language code: `{"nb": ..., "en": ...}`."""

FORBID = {"extra": "forbid"}
"""Declarations are read strictly: a key that is not a field is a fault (see `workspace`)."""

M2_PER = MappingProxyType({"m2": 1.0, "daa": 1000.0, "ha": 10_000.0, "km2": 1_000_000.0})
"""Square metres in one of each area unit that a parameter may use."""


Z_95 = 1.959964
"""Half a 95 % interval of the normal distribution, in standard deviations."""


class Status(StrEnum):
    """Outcome of one zone held against one check. There is no default status."""

    CONFLICT = "conflict"
    WARNING = "warning"
    OK = "ok"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Reason(StrEnum):
    """Why a status is `unknown` (empty for every other status)."""

    NO_LAYER = "no_layer"
    NO_COVERAGE = "no_coverage"
    NO_NETWORK = "no_network"  # too far from the nearest road of the network
    NO_PATH = "no_path"
    NO_PARAMETER = "no_parameter"
    BAD_GEOMETRY = "bad_geometry"
    NO_DATE = "no_date"
    NO_PURPOSE = "no_purpose"
    NO_USE_STATUS = "no_use_status"
    NO_WIDTH = "no_width"  # a line of the plan: how much ground it takes, nobody knows
    NO_PRECEDENCE = "no_precedence"  # which plan prevails must be settled by the planning authority


UNSETTLED = "uavklart"
"""In the place of arealformål where it is not settled which plan prevails."""


class ParameterStatus(StrEnum):
    """How binding a parameter is. Only `adopted` may give a conflict."""

    ADOPTED = "adopted"
    PROPOSAL = "proposal"
    ASSUMPTION = "assumption"


class Development(StrEnum):
    """What a zone means for development (domain.md 4.8)."""

    FUTURE = "future"  # development purpose, arealbruksstatus 2
    FURTHER = "further"  # development purpose, arealbruksstatus 3 (videreutvikling)
    ADOPTED = "adopted"  # development purpose, arealbruksstatus 1, or an adopted detail plan
    SPREAD = "spread"  # LNFR spredt (5200-series): own line, not planned development
    NONE = "none"  # not a development purpose
    UNCLEAR = "unclear"  # purpose or status is missing or not in the code list


# --- declarations (read by workspace.py) -------------------------------------------------------


@dataclass(frozen=True)
class Weights:
    """How a split municipality's figures are shared out (`[[history.weights]]`).

    `figures` are the columns that the shares are for (`personer`, `bebygd_km2`); none: all that can
    be added up. Residents and built-up ground are seldom shared alike.
    """

    __pydantic_config__ = FORBID

    share: Mapping[str, float]  # by number of successor; sums to 1
    source: str
    status: ParameterStatus
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Municipality:
    """One municipality of the region; numbers are text, always four digits."""

    __pydantic_config__ = FORBID

    number: str
    name: str
    valid_from: date
    valid_to: date | None = None
    successor: tuple[str, ...] = ()
    weights: tuple[Weights, ...] = ()


@dataclass(frozen=True)
class PlanPrecedence:
    """A plan's own rule of precedence (`[[plan_precedence]]` in region.toml), pbl § 1-5.

    `goes` says whether the plan goes before the others or gives way to them, `when` whether only by
    motstrid or always. It speaks of older plans alone, of the given levels, and where a day is
    given of those adopted before it or from it on. `others` says what its silence means for older
    reguleringsplaner that it does not name: `law` (the newer prevails), `keep` (they do) or
    `unclear` (the planning authority must say).
    """

    __pydantic_config__ = FORBID

    municipality: str
    plan: str  # planidentifikasjon of the plan that has the rule
    source: str
    status: ParameterStatus
    goes: Literal["before", "after"] = "before"
    when: Literal["motstrid", "always"] = "motstrid"
    levels: tuple[Literal["kp", "rp"], ...] = ("kp", "rp")
    plans: tuple[str, ...] = ()  # only these; all if empty
    adopted_before: date | None = None
    adopted_from: date | None = None
    others: Literal["law", "keep", "unclear"] = "unclear"
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class PlanRuling:
    """A planner's word on which plan prevails (`[[plan_rulings]]` of a plan made of others).

    Without `pieces`, `areas`, `over` and `municipality` it decides all ground of the plan.
    """

    __pydantic_config__ = FORBID

    plan: str  # planidentifikasjon of the plan that prevails
    reason: str
    who: str
    date: date
    over: tuple[str, ...] = ()  # only where one of these plans lies too
    pieces: tuple[str, ...] = ()  # zone_key of pieces in an earlier result
    areas: tuple[str, ...] = ()  # source_id of areas of the plan
    municipality: str | None = None


@dataclass(frozen=True)
class Place:
    """A centre in the region's hierarchy of places (regionsenter, kommunesenter, lokalsenter)."""

    __pydantic_config__ = FORBID

    name: str
    municipality: str
    level: str
    confirmed: bool = False


@dataclass(frozen=True)
class Region:
    """A named set of municipalities with its CRS and places (`layers/region.toml`)."""

    __pydantic_config__ = FORBID

    key: str
    name: Text
    crs: str
    municipalities: tuple[Municipality, ...]
    neighbours: tuple[Municipality, ...] = ()
    history: tuple[Municipality, ...] = ()
    as_of: date | None = None
    constructed: bool = False
    places: tuple[Place, ...] = ()
    basemap: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    plan_precedence: tuple[PlanPrecedence, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Numbers of the region's own municipalities, in number order."""
        return tuple(sorted(m.number for m in self.municipalities))


@dataclass(frozen=True)
class Goal:
    """One adopted goal of the region with its document and date (`layers/goals.toml`)."""

    __pydantic_config__ = FORBID

    number: int
    title: Text
    document: str
    dated: date | None = None


@dataclass(frozen=True)
class Coverage:
    """Where a layer is complete. Outside it the answer is `unknown`.

    `own_polygons` means that the layer's own polygons are its coverage (a map with a class
    everywhere, such as AR5): ground without a polygon is then not mapped, never "none".
    """

    __pydantic_config__ = FORBID

    municipalities: tuple[str, ...] = ()  # ("all",) = every municipality of the region
    layer: str | None = None
    own_polygons: bool = False


@dataclass(frozen=True)
class Correction:
    """A known fault in somebody else's file, mended in the open (`[[corrections]]`)."""

    __pydantic_config__ = FORBID

    where: Mapping[str, tuple[str, ...]]
    action: str
    reason: str
    reported: date
    expect: int
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanDeclaration:
    """What a zoning layer is as a plan (`[plan]` in its TOML)."""

    __pydantic_config__ = FORBID

    id: str
    role: str  # adopted | proposal | alternative
    as_of: date | None = None
    compare_with: str | None = None
    made_of: tuple[str, ...] = ()  # zoning layers that the plan is interpreted from


@dataclass(frozen=True)
class Accuracy:
    """How well the lines of a layer are placed, where its features do not say (`[accuracy]`).

    `metres` is the standard deviation across the line, so of each coordinate of its vertices;
    `methods` gives other values by the feature's `målemetode`.
    """

    __pydantic_config__ = FORBID

    metres: float
    source: str
    status: ParameterStatus
    methods: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerDeclaration:
    """One dataset as declared in `layers/NAME.toml`."""

    __pydantic_config__ = FORBID

    name: str
    kind: str
    title: Text
    owner: str
    licence: str
    source: Mapping[str, object]
    root: Path
    attribution: str = ""
    redistribute: bool = False
    constructed: bool = False
    metadata: str = ""
    dated: date | None = None
    note: Text = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    corrections: tuple[Correction, ...] = ()
    style: Mapping[str, str] = field(default_factory=dict)
    plan: PlanDeclaration | None = None
    plan_rulings: tuple[PlanRuling, ...] = ()
    accuracy: Accuracy | None = None
    file: str = ""  # the declaration's own file, for messages

    @property
    def made_of(self) -> tuple[str, ...]:
        """Layers that it is interpreted from; empty for a layer that is a file."""
        return self.plan.made_of if self.plan else ()


@dataclass(frozen=True)
class MapDeclaration:
    """One published map (`maps/NAME.toml`)."""

    __pydantic_config__ = FORBID

    name: str
    title: Text
    goal: int | None
    checks: tuple[str, ...]
    layers: tuple[str, ...]
    order: int = 0
    texts: Mapping[str, Text] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True)
class Edition:
    """What one portal shows of one region: result folders and map declarations."""

    key: str
    results: tuple[Path, ...]
    maps: tuple[MapDeclaration, ...]


# --- parameters ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A threshold with unit, source and status; never a bare number in code."""

    name: str
    value: float
    unit: str
    source: str
    valid_from: date
    status: ParameterStatus

    @property
    def m2(self) -> float:
        """Value in m²; raises `ValueError` for a unit that is no area."""
        if self.unit not in M2_PER:
            raise ValueError(f"{self.name}: {self.unit} is not an area")
        return self.value * M2_PER[self.unit]


@dataclass(frozen=True)
class Parameters(Mapping[str, Parameter]):
    """The parameter values that apply on one date, by name."""

    values_by_name: Mapping[str, Parameter]

    def __getitem__(self, name: str) -> Parameter:
        """Parameter of that name."""
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        """Names in stable order."""
        return iter(sorted(self.values_by_name))

    def __len__(self) -> int:
        """Number of parameters."""
        return len(self.values_by_name)


# --- what is measured ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Zones:
    """All zones of one plan as aligned arrays of length n, in stable order."""

    plan: str
    keys: NDArray[np.object_]
    municipality: NDArray[np.object_]  # the one that holds most of the zone; "" outside region
    purpose: NDArray[np.object_]  # arealformål as text, "" if missing
    use_status: NDArray[np.int64]  # arealbruksstatus, 0 if missing
    development: NDArray[np.object_]  # Development values
    area_m2: NDArray[np.float64]
    measurable: NDArray[np.bool_]  # False: geometry could not be repaired

    def __len__(self) -> int:
        """Number of zones."""
        return len(self.keys)


@dataclass(frozen=True)
class Measure:
    """One number per zone: what is known, and how much more the unknown part could add.

    `low` and `high` are the ends of the 95 % interval that the accuracy of the map gives the known
    part; NaN where that is not known. They say nothing of the unknown part. `fact` and `classes`
    say what was added up, so that the sum can be told piece by piece.
    """

    value: NDArray[np.float64]
    unknown: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    fact: str = ""
    classes: tuple[str, ...] = ()


class End(StrEnum):
    """Which end of its interval a figure is asked for."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Deviations:
    """Standard deviation in m² of the area of some classes taken together, by those classes.

    Borders between two classes do not count where the two are taken together, so a sum of classes
    has a deviation of its own. `single` and `shift` are the two cases of `measure.uncertainty`;
    the larger counts. `whole` is what no area can be larger than. `assumed` says where a deviation
    rests on an assumption; `oldest` and `newest` are when the land there was registered, in days
    since 1970-01-01, NaN where no date is given.
    """

    single: Mapping[frozenset[str], NDArray[np.float64]]
    shift: Mapping[frozenset[str], NDArray[np.float64]]
    whole: NDArray[np.float64]
    assumed: NDArray[np.bool_]
    oldest: NDArray[np.float64]
    newest: NDArray[np.float64]

    def of(self, classes: frozenset[str]) -> NDArray[np.float64]:
        """Larger of the two cases; of classes not measured together the sum, which is the most."""
        if classes in self.single:
            return np.maximum(self.single[classes], self.shift[classes])
        each = [self.of(own) for c in sorted(classes) if (own := frozenset({c})) in self.single]
        return np.asarray(np.sum([np.zeros(len(self.whole)), *each], axis=0), dtype=np.float64)

    def interval(
        self, classes: frozenset[str], value: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """95 % interval within 0 and the whole; NaN where nothing was found or stated."""
        half = np.where(value > 0, Z_95 * self.of(classes), np.nan)
        return np.maximum(value - half, 0.0), np.minimum(value + half, self.whole)


@dataclass(frozen=True)
class Fact:
    """A measured table, zone × class, with its unknown part, layer and reason.

    Units are m² for area facts and m for distances; `unknown` has the same unit and says how
    much of the zone could not be measured. `reason` is a `Reason` where `unknown` > 0.
    """

    name: str
    unit: str
    classes: tuple[str, ...]
    values: NDArray[np.float64]  # (n, classes)
    unknown: NDArray[np.float64]  # (n,)
    layer: NDArray[np.object_]  # (n,) layer that answered, "" where none did
    reason: NDArray[np.object_]  # (n,)
    worst: bool = False
    end: End | None = None
    deviations: Deviations | None = None
    parameters: tuple[str, ...] = ()  # of the method

    def total(self, classes: Sequence[str]) -> Measure:
        """Sum of the given classes per zone, in the fact's unit.

        When the runner asks for the worst case, the unknown part is counted as if all of it
        were of these classes; a verdict that changes by that is `unknown`. When it asks for an
        end of the interval, the value is that end, where the interval is known.
        """
        there = [c for c in classes if c in self.classes]
        columns = [self.classes.index(c) for c in there]
        known = self.values[:, columns].sum(axis=1) if columns else np.zeros(len(self.unknown))
        low = high = np.full(len(known), np.nan)
        if self.deviations is not None:
            low, high = self.deviations.interval(frozenset(there), known)
        if self.end is not None:
            asked = low if self.end == End.LOW else high
            known = np.where(np.isnan(asked), known, asked)
        value = known + self.unknown if self.worst else known
        return Measure(value, self.unknown, low, high, fact=self.name, classes=tuple(there))

    def at_worst(self) -> Fact:
        """Same fact, its unknown part counted as the worst class."""
        return replace(self, worst=True)

    def at_end(self, end: End) -> Fact:
        """Same fact, its sums at one end of their intervals."""
        return replace(self, end=end)


@dataclass(frozen=True)
class Distances:
    """Network distances in m from sample points of zones to the nearest target of each class.

    Sample points are rows, several to a zone, each with the area that it stands for. A distance
    that is not `certain` is the longest it can be: a nearer target may be missing from the data.
    `metres` is NaN where none is known; NaN and certain means that there is no such target.
    """

    name: str
    classes: tuple[str, ...]
    zone: NDArray[np.int64]  # (s,) position of the sample's zone among the n zones
    area_m2: NDArray[np.float64]  # (s,)
    metres: NDArray[np.float64]  # (s, classes)
    certain: NDArray[np.bool_]  # (s, classes)
    layer: NDArray[np.object_]  # (n,) network and target layers that answered
    reasons: NDArray[np.object_]  # (n, classes) `Reason` where a sample is not certain
    unit: str = "m"
    end: End | None = None  # end of the map's accuracy that a check is asked at
    parameters: tuple[str, ...] = ()  # of the method

    def at_worst(self) -> Distances:
        """Self: what is not certain is weighed by the check, sample by sample."""
        return self

    def at_end(self, end: End) -> Distances:
        """Same distances; a check that knows how sure they are answers for that end."""
        return replace(self, end=end)

    def column(self, name: str) -> NDArray[np.float64]:
        """Values of one class, by sample."""
        found: NDArray[np.float64] = self.metres[:, self.classes.index(name)]
        return found


@dataclass(frozen=True)
class Facts(Mapping[str, Fact]):
    """The facts that a check needs, by name: areas by `facts[name]`, distances by `distances`."""

    facts_by_name: Mapping[str, Fact]
    distances_by_name: Mapping[str, Distances] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Fact:
        """Area fact of that name."""
        return self.facts_by_name[name]

    def __iter__(self) -> Iterator[str]:
        """Names of area facts in stable order."""
        return iter(sorted(self.facts_by_name))

    def __len__(self) -> int:
        """Number of area facts."""
        return len(self.facts_by_name)

    def distances(self, name: str) -> Distances:
        """Distance fact of that name."""
        return self.distances_by_name[name]

    def either(self, name: str) -> Fact | Distances:
        """Fact of that name, whatever it measures."""
        return self.distances_by_name.get(name) or self.facts_by_name[name]

    def at_worst(self) -> Facts:
        """All facts with their unknown parts counted as the worst class."""
        areas = {name: fact.at_worst() for name, fact in self.facts_by_name.items()}
        return Facts(areas, self.distances_by_name)

    def at_end(self, end: End) -> Facts:
        """All facts at one end of their intervals."""
        areas = {name: fact.at_end(end) for name, fact in self.facts_by_name.items()}
        return Facts(areas, {n: far.at_end(end) for n, far in self.distances_by_name.items()})


# --- rules and outcomes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdicts:
    """What a check says of every zone; arrays of the zones' length.

    `told` are facts for the sentences: `*_m` metres, `*_m2` areas, `*_share` shares, `*_min`
    minutes, `*_key` a text key, `*_list` rows of such. A check that answers `unknown` itself may
    say why in `reason`.
    """

    status: NDArray[np.object_]
    measured: Measure
    limit: float | NDArray[np.float64]
    unit: str  # m2 | m | count
    text_key: NDArray[np.object_]
    sliver: NDArray[np.bool_]
    reason: NDArray[np.object_] | None = None
    told: Sequence[Mapping[str, object]] = ()


CheckFunction = Callable[[Zones, Facts, Parameters], Verdicts]


@dataclass(frozen=True)
class Check:
    """A rule of one goal: what it needs, when it applies, and its own words.

    `purposes` are beginnings of the codes of arealformål that the rule is about; empty for all.
    `subject` says what is held against it: the plan's areas, or its transport lines, which have
    a length and no area. Each of them gets one finding.
    """

    goal: int
    needs: tuple[str, ...]
    applies_to: tuple[Development, ...]
    valid_from: date
    parameters: Mapping[str, str]  # name -> unit
    texts: Mapping[str, Text]  # language -> key -> sentence
    legal: tuple[str, ...] = ()
    valid_to: date | None = None
    purposes: tuple[str, ...] = ()
    subject: Literal["areas", "lines"] = "areas"
    name: str = ""
    function: CheckFunction | None = None


@dataclass(frozen=True)
class Indicator:
    """One number per municipality and for the region, with what is unknown beside it."""

    indicator: str
    goal: int
    plan: str
    municipality: str  # number, or "region"
    value: float
    unknown: float
    unit: str
    direction: str  # lower | higher | none
    parameter_status: str = ""
    year: int = 0  # of a series; 0 for what belongs to no year
    low: float = float("nan")  # 95 % interval of the known part; NaN where it is not known
    high: float = float("nan")


@dataclass(frozen=True)
class QualityRow:
    """One thing done to, or wrong with, somebody's data: told, counted, never hidden."""

    layer: str
    source_id: str
    what: str  # text key under [quality]
    amount: float
    unit: str  # m2 | count | m
    facts: Mapping[str, object] = field(default_factory=dict)
