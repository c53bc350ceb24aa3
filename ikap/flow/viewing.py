"""Looking at what there is: the layers of a workspace, and the inside of one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ikap.errors import InputError
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader, region_extent
from ikap.flow.topology import limits_on
from ikap.workspace import Workspace

__all__ = ["inspect", "layers"]


def layers(workspace: Workspace) -> list[dict[str, Any]]:
    """Every declared layer: kind, owner, licence, whether its file is there, and its date.

    Parameters
    ----------
    workspace : Workspace
        The workspace.

    Returns
    -------
    list of dict
        One per layer, by name; `dated` is an ISO date or empty, `note` says how to get the file,
        `accuracy_unused` whether a plan states an accuracy that nothing uses (its line is decided),
        `holds` what the head of its file says: `count`, `geometry`, `crs` and `place` (inside,
        partly, elsewhere); empty where only reading all of the file would tell.
    """
    from ikap.kinds.inspect_head import head_of  # noqa: PLC0415 (loads the readers)

    reader = Reader(workspace, discover(workspace), quiet)
    try:
        extent = region_extent(reader)
    except InputError:
        extent = None  # the region's own borders are a layer too, and may be missing
    return [
        {
            "name": layer.name,
            "kind": layer.kind,
            "title": dict(layer.title),
            "owner": layer.owner,
            "licence": layer.licence,
            "redistribute": layer.redistribute,
            "dated": layer.dated.isoformat() if layer.dated else "",
            "present": reader.present(layer),
            "path": str(layer.source.get("path", "")),
            "made_of": list(layer.made_of),
            "used_for": [use for use, names in workspace.use.items() if layer.name in names],
            "note": dict(layer.note),
            "accuracy_unused": layer.accuracy is not None and layer.plan is not None,
            "holds": head_of(layer, workspace.region, extent),
        }
        for layer in workspace.layers.values()
    ]


def inspect(
    workspace: Workspace, target: Path | str, *, layer: str | None = None
) -> dict[str, Any]:
    """What a file or declared layer holds, and what to mend first.

    Parameters
    ----------
    workspace : Workspace
        Gives the region to hold the file against, and the declared layers.
    target : Path or str
        A file, or the name of a declared layer.
    layer : str, optional
        The one layer of the file that is wanted; all of them without it.

    Returns
    -------
    dict
        Plain values only, so that it can be written as JSON.

    Raises
    ------
    InputError
        `option.file_or_layer`, `inspect.made_of`, or the faults that keep the file from being read.
    """
    from ikap.kinds.inspect import describe  # noqa: PLC0415 (loads the readers)

    registry = discover(workspace)
    extent = region_extent(Reader(workspace, registry, quiet))
    known: dict[str, Any] = {"extent": extent, "limits": limits_on(workspace, None)}
    declared = workspace.layers.get(str(target))
    if declared is not None and declared.made_of:
        facts = {"name": declared.name, "layers": ", ".join(declared.made_of)}
        raise InputError("inspect.made_of", file=declared.file, **facts, first=declared.made_of[0])
    if declared is not None:
        return dict(describe(declared, workspace.region, **known))
    if not Path(target).exists():
        valid = ", ".join(workspace.layers)
        raise InputError("option.file_or_layer", name=str(target), valid=valid)
    return dict(describe(Path(target), workspace.region, layer=layer, **known))
