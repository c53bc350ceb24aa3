"""How each figure of a region was made: question, data in, steps, result, uncertainty, control.

In: the indicators of one plan. Out: one method for each family of figures that the plan has. To
tell of a new family, add its beginning to `FAMILIES` and its words under `[pages.figure_method]`.
"""

from __future__ import annotations

from ikap.pages.figures import REGION, Figure
from ikap.pages.method import Method
from ikap.pages.plan import Plan
from ikap.pages.words import Words
from ikap.results.ledger_words import unused_layers

__all__ = ["FAMILIES", "family_of", "figure_methods"]

FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "people_": ("people", ("population_grid", "network", "stops")),
    "population": ("population", ("population",)),
    "commuters": ("commuters", ("commuting",)),
    "builtup": ("builtup", ("builtup",)),
    "dwellings_needed": ("need", ("population",)),
    "dwelling": ("dwellings", ("zoning", "network", "centres")),
    "reach_share": ("reach", ("zoning", "network", "stops", "centres")),
    "farmland_adopted": ("unbuilt", ("zoning", "landcover", "farmland", "buildings")),
    "farmland_stock": ("stock", ("landcover", "farmland")),
    "farmland_transport": ("transport", ("zoning", "landcover", "farmland")),
    "transport_lines": ("transport", ("zoning", "landcover", "farmland")),
    "farmland": ("conversion", ("zoning", "landcover", "farmland")),
    "planned_area": ("planned", ("zoning",)),
    "commercial_planned": ("commercial_plan", ("zoning",)),
    "commercial_possible": ("commercial_plan", ("zoning",)),
    "commercial": ("commercial", ("commercial",)),
}
"""Beginning of an indicator's name: family of the method, and kinds of layers behind it."""

MAIN = {
    "people": "people_near_station",
    "conversion": "farmland_planned_conversion",
    "dwellings": "dwelling_potential",
}
"""The figure that stands for its family, where it is not the first by name."""


def family_of(indicator: str) -> str:
    """Family of an indicator's method; empty if nobody has told how it is made.

    Examples
    --------
    >>> family_of("farmland_planned_conversion_21")
    'conversion'
    """
    return next((own for start, (own, _) in FAMILIES.items() if indicator.startswith(start)), "")


def figure_methods(plan: Plan, words: Words) -> list[Method]:
    """One method per family of figures that the plan has, in the order of `FAMILIES`."""
    first: dict[str, str] = {}
    for indicator in plan.figures.goals:
        first.setdefault(family_of(indicator), indicator)
    first |= {
        own: main for own, main in MAIN.items() if own in first and main in plan.figures.goals
    }
    kinds = dict(FAMILIES.values())
    families = [own for own in kinds if own in first]
    return [_method(plan, own, first[own], kinds[own], words) for own in families]


def _method(
    plan: Plan, family: str, indicator: str, kinds: tuple[str, ...], words: Words
) -> Method:
    older = unused_layers("", plan.run)  # an earlier map is behind the ground ledger alone
    layers = [
        words.layer(str(row["name"]), plan.run)
        for row in plan.run.get("layers") or []
        if row.get("kind") in kinds and row.get("present") and row["name"] not in older
    ]
    name = f"figure_method.{family}"
    told = {
        "question": words(f"{name}.question"),
        "data": words("figure_method.data", layers=", ".join(layers))
        if layers
        else words("figure_method.no_data"),
        "steps": words(f"{name}.steps"),
        "result": _result(plan, indicator, words),
        "uncertainty": words(f"{name}.uncertainty"),
        "control": words("figure_method.control"),
    }
    parts = tuple((words(f"method_words.{part}"), text) for part, text in told.items())
    return Method(words(f"{name}.title"), (), parts)


def _result(plan: Plan, indicator: str, words: Words) -> str:
    """Latest figure of the whole region, with what is unknown; it stands in the tables too."""
    years = plan.figures.years[indicator]
    found: Figure | None = plan.figures.at(indicator, REGION, years[-1])
    if found is None:
        return words("figure_method.in_tables")
    label = words.catalogue.say(f"indicator.{indicator}")
    year = f", {years[-1]}" if years[-1] else ""
    facts = {"label": f"{label}{year}", "value": words.figure(found)}
    said = words("figure_method.result", unknown=words.unknown(found) or "–", **facts)
    between = words.interval(found)
    return f"{said} {words('figure_method.interval', between=between)}" if between else said
