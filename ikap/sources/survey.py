"""What a file holds, layer by layer, faults included: all that can be read is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ikap.errors import Fault, InputError
from ikap.sources.checksum import checksum
from ikap.sources.data_sets import DataSet, data_sets
from ikap.sources.files import raw_of
from ikap.sources.ledger import Ledger
from ikap.sources.raw import Raw

__all__ = ["LayerSurvey", "survey"]


@dataclass(frozen=True)
class LayerSurvey:
    """One layer of a file: what was read of it, and what is wrong with it."""

    name: str
    file: str  # which file of a zip
    raw: Raw | None  # nothing where it could not be read
    faults: tuple[Fault, ...]


def survey(
    path: Path | str,
    *,
    name: str = "",
    file: str | None = None,
    options: Mapping[str, str] | None = None,
) -> tuple[LayerSurvey, ...]:
    """Layers of a file, each with its faults.

    Parameters
    ----------
    path : Path or str
        A file that can be read, or a zip of such.
    name : str
        The declared layer, for the quality record.
    file : str, optional
        Which file of a zip.
    options : mapping of str to str, optional
        `encoding` and `crs` of the declaration.

    Returns
    -------
    tuple of LayerSurvey
        In the file's order; a file of a zip that cannot be read is one without a name.

    Raises
    ------
    InputError
        `file.*`, `archive.*` of the file as a whole.
    """
    path, options = Path(path), options or {}
    seen: list[LayerSurvey] = []
    with data_sets(path, Ledger(str(path), name or path.stem), file=file) as found:
        digest: tuple[str, int] | None = None
        for source in found:
            try:
                layers = source.layers()
            except InputError as error:
                if len(found) == 1:
                    raise
                seen.append(LayerSurvey("", source.name, None, error.faults))
                source.ledger.faults.clear()
                continue
            if not layers and len(found) == 1:
                raise source.ledger.error("file.no_layers")
            digest = digest or checksum(path)
            seen += [_layer(source, layer, path, options, digest) for layer in layers]
    return tuple(seen)


def _layer(
    source: DataSet, layer: str, path: Path, options: Mapping[str, str], digest: tuple[str, int]
) -> LayerSurvey:
    ledger = Ledger(source.ledger.file, source.ledger.layer)
    own = DataSet(source.path, source.name, ledger)
    encoding, crs = options.get("encoding"), options.get("crs")
    try:
        raw = raw_of(own, layer, path, encoding=encoding, crs=crs, known=digest)
    except InputError as error:
        return LayerSurvey(layer, source.name, None, error.faults)
    return LayerSurvey(layer, source.name, raw, tuple(ledger.faults))
