"""All or nothing: a new folder is built beside its target and takes its place by two renames.

A journal beside the target says which step was under way; `recover` finishes or undoes a swap that
was interrupted. Names: `X.ny` is the new one, `X.gammel` the old one, `X.bytte` the journal.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ikap.errors import InputError

__all__ = ["fresh", "recover", "swap_in"]


def _beside(target: Path) -> tuple[Path, Path, Path]:
    return (
        target.with_name(f"{target.name}.ny"),
        target.with_name(f"{target.name}.gammel"),
        target.with_name(f"{target.name}.bytte"),
    )


def fresh(target: Path) -> Path:
    """Empty folder `X.ny` beside `target`, to build in; what an earlier run left is removed.

    Parameters
    ----------
    target : Path
        Folder that is to be replaced.

    Returns
    -------
    Path
        The new folder.

    Raises
    ------
    InputError
        `output.denied` if it cannot be made.
    """
    try:
        recover(target)
        new, _, _ = _beside(target)
        if new.exists():
            shutil.rmtree(new)
        new.mkdir(parents=True)
    except OSError as error:
        raise InputError("output.denied", file=str(target), detail=str(error)) from error
    return new


def swap_in(new: Path, target: Path) -> None:
    """Put the finished folder `new` in the place of `target`.

    Parameters
    ----------
    new : Path
        Finished folder, `target` with `.ny` behind its name.
    target : Path
        Folder to replace; need not exist.

    Raises
    ------
    InputError
        `output.held`: a file in the old folder is held open by another program (QGIS on Windows).
        The old result stays, the new one stays as `X.ny`.
    """
    _, old, journal = _beside(target)
    journal.write_text(target.name, encoding="utf-8")
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        journal.unlink(missing_ok=True)
        raise InputError("output.held", file=str(target), new=str(new)) from error
    shutil.rmtree(old, ignore_errors=True)
    journal.unlink(missing_ok=True)


def recover(target: Path) -> None:
    """Finish or undo a swap of `target` that was interrupted."""
    new, old, journal = _beside(target)
    if not journal.exists():
        return
    if not target.exists():
        if new.exists():
            new.rename(target)
        elif old.exists():
            old.rename(target)
    if old.exists() and target.exists():
        shutil.rmtree(old, ignore_errors=True)
    journal.unlink(missing_ok=True)
