"""Land cover by AR5 class (`arealtype`); a code that is not in the list counts as not mapped."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.code_checks import first_ids, nearest, tell_unknown_codes
from ikap.kinds.codes import code_list
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["COLUMNS", "KIND", "LAYERS", "NOT_MAPPED", "USES", "canonical", "known_classes"]

KIND = "landcover"
USES = ("landcover", "farmland")
LAYERS: Sequence[str] = ("ArealressursFlate", "AR5_flate", "fkb_ar5_omrade")
NOT_MAPPED = "99"
COLUMNS = (
    Column(
        "arealtype", ("ARTYPE", "AREALTYPE", "arealressursArealtype"), required=True, type="code"
    ),
    Column("treslag", ("ARTRESLAG", "arealressursTreslag"), type="code"),
    Column("skogbonitet", ("ARSKOGBON", "arealressursSkogbonitet"), type="code"),
    Column("grunnforhold", ("ARGRUNNF", "arealressursGrunnforhold"), type="code"),
    Column("nøyaktighet", ("NOYAKTIGHET", "posisjonskvalitet_nøyaktighet"), type="number"),
    Column("målemetode", ("MAALEMETODE", "datafangstmetode"), type="code"),
    Column("datafangstdato", ("DATAFANGSTDATO", "kartleggingsdato"), type="date"),
)
LISTS = {
    "treslag": "ar5_treslag",
    "skogbonitet": "ar5_skogbonitet",
    "grunnforhold": "ar5_grunnforhold",
}
"""Columns beside the class, and their official lists."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Land cover with a known class on every row.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `arealtype` as text (11 to 99, and 20 where a coarser map gives no class of farmland),
        `nøyaktighet` in cm.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = known_classes(opened.frame, opened.ledger)
    tell_unknown_codes(frame, LISTS, opened.ledger)
    frame = tidy(frame, region.crs, opened.ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent, checked=True)


def known_classes(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table where every class is in the list; others become 99 (not mapped), and are told.

    Parameters
    ----------
    frame : GeoDataFrame
        With `arealtype`.
    ledger : Ledger
        Gets `class.unknown` (code and count) and `class.missing`.

    Returns
    -------
    GeoDataFrame
        New table.
    """
    classes = frame["arealtype"]
    missing = classes.isna()
    if missing.any():
        ledger.told("class.missing", int(missing.sum()))
    unknown = code_list("ar5_arealtype").unknown(classes[~missing])
    for code in unknown:
        hit = classes == code
        near, ids = nearest("ar5_arealtype", code), first_ids(frame.loc[hit, "source_id"])
        ledger.told("class.unknown", int(hit.sum()), code=code, nearest=near, ids=ids)
    cleaned: pd.Series = classes.mask(missing | classes.isin(unknown), NOT_MAPPED)
    return frame.assign(arealtype=cleaned.astype(object))
