"""Tolket plansituasjon: a plan that is interpreted from other layers, on its way into the flow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts import place
from ikap.flow.measuring import PLANNED_FIRST
from ikap.flow.reading import LoadedLayer, Reader, ground
from ikap.kinds.canonical import Canonical
from ikap.kinds.situation import Asked, Parts, Situation, interpret
from ikap.model import LayerDeclaration, QualityRow
from ikap.results import lost_plans, won_because
from ikap.sources.checksum import checksum
from ikap.texts import Catalogue

__all__ = ["interpreted", "situation_layers"]

H910 = "910"


def interpreted(reader: Reader, declaration: LayerDeclaration) -> LoadedLayer | None:
    """Layer that is interpreted from the layers it is made of.

    Parameters
    ----------
    reader : Reader
        Gives the layers, municipal areas, rules of precedence and the date of judgement.
    declaration : LayerDeclaration
        Zoning layer with `plan.made_of`.

    Returns
    -------
    LoadedLayer or None
        None where a layer that it is made of is not there: what that plan says is not known.
    """
    if not reader.present(declaration):
        return None
    layers = [reader.layer(reader.workspace.layers[name]) for name in declaration.made_of]
    loaded = [layer for layer in layers if layer is not None]
    reader.report("run.interpreting", name=declaration.name)
    crs = reader.workspace.region.crs
    areas = _together([layer.canonical.frame for layer in loaded], crs)
    placed = place(np.asarray(areas.geometry.values, dtype=object), ground(reader))
    parts = Parts(placed.zone, placed.municipality, placed.geometry)
    asked = replace(_asked(reader, declaration), h910=_h910(loaded))
    situation = interpret(areas, parts, asked)
    path = Path(declaration.file)
    sha256, size = checksum(path)
    canonical = Canonical(
        kind=declaration.kind,
        layer=declaration.name,
        frame=situation.pieces,
        quality=(*situation.quality, *_not_covered(reader, declaration, situation)),
        path=path,
        sha256=sha256,
        size=size,
        crs_known_by="declared",
        lines=_lines(loaded, crs),
        concerns=_concerns(loaded, crs),
        unmeasurable=_unmeasurable(loaded),
    )
    return LoadedLayer(declaration, canonical, str(path), sha256, size, situation=situation)


def _together(frames: list[gpd.GeoDataFrame], crs: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs=crs)


def _lines(loaded: list[LoadedLayer], crs: str) -> gpd.GeoDataFrame | None:
    found = [one.canonical.lines for one in loaded if one.canonical.lines is not None]
    return _together(found, crs) if found else None


def _concerns(loaded: list[LoadedLayer], crs: str) -> gpd.GeoDataFrame | None:
    found = [c for one in loaded if (c := one.canonical.concerns) is not None and len(c)]
    return _together(found, crs) if found else None


def _h910(loaded: list[LoadedLayer]) -> NDArray[np.object_]:
    """Detaljeringssoner of the plans (reguleringsplan skal fortsatt gjelde)."""
    found = [getattr(one.canonical, "zones_shown", None) for one in loaded]
    zones = [z.geometry[(z["kode"] == H910).to_numpy(dtype=bool)] for z in found if z is not None]
    return np.concatenate([np.zeros(0, dtype=object), *(z.to_numpy() for z in zones)])


def _unmeasurable(loaded: list[LoadedLayer]) -> pd.DataFrame:
    found = [one.canonical.unmeasurable for one in loaded if len(one.canonical.unmeasurable)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _asked(reader: Reader, declaration: LayerDeclaration) -> Asked:
    assert declaration.plan is not None
    layers = [reader.workspace.layers[name] for name in declaration.made_of]
    own = declaration.plan.role
    return Asked(
        layer=declaration.name,
        file=declaration.file,
        order=[str(development) for development in PLANNED_FIRST],
        day=_day(reader, declaration),
        roles={layer.name: layer.plan.role if layer.plan else own for layer in layers},
        rules=reader.workspace.region.plan_precedence,
        rulings=declaration.plan_rulings,
        municipalities=reader.workspace.region.numbers,
    )


def _day(reader: Reader, declaration: LayerDeclaration) -> date | None:
    """Date of judgement: the user's, else the plan's own, else the region's; never the clock."""
    assert declaration.plan is not None
    return reader.as_of or declaration.plan.as_of or reader.workspace.region.as_of


def _not_covered(
    reader: Reader, declaration: LayerDeclaration, situation: Situation
) -> list[QualityRow]:
    """Municipalities where a layer does not say that it is complete: a plan may be missing."""
    rows = []
    area = situation.pieces.geometry.area.groupby(situation.pieces["piece_municipality"]).sum()
    for name in declaration.made_of:
        covered = reader.workspace.layers[name].coverage.municipalities
        for number, m2 in area.items():
            if number and "all" not in covered and number not in covered:
                facts = {"of": name, "municipality": str(number)}
                told = QualityRow(
                    declaration.name, "", "situation.not_covered", float(m2), "m2", facts
                )
                rows.append(told)
    return rows


def situation_layers(
    reader: Reader, plan: LayerDeclaration, words: Catalogue
) -> dict[str, gpd.GeoDataFrame]:
    """Layers of `results.gpkg` that tell how a plan was interpreted; none for other plans.

    Parameters
    ----------
    reader : Reader
        Has read the plan.
    plan : LayerDeclaration
        The plan.
    words : Catalogue
        Bokmål, for the columns that a planner reads in QGIS; `why` and `others` are the facts.

    Returns
    -------
    dict of str to GeoDataFrame
        `situation`: pieces with plan, date, why it prevails and what lies there too. `beside`:
        areas that decide nothing (deferred, proposed, in force later).
    """
    loaded = reader.layer(plan) if plan.made_of else None
    if loaded is None or loaded.situation is None:
        return {}
    crs = reader.workspace.region.crs
    found = {
        "situation": _pieces(loaded.situation.pieces, words),
        "beside": loaded.situation.apart.set_crs(crs),
    }
    return {name: layer for name, layer in found.items() if len(layer)}


def _pieces(pieces: gpd.GeoDataFrame, words: Catalogue) -> gpd.GeoDataFrame:
    columns = {
        "zone_key": pieces["zone_key"],
        "municipality": pieces["piece_municipality"],
        "plan": pieces["planidentifikasjon"].fillna("").astype(str),
        "dato": pieces["ikrafttredelsesdato"].fillna("").astype(str),
        "level": pieces["plan_level"],
        "purpose": pieces["arealformål"].fillna("").astype(str),
        "use_status": pieces["arealbruksstatus"],
        "why": pieces["why"],
        "doubts": pieces["doubts"],
        "motstrid": pieces["motstrid"],
        "assumed": pieces["assumed"],
        "source": pieces["source"],
        "others": pieces["others"],
        "law": pieces["law"],
        "apart": pieces["apart"],
        "h910_m2": pieces["h910_m2"],
        "source_layer": pieces["source_layer"],
        "source_id": pieces["source_id"],
        "area_m2": pieces.geometry.area,
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    columns["vunnet_fordi"] = pd.Series([won_because(row, words) for row in rows], dtype=object)
    columns["tapte_planer"] = pd.Series([lost_plans(row, words) for row in rows], dtype=object)
    columns["forbehold"] = pd.Series([words.say("finding.provisions")] * len(rows), dtype=object)
    return gpd.GeoDataFrame(columns, geometry=pieces.geometry, crs=pieces.crs)
