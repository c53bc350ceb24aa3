"""A workspace: what is to be measured, where it lies, and which goals it is held against.

In: a folder with `layers/region.toml`, `layers/goals.toml`, `layers/NAME.toml`, `maps/NAME.toml`
and, if the region has rules of its own, `checks/NAME.py`. Out: `Workspace`, declarations only; no
data are read here. To add a layer or a map, add one TOML; a misspelt key is told by file and key.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from ikap.errors import Fault, InputError
from ikap.history import history_faults
from ikap.model import (
    FORBID,
    Goal,
    LayerDeclaration,
    MapDeclaration,
    Parameter,
    ParameterStatus,
    Region,
)

__all__ = [
    "Workspace",
    "find_workspace",
    "open_workspace",
    "parameter_history",
    "parameters_in",
    "shipped_workspace",
]

RESERVED = ("region", "goals")
ROLES = ("adopted", "proposal", "alternative")
ROLES = ("adopted", "proposal", "alternative")
SORTS = {
    "date": "date",
    "string": "text",
    "float": "number",
    "int": "number",
    "bool": "flag",
    "tuple": "list",
    "enum": "choice",
    "greater": "amount",
    "finite": "amount",
    "dict": "table",
    "mapping": "table",
    "dataclass": "table",
}
T = TypeVar("T")


@dataclass(frozen=True)
class Workspace:
    """Everything that a workspace declares."""

    root: Path
    region: Region
    goals: tuple[Goal, ...]
    use: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, tuple[Parameter, ...]]
    layers: Mapping[str, LayerDeclaration]
    maps: Mapping[str, MapDeclaration]
    local_checks: tuple[Path, ...] = ()

    @property
    def output(self) -> Path:
        """Folder of all results (`ut/`); beside you if the workspace is the shipped one."""
        shipped = self.root.resolve() == shipped_workspace().resolve()
        return Path.cwd() / "ut" if shipped else self.root / "ut"

    def of_kind(self, kind: str) -> tuple[LayerDeclaration, ...]:
        """Layers of one kind, by name."""
        return tuple(layer for layer in self.layers.values() if layer.kind == kind)

    def plans(self) -> tuple[LayerDeclaration, ...]:
        """Zoning layers, which are the plans: adopted ones first, then proposals, alternatives."""
        found = [layer for layer in self.of_kind("zoning") if layer.plan is not None]
        return tuple(sorted(found, key=_plan_order))


def _plan_order(layer: LayerDeclaration) -> tuple[int, str]:
    role = layer.plan.role if layer.plan else ""
    return (ROLES.index(role) if role in ROLES else len(ROLES), layer.name)


@dataclass(frozen=True)
class _ParameterValue:
    __pydantic_config__ = FORBID

    valid_from: Annotated[date, Field(alias="from")]
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    source: str
    status: ParameterStatus


@dataclass(frozen=True)
class _ParameterTable:
    __pydantic_config__ = FORBID

    unit: str
    values: tuple[_ParameterValue, ...]
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _GoalsFile:
    __pydantic_config__ = FORBID

    goals: tuple[Goal, ...]
    use: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def open_workspace(folder: Path | str) -> Workspace:
    """Read the declarations of the workspace in `folder`.

    Parameters
    ----------
    folder : Path or str
        Folder that holds `layers/region.toml`.

    Returns
    -------
    Workspace
        Declarations, names in alphabetical order.

    Raises
    ------
    InputError
        No workspace there (`workspace.missing`), or all faults of all its TOML files together
        (`toml.*`), each with file, key and the nearest valid word.
    """
    root = Path(folder)
    if not (root / "layers" / "region.toml").is_file():
        raise InputError("workspace.missing", file=str(root))
    faults: list[Fault] = []
    region = _read(root / "layers" / "region.toml", Region, faults)
    goals_path = root / "layers" / "goals.toml"
    goals_table = _load(goals_path, faults)
    own = {f.name for f in fields(_GoalsFile)}
    goals = _validate(
        {k: v for k, v in goals_table.items() if k in own}, _GoalsFile, goals_path, faults
    )
    layers = _declarations(root / "layers", LayerDeclaration, faults, root=root)
    maps = _declarations(root / "maps", MapDeclaration, faults)
    history = parameters_in(
        {k: v for k, v in goals_table.items() if k not in own}, goals_path, faults
    )
    if faults:
        raise InputError.of(faults)
    assert region is not None
    assert goals is not None
    faults.extend(_cross_check(root, region, goals, layers, maps))
    if faults:
        raise InputError.of(faults)
    local = tuple(sorted((root / "checks").glob("[a-z]*.py")))
    return Workspace(root, region, goals.goals, goals.use, history, layers, maps, local)


def find_workspace(start: Path, named: Path | None = None) -> Path:
    """Folder of the workspace: the named one, else upward from `start`, else the shipped one."""
    if named is not None:
        return named
    for folder in (start, *start.parents):
        if (folder / "layers" / "region.toml").is_file():
            return folder
    return shipped_workspace()


def shipped_workspace() -> Path:
    """Workspace that comes with ikap: inside the wheel, or the clone's root when editable."""
    package = Path(__file__).parent
    inside = package / "_workspace"
    return inside if inside.is_dir() else package.parent


def parameters_in(
    table: Mapping[str, Any], path: Path, faults: list[Fault], prefix: str = ""
) -> dict[str, tuple[Parameter, ...]]:
    """Parameter histories of a TOML table, by dotted name, oldest value first."""
    found: dict[str, tuple[Parameter, ...]] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if not isinstance(value, Mapping):
            table_name = name.partition(".")[0]  # a misspelt [use] looks like a group of parameters
            faults.append(_unknown_key(path, table_name, {"goals", "use"}))
            break
        if "values" in value or "unit" in value:
            read = _validate(value, _ParameterTable, path, faults, prefix=name)
            if read is not None:
                found[name] = tuple(sorted(_values(name, read), key=lambda p: p.valid_from))
                days = [value.valid_from for value in found[name]]
                twice = sorted({str(day) for day in days if days.count(day) > 1})
                facts = {"name": name, "days": ", ".join(twice)}
                faults += [Fault("parameter.twice", str(path), facts=facts)] if twice else []
        else:
            found.update(parameters_in(value, path, faults, f"{name}."))
    return found


def parameter_history(
    own: Mapping[str, tuple[Parameter, ...]], national: Mapping[str, tuple[Parameter, ...]]
) -> dict[str, tuple[Parameter, ...]]:
    """National parameters, replaced name by name where the region has its own."""
    return {**national, **own}


def _values(name: str, table: _ParameterTable) -> Iterator[Parameter]:
    for v in table.values:
        yield Parameter(name, v.value, table.unit, v.source, v.valid_from, v.status)


def _declarations(
    folder: Path, kind: type[T], faults: list[Fault], **extra: object
) -> dict[str, T]:
    found: dict[str, T] = {}
    for path in sorted(folder.glob("*.toml")):
        if folder.name == "layers" and path.stem in RESERVED:
            continue
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            faults.append(Fault("toml.name", str(path), facts={"name": path.stem}))
            continue
        read = _read(path, kind, faults, name=path.stem, file=str(path), **extra)
        if read is not None:
            found[path.stem] = read
    return found


def _load(path: Path, faults: list[Fault]) -> dict[str, Any]:
    if not path.is_file():
        faults.append(Fault("file.missing", str(path), facts={"folder": str(path.parent)}))
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault("toml.syntax", str(path), facts={"detail": str(error)}))
        return {}


def _read(path: Path, kind: type[T], faults: list[Fault], **extra: object) -> T | None:
    before = len(faults)
    table = _load(path, faults)
    if len(faults) > before:
        return None
    plan = table.get("plan")
    if kind is LayerDeclaration and isinstance(plan, Mapping) and plan.get("made_of"):
        extra = {**extra, "source": {}}  # it has no file of its own
    clash = [key for key in extra if key in table]
    faults.extend(_unknown_key(path, key, set()) for key in clash)
    return _validate({**table, **extra}, kind, path, faults)


def _validate(
    table: Mapping[str, Any], kind: type[T], path: Path, faults: list[Fault], prefix: str = ""
) -> T | None:
    try:
        read: T = _adapter(kind).validate_python(dict(table))
    except ValidationError as error:
        found = error.errors(include_url=False)
        faults.extend(_fault(item, kind, path, prefix) for item in found)
        return None
    return read


def _fault(item: ErrorDetails, kind: type, path: Path, prefix: str) -> Fault:
    key = ".".join(str(part) for part in ((prefix,) if prefix else ()) + tuple(item["loc"]))
    match item["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _unknown_key(path, key, _names_near(kind, item["loc"]))
        case "missing" | "missing_argument":
            return Fault("toml.key_missing", str(path), facts={"name": key})
        case wrong:
            valid = ", ".join(re.findall("'([^']*)'", str(item.get("ctx", {}).get("expected", ""))))
            facts = {"name": key, "value": item["input"], "valid": valid, "detail": item["msg"]}
            return Fault(f"toml.value{_sort(wrong)}", str(path), facts=facts)


def _sort(wrong: str) -> str:
    """What should have stood there, as the end of a text key; empty for what is rare."""
    return next((f"_{sort}" for start, sort in SORTS.items() if wrong.startswith(start)), "")


def _names_near(kind: type, location: Iterable[object]) -> set[str]:
    """List the keys that are valid where the fault is, in a nested declaration too."""
    names = {f.name for f in fields(kind)}
    if kind in (LayerDeclaration, MapDeclaration):
        names -= {"root", "file", "name"}  # given by the file's place, not written in it
    schema: Any = _adapter(kind).json_schema()
    definitions = schema.get("$defs", {})
    for part in tuple(location)[:-1]:
        if isinstance(part, int):
            schema = schema.get("items", schema)
        else:
            schema = schema.get("properties", {}).get(part, {})
        for option in schema.get("anyOf", [schema]):
            if "$ref" in option.get("items", option):
                reference = option.get("items", option)["$ref"].rsplit("/", 1)[-1]
                schema = definitions[reference]
        names = set(schema.get("properties", {}))
    return names


def _unknown_key(path: Path, key: str, valid: set[str]) -> Fault:
    last = key.rsplit(".", 1)[-1]
    near = difflib.get_close_matches(last, sorted(valid), n=1, cutoff=0.5)
    facts = {"name": key, "nearest": near[0] if near else "", "valid": ", ".join(sorted(valid))}
    return Fault("toml.key_unknown", str(path), facts=facts)


def _cross_check(
    root: Path,
    region: Region,
    goals: _GoalsFile,
    layers: Mapping[str, LayerDeclaration],
    maps: Mapping[str, MapDeclaration],
) -> Iterator[Fault]:
    """Names that one declaration uses must be declared by another, and titles must be in nb."""
    region_file, goals_file = (str(root / "layers" / f"{name}.toml") for name in RESERVED)
    yield from _region_faults(region, region_file)
    for use, names in goals.use.items():
        yield from _unknown("layer", goals_file, f"use.{use}", names, layers)
    for place in region.places:
        where = f"places.{place.name}"
        yield from _unknown(
            "municipality", region_file, where, [place.municipality], region.numbers
        )
    plans = {layer.plan.id for layer in layers.values() if layer.plan}
    yield from _plan_ids(layers)
    for layer in layers.values():
        yield from _untitled(layer.file, layer.title)
        yield from _accuracy(layer)
        covered = [number for number in layer.coverage.municipalities if number != "all"]
        where = "coverage.municipalities"
        yield from _unknown("municipality", layer.file, where, covered, region.numbers)
        if layer.plan is not None:
            yield from _unknown("role", layer.file, "plan.role", [layer.plan.role], ROLES)
            others = [layer.plan.compare_with] if layer.plan.compare_with else []
            yield from _unknown("plan", layer.file, "plan.compare_with", others, plans)
        yield from _made_of(layer, layers)
    numbers = [str(goal.number) for goal in goals.goals]
    for declared in maps.values():
        yield from _untitled(declared.file, declared.title)
        yield from _unknown("layer", declared.file, "layers", declared.layers, layers)
        wanted = [] if declared.goal is None else [str(declared.goal)]
        yield from _unknown("goal", declared.file, "goal", wanted, numbers)


def _region_faults(region: Region, file: str) -> Iterator[Fault]:
    """Areas must be measured in metres, and no municipality may stand there twice."""
    from pyproj import CRS  # noqa: PLC0415 (0.1 s, and only where a workspace is opened)
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    try:
        crs = CRS.from_user_input(region.crs)
        metres = crs.is_projected and crs.axis_info[0].unit_name == "metre"
        usable = metres and "Pseudo-Mercator" not in crs.name
    except CRSError:
        usable = False
    if not usable:
        yield Fault("toml.crs", file, facts={"name": region.crs})
    for rule in region.plan_precedence:
        where = f"plan_precedence.{rule.plan}"
        yield from _unknown("municipality", file, where, [rule.municipality], region.numbers)
    for number in sorted({n for n in region.numbers if list(region.numbers).count(n) > 1}):
        yield Fault("toml.municipality_twice", file, facts={"name": number})
    yield from history_faults(region, file)


def _plan_ids(layers: Mapping[str, LayerDeclaration]) -> Iterator[Fault]:
    """Plan ids name result folders: plain words, and no two plans with the same."""
    first: dict[str, str] = {}
    for layer in layers.values():
        if layer.plan is None:
            continue
        name = layer.plan.id
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
            yield Fault("toml.plan_id", layer.file, facts={"name": name})
        if name in first:
            facts = {"name": name, "other": f"layers/{first[name]}.toml"}
            yield Fault("toml.plan_twice", layer.file, facts=facts)
        first.setdefault(name, layer.name)


def _made_of(layer: LayerDeclaration, layers: Mapping[str, LayerDeclaration]) -> Iterator[Fault]:
    """A plan made of others names zoning layers that are files; rulings belong to such a plan."""
    yield from _unknown("layer", layer.file, "plan.made_of", layer.made_of, layers)
    there = [layers[name] for name in layer.made_of if name in layers]
    for other in (o for o in there if o.kind != "zoning" or o.made_of):
        yield Fault("toml.made_of", layer.file, facts={"name": other.name, "kind": other.kind})
    if layer.made_of and layer.kind != "zoning":
        yield Fault("toml.made_of", layer.file, facts={"name": layer.name, "kind": layer.kind})
    if layer.plan_rulings and not layer.made_of:
        yield Fault("toml.rulings", layer.file, facts={"name": layer.name})


def _unknown(
    sort: str, file: str, where: str, names: Iterable[str], valid: Iterable[str]
) -> Iterator[Fault]:
    there = sorted(valid)
    for name in names:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1, cutoff=0.4)
            facts = {"name": name, "where": where, "nearest": near[0] if near else ""}
            yield Fault(f"toml.{sort}_unknown", file, facts={**facts, "valid": ", ".join(there)})


def _accuracy(layer: LayerDeclaration) -> Iterator[Fault]:
    """Deviations are lengths above nought; unknown ones are left out, not written as 0 or -1."""
    if layer.accuracy is None:
        return
    given = {"accuracy.metres": layer.accuracy.metres}
    given |= {f"accuracy.methods.{name}": m for name, m in layer.accuracy.methods.items()}
    for name, metres in given.items():
        if not 0 < metres < math.inf:
            yield Fault("toml.accuracy", layer.file, facts={"name": name, "value": metres})


def _untitled(file: str, title: Mapping[str, str]) -> Iterator[Fault]:
    if not title.get("nb"):
        yield Fault("toml.key_missing", file, facts={"name": "title.nb"})
