"""Lock file of exact versions: make it anew, or hold this Python against it.

In: `pyproject.toml`, and for `make` one interpreter per Python version. Out: `.ci/lock.txt`, a pip
constraints file with markers where versions differ. No host, no path, no hash stands in it.

    python .ci/lock.py make python3.11 python3.12 python3.13
    python .ci/lock.py check
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".ci" / "lock.txt"
HEAD = """\
# Exact versions that ikap is installed and tested with (pip install -c .ci/lock.txt).
# Made by: python .ci/lock.py make python3.11 python3.12 python3.13
"""


def canonical(name: str) -> str:
    """Name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def resolved(interpreter: str) -> tuple[str, dict[str, str]]:
    """Python version of the interpreter, and the newest versions that fit together on it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        python = Path(folder, "bin", "python")
        ask = "import sys; print('%d.%d' % sys.version_info[:2])"
        version = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True)
        report = Path(folder, "report.json")
        options = ["--quiet", "--dry-run", "--only-binary=:all:", "--report", report]
        subprocess.run([python, "-m", "pip", "install", *options, f"{ROOT}[test]"], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    versions = {canonical(i["metadata"]["name"]): i["metadata"]["version"] for i in found}
    return version.stdout.strip(), {k: v for k, v in versions.items() if k != "ikap"}


def lines(by_python: dict[str, dict[str, str]]) -> Iterator[str]:
    """One line per package and run of Python versions that share its version."""
    pythons = sorted(by_python, key=lambda v: tuple(map(int, v.split("."))))
    for name in sorted(set().union(*by_python.values())):
        first = 0
        for i in range(1, len(pythons) + 1):
            version = by_python[pythons[first]].get(name)
            if i < len(pythons) and by_python[pythons[i]].get(name) == version:
                continue
            bounds = [f'python_version >= "{pythons[first]}"'] if first else []
            bounds += [f'python_version < "{pythons[i]}"'] if i < len(pythons) else []
            if version is not None:
                yield f"{name}=={version}" + (f" ; {' and '.join(bounds)}" if bounds else "")
            first = i


def locked() -> dict[str, str]:
    """Locked version of each package that applies to this Python."""
    wanted = {}
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                wanted[canonical(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return wanted


def needed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """All packages that `name` with `extras` asks for here, by way of one another."""
    if (name, extras) in seen:
        return set()
    seen.add((name, extras))
    found = {name}
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return found
    for text in requirements:
        requirement = Requirement(text)
        environments = [{"extra": extra} for extra in extras | {""}]
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
            found |= needed(canonical(requirement.name), frozenset(requirement.extras), seen)
    return found


def faults() -> list[str]:
    """What differs between the lock and what is installed; other packages are left in peace."""
    wanted = locked()
    told = []
    for name in sorted(needed("ikap", frozenset({"test"}), set()) - {"ikap"}):
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "no version"
        if wanted.get(name) != installed:
            told.append(f"{name}: {installed} is installed, the lock says {wanted.get(name)}")
    return told


def main(arguments: list[str]) -> int:
    """Do what the first argument says; exit code 1 if the installed versions differ."""
    match arguments:
        case ["make", *interpreters] if interpreters:
            LOCK.write_text(HEAD + "\n".join(lines(dict(map(resolved, interpreters)))) + "\n")
            return 0
        case ["check"]:
            told = faults()
            print("\n".join(told) or f"{len(locked())} packages, as locked")
            return 1 if told else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
