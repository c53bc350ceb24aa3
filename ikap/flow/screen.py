"""What the command line shows of the layers of a workspace; words by catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ikap.texts import Catalogue, date_text, number

__all__ = ["layers_screen"]


def layers_screen(found: Sequence[Mapping[str, Any]], words: Catalogue) -> str:
    """Layers of a workspace, two or three lines each."""
    lines = []
    for layer in found:
        state = words.say("run.layer_present" if layer["present"] else "run.layer_absent")
        kind = words.words.get(f"kind.{layer['kind']}", layer["kind"])
        day = layer["dated"] and date_text(date.fromisoformat(layer["dated"]), words.lang)
        about = ", ".join(part for part in (layer["licence"], layer["owner"], day) if part)
        lines.append(f"{layer['name']:<18} {state:<9} {kind} – {layer['title'][words.lang]}")
        from_ = layer["path"]
        if layer["made_of"]:
            from_ = words.say("run.made_of", layers=", ".join(layer["made_of"]))
        lines.append(f"{'':<18} {'':<9} {from_} ({about})")
        if layer["holds"]:
            lines.append(f"{'':<18} {'':<9} {_held(layer['holds'], words)}")
        if layer["accuracy_unused"]:
            lines.append(f"{'':<18} {'':<9} {words.say('run.plan_accuracy')}")
        if not layer["present"] and layer["note"].get(words.lang):
            lines.append(f"{'':<18} {'':<9} {layer['note'][words.lang]}")
    return "\n".join(lines)


def _held(head: Mapping[str, Any], words: Catalogue) -> str:
    """What the head of the layer's file says, in one line."""
    count = words.say("inspect.count", count=number(head["count"], words.lang))
    place = words.say(f"inspect_place.{head['place']}") if head["place"] else ""
    crs = head["crs"] or words.say("inspect.no_crs")
    return ", ".join(part for part in (f"{count} ({head['geometry']})", crs, place) if part)
