"""Files on disk: GeoPackage, GeoJSON, FlatGeobuf, Shapefile and GeoParquet.

In: `source = { from = "files", path = "data/x.gpkg", layer = "...", where = {...} }`. Out: `Raw`.
"""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio.errors
import shapely
from geopandas import GeoDataFrame

from ikap.model import LayerDeclaration
from ikap.sources.attributes import choose_rows, flatten, lost_letters
from ikap.sources.checksum import checksum
from ikap.sources.crs import check_crs, crs_name, flat_crs, known_by
from ikap.sources.formats import check_format, readable, reader_of
from ikap.sources.ledger import Ledger
from ikap.sources.letters import read_with_letters
from ikap.sources.names import find_name
from ikap.sources.raw import Raw

__all__ = ["guarded", "list_layers", "path_of", "present", "read", "read_path"]

KEYS = ("from", "path", "layer", "where", "encoding")
UNREADABLE = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FieldError,
    pa.ArrowInvalid,
    shapely.errors.ShapelyError,
    ValueError,
    OSError,
)
UNKNOWN = "not recognized as being in a supported file format"
NOT_A_NUMBER = "invalid value encountered"
"""What numpy says of a vertex without a number; the kinds tell of it by feature."""

T = TypeVar("T")


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
    path, source = path_of(declaration), declaration.source
    layer, where, encoding = source.get("layer"), source.get("where"), source.get("encoding")
    return read_path(
        path,
        layer=str(layer) if layer else None,
        where=where if isinstance(where, dict) else None,
        encoding=str(encoding) if encoding else None,
        name=declaration.name,
        measured=measured,
        prefer=prefer,
    )


def read_path(
    path: Path | str,
    *,
    layer: str | None = None,
    where: dict[str, object] | None = None,
    encoding: str | None = None,
    name: str = "",
    measured: bool = False,
    prefer: Sequence[str] = (),
) -> Raw:
    """One layer of a file as it lies there.

    Parameters
    ----------
    path : Path or str
        GeoPackage, GeoJSON, FlatGeobuf, Shapefile or GeoParquet.
    layer : str, optional
        Name in the file; case and Norwegian letters do not matter. Needed if there are several.
    where : dict, optional
        Column and wanted value or values, compared as text.
    encoding : str, optional
        Encoding of the text, where the file does not say it or says it wrong.
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
    file_format = check_format(path, ledger)
    source = reader_of(file_format)
    layers = guarded(lambda: source.layers(path, ledger), ledger)
    chosen = _choose(layers, layer, prefer, ledger)

    def reader(letters: str | None) -> GeoDataFrame:
        return guarded(lambda: source.frame(path, chosen, letters, ledger), ledger, letters=True)

    with ThreadPoolExecutor(1) as beside:  # the checksum costs as much as a quarter of the reading
        digest = beside.submit(checksum, path)
        frame = read_with_letters(reader, path, encoding, ledger)
    if frame.empty:
        raise ledger.error("file.no_features", name=chosen)
    frame = flatten(frame)
    frame.index = _feature_ids(frame.index)
    check_crs(frame, ledger, measured=measured)
    ledger.stop()
    known = known_by(path, file_format)
    frame = _flat(frame, ledger)
    lost_letters(frame, ledger)
    frame = choose_rows(frame, where or {}, ledger)
    others = tuple(other for other in layers if other != chosen)
    quality = tuple(ledger.quality)
    return Raw(frame, path, chosen, known, *digest.result(), quality, ledger.layer, others)


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
        `file.missing`, `file.empty`, `file.type`, `file.later`.
    """
    path = Path(path)
    ledger = Ledger(str(path), path.stem)
    source = reader_of(check_format(path, ledger))
    return guarded(lambda: source.layers(path, ledger), ledger)


def _feature_ids(index: pd.Index) -> pd.Index:
    """Index as text that leads back to the feature: `fid:12` for a number, text as it is."""
    texts = [i if isinstance(i, str) else f"fid:{i}" for i in index]
    return pd.Index(texts, dtype=object)


def _choose(layers: Sequence[str], layer: str | None, prefer: Sequence[str], ledger: Ledger) -> str:
    """The named layer, the only one, or the only one of the preferred; else an error."""
    if not layers:
        raise ledger.error("file.no_layers")
    there = ", ".join(layers)
    if layer is not None:
        found = find_name(layer, layers)
        if found is None:
            near = next(iter(difflib.get_close_matches(layer, layers, n=1, cutoff=0.4)), "")
            raise ledger.error("file.layer_missing", name=layer, nearest=near, there=there)
        return found
    wanted = {found for p in prefer if (found := find_name(p, layers))}
    if len(layers) > 1 and len(wanted) != 1:
        raise ledger.error("file.layer_choice", there=there, count=len(layers))
    return wanted.pop() if len(wanted) == 1 else layers[0]


def guarded(read: Callable[[], T], ledger: Ledger, *, letters: bool = False) -> T:
    """What `read` answers; GDAL's warnings become quality rows, its errors become ours.

    Parameters
    ----------
    read : callable
        Touches the file.
    ledger : Ledger
        Gets `reader.said` for each warning.
    letters : bool
        Let a `UnicodeDecodeError` through, for the caller to try another encoding.

    Returns
    -------
    object
        The answer of `read`.

    Raises
    ------
    InputError
        `file.type` or `file.unreadable`.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = read()
        except UNREADABLE as error:
            if isinstance(error, UnicodeDecodeError) and letters:
                raise
            detail = str(error).splitlines()[0] if str(error) else type(error).__name__
            if UNKNOWN in detail:
                raise ledger.error("file.type", found="?", readable=readable()) from error
            raise ledger.error("file.unreadable", detail=detail) from error
    messages = (str(w.message) for w in caught if NOT_A_NUMBER not in str(w.message))
    for message in dict.fromkeys(messages):
        ledger.told("reader.said", 1, message=message)
    return answer


def _flat(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table without heights, in a CRS without heights; what fell away is told."""
    crs = frame.crs
    assert crs is not None  # check_crs has stopped a file without one
    geometries = frame.geometry.to_numpy()
    heights = int(shapely.has_z(geometries).sum())
    if heights:
        frame = frame.set_geometry(gpd.GeoSeries(shapely.force_2d(geometries), frame.index, crs))
        ledger.told("heights.dropped", heights)
    flat = flat_crs(crs)
    if flat != crs:
        ledger.told("crs.vertical", len(frame), stated=crs_name(crs), used=crs_name(flat))
        frame = frame.set_crs(flat, allow_override=True)
    return frame
