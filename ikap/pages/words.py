"""Everything a page says, in one language: own words, results' codes, findings as sentences.

In: a `Catalogue` and the facts of `run.json`. Out: plain text; the templates escape it. To add a
word, add it under `[pages]` in both languages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ikap.pages.figures import Figure
from ikap.results import finding_sentence, parameter_text
from ikap.texts import Catalogue, area, date_text, distance, number, percent

__all__ = ["Words", "safe_link"]

Facts = Mapping[str, Any]
M2_IN_KM2 = 1_000_000.0
THIN = "\u202f"
DASH = "\u2013"


def safe_link(address: object) -> str:
    """The address if it is a web address, else an empty text."""
    text = str(address or "").strip()
    return text if text.lower().startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class Words:
    """The words of one page."""

    catalogue: Catalogue

    @property
    def lang(self) -> str:
        """Language code."""
        return self.catalogue.lang

    def __call__(self, key: str, /, **facts: object) -> str:
        """Own sentence of the pages."""
        return self.catalogue.say(f"pages.{key}", **facts)

    def either(self, *keys: str, default: str = "") -> str:
        """Words of the first key that has any."""
        for key in keys:
            if key in self.catalogue:
                return self.catalogue.words[key]
        return default

    def local(self, text: object, default: str = "") -> str:
        """A text by language in this language, or in the one there is."""
        if isinstance(text, Mapping):
            found = text.get(self.lang) or text.get("nb") or next(iter(text.values()), "")
            return str(found or default)
        return str(text or default)

    def area(self, m2: object) -> str:
        """Area in daa, or m² when small."""
        return area(_number(m2), self.lang)

    def amount(self, value: object, unit: str) -> str:
        """Value with its unit, as people say it."""
        known = _number(value)
        if unit == "m2":
            return area(known, self.lang)
        if unit == "m":
            return distance(known, self.lang)
        if unit == "km2":
            return f"{number(known / M2_IN_KM2, self.lang, digits=1)}{THIN}km²"
        if unit == "share":
            return percent(known, self.lang)
        if unit in ("count", "persons"):
            return number(known, self.lang)
        digits = 0 if known == round(known, 0) else 1
        return f"{number(known, self.lang, digits=digits)} {self.unit(unit)}".strip()

    def unknown(self, figure: Figure | None) -> str:
        """What is unknown beside a figure, in its unit; the word itself where all of it is."""
        if figure is None or math.isnan(figure.value) or math.isnan(figure.unknown):
            return self.status("unknown")
        return self.amount(figure.unknown, figure.unit)

    def figure(self, figure: Figure | None, unit: str = "") -> str:
        """A figure as text; the word for unknown where there is none."""
        if figure is None or not figure.known:
            return self.status("unknown")
        return self.amount(figure.value, unit or figure.unit)

    def interval(self, figure: Figure | None) -> str:
        """Interval of a figure from the map's accuracy; empty where it is not known."""
        if figure is None or math.isnan(figure.low):
            return ""
        low, high = (self.amount(end, figure.unit) for end in (figure.low, figure.high))
        bare, _, unit = low.rpartition(THIN)
        if bare and high.endswith(f"{THIN}{unit}"):
            return f"{bare}{DASH}{high}"
        return self.catalogue.say("accuracy.between", low=low, high=high)

    def unit(self, unit: str) -> str:
        """Unit in words."""
        return self.either(f"unit.{unit}", default=unit)

    def number(self, value: object, digits: int = 0) -> str:
        """Plain number."""
        return number(_number(value), self.lang, digits=digits)

    def share(self, part: float, whole: float) -> str:
        """Part of a whole in per cent."""
        return percent(part / whole if whole else float("nan"), self.lang)

    def day(self, text: object) -> str:
        """ISO date in words; empty if there is none."""
        try:
            return date_text(date.fromisoformat(str(text)[:10]), self.lang)
        except ValueError:
            return ""

    def status(self, status: str) -> str:
        """Words for a finding's status."""
        return self.catalogue.say(f"status.{status}")

    def role(self, role: str) -> str:
        """Words for a plan's role, with a capital."""
        text = self.either(f"role.{role}", default=role)
        return text[:1].upper() + text[1:]

    def role_of(self, plan: Facts) -> str:
        """What a plan is (`plan` of `run.json`): its role, or that it is interpreted."""
        if plan.get("made_of"):
            return self.catalogue.say("situation.title")
        return self.role(str(plan["role"]))

    def binding(self, status: str) -> str:
        """How binding a threshold is, as a whole sentence; empty if there is none."""
        return self.either(f"pages.binding.{status}") if status else ""

    def indicator(self, name: str) -> str:
        """Words for an indicator."""
        return self.either(f"indicator.{name}", default=name)

    def parameter(self, name: str) -> str:
        """Words for a parameter."""
        return self.either(f"pages.parameter.{name}", f"parameter.{name}", default=name)

    def land_class(self, code: str, run: Facts) -> str:
        """Words for a land class."""
        classes = run.get("classes") or {}
        fallback = self.either(f"class.{code}", default=code)
        return self.local(classes.get(code), fallback)

    def sentence(self, finding: Facts, run: Facts) -> str:
        """Sentences that explain one finding."""
        return finding_sentence(finding, run["parameters"], self.catalogue)

    def value(self, parameter: Facts) -> str:
        """A parameter's value with its unit."""
        return parameter_text(parameter, self.lang)

    def layer(self, name: object, run: Facts) -> str:
        """Title of a layer."""
        for layer in run.get("layers") or []:
            if layer["name"] == name:
                return self.local(layer.get("title"), str(name))
        return str(name or "")

    def layers(self, names: object, run: Facts) -> str:
        """Titles of the layers that a finding rests on; results keep them with commas between."""
        found = [name.strip() for name in str(names or "").split(",")]
        return ", ".join(self.layer(name, run) for name in found if name)


def _number(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]
