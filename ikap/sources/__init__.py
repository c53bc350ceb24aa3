"""Ways in. In: a layer's declaration or a path. Out: `Raw`, a file's own table, as it lies there.

Nothing here knows a Norwegian code: geometry is as in the file (but 2D), names are the file's own.
To add a way in, add one module with `read(declaration) -> Raw` and `present(declaration)`; its
file name is what a layer's TOML writes in `source.from`. Everything that is wrong with a file is
an `InputError` with a key; what was mended or lost on the way is a row of `Raw.quality`.
"""

from ikap.sources.files import list_layers, present, read, read_path
from ikap.sources.raw import Raw

__all__ = ["Raw", "list_layers", "present", "read", "read_path"]
