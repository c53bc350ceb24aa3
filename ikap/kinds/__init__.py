"""What a layer is. In: `Raw`, a file's own table. Out: `Canonical`, a table that all can rely on.

Canonical tables are in the region's CRS, 2D and valid, with official Norwegian column names,
`source_layer` and `source_id`; what was mended, left out or not understood stands in the quality
record. Nothing is snapped or simplified, and nothing is guessed.

To add a kind, add one module here with `KIND` (the word that a layer's TOML writes), `COLUMNS` (its
schema) and `canonical(raw, declaration, region, *, extent=None) -> Canonical`; `LAYERS` may name
the layers that are taken from a file with several. It is found by being in this folder. `USES` are
the names under `[use]` in goals.toml that its layers may stand under, its own name where it is not
there; a name that no kind speaks of is free. `TABLE = True` gives the kind's rows to accounts as
figures, with or without geometry.
"""

from ikap.kinds.canonical import Canonical
from ikap.kinds.columns import Column

__all__ = ["Canonical", "Column"]
