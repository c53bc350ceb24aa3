"""The two vintages of AR5 that the ground ledger compares, as `run.json` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ikap.errors import InputError
from ikap.facts import CertifiedLayer
from ikap.facts.farmland_vintages import AFTER, BEFORE, vintage

__all__ = ["vintages"]


def vintages(used: Mapping[str, tuple[CertifiedLayer, ...]]) -> dict[str, Any]:
    """Layer, title and date of each side; None where there is no land cover map.

    Parameters
    ----------
    used : mapping
        Certified layers by use (`[use]` in goals.toml).

    Returns
    -------
    dict
        `before` and `after`, each with `layer`, `title` and `dated` (None where nobody has said).

    Raises
    ------
    InputError
        `vintages.same` (one layer on both sides), `vintages.order` (the older map is not older).
    """
    found = {"before": vintage(used, BEFORE), "after": vintage(used, AFTER)}
    before, after = found["before"], found["after"]
    if before is not None and after is not None:
        names = {"before": before.name, "after": after.name}
        if before.name == after.name:
            raise InputError("vintages.same", **names)
        old, new = before.declaration.dated, after.declaration.dated
        if old is not None and new is not None and old >= new:
            days = {"old": old.isoformat(), "new": new.isoformat()}
            raise InputError("vintages.order", **names, **days)
    return {side: _told(layer) for side, layer in found.items()}


def _told(layer: CertifiedLayer | None) -> dict[str, Any] | None:
    if layer is None:
        return None
    declared = layer.declaration
    dated = declared.dated.isoformat() if declared.dated else None
    return {"layer": layer.name, "title": dict(declared.title), "dated": dated}
