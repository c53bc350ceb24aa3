"""The map object, made by folium: container and start, and no data whatever.

In: a view (numbers). Out: the container's HTML and the script that starts it. folium and branca
run every text they are given as a template, so nothing from a file or a declaration comes here.
Ids are fixed, so that two builds give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

__all__ = ["IkapMap", "MapParts", "map_parts"]

MAX_ZOOM = 18


@dataclass(frozen=True)
class MapParts:
    """What a page needs of a map."""

    html: str
    script: str


class IkapMap(folium.Map):
    """folium's map with vendored Leaflet only; the page itself links the files."""

    default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012 - as folium declares it
    default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012


class Start(MacroElement):
    """Hands the map object to the page's own script."""

    _template = Template(
        "{% macro script(this, kwargs) %}ikap.start({{ this._parent.get_name() }});{% endmacro %}"
    )


def _number(element: Element, name: str) -> None:
    element._id = name
    for i, child in enumerate(element._children.values()):
        _number(child, f"{name}{i}")


def map_parts(bounds: tuple[float, float, float, float]) -> MapParts:
    """Container and start script of one map.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees (EPSG:4326).

    Returns
    -------
    MapParts
        HTML of the container and the script that makes the map and calls `ikap.start`.
    """
    west, south, east, north = (float(v) for v in bounds)
    made = IkapMap(
        location=[round((south + north) / 2, 5), round((west + east) / 2, 5)],
        zoom_start=9,
        tiles=None,
        zoom_control=False,
        scroll_wheel_zoom=False,
        min_zoom=6,
        max_zoom=MAX_ZOOM,
    )
    made.add_child(Start())  # type: ignore[no-untyped-call]
    root: Any = made.get_root()
    _number(root, "ikap")
    made._id = "kart"
    root.render()
    html, script = root.html.render(), root.script.render()
    return MapParts(" ".join(html.split()), " ".join(script.split()))
