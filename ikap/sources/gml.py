"""GML of plans and maps: Reguleringsplanforslag, kommuneplan, FKB, AR5, NVDB; any namespace.

One layer a feature type, named as it is (`RpArealformålOmråde`). Read by lxml, feature by feature,
twice: once for ids and references, once for the layer (three times where surfaces share borders by
reference). GDAL's own GML reader is not used: on real files it loses every reference, reads
municipality numbers as integers, draws arcs by a fixed angle (0.6 m off at a radius of 1 km), gives
EPSG:6173 a code that does not exist, fails the whole file (in pyogrio) for one triangulated
surface, and writes a `.gfs` file beside the planner's.

A file that ends before it should, or is not well-formed, is refused: what is missing from it would
be missing from the sums.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from geopandas import GeoDataFrame

from ikap.sources.gml_layer import Layer
from ikap.sources.gml_links import Scan, scan
from ikap.sources.gml_stream import Stream, local
from ikap.sources.gml_targets import Targets, envelope_place
from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers"]


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:
    """Feature types that have geometry, in the file's order.

    Parameters
    ----------
    path : Path
        GML file.
    ledger : Ledger
        For messages.

    Returns
    -------
    tuple of str
        Local names of the features' elements.

    Raises
    ------
    InputError
        `gml.doctype`, `gml.not_gml`, `gml.broken`, `gml.truncated`, `gml.too_large`.
    """
    return tuple(name for name, layer in _scan(path, None, ledger).layers.items() if layer.drawn)


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """One layer, with the facts of the plan that its features refer to.

    Parameters
    ----------
    path : Path
        GML file.
    layer : str
        One of `layers`.
    encoding : str or None
        Encoding of the text, where the file does not say it or says it wrong.
    ledger : Ledger
        Gets what was done to the layer, and why a geometry could not be drawn.

    Returns
    -------
    GeoDataFrame
        Index `gml:` and the feature's id. Attributes as text under their official names; facts
        of the plan as `arealplan.planstatus`, `arealplan.planidentifikasjon` and so on, and the
        level of its outline as `planområde.vertikalnivå` (see `gml_facts`). Geometry in 2D, east
        first; missing where it cannot be drawn. CRS as stated, None where it is not.

    Raises
    ------
    InputError
        As `layers`, and `gml.crs_unknown`, `gml.crs_mixed`, `encoding.unknown`.
    """
    found = _scan(path, encoding, ledger)
    targets = Targets.read(path, encoding, found.wanted, ledger)
    stream = Stream(path, encoding, ledger)
    collected = Layer(found, targets, ledger)
    for feature in stream:
        if local(feature) == layer:
            collected.add(feature, envelope_place(stream.envelope))
    stream.letters.tell(ledger)
    table = collected.frame(envelope_place(stream.envelope))
    table.attrs["letters"] = stream.letters.known()
    return table


def _scan(path: Path, encoding: str | None, ledger: Ledger) -> Scan:
    state = path.stat()
    return _scan_of(path, (state.st_mtime_ns, state.st_size), encoding, ledger.layer)


@lru_cache(maxsize=1)
def _scan_of(path: Path, state: tuple[int, int], encoding: str | None, layer: str) -> Scan:  # noqa: ARG001 (a file that has changed is scanned anew)
    return scan(path, encoding, Ledger(str(path), layer))
