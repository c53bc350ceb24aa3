"""What a file holds, without reading its features one by one; it also tells of a faulty file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.sources.crs import crs_name, known_by
from ikap.sources.files import guarded, list_layers
from ikap.sources.formats import FORMATS, check_format, reader_of
from ikap.sources.ledger import Ledger

__all__ = ["LayerSurvey", "survey"]


@dataclass(frozen=True)
class LayerSurvey:
    """One layer of a file, as its head says."""

    name: str
    count: int
    geometry: str
    crs: str  # empty where the file has none
    crs_known_by: str
    bounds: tuple[float, ...]  # in the file's CRS; empty where there are no features
    columns: tuple[str, ...]
    encoding: str


def survey(path: Path | str) -> tuple[LayerSurvey, ...]:
    """Layers of a file with count, geometry type, CRS, bounds and columns.

    Parameters
    ----------
    path : Path or str
        A file that can be read.

    Returns
    -------
    tuple of LayerSurvey
        In the file's order.

    Raises
    ------
    InputError
        `file.*`.
    """
    path = Path(path)
    ledger = Ledger(str(path), path.stem)
    file_format = check_format(path, ledger)
    by_gdal = FORMATS[file_format].reader == "gdal"
    look = _by_head if by_gdal else _by_frame
    names = list_layers(path)
    return tuple(guarded(lambda: [look(path, name, file_format, ledger) for name in names], ledger))


def _by_head(path: Path, name: str, file_format: str, ledger: Ledger) -> LayerSurvey:  # noqa: ARG001 (see _by_frame)
    try:
        head = pyogrio.read_info(
            path, layer=name, force_feature_count=True, force_total_bounds=True
        )
    except UnicodeDecodeError:
        head = pyogrio.read_info(
            path,
            layer=name,
            encoding="ISO-8859-1",
            force_feature_count=True,
            force_total_bounds=True,
        )
    bounds = head["total_bounds"]
    return LayerSurvey(
        name=name,
        count=int(head["features"]),
        geometry=str(head["geometry_type"]),
        crs=_crs_text(head["crs"]),
        crs_known_by=known_by(path, file_format) if head["crs"] else "",
        bounds=tuple(float(b) for b in bounds) if bounds is not None else (),
        columns=tuple(str(f) for f in head["fields"]),
        encoding=str(head["encoding"] or ""),
    )


def _by_frame(path: Path, name: str, file_format: str, ledger: Ledger) -> LayerSurvey:
    """What a layer holds where only reading it tells; what its reader notes is told later."""
    frame = reader_of(file_format).frame(path, name, None, Ledger(ledger.file, ledger.layer))
    return LayerSurvey(
        name=name,
        count=len(frame),
        geometry=", ".join(sorted(frame.geom_type.dropna().unique())),
        crs=crs_name(frame.crs) if frame.crs else "",
        crs_known_by=known_by(path, file_format) if frame.crs else "",
        bounds=tuple(float(b) for b in frame.total_bounds) if len(frame) else (),
        columns=tuple(str(c) for c in frame.columns if c != frame.geometry.name),
        encoding="UTF-8",
    )


def _crs_text(stated: str | None) -> str:
    if not stated:
        return ""
    try:
        return crs_name(CRS.from_user_input(stated))
    except CRSError:
        return stated
