"""What a plan has besides its areas: transport lines with length, and zones that are only shown.

Bestemmelsesområder and detaljeringssoner (H910) lie on top of the areas; they are read and shown,
and decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Opened, open_raw
from ikap.kinds.code_checks import first_ids, nearest
from ikap.kinds.codes import code_list
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.objects import named, object_type
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw, read_path
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name

__all__ = ["LINES", "OBJECT_TYPE", "ZONES", "gathered", "lines_of", "zones_of"]

LINES = named("line")
ZONES = named("zone")
PROVISION, DETAILING = "provision", "detailing"
THEMES = {name: PROVISION if "Bestemmelse" in name else DETAILING for name in ZONES}
OBJECT_TYPE = Column("objtype", ("objekttype", "featuretype", "name"))
LINE_COLUMNS = (
    OBJECT_TYPE,
    Column("arealformål", ("KPAREALFORMÅL", "arealformal"), type="code"),
    Column("arealbruksstatus", ("AREALST",), type="int"),
    Column("områdenavn", ("feltnavn", "feltbetegnelse", "OMRNAVN")),
    Column("planidentifikasjon", ("PLANID", "arealplanId", "planId")),
)
ZONE_COLUMNS = (
    OBJECT_TYPE,
    Column("detaljering", ("KPDETALJERING", "RPDETALJERING"), type="code"),
    Column("hensynSonenavn", ("HENSYNSONENAVN", "HENSYNSONE")),
    Column("bestemmelseOmrådeNavn", ("BESTEMMELSEOMRNAVN", "BESTOMRNAVN", "områdenavn")),
    Column("planidentifikasjon", ("PLANID", "arealplanId", "planId")),
)


def lines_of(
    own: Raw, raw: Raw, declaration: LayerDeclaration, region: Region, opened: Opened
) -> GeoDataFrame | None:
    """Roads and railways drawn as lines, of the same layer or of their own in the same file.

    Parameters
    ----------
    own : Raw
        The rows of the plan's own layer that are such lines.
    raw : Raw
        The plan's own layer, which knows the others of the file.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    opened : Opened
        Its ledger gets `transport.lines`: how many, and their length.

    Returns
    -------
    GeoDataFrame or None
        `source_layer`, `source_id`, `arealformål`, `arealbruksstatus`, `områdenavn`, `length_m` in
        metres.
    """
    table = gathered(own, raw, LINES, LINE_COLUMNS, (declaration, region, opened.ledger))
    if table is None:
        return None
    lines = tidy(table, region.crs, opened.ledger, areas=False)
    length = shapely.length(lines.geometry.to_numpy())
    kept = ["source_layer", "source_id", "arealformål", "arealbruksstatus", "områdenavn"]
    lines = GeoDataFrame(lines[kept], geometry=lines.geometry).assign(length_m=length)
    opened.ledger.told("transport.lines", float(length.sum()), "m", count=len(lines))
    return lines.reset_index(drop=True)


def zones_of(
    own: Raw, raw: Raw, declaration: LayerDeclaration, region: Region, opened: Opened
) -> GeoDataFrame | None:
    """Bestemmelsesområder and detaljeringssoner, of the same layer or of their own.

    Parameters
    ----------
    own, raw, declaration, region : Raw, Raw, LayerDeclaration, Region
        As for `lines_of`.
    opened : Opened
        Its ledger gets `zones.shown` for each object type, and `zones.code_unknown`.

    Returns
    -------
    GeoDataFrame or None
        `source_layer`, `source_id`, `objtype` (official name), `theme` (provision or detailing),
        `kode` (910 and so on, or missing), `navn`, `planidentifikasjon`, `area_m2`; polygons that
        may lie on top of one another.
    """
    table = gathered(own, raw, ZONES, ZONE_COLUMNS, (declaration, region, opened.ledger))
    if table is None:
        return None
    zones = tidy(table, region.crs, opened.ledger, areas=True)
    code = zones["detaljering"].str.upper().str.lstrip("H").str[:3]
    _tell_codes(zones.assign(kode=code), opened.ledger)
    name = zones["hensynSonenavn"].where(
        zones["hensynSonenavn"].notna(), zones["bestemmelseOmrådeNavn"]
    )
    kept = ["source_layer", "source_id", "objtype", "planidentifikasjon"]
    area = shapely.area(zones.geometry.to_numpy())
    zones = GeoDataFrame(zones[kept], geometry=zones.geometry)
    theme = zones["objtype"].map(THEMES).astype(object)
    zones = zones.assign(theme=theme, kode=code.astype(object), navn=name.astype(object))
    zones = zones.assign(area_m2=area)
    for kind, some in zones.groupby("objtype", sort=True):
        opened.ledger.told("zones.shown", len(some), type=str(kind))
    return zones.reset_index(drop=True)


def gathered(
    own: Raw,
    raw: Raw,
    types: Sequence[str],
    columns: Sequence[Column],
    how: tuple[LayerDeclaration, Region, Ledger],
) -> GeoDataFrame | None:
    """Rows of some object types of a file, whichever of its layers they stand in.

    Parameters
    ----------
    own : Raw
        Rows of the plan's own layer that may be of the types.
    raw : Raw
        The plan's own layer, which knows the others of the file.
    types : sequence of str
        Official names of object types.
    columns : sequence of Column
        What is wanted of each row.
    how : tuple
        The layer's TOML, the region, and the ledger that is told what is noticed.

    Returns
    -------
    GeoDataFrame or None
        With `objtype` as the official name, "" where it is none; None without such rows.
    """
    declaration, region, ledger = how
    names = [name for wanted in types if (name := find_name(wanted, raw.others))]
    beside = [read_path(raw.path, layer=name, name=declaration.name) for name in names]
    tables = []
    for part in ([own] if len(own.frame) else []) + beside:
        opened = open_raw(part, _loose(declaration, part, columns), region, columns, None)
        if part is not own:  # what was noticed in the plan's own layer is told already
            ledger.quality.extend(opened.ledger.quality)
        layer = object_type(part.layer)
        known = opened.frame["objtype"].map(lambda t: row.code if (row := object_type(t)) else None)
        tables.append(opened.frame.assign(objtype=known.fillna(layer.code if layer else "")))
    return pd.concat(tables, ignore_index=True) if tables else None


def _loose(declaration: LayerDeclaration, part: Raw, columns: Sequence[Column]) -> LayerDeclaration:
    """Declaration for a part beside the areas: no corrections, and the columns that it has."""
    names = [str(name) for name in part.frame.columns]
    wanted = {column.name for column in columns}
    found = {k: v for k, v in declaration.columns.items() if k in wanted and find_name(v, names)}
    values = {k: v for k, v in declaration.values.items() if k in wanted}
    constants = {k: v for k, v in declaration.constants.items() if k in wanted}
    return replace(declaration, corrections=(), columns=found, values=values, constants=constants)


def _tell_codes(zones: GeoDataFrame, ledger: Ledger) -> None:
    """Codes of hensynssoner that are not in the official list; the zones are shown all the same."""
    listed = code_list("hensynssone")
    for code in listed.unknown(zones["kode"].dropna()):
        hit = zones["kode"] == code
        ids = first_ids(zones.loc[hit, "source_id"])
        near = nearest("hensynssone", code)
        ledger.told("zones.code_unknown", int(hit.sum()), code=code, nearest=near, ids=ids)
