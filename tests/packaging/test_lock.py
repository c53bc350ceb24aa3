"""The lock file says exact versions and nothing about where they come from."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement


@pytest.fixture(scope="module")
def lock(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock", root / ".ci" / "lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_line_is_one_exact_version_without_host_or_path(root: Path) -> None:
    text = (root / ".ci" / "lock.txt").read_text(encoding="utf-8")
    requirements = [Requirement(line) for line in text.splitlines() if not line.startswith("#")]
    assert requirements
    for requirement in requirements:
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version
        assert requirement.url is None
    assert "://" not in text


def test_versions_that_differ_get_markers_that_leave_no_python_out(lock: ModuleType) -> None:
    by_python = {
        "3.11": {"a": "1", "b": "1", "c": "1"},
        "3.12": {"a": "1", "b": "2", "c": "2"},
        "3.13": {"a": "1", "b": "2", "c": "3"},
    }
    assert list(lock.lines(by_python)) == [
        "a==1",
        'b==1 ; python_version < "3.12"',
        'b==2 ; python_version >= "3.12"',
        'c==1 ; python_version < "3.12"',
        'c==2 ; python_version >= "3.12" and python_version < "3.13"',
        'c==3 ; python_version >= "3.13"',
    ]


def test_package_that_only_old_pythons_need_gets_an_upper_bound(lock: ModuleType) -> None:
    by_python = {"3.11": {"a": "1", "old": "5"}, "3.12": {"a": "1"}}
    assert list(lock.lines(by_python)) == ["a==1", 'old==5 ; python_version < "3.12"']


def test_difference_between_lock_and_installed_is_told(
    lock: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "locked", lambda: {"numpy": "0.0"})
    monkeypatch.setattr(lock, "needed", lambda *_: {"ikap", "numpy", "surely-not-there"})
    numpy, missing = lock.faults()
    assert numpy.endswith("the lock says 0.0")
    assert missing == "surely-not-there: no version is installed, the lock says None"
