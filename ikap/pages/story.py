"""What a proposal means in five screens: what it takes, where, one area, what if, what not.

In: a proposal and the alternative that is held against it. Out: `Screen`, pure data. Told for every
region that has such a pair; all words come from the catalogue, all figures from the results.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import shapely

from ikap.pages.answers import check_title, judged
from ikap.pages.chart import Overview, overview
from ikap.pages.figures import REGION, Figure
from ikap.pages.links import Links, area_link
from ikap.pages.method import LayerRow, ParameterRow, layer_rows, parameter_rows
from ikap.pages.plan import Plan
from ikap.pages.sketch import Sketch, pins, sketch
from ikap.pages.tables import Area, FindingRow, areas, counts_of
from ikap.pages.words import Words

__all__ = ["SCREENS", "Pair", "Screen", "pair_of", "screens"]

SCREENS = 5
CHECK = "farmland_conversion"
PLANNED = "farmland_planned_conversion"
CLASSES = ("21", "22", "23", "20")
TOP = 3
PIN_ROOM = 40
POTENTIAL = ("dwelling_potential", "dwellings_potential")
POSSIBLE = ("dwelling_possible", "dwelling_potential_possible")
NEED = ("dwelling_need", "dwellings_needed")
REACH = ("reach_share",)
MINUS, PLUS = "\u2212", "+"
NEW = ("future", "further")


@dataclass(frozen=True)
class Pair:
    """A proposal, an alternative to it, and the adopted plan if there is one."""

    proposal: Plan
    alternative: Plan
    adopted: Plan | None


@dataclass(frozen=True)
class Part:
    """One class of what a plan takes, with its bar in per mille."""

    code: str
    label: str
    text: str
    x: int
    width: int


@dataclass(frozen=True)
class Top:
    """One of the areas that take most."""

    rank: int
    area: Area
    finding: FindingRow
    href: str
    pin: tuple[int, int] | None  # of the number on the map, and of the area itself
    spot: tuple[int, int] | None
    instead: str  # what the alternative says of the place


@dataclass(frozen=True)
class Compared:
    """One figure in two plans, and the difference; unknown says why."""

    label: str
    proposal: str
    alternative: str
    difference: str
    why: str
    bars: tuple[int, int] = (0, 0)
    unknown: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Screen:
    """One screen of the story."""

    number: int
    title: str
    lead: str
    region: str
    plan: str
    constructed: bool
    as_of: str
    version: str
    crs: str
    total: str = ""
    unknown: str = ""
    adopted: str = ""
    parts: tuple[Part, ...] = ()
    places: tuple[tuple[str, str, str, str, str], ...] = ()  # number, name, href, text, unknown
    top: tuple[Top, ...] = ()
    drawn: Overview = field(default_factory=Overview)
    opened: Top | None = None
    pieces: tuple[tuple[str, str, str, str], ...] = ()  # class, area, source, accuracy
    sketch: Sketch | None = None
    parameters: tuple[ParameterRow, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    compared: tuple[Compared, ...] = ()
    reasons: tuple[tuple[str, str, str], ...] = ()  # check, reason, count
    missing: tuple[LayerRow, ...] = ()


def pair_of(plans: Sequence[Plan]) -> Pair | None:
    """Proposal and alternative of a region, if there are both and they are to be compared."""
    there = [p for p in plans if not p.missing and not p.interpreted]
    by_role = {role: [p for p in there if p.role == role] for role in _ROLES}
    for proposal in by_role["proposal"]:
        for alternative in by_role["alternative"]:
            if alternative.run["plan"].get("compare_with") == proposal.id:
                adopted = next(iter(by_role["adopted"]), None)
                return Pair(proposal, alternative, adopted)
    return None


_ROLES = ("proposal", "alternative", "adopted")


def screens(pair: Pair, links: Links, words: Words) -> list[Screen]:
    """The five screens, in one language."""
    top = _top(pair, links, words)
    makers = (_takes, _where, _opened, _instead, _not_known)
    return [make(pair, top, links, words) for make in makers]


def _screen(pair: Pair, number: int, words: Words, **facts: object) -> Screen:
    run = pair.proposal.run
    told = {key: str(value) for key, value in facts.items()}
    return Screen(
        number=number,
        title=words(f"story.title_{number}", **told),
        lead=words(f"story.lead_{number}", **told),
        region=words.local(run["region"]["name"]),
        plan=words.local(run["plan"]["title"], pair.proposal.id),
        constructed=pair.proposal.constructed,
        as_of=words.day(run.get("as_of")),
        version=str(run["toolkit"]["version"]),
        crs=str(run["region"]["crs"]),
    )


def _takes(pair: Pair, top: tuple[Top, ...], links: Links, words: Words) -> Screen:
    """Screen 1: what the proposal takes, by class, and what is not known."""
    del top
    figures = pair.proposal.figures
    total = figures.at(PLANNED, REGION)
    values = [figures.value(f"{PLANNED}_{code}", REGION) for code in CLASSES]
    screen = _screen(pair, 1, words, total=words.figure(total))
    adopted = pair.adopted.figures.at(PLANNED, REGION) if pair.adopted else None
    found = [(n, name, figures.at(PLANNED, n)) for n, name in pair.proposal.members]
    return replace(
        screen,
        total=words.figure(total),
        unknown=words.unknown(total),
        adopted=words("story.adopted", total=words.figure(adopted)) if adopted else "",
        parts=_parts(total, values, words, pair.proposal),
        places=tuple(
            (n, name, links.places[n], words.figure(f), words.unknown(f)) for n, name, f in found
        ),
    )


def _parts(
    total: Figure | None, values: Sequence[float], words: Words, plan: Plan
) -> tuple[Part, ...]:
    if total is None or not total.known or any(math.isnan(v) for v in values):
        return ()
    rows = [(c, v) for c, v in zip(CLASSES, values, strict=True) if v > 0]
    if not rows:
        return ()
    out, x = [], 0
    for code, value in rows:
        width = round(1000 * value / total.value)
        out.append(Part(code, words.land_class(code, plan.run), words.area(value), x, width))
        x += width
    return tuple(out)


def _top(pair: Pair, links: Links, words: Words) -> tuple[Top, ...]:
    """Areas of the proposal that take most farmland, the largest first."""
    plan = pair.proposal
    rows = [(a, f) for a in areas(plan, [CHECK], words) if (f := a.of(CHECK)) is not None]
    rows = [(a, f) for a, f in rows if f.measured > 0]
    rows.sort(key=lambda row: (-row[1].measured, row[0].key))
    link = links.map_with(plan.slug, CHECK)
    points = pins(plan, [a.key for a, _ in rows[:TOP]])
    drawn = overview(plan)
    placed = {k: drawn.at(*points[k]) for k in points} if drawn.shapes else {}
    spread = _spread([placed[a.key] for a, _ in rows[:TOP] if a.key in placed])
    where = dict(zip([a.key for a, _ in rows[:TOP] if a.key in placed], spread, strict=True))
    return tuple(
        Top(
            rank=i + 1,
            area=area,
            finding=finding,
            href=area_link(link, area.key),
            pin=where.get(area.key),
            spot=placed.get(area.key),
            instead=_in_alternative(pair, area, points, words),
        )
        for i, (area, finding) in enumerate(rows[:TOP])
    )


def _spread(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Points moved up or down until no two numbers cover each other."""
    out: list[tuple[int, int]] = []
    for x, y in points:
        free = (y + sign * step for step in range(0, 400, 4) for sign in (-1, 1))
        far = (
            here
            for here in free
            if all(math.hypot(x - px, here - py) >= PIN_ROOM for px, py in out)
        )
        out.append((x, next(far, y)))
    return out


def _in_alternative(
    pair: Pair, area: Area, points: dict[str, tuple[float, float]], words: Words
) -> str:
    """What the alternative sets the place aside for."""
    zones = pair.alternative.layer("zones")
    if zones is None or area.key not in points:
        return words.status("unknown")
    here = zones.iloc[zones.sindex.query(shapely.Point(points[area.key]), predicate="within")]
    for row in here.to_dict("records"):
        if row["development"] in NEW:
            return words("story.still", name=row["name"] or row["zone_key"])
    if here.empty:
        return words("story.gone")
    first = here.iloc[0]
    return words("story.instead", purpose=f"{first['purpose']} {first['purpose_name']}".strip())


def _where(pair: Pair, top: tuple[Top, ...], links: Links, words: Words) -> Screen:
    """Screen 2: the areas that take most, on the map."""
    del links
    taken = sum(t.finding.measured for t in top)
    total = pair.proposal.figures.value(PLANNED, REGION)
    facts = {"count": len(top), "taken": words.area(taken), "share": words.share(taken, total)}
    return replace(_screen(pair, 2, words, **facts), top=top, drawn=overview(pair.proposal))


def _opened(pair: Pair, top: tuple[Top, ...], links: Links, words: Words) -> Screen:
    """Screen 3: one of them opened: pieces, rule, source, accuracy."""
    del links
    plan = pair.proposal
    if not top:
        return _screen(pair, 3, words, name=words("story.none"), measured=words.area(0.0))
    first = top[0]
    run = plan.run
    own = {name.strip() for name in _layers_of(plan, first.finding.id)}
    screen = _screen(pair, 3, words, name=first.area.name, measured=first.finding.measured_text)
    return replace(
        screen,
        opened=first,
        pieces=_pieces(plan, first.area.key, words),
        sketch=sketch(plan, first.area.key, words),
        parameters=tuple(parameter_rows(run, [CHECK], words)),
        layers=tuple(layer_rows(run, words, frozenset(own))),
    )


def _layers_of(plan: Plan, finding: str) -> list[str]:
    frame = plan.results.findings
    found = frame.loc[frame["finding_id"] == finding, "layer"]
    zoning = [r["name"] for r in plan.run["layers"] if r["kind"] == "zoning" and r["present"]]
    return [*str(found.iloc[0]).split(","), *zoning]


def _pieces(plan: Plan, key: str, words: Words) -> tuple[tuple[str, str, str, str], ...]:
    """Pieces of farmland in one area, the largest first: figures, never coordinates."""
    frame = plan.results.geodata("pieces")
    if frame is None:
        return ()
    own = frame[frame["zone_key"] == key].sort_values(
        ["area_m2", "class"], ascending=[False, True], kind="stable"
    )
    stated = own["accuracy_cm"] if "accuracy_cm" in own else [math.nan] * len(own)
    columns = (own["class"], own["area_m2"], own["source_layer"], stated)
    return tuple(
        (
            words.land_class(str(code), plan.run),
            words.area(m2),
            words.layer(layer, plan.run),
            words("story.accuracy_stated", metres=words.number(cm / 100, digits=1))
            if not math.isnan(cm)
            else words("story.accuracy_silent"),
        )
        for code, m2, layer, cm in zip(*columns, strict=True)
    )


def _instead(pair: Pair, top: tuple[Top, ...], links: Links, words: Words) -> Screen:
    """Screen 4: the alternative beside the proposal."""
    del links
    rows = [_compare(pair, (PLANNED,), words)]
    rows += [
        _compare(pair, (f"{PLANNED}_{code}",), words)
        for code in CLASSES
        if pair.proposal.figures.value(f"{PLANNED}_{code}", REGION) > 0
    ]
    rows += [_compare(pair, POTENTIAL, words)]
    if any(n in pair.proposal.figures.goals for n in POSSIBLE):
        rows.append(_compare(pair, POSSIBLE, words))
    rows += [_compare(pair, NEED, words), _compare(pair, REACH, words)]
    rows += [_counts(pair, name, words) for name in ("stop_distance", "service_distance")]
    saved = pair.proposal.figures.value(PLANNED, REGION) - pair.alternative.figures.value(
        PLANNED, REGION
    )
    screen = _screen(pair, 4, words, saved=words.area(saved))
    return replace(screen, compared=tuple(rows), top=top)


def _compare(pair: Pair, names: tuple[str, ...], words: Words) -> Compared:
    """One indicator, by the first of its names that either plan has."""
    plans = (pair.proposal, pair.alternative)
    name = next((n for n in names if any(n in p.figures.goals for p in plans)), names[0])
    found = [p.figures.one(name, REGION) for p in plans]
    label = words.either(f"indicator.{name}", f"pages.story.row.{names[0]}", default=name)
    a, b = (f.value if f else math.nan for f in found)
    unit = next((f.unit for f in found if f), "")
    why = "" if not math.isnan(a + b) else words(f"story.why.{_why(found)}")
    longest = max((v for v in (a, b) if not math.isnan(v)), default=0.0)
    bars = tuple(0 if math.isnan(v) or longest <= 0 else round(300 * v / longest) for v in (a, b))
    return Compared(
        label,
        words.figure(found[0]),
        words.figure(found[1]),
        _difference(b - a, unit, words),
        why,
        (bars[0], bars[1]),
        (_part_unknown(found[0], words), _part_unknown(found[1], words)),
    )


def _why(found: Sequence[Figure | None]) -> str:
    return "not_measured" if not any(found) else "no_data"


def _part_unknown(figure: Figure | None, words: Words) -> str:
    if figure is None or not figure.known or not figure.unknown > 0:
        return ""
    return words("index.unknown_is", amount=words.unknown(figure))


def _difference(value: float, unit: str, words: Words) -> str:
    if math.isnan(value):
        return words.status("unknown")
    if unit == "share":
        return words("story.points", value=_signed(words.number(abs(value) * 100, 1), value))
    return _signed(words.amount(abs(value), unit), value)


def _signed(text: str, value: float) -> str:
    return f"{MINUS}{text}" if value < 0 else f"{PLUS}{text}" if value > 0 else text


def _counts(pair: Pair, check: str, words: Words) -> Compared:
    """Areas that a check has nothing to say against, in both plans."""
    counts = [counts_of(p).get(check) or Counter() for p in (pair.proposal, pair.alternative)]
    known = [judged(c) - c["unknown"] for c in counts]
    texts = [
        words("goal_figure.of", part=words.number(c["ok"]), whole=words.number(k))
        if k
        else words.status("unknown")
        for c, k in zip(counts, known, strict=True)
    ]
    both = all(known)
    gone = counts[1]["ok"] - counts[0]["ok"]
    unknown = sum(c["unknown"] for c in counts)
    title = check_title(pair.proposal, check, words)
    label = words.either(f"pages.goal_figure.{check}", default=title)
    why = words("story.why.counts", count=words.number(unknown)) if unknown else ""
    return Compared(
        label[:1].upper() + label[1:],
        texts[0],
        texts[1],
        _signed(words.number(abs(gone)), gone) if both else words.status("unknown"),
        why,
    )


def _not_known(pair: Pair, top: tuple[Top, ...], links: Links, words: Words) -> Screen:
    """Screen 5: what the tool does not know, what it has not read, and who decides."""
    plan = pair.proposal
    frame = plan.results.findings
    unknown = frame[frame["status"] == "unknown"]
    counts = Counter(zip(unknown["check"].to_list(), unknown["reason"].to_list(), strict=True))
    rows = [
        (
            check_title(plan, check, words),
            words.either(f"reason.{reason}", default=reason),
            words.number(n),
        )
        for (check, reason), n in sorted(counts.items())
    ]
    layers = layer_rows(plan.run, words)
    used = {"context", "zoning"}
    checks = [c["name"] for c in plan.run.get("checks") or []]
    assumed = [p for p in parameter_rows(plan.run, checks, words) if p.status != "adopted"]
    return replace(
        _screen(pair, 5, words, count=words.number(len(unknown))),
        reasons=tuple(rows),
        missing=tuple(row for row in layers if not row.present and row.kind not in used),
        parameters=tuple(assumed),
        places=tuple((n, name, links.places[n], "", "") for n, name in plan.members),
        top=top,
    )
