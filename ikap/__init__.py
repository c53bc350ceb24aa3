"""ikap: GIS toolkit for intermunicipal land-use planning (interkommunal arealplanlegging).

The public API is the verbs of the command line, one for one:

    import ikap
    workspace = ikap.open_workspace(".")
    results = ikap.check(workspace, plan="forslag.gpkg")
    results.findings, results.indicators, results.statement, results.run

Verbs are imported when they are first used, so that `import ikap` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ikap.facts import area_by_class
    from ikap.flow import (
        check,
        check_all,
        demo,
        explain,
        init,
        inspect,
        layers,
        publish,
        read,
        run,
        serve,
        statement,
    )
    from ikap.results import read as read_results
    from ikap.workspace import open_workspace

__version__ = "0.1.0"

__all__ = [
    "area_by_class",
    "check",
    "check_all",
    "demo",
    "explain",
    "init",
    "inspect",
    "layers",
    "open_workspace",
    "publish",
    "read",
    "read_results",
    "run",
    "serve",
    "statement",
]

_ELSEWHERE = {
    "area_by_class": ("ikap.facts", "area_by_class"),
    "open_workspace": ("ikap.workspace", "open_workspace"),
    "read_results": ("ikap.results", "read"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (any public verb)
    """Import a public verb on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'ikap' has no attribute {name!r}")
    module, attribute = _ELSEWHERE.get(name, ("ikap.flow", name))
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted([*globals(), *__all__])
