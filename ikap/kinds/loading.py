"""From a declaration to a canonical layer in one step: read the file, then make it canonical."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ikap.kinds.canonical import Canonical
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw, read

__all__ = ["Kind", "load"]


class Kind(Protocol):
    """What a module of this room has; `flow` finds the modules by folder."""

    KIND: str
    LAYERS: Sequence[str]

    def canonical(
        self,
        raw: Raw,
        declaration: LayerDeclaration,
        region: Region,
        *,
        extent: Extent | None = None,
    ) -> Canonical:
        """Canonical layer of a raw one."""
        ...


def load(
    kind: Kind, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Canonical layer of a declared file.

    Parameters
    ----------
    kind : module
        Module of this room whose `KIND` is the declaration's.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        Its CRS and municipalities.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        See the kind.

    Raises
    ------
    InputError
        All faults of the file together.
    """
    raw = read(declaration, prefer=kind.LAYERS)
    return kind.canonical(raw, declaration, region, extent=extent)
