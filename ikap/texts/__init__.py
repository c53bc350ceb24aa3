"""Words and formats. In: `nb.toml`, `en.toml`. Out: `Catalogue`, which says a key in one language.

Shared words (statuses, units, commands, errors) stand in the TOML files of this folder; a check's,
layer's or map's own words stand in its own file, and `flow` puts the catalogue together.
"""

from ikap.texts.catalogue import LANGUAGES, Catalogue, load_words
from ikap.texts.formats import area, date_text, distance, number, percent
from ikap.texts.messages import error_text, fault_text

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "area",
    "date_text",
    "distance",
    "error_text",
    "fault_text",
    "load_words",
    "number",
    "percent",
]
