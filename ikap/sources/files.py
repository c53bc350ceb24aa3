"""Files on disk, in a zip or not; see `formats` for what can be read.

In: `source = { from = "files", path = "data/x.gpkg" }`, and if need be `layer`, `file` (which file
of a zip), `where`, `encoding`, and `crs` for a file that does not state one. Out: `Raw`.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources.attributes import choose_rows, flatten, lost_letters
from ikap.sources.checksum import checksum
from ikap.sources.crs import check_crs, crs_name, flat_crs, same_crs
from ikap.sources.data_sets import DataSet, data_sets
from ikap.sources.gdal_columns import READ_AHEAD
from ikap.sources.guard import guarded
from ikap.sources.ledger import Ledger
from ikap.sources.letters import CARRIER, read_with_letters
from ikap.sources.names import find_name
from ikap.sources.raw import Raw

__all__ = ["list_layers", "path_of", "present", "raw_of", "read", "read_path"]

KEYS = ("from", "path", "file", "layer", "where", "encoding", "crs")

Listed = list[tuple[DataSet, str]]


def path_of(declaration: LayerDeclaration) -> Path:
    """Path of the declared file; a relative one counts from the workspace's `layers/`.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.

    Returns
    -------
    Path
        The file, which may not be there.

    Raises
    ------
    InputError
        `source.key_unknown` or `source.path_missing`, all faults of the table together.
    """
    source, ledger = declaration.source, Ledger(declaration.file, declaration.name)
    for key in source:
        if key not in KEYS:
            near = next(iter(difflib.get_close_matches(key, KEYS, n=1, cutoff=0.4)), "")
            ledger.fault("source.key_unknown", name=key, nearest=near, valid=", ".join(KEYS))
    if not source.get("path"):
        ledger.fault("source.path_missing")
    ledger.stop()
    return declaration.root / "layers" / str(source["path"])


def present(declaration: LayerDeclaration) -> bool:
    """Whether the declared file is there.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.

    Returns
    -------
    bool
        False where the planner has not put the file in yet.
    """
    return path_of(declaration).exists()


def read(
    declaration: LayerDeclaration, *, measured: bool = False, prefer: Sequence[str] = ()
) -> Raw:
    """The declared layer as it lies in its file.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.
    measured : bool
        See `read_path`.
    prefer : sequence of str
        See `read_path`.

    Returns
    -------
    Raw
        Table in the file's own CRS and names.

    Raises
    ------
    InputError
        See `read_path`.
    """
    source, where = declaration.source, declaration.source.get("where")
    stated = {
        key: str(source[key]) for key in ("file", "layer", "encoding", "crs") if source.get(key)
    }
    return read_path(
        path_of(declaration),
        **stated,
        where=where if isinstance(where, dict) else None,
        name=declaration.name,
        measured=measured,
        prefer=prefer,
    )


def read_path(
    path: Path | str,
    *,
    file: str | None = None,
    layer: str | None = None,
    where: dict[str, object] | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    name: str = "",
    measured: bool = False,
    prefer: Sequence[str] = (),
) -> Raw:
    """One layer of a file as it lies there.

    Parameters
    ----------
    path : Path or str
        A file that can be read, or a zip of such.
    file : str, optional
        Which file of a zip. Needed if several have a layer of that name.
    layer : str, optional
        Name in the file; case and Norwegian letters do not matter. Needed if there are several.
    where : dict, optional
        Column and wanted value or values, compared as text.
    encoding : str, optional
        Encoding of the text, where the file does not say it or says it wrong.
    crs : str, optional
        What the coordinates are in, where the file does not state it. Never moves anything.
    name : str
        The declared layer, for messages and the quality record.
    measured : bool
        Refuse degrees and Web Mercator, because areas are to be measured as drawn.
    prefer : sequence of str
        Names that are taken if no layer is named and only one of these is in the file.

    Returns
    -------
    Raw
        Table in the file's own CRS and names; heights dropped, nested attributes laid flat.

    Raises
    ------
    InputError
        `file.*`, `crs.*`, `encoding.unknown`, `column.missing`, `filter.nothing`.
    """
    path = Path(path)
    ledger = Ledger(str(path), name or path.stem)
    with data_sets(path, ledger, file=file) as found:
        listed = _listed(found, ledger)
        source, chosen = _choose(listed, layer, prefer, ledger)
        others = tuple(other for _, other in listed if other != chosen)
        raw = raw_of(source, chosen, path, encoding=encoding, crs=crs, measured=measured)
    ledger.stop()
    frame = choose_rows(raw.frame, where or {}, ledger)
    untouched = raw.untouched and len(frame) == len(raw.frame)
    quality = tuple(ledger.quality)
    return replace(raw, frame=frame, quality=quality, others=others, untouched=untouched)


def raw_of(
    source: DataSet,
    layer: str,
    path: Path,
    *,
    encoding: str | None = None,
    crs: str | None = None,
    measured: bool = False,
    known: tuple[str, int] | None = None,
) -> Raw:
    """One layer of a data set, all its rows; faults that do not keep it from being read are added.

    Parameters
    ----------
    source : DataSet
        Its ledger gets the faults of the CRS, not raised yet.
    layer : str
        One of `source.layers()`.
    path : Path
        The file, or the zip that it lies in.
    encoding : str, optional
        See `read_path`.
    crs : str, optional
        See `read_path`.
    measured : bool
        See `read_path`.
    known : tuple of str and int, optional
        The file's checksum and size, where they are known already.

    Returns
    -------
    Raw
        Without a CRS where the file has none.

    Raises
    ------
    InputError
        `file.unreadable`, `file.no_features`, `encoding.unknown`, `table.crs_unknown`.
    """
    ledger = source.ledger
    with ThreadPoolExecutor(1) as beside:  # the checksum costs a quarter of the reading
        digest = beside.submit(_known_or_read, path, known)
        frame = _frame(source, layer, encoding)
    if frame.empty:
        raise ledger.error("file.no_features", name=layer)
    by = str(frame.attrs.get("crs_known_by", "file"))
    letters = frame.attrs.get("letters", ("UTF-8", "format"))
    if crs is not None:
        by = "declared" if frame.crs is None else by
        frame = _with_crs(frame, crs, ledger)
    check_crs(frame, ledger, measured=measured)
    given, frame = frame, _flat(frame, ledger)
    lost_letters(frame, ledger)
    ahead = frame.attrs.get(READ_AHEAD)
    frame.attrs = {}
    sha256, size = digest.result()
    return Raw(
        frame=frame,
        path=path,
        layer=layer,
        crs_known_by=by,
        sha256=sha256,
        size=size,
        quality=tuple(ledger.quality),
        name=ledger.layer,
        letters=letters[0],
        letters_known_by=letters[1],
        file=source.name,
        untouched=frame is given and source.path == path,
        ahead=ahead,
    )


def _known_or_read(path: Path, known: tuple[str, int] | None) -> tuple[str, int]:
    return known or checksum(path)


def _frame(source: DataSet, layer: str, encoding: str | None) -> GeoDataFrame:
    """Layer with its letters right, its nested attributes laid flat, indexed by feature id."""
    ledger, reader = source.ledger, source.reader

    def read(letters: str | None) -> GeoDataFrame:
        again = letters != CARRIER  # which can read any byte: what fails there is damaged
        return guarded(
            lambda: reader.frame(source.path, layer, letters, ledger), ledger, letters=again
        )

    frame = flatten(read_with_letters(read, source.path, encoding, ledger))
    frame.index = _feature_ids(frame.index)
    return frame


def _with_crs(frame: GeoDataFrame, stated: str, ledger: Ledger) -> GeoDataFrame:
    """Table in the CRS that the layer's TOML states, unless the file states another."""
    try:
        crs = CRS.from_user_input(stated)
    except CRSError as error:
        raise ledger.error("table.crs_unknown", name=stated) from error
    if frame.crs is not None and not same_crs(flat_crs(frame.crs), flat_crs(crs)):
        ledger.fault("crs.contradicted", crs=crs_name(frame.crs), stated=crs_name(crs))
        return frame
    return frame if frame.crs is not None else frame.set_crs(crs)


def list_layers(path: Path | str) -> tuple[str, ...]:
    """Names of the layers of a file that have geometry.

    Parameters
    ----------
    path : Path or str
        A file that can be read.

    Returns
    -------
    tuple of str
        In the file's order.

    Raises
    ------
    InputError
        `file.missing`, `file.empty`, `file.type`, `archive.*`.
    """
    path = Path(path)
    ledger = Ledger(str(path), path.stem)
    with data_sets(path, ledger) as found:
        return tuple(layer for _, layer in _listed(found, ledger))


def _listed(found: Sequence[DataSet], ledger: Ledger) -> Listed:
    """Layers of all data sets; one file of a zip that cannot be read does not stop the others."""
    listed: Listed = []
    for source in found:
        try:
            listed += [(source, layer) for layer in source.layers()]
        except InputError:
            if len(found) == 1:
                raise
            ledger.faults.clear()
            ledger.told("archive.left_out", 1, file=source.name)
    return listed


def _feature_ids(index: pd.Index) -> pd.Index:
    """Index as text that leads back to the feature: `fid:12` for a number, text as it is."""
    texts = [i if isinstance(i, str) else f"fid:{i}" for i in index.tolist()]
    return pd.Index(texts, dtype=object)


def _choose(
    listed: Listed, layer: str | None, prefer: Sequence[str], ledger: Ledger
) -> tuple[DataSet, str]:
    """The named layer, the only one, or the only one of the preferred; else an error."""
    layers = [name for _, name in listed]
    if not layers:
        raise ledger.error("file.no_layers")
    there = ", ".join(layers)
    if layer is not None:
        chosen = find_name(layer, layers)
        if chosen is None:
            near = next(iter(difflib.get_close_matches(layer, layers, n=1, cutoff=0.4)), "")
            raise ledger.error("file.layer_missing", name=layer, nearest=near, there=there)
    else:
        wanted = {found for p in prefer if (found := find_name(p, layers))}
        if len(set(layers)) > 1 and len(wanted) != 1:
            raise ledger.error("file.layer_choice", there=there, count=len(layers))
        chosen = wanted.pop() if len(wanted) == 1 else layers[0]
    sources = [source for source, name in listed if name == chosen]
    if len(sources) > 1:
        files = ", ".join(source.name for source in sources)
        raise ledger.error("archive.file_choice", name=chosen, there=files)
    return sources[0], chosen


def _flat(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table without heights, in a CRS without heights; what fell away is told."""
    crs = frame.crs
    geometries = frame.geometry.to_numpy()
    heights = int(shapely.has_z(geometries).sum())
    if heights:
        frame = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(geometries), frame.index, crs))
        ledger.told("heights.dropped", heights)
    flat = flat_crs(crs) if crs is not None else None
    if flat is not None and crs is not None and flat != crs:
        ledger.told("crs.vertical", len(frame), stated=crs_name(crs), used=crs_name(flat))
        frame = frame.set_crs(flat, allow_override=True)
    return frame
