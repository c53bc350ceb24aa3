"""Errors and findings' facts as sentences, in the order: where, what, why, what to do."""

from __future__ import annotations

from ikap.errors import Fault, IkapError
from ikap.texts.catalogue import Catalogue

__all__ = ["error_text", "fault_text"]

SHOWN_IDS = 10


class _Facts(dict[str, object]):
    """Facts of a message; one that is missing shows its name instead of stopping the message."""

    def __missing__(self, key: str) -> str:
        return f"({key})"


def error_text(error: IkapError, catalogue: Catalogue) -> str:
    """All faults of an error as text for the user, one block each, most telling facts first."""
    blocks = [fault_text(fault, catalogue) for fault in error.faults]
    if len(blocks) > 1:
        blocks.insert(0, catalogue.say("error_frame.count", count=len(blocks)))
    return "\n".join(blocks)


def fault_text(fault: Fault, catalogue: Catalogue) -> str:
    """One fault as text: where, what, why, what to do; ten feature ids at most."""
    facts = _Facts({k: v for k, v in fault.facts.items() if v is not None})
    facts.setdefault("file", fault.file or "")
    lines = []
    for part in ("what", "why", "do"):
        template = catalogue.words.get(f"error.{fault.key}.{part}")
        if template:
            lines.append(_without_empty_questions(template, facts).format_map(facts))
    if not lines:
        lines.append(f"{fault.key} {dict(facts)}")
    text = f"{_where(fault, catalogue)}: {lines[0]}"
    if fault.ids:
        lines.insert(1, _ids(fault.ids, catalogue))
    return "\n  ".join([text, *lines[1:]])


def _without_empty_questions(template: str, facts: _Facts) -> str:
    """Drop the question about the nearest word where there is none near."""
    if "{nearest}" in template and not facts.get("nearest"):
        return template.split("? ", 1)[1] if "? " in template else ""
    return template


def _where(fault: Fault, catalogue: Catalogue) -> str:
    if fault.file and fault.layer:
        return catalogue.say("error_frame.in_layer", file=fault.file, layer=fault.layer)
    if fault.file:
        return catalogue.say("error_frame.in_file", file=fault.file)
    return catalogue.say("error_frame.head")


def _ids(ids: tuple[str, ...], catalogue: Catalogue) -> str:
    shown = ", ".join(ids[:SHOWN_IDS])
    if len(ids) > SHOWN_IDS:
        return catalogue.say("error_frame.more_ids", ids=shown, more=len(ids) - SHOWN_IDS)
    return catalogue.say("error_frame.ids", ids=shown)
