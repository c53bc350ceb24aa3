"""The wheel holds what git holds, and works where nothing but the wheel is."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: lists the files")


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def files_of_git(root: Path) -> list[str]:
    """All files of the checkout that git knows or would add, as they lie on the disk now."""
    if not (root / ".git").exists():
        pytest.skip("needs a git checkout: lists its files")
    command = ("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others")
    names = run(*command, "--exclude-standard", cwd=root).split("\0")
    return sorted({name for name in names if name and (root / name).is_file()})


@pytest.fixture(scope="module")
def built(root: Path, files_of_git: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, root)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def expected_in_wheel(files: Iterable[str]) -> set[str]:
    package = {name for name in files if name.startswith("ikap/")}
    workspace = {f"ikap/_workspace/{n}" for n in files if n.startswith(("layers/", "maps/"))}
    return package | workspace


def test_wheel_has_every_file_of_package_and_workspace_and_nothing_else(
    wheel: Path, files_of_git: list[str]
) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = expected_in_wheel(files_of_git)
    assert sorted(expected - names) == []
    assert sorted(names - expected) == []


def test_wheel_carries_licence_and_notice(wheel: Path, root: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    for name in ("LICENSE", "NOTICE"):
        (inside,) = [n for n in archive.namelist() if n.endswith(f"licenses/{name}")]
        assert archive.read(inside) == (root / name).read_bytes()


def test_sdist_has_what_git_has(built: Path, files_of_git: list[str]) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {n.partition("/")[2] for n in archive.getnames() if not n.endswith("PKG-INFO")}
        names = {n for n in names if n}
    assert sorted(set(files_of_git) - names) == []
    assert sorted(names - set(files_of_git)) == []


def test_shipped_paths_are_fit_for_every_file_system(files_of_git: list[str]) -> None:
    reserved = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
    for name in expected_in_wheel(files_of_git):
        assert name.isascii(), name
        assert len(name) < 120, name
        assert not {part.partition(".")[0].lower() for part in name.split("/")} & reserved, name
        assert not set(name) & set('<>:"|?*\\ '), name
    lower = [name.lower() for name in expected_in_wheel(files_of_git)]
    assert len(lower) == len(set(lower))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a fresh environment that has this wheel, and this run's libraries beside it."""
    folder = tmp_path_factory.mktemp("fresh environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    options = ("install", "--quiet", "--no-deps", "--no-index", "--no-user")
    run(sys.executable, "-m", "pip", "--python", python, *options, wheel)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run(python, "-I", "-c", ask).strip())
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (own / "libraries.pth").write_text("\n".join(sorted(libraries)), encoding="utf-8")
    return python


def test_installed_wheel_answers_help_from_any_folder(installed: Path, tmp_path: Path) -> None:
    command = installed.parent / ("ikap.exe" if os.name == "nt" else "ikap")
    assert "ikap" in run(command, "--help", cwd=tmp_path)


def test_installed_wheel_brings_its_workspace(installed: Path, tmp_path: Path) -> None:
    ask = """
from ikap.workspace import open_workspace, shipped_workspace
folder = shipped_workspace()
workspace = open_workspace(folder)
missing = [
    layer.name for layer in workspace.layers.values()
    if layer.redistribute and "path" in layer.source
    and not (folder / "layers" / str(layer.source["path"])).is_file()
]
print(folder.parts[-2:], workspace.region.key, missing)
"""
    answer = run(installed, "-I", "-c", ask, cwd=tmp_path).strip()
    assert answer == "('ikap', '_workspace') trondheimsregionen []"
