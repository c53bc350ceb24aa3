"""What ikap can do, found by folder: kinds, sources, facts, checks and accounts.

A file is found by lying in its room and having the room's name in it (`KIND`, `FACT`, `CHECK`,
`ACCOUNT`, or `read` for a source). A workspace may bring checks of its own in `checks/`.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from ikap.accounts import AccountInputs, AccountSpec, ReserveMethod, StatementInputs, TableSpec
from ikap.checks import national_parameters
from ikap.errors import Fault, InputError
from ikap.facts import FactSpec
from ikap.model import Check, Indicator, LayerDeclaration
from ikap.texts import LANGUAGES, Catalogue
from ikap.workspace import Workspace

__all__ = ["Account", "Registry", "catalogues", "discover"]

SLIP = 0.88
"""Likeness (0 to 1) above which an unused name is taken for a slip of the pen."""
Measurer = Callable[[Any], Any]
Lister = Callable[[Any, Any], list[pd.DataFrame]]


@dataclass(frozen=True)
class Account:
    """An account and its function."""

    spec: AccountSpec
    function: Callable[[AccountInputs], list[Indicator]]


@dataclass(frozen=True)
class StatementTable:
    """A statement's table and its function."""

    spec: TableSpec
    function: Callable[[StatementInputs], pd.DataFrame]


@dataclass(frozen=True)
class Registry:
    """Everything that was found, by name."""

    kinds: Mapping[str, ModuleType]
    sources: Mapping[str, ModuleType]
    facts: Mapping[str, FactSpec]
    measurers: Mapping[str, Measurer]
    listers: Mapping[str, Lister]  # of facts that can list the pieces of a figure
    checks: Mapping[str, Check]
    accounts: Mapping[str, Account]
    tables: Mapping[str, StatementTable]
    methods: Mapping[str, ReserveMethod]

    def kind_of(self, layer: LayerDeclaration) -> ModuleType:
        """Module of the layer's kind."""
        return self.kinds[layer.kind]

    def source_of(self, layer: LayerDeclaration) -> ModuleType:
        """Module of the layer's source."""
        return self.sources[str(layer.source["from"])]


def discover(workspace: Workspace) -> Registry:
    """Find all rooms' files, and hold the workspace's names against them.

    Parameters
    ----------
    workspace : Workspace
        Its layers, maps and own checks must name things that exist.

    Returns
    -------
    Registry
        Names in alphabetical order; of the checks those whose goal the region has.

    Raises
    ------
    InputError
        All wrong names together (`toml.kind_unknown`, `toml.source_unknown`,
        `toml.check_unknown`, `check.broken`, `check.needs`), with the nearest valid one, and
        layers in `[use]` that are of another kind (`toml.use_kind`).
    """
    facts = {m.FACT.name: m for m in _modules("ikap.facts", "FACT")}
    faults: list[Fault] = []
    checks = _checks(workspace.local_checks, faults)
    registry = Registry(
        kinds={m.KIND: m for m in _modules("ikap.kinds", "KIND")},
        sources={m.__name__.rsplit(".", 1)[-1]: m for m in _modules("ikap.sources", "read")},
        facts={name: m.FACT for name, m in facts.items()},
        measurers={name: m.measure for name, m in facts.items()},
        listers={name: m.listed for name, m in facts.items() if hasattr(m, "listed")},
        checks=checks,
        accounts={
            m.ACCOUNT.name: Account(m.ACCOUNT, m.account)
            for m in _modules("ikap.accounts", "ACCOUNT")
        },
        tables={
            m.TABLE.name: StatementTable(m.TABLE, m.table)
            for m in _modules("ikap.accounts", "TABLE")
        },
        methods={m.METHOD.name: m.METHOD for m in _modules("ikap.accounts", "METHOD")},
    )
    faults += _wrong_names(workspace, registry)
    if faults:
        raise InputError.of(faults)
    goals = {goal.number for goal in workspace.goals}
    own = {name: check for name, check in checks.items() if check.goal in goals}
    return dataclasses.replace(registry, checks=own)


def catalogues(checks: Mapping[str, Check]) -> dict[str, Catalogue]:
    """Catalogue per language: shared words and every check's own (`check.<name>.<key>`)."""
    found = {}
    for lang in LANGUAGES:
        own = {
            f"check.{name}.{key}": sentence
            for name, check in checks.items()
            for key, sentence in check.texts.get(lang, {}).items()
        }
        found[lang] = Catalogue.load(lang, own)
    return found


def _modules(room: str, mark: str) -> Iterator[ModuleType]:
    package = importlib.import_module(room)
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{room}.{info.name}")
        if hasattr(module, mark) and mark in getattr(module, "__all__", ()):
            yield module


def _checks(local: tuple[Path, ...], faults: list[Fault]) -> dict[str, Check]:
    found = {}
    for module in _modules("ikap.checks", "CHECK"):
        name = module.__name__.rsplit(".", 1)[-1]
        found[name] = dataclasses.replace(module.CHECK, name=name, function=module.check)
    for path in local:
        try:
            module = _load(path)
            found[path.stem] = dataclasses.replace(
                module.CHECK, name=path.stem, function=module.check
            )
        except Exception as error:  # noqa: BLE001 (somebody else's file: any fault is told by name)
            detail = f"{type(error).__name__}: {error}"
            faults.append(Fault("check.broken", str(path), facts={"detail": detail}))
    return dict(sorted(found.items()))


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"ikap_workspace_checks_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _wrong_names(workspace: Workspace, registry: Registry) -> Iterator[Fault]:
    for layer in workspace.layers.values():
        yield from _wrong("toml.kind_unknown", layer.file, layer.kind, registry.kinds)
        source = str(layer.source.get("from", ""))
        if not layer.made_of:
            yield from _wrong("toml.source_unknown", layer.file, source, registry.sources)
    for page in workspace.maps.values():
        for name in page.checks:
            yield from _wrong("toml.check_unknown", page.file, name, registry.checks)
    yield from _misspelt(workspace, registry)
    yield from _misplaced(workspace, registry)
    for name, check in registry.checks.items():
        for fact in check.needs:
            if fact not in registry.facts:
                told = {"name": name, "fact": fact, "valid": ", ".join(registry.facts)}
                yield Fault("check.needs", facts=told)


def _misplaced(workspace: Workspace, registry: Registry) -> Iterator[Fault]:
    """Layers under a name in `[use]` that asks for layers of another kind."""
    file = str(workspace.root / "layers" / "goals.toml")
    kinds: dict[str, list[str]] = {}
    for kind, module in registry.kinds.items():
        for use in getattr(module, "USES", (kind,)):
            kinds.setdefault(use, []).append(kind)
    for use, names in workspace.use.items():
        for layer in (workspace.layers[name] for name in names):
            if use in kinds and layer.kind in registry.kinds and layer.kind not in kinds[use]:
                facts = {"use": use, "name": layer.name, "kind": layer.kind}
                yield Fault("toml.use_kind", file, facts={**facts, "valid": ", ".join(kinds[use])})


def _misspelt(workspace: Workspace, registry: Registry) -> Iterator[Fault]:
    """Names in goals.toml that nothing asks for, and that are all but a name that is asked for."""
    file = str(workspace.root / "layers" / "goals.toml")
    uses = {use for spec in registry.facts.values() for use in spec.uses} | set(registry.kinds)
    limits = {name for check in registry.checks.values() for name in check.parameters}
    limits |= {name for spec in registry.facts.values() for name in spec.parameters}
    limits |= set(national_parameters())
    pairs = [(f"use.{use}", use, uses) for use in workspace.use]
    pairs += [(name, name, limits) for name in workspace.parameters]
    for told, name, known in pairs:
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=SLIP)
        if name not in known and near:
            facts = {"name": told, "nearest": near[0], "valid": ", ".join(sorted(known))}
            yield Fault("toml.key_unknown", file, facts=facts)


def _wrong(key: str, file: str, name: str, valid: Mapping[str, object]) -> Iterator[Fault]:
    if name in valid:
        return
    near = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.4)
    facts = {"name": name, "nearest": near[0] if near else "", "valid": ", ".join(valid)}
    yield Fault(key, file, facts=facts)
