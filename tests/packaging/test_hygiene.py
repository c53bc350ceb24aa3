"""No committed file speaks of one machine: no path of its own, no package registry's host."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PLACES = "|".join(["home", "root", "Users", "work"])
OWN_PATH = re.compile(rf"(?<![\w.}}\]])/(?:{PLACES})/\w|\b[C]:[\\/]+Users")
REGISTRY = re.compile(r"(?:py" + r"pi\.org|pythonho" + r"sted\.org|npm" + r"js\.(?:org|com))")


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git: lists the files")
def test_no_own_path_and_no_registry_host(root: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("needs a git checkout: lists its files")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    told = []
    for name in names.split("\0"):
        path = root / name
        if not path.is_file() or "vendor" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a map or a picture
        for number, line in enumerate(text.splitlines(), 1):
            if OWN_PATH.search(line) or REGISTRY.search(line):
                told.append(f"{name}:{number}: {line.strip()[:80]}")
    assert not told, "\n".join(told)
