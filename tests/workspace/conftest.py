"""The workspace of Trondheimsregionen as it lies in the checkout, and copies to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ikap.workspace import Workspace, open_workspace


@pytest.fixture(scope="session")
def workspace(root: Path) -> Workspace:
    """Declarations of Trondheimsregionen."""
    return open_workspace(root)


@pytest.fixture
def spoil(root: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Function that copies all declarations, replaces one piece of text, and gives the folder."""
    for folder in ("layers", "maps"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.gpkg"))

    def replace(file: str, old: str, new: str) -> Path:
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return replace
