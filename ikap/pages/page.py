"""Pages as text: escaped templates, content-hashed assets, a strict content security policy.

In: a template's name and its facts. Out: HTML. Templates escape everything; data go in as JSON in
a `<script type="application/json">`, which no browser runs. To add a page, add a template.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

__all__ = [
    "BOOT",
    "Assets",
    "hashed_name",
    "policy",
    "render",
    "script_json",
    "shapes_script",
    "write_assets",
]

ROOT = Path(str(resources.files("ikap.pages")))
ASSETS = {
    "map.css": ("vendor/leaflet/leaflet.css", "templates/ikap.css"),
    "leaflet.js": ("vendor/leaflet/leaflet.js",),
    "ikap.css": ("templates/ikap.css",),
    "ikap.js": ("templates/ikap.js",),
}
"""Shared files and what they are made of; a map page has one style sheet, to save a request."""
LICENCE = "vendor/leaflet/LICENSE"
BOOT = (
    "document.documentElement.className='js';"
    "try{var t=localStorage.getItem('ikap-tema');"
    "if(t)document.documentElement.dataset.tema=t}catch(e){}"
)
"""First script of every page: the reader's theme before anything is drawn."""
BOOT_SCRIPT = Markup(BOOT)  # noqa: S704 - the constant above


@dataclass(frozen=True)
class Assets:
    """File names with content hashes, in the portal's `felles/` folder."""

    names: Mapping[str, str]

    def href(self, name: str, up: str) -> str:
        """Address of an asset from a page; `up` leads to the portal's top."""
        return f"{up}felles/{self.names[name]}"


def write_assets(folder: Path) -> Assets:
    """Write the shared files to `folder/felles`, named by what is in them."""
    shared = folder / "felles"
    shared.mkdir(parents=True, exist_ok=True)
    names = {}
    for name, sources in ASSETS.items():
        content = b"\n".join((ROOT / source).read_bytes() for source in sources)
        names[name] = hashed_name(name, content)
        (shared / names[name]).write_bytes(content)
    (shared / "leaflet-LICENSE.txt").write_bytes((ROOT / LICENCE).read_bytes())
    return Assets(names)


def hashed_name(name: str, content: bytes) -> str:
    """File name that says what is in the file, so that an open browser never mixes editions."""
    stem, suffix = name.split(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def shapes_script(layers: Mapping[str, object]) -> bytes:
    """Script that hands a map its shapes; works from disk, where a page may fetch nothing."""
    return f"window.ikapShapes={script_json(layers)};\n".encode()


def script_json(value: object) -> Markup:
    """JSON that may stand inside a script element, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - the five characters that could end a script are escaped


def policy(scripts: Sequence[str], images: Sequence[str] = ()) -> str:
    """Content security policy: own files, these inline scripts, pictures from these addresses."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    hosts = " ".join(sorted({f"{p.scheme}://{p.netloc}" for p in map(urlsplit, images)}))
    rules = (
        "default-src 'none'",
        f"script-src 'self' {hashes}",
        "style-src 'self'",
        f"img-src 'self' data: {hosts}".strip(),
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def render(template: str, **facts: object) -> str:
    """HTML of one page."""
    return _environment().get_template(template).render(boot=BOOT_SCRIPT, **facts)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
