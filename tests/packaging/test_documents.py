"""README, CONTRIBUTING and NOTICE say what is there."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

import ikap
from ikap.model import (
    Check,
    Fact,
    Facts,
    LayerDeclaration,
    MapDeclaration,
    Parameter,
    Parameters,
    ParameterStatus,
    Zones,
)

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_to_files_lead_somewhere(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    local = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in local if not (root / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_toml_examples_are_toml(root: Path, name: str) -> None:
    for block in blocks((root / name).read_text(encoding="utf-8"), "toml"):
        assert tomllib.loads(block)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_examples_call_public_verbs_as_they_are(root: Path, name: str) -> None:
    for block in blocks((root / name).read_text(encoding="utf-8"), "python"):
        for call in ast.walk(ast.parse(block)):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if isinstance(call.func.value, ast.Name) and call.func.value.id == "ikap":
                assert call.func.attr in ikap.__all__
                given = {str(keyword.arg): keyword.value for keyword in call.keywords}
                inspect.signature(getattr(ikap, call.func.attr)).bind(*call.args, **given)


def example(root: Path, language: str, mark: str) -> str:
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = [block for block in blocks(text, language) if mark in block]
    return block


def test_layer_and_map_examples_are_valid_declarations(root: Path) -> None:
    layer = tomllib.loads(example(root, "toml", "[source]"))
    found = TypeAdapter(LayerDeclaration).validate_python({**layer, "name": "x", "root": root})
    assert found.coverage.municipalities == ("5001", "5031")
    shown = tomllib.loads(example(root, "toml", "checks"))
    assert TypeAdapter(MapDeclaration).validate_python({**shown, "name": "x"}).goal == 2


def test_check_example_runs(root: Path) -> None:
    names: dict[str, object] = {}
    exec(example(root, "python", "CHECK = Check("), names)  # noqa: S102 (our own text)
    assert isinstance(names["CHECK"], Check)
    two = np.array(["", ""], dtype=object)
    nothing = np.zeros(2)
    zones = Zones("p", two, two, two, nothing.astype(int), two, nothing, nothing == 0)
    values = np.array([[6000.0], [4000.0]])  # 6 daa and 4 daa, held against 5 daa
    fact = Fact("farmland_by_class", "m2", ("21",), values, nothing, two, two)
    limit = Parameter("x", 5, "daa", "", date(2015, 1, 1), ParameterStatus.ADOPTED)
    verdicts = names["check"](  # type: ignore[operator]  # it was made by exec
        zones, Facts({"farmland_by_class": fact}), Parameters({"farmland.large": limit})
    )
    assert list(verdicts.status) == ["conflict", "ok"]


def test_every_command_has_a_line_in_the_readme(root: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "ikap", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = set(re.findall(r"^ {2,}([a-z]+) {2,}\S", told, re.MULTILINE))
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert {"run", "demo", "check"} <= commands
    assert sorted(c for c in commands if f"| `ikap {c}" not in readme) == []


def test_notice_names_all_that_others_made(root: Path) -> None:
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    data = [path for path in (root / "layers" / "data").glob("*.gpkg") if is_shipped(root, path)]
    vendored = [
        p for room in ("ikap/pages", "tests/browser") for p in root.glob(f"{room}/vendor/*/")
    ]
    for path in [*data, *vendored]:
        assert str(path.relative_to(root).as_posix()) in notice


def is_shipped(root: Path, path: Path) -> bool:
    """Whether an open layer reads the file; a planner's own data need no notice."""
    for toml in (root / "layers").glob("*.toml"):
        layer = tomllib.loads(toml.read_text(encoding="utf-8"))
        if layer.get("redistribute") and layer["source"].get("path") == f"data/{path.name}":
            return True
    return False


def test_licence_is_the_whole_eupl(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [f"\n{n}." in text for n in range(1, 16)] == [True] * 15
    assert "All other changes or additions to this Appendix" in text
