"""Which workspace is used: the named one, else upward, else the one that comes with ikap."""

from pathlib import Path

from ikap.workspace import find_workspace, open_workspace, shipped_workspace


def make(folder: Path) -> Path:
    (folder / "layers").mkdir(parents=True)
    (folder / "layers" / "region.toml").touch()
    return folder


def test_named_workspace_goes_before_the_one_around_us(tmp_path: Path) -> None:
    around, named = make(tmp_path / "around"), make(tmp_path / "named")
    assert find_workspace(around, named) == named


def test_workspace_is_found_upward_and_the_nearest_wins(tmp_path: Path) -> None:
    outer = make(tmp_path / "outer")
    inner = make(outer / "a" / "inner")
    deep = inner / "layers" / "data"
    deep.mkdir()
    assert find_workspace(deep) == inner
    assert find_workspace(outer / "a") == outer


def test_shipped_workspace_is_used_where_there_is_no_other(tmp_path: Path) -> None:
    assert find_workspace(tmp_path) == shipped_workspace()
    assert open_workspace(shipped_workspace()).region.key == "trondheimsregionen"
