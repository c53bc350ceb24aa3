"""The first minutes: a new workspace, and the demo of two regions with one portal."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import ikap
from ikap.errors import InputError
from ikap.flow.progress import Report, quiet
from ikap.flow.verbs import check_all, publish_all
from ikap.results import Results
from ikap.workspace import open_workspace, shipped_workspace

__all__ = ["demo", "init"]

EXAMPLE = "eksempelregionen"
REGION = "trondheimsregionen"
BUILT = "bygget.json"
"""What the example was built as, so that a second demo need not build it again."""


def init(folder: Path | str, *, report: Report = quiet) -> Path:
    """Make a new workspace in `folder`, as a copy of the shipped one to change.

    Parameters
    ----------
    folder : Path or str
        New or empty folder.
    report : Report
        Told when it is done.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        `init.exists` if the folder holds anything, `output.denied` if it cannot be made.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError("init.exists", file=str(target))
    _copy_shipped(target)
    report("run.init_done", path=str(target))
    return target


def demo(folder: Path | str = "ikap-demo", *, report: Report = quiet) -> tuple[list[Results], Path]:
    """Make two workspaces, run both, and publish one portal over them.

    Parameters
    ----------
    folder : Path or str
        Gets `eksempelregionen`, `trondheimsregionen` and `portal/index.html`.
    report : Report
        Told each step.

    Returns
    -------
    tuple
        Results of every plan, and the portal's `index.html`.

    Raises
    ------
    InputError
        `output.denied` if the folder cannot be written to.
    """
    root = Path(folder)
    report("run.building")
    example_folder, region_folder = root / EXAMPLE, root / REGION
    _guarded(example_folder)
    if not _is_built(example_folder):
        from ikap import example  # noqa: PLC0415 (0.4 s of scipy, which only the example needs)

        example.build(example_folder)
        _note_build(example_folder)
    if not (region_folder / "layers" / "region.toml").is_file():
        _copy_shipped(region_folder)
    workspaces = [open_workspace(example_folder), open_workspace(region_folder)]
    done = [r for workspace in workspaces for r in check_all(workspace, report=report)]
    return done, publish_all(workspaces, root / "portal", report=report)


def _is_built(folder: Path) -> bool:
    """Tell whether the example stands there as this very ikap built it, file by file."""
    note = folder / BUILT
    try:
        noted = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(noted == _state(folder))


def _note_build(folder: Path) -> None:
    text = json.dumps(_state(folder), indent=1, sort_keys=True)
    (folder / BUILT).write_text(text + "\n", encoding="utf-8")


def _state(folder: Path) -> dict[str, str]:
    """Checksums of the example's files, and of the code that builds it."""
    code = sorted((Path(ikap.__file__).parent / "example").glob("*.py"))
    files = sorted(p for room in ("layers", "maps") for p in (folder / room).rglob("*"))
    named = {p.relative_to(folder).as_posix(): p for p in files if p.is_file()}
    built_by = hashlib.sha256(b"".join(p.read_bytes() for p in code)).hexdigest()
    return {"ikap.example": built_by} | {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()
    }


def _copy_shipped(target: Path) -> None:
    _guarded(target)
    source = shipped_workspace()
    for room in ("layers", "maps"):
        shutil.copytree(source / room, target / room, dirs_exist_ok=True)


def _guarded(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("output.denied", file=str(folder), detail=str(error)) from error
