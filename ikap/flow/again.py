"""One area measured once more, as the run did it, to list the pieces that a figure is the sum of.

The area's line is the one that the results hold, the limits those of `run.json`, the layers those
of the workspace, whose files must be the same as then: with another file the figures would be
others, and nobody could tell why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts import CertifiedLayer, FactSpec, partitions, place
from ikap.facts.partition import Partition, PlacedZones
from ikap.facts.plans import PLAN
from ikap.flow.reading import Reader, ground
from ikap.model import LayerDeclaration, Parameter, Parameters, ParameterStatus
from ikap.results import Results
from ikap.sources.checksum import checksum
from ikap.sources.files import path_of

__all__ = [
    "Changed",
    "Pieces",
    "changed_files",
    "changed_plan",
    "parameters_of",
    "pieces_of",
]


@dataclass(frozen=True)
class Changed:
    """A file that is not as it was when the results were made."""

    layer: str
    path: str
    how: str  # text key: changed | missing | new


@dataclass(frozen=True)
class Pieces:
    """Pieces of one area; columns of `listing.COLUMNS`, or samples of a distance."""

    table: pd.DataFrame
    layers: Mapping[str, tuple[CertifiedLayer, ...]]  # by use
    municipalities: tuple[str, ...]  # that the area lies in
    outside_m2: float  # of the area, outside the region


def changed_files(reader: Reader, results: Results, uses: tuple[str, ...]) -> list[Changed]:
    """Layers of some uses whose files are others than the results were made of.

    Parameters
    ----------
    reader : Reader
        Of the workspace as it is now.
    results : Results
        With the checksums of then.
    uses : tuple of str
        Names under `[use]` in goals.toml.

    Returns
    -------
    list of Changed
        Empty where all is as it was.
    """
    names = [name for use in uses for name in reader.workspace.use.get(use, ())]
    return _changed(reader, results, dict.fromkeys(names))


def changed_plan(reader: Reader, results: Results) -> list[Changed]:
    """Files of the plan itself that are others than then; of a plan given as a file nothing."""
    plan = results.run["plan"]
    declared = reader.workspace.layers
    own = [name for name in (plan["layer"], *plan["made_of"]) if name in declared]
    return _changed(reader, results, [name for name in own if not declared[name].made_of])


def _changed(reader: Reader, results: Results, names: Iterable[str]) -> list[Changed]:
    then = dict(zip(results.provenance["layer"], results.provenance["sha256"], strict=True))
    found = []
    for name in names:
        declared = reader.workspace.layers[name]
        how = _compared(reader, declared, then.get(name))
        if how:
            found.append(Changed(name, str(declared.source.get("path", "")), how))
    return found


def _compared(reader: Reader, declared: LayerDeclaration, then: str | None) -> str:
    """How a layer's file differs from then; empty if it does not."""
    if not reader.present(declared):
        return "missing" if then else ""
    if then is None:
        return "new"
    if declared.source.get("from") != "files":
        return ""
    return "" if checksum(path_of(declared))[0] == then else "changed"


def parameters_of(results: Results) -> Parameters:
    """Values that the results were made with."""
    return Parameters(
        {
            str(p["name"]): Parameter(
                str(p["name"]),
                float(p["value"]),
                str(p["unit"]),
                str(p["source"]),
                date.fromisoformat(p["valid_from"]),
                ParameterStatus(p["status"]),
            )
            for p in results.run["parameters"]
        }
    )


def pieces_of(
    reader: Reader, results: Results, spec: FactSpec, zone_key: str, classes: tuple[str, ...]
) -> Pieces:
    """Pieces of one area that a fact adds up.

    Parameters
    ----------
    reader : Reader
        Gives the layers.
    results : Results
        With the layer `zones`.
    spec : FactSpec
        The fact.
    zone_key : str
        The area.
    classes : tuple of str
        Classes that are added up; not looked at for distances.

    Returns
    -------
    Pieces
        In the order of the municipalities; areas in m², the same as in the run.
    """
    zones = results.geodata("zones")
    assert zones is not None
    own = np.flatnonzero((zones["zone_key"].astype(str) == zone_key).to_numpy())
    shapes = np.asarray(zones.geometry.values, dtype=object)
    placed = place(shapes[own], ground(reader))
    placed = PlacedZones(own[placed.zone], placed.municipality, placed.geometry, placed.area)
    layers = _layers(reader, spec, results, shapes, pd.DataFrame(zones.drop(columns="geometry")))
    list_pieces = reader.registry.listers.get(spec.name)
    tables: list[pd.DataFrame] = []
    parts = list(partitions(placed, layers, parameters_of(results), reader.memo))
    for part in parts:
        tables += list_pieces(part, classes) if list_pieces else _samples(reader, spec, part)
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    outside = float(placed.area[placed.municipality == ""].sum())
    inside = tuple(part.municipality for part in parts if part.municipality)
    return Pieces(whole, layers, inside, outside)


def _samples(reader: Reader, spec: FactSpec, part: Partition) -> list[pd.DataFrame]:
    """Sample points of a distance fact; of an area fact that lists no pieces none."""
    return [reader.registry.measurers[spec.name](part)] if spec.sampled else []


def _layers(
    reader: Reader,
    spec: FactSpec,
    results: Results,
    shapes: NDArray[np.object_],
    attributes: pd.DataFrame,
) -> Mapping[str, tuple[CertifiedLayer, ...]]:
    """Layers that the fact uses, and the plan itself as the results hold it."""
    found: dict[str, tuple[CertifiedLayer, ...]] = {}
    for use in spec.uses:
        names = reader.workspace.use.get(use, ())
        declared = [reader.workspace.layers[name] for name in names]
        made = (reader.certified(one) for one in declared if reader.has_shapes(one))
        found[use] = tuple(layer for layer in made if layer is not None)
    polygons = shapes.copy()
    polygons[shapely.is_missing(shapes)] = shapely.Polygon()
    plan = CertifiedLayer(
        _plan_of(results),
        polygons,
        attributes["development"].to_numpy(dtype=object),
        attributes["source_id"].astype(str).to_numpy(dtype=object),
        (),
        attributes=attributes.assign(once=np.ones(len(attributes), dtype=bool)),
    )
    return {**found, PLAN: (plan,)}


def _plan_of(results: Results) -> LayerDeclaration:
    """Declaration of the plan, as far as its results tell."""
    plan: Mapping[str, Any] = results.run["plan"]
    assert results.folder is not None
    return LayerDeclaration(
        name=str(plan["layer"]),
        kind="zoning",
        title=plan["title"],
        owner="",
        licence="",
        source={},
        root=results.folder,
    )
