"""Text that tries to run, in every place where a file or a declaration may bring text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ikap.model import Edition, MapDeclaration
from ikap.results import Results, write

TEXTS = (
    "{{ 7*7 }}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "<img src=x onerror=window.hacked=1>",
    "</script><script>window.hacked=1</script>",
    "<!--<script>",
    "${window.hacked=1}",
    "`backtick`",
    "line\nbreak",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "\u2028\u2029 end",
)
ALL = " ".join(TEXTS)
ADDRESS = "javascript:window.hacked=1//https://x"
KEEP = {
    "key", "crs", "number", "name", "role", "kind", "status", "unit", "value", "id", "from",
    "valid_from", "as_of", "dated", "version", "sha256", "path", "started", "compare_with",
}  # fmt: skip


def poison(value: Any, key: str = "") -> Any:
    """Same structure, with hostile text wherever a text is only shown."""
    if isinstance(value, dict):
        return {k: poison(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(v, key) for v in value]
    if isinstance(value, str) and key not in KEEP:
        return ADDRESS if key in ("metadata", "accessibility", "link", "url") else ALL
    return value


def poisoned(results: Results, folder: Path) -> Results:
    """Results with hostile names, titles, sources, owners, notes, labels and keys."""
    run = poison(results.run)
    run["region"] |= {
        "basemap": {"url": ADDRESS, "attribution": ALL, "link": ADDRESS},
        "links": {"accessibility": ADDRESS},
        "constructed": False,
        "municipalities": [{**m, "name": ALL} for m in run["region"]["municipalities"]],
    }
    layers = {name: results.geodata(name) for name in ("zones", "pieces", "farmland")}
    zones = layers["zones"]
    keys = dict(zip(zones["zone_key"], [f"{k} {ALL}" for k in zones["zone_key"]], strict=True))
    for column in ("name", "purpose", "purpose_name", "source_id"):
        zones[column] = [f"{ALL} {i}" for i in range(len(zones))]
    zones["zone_key"] = zones["zone_key"].map(keys)
    layers["pieces"]["zone_key"] = layers["pieces"]["zone_key"].map(keys)
    for name, column in (("municipalities", "navn"), ("context", "label")):
        layers[name] = results.geodata(name)
        layers[name][column] = ALL
    findings, statement = results.findings.copy(), results.statement.copy()
    for table in (findings, statement):
        table["zone_key"] = table["zone_key"].map(keys)
    findings["finding_id"] = [f"{ALL} {i}" for i in range(len(findings))]
    return write(
        Results(
            findings=findings,
            statement=statement,
            indicators=results.indicators,
            quality=results.quality,
            provenance=results.provenance,
            run=run,
            layers=layers,
        ),
        folder,
    )


def edition(folder: Path) -> Edition:
    """One region whose map has hostile titles and texts too."""
    text = {"nb": ALL, "en": ALL}
    checks = ("farmland_conversion", "farmland_adopted_unbuilt")
    declared = MapDeclaration("jordvern", text, 2, checks, (), texts={"ingress": text})
    return Edition("fiendtlig", (folder,), (declared,))
