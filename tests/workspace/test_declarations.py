"""Every declaration in `layers/` and `maps/` is whole in both languages and tells the truth."""

import importlib
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pyogrio
import pytest

from ikap.model import LayerDeclaration
from ikap.sources import files
from ikap.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    p.relative_to(ROOT).as_posix() for f in ("layers", "maps") for p in (ROOT / f).glob("*.toml")
)
LAYERS = sorted({Path(f).stem for f in FILES if f.startswith("layers/")} - {"region", "goals"})
LANGUAGES = {"nb", "en"}
OPEN_LICENCES = {"CC-BY-4.0", "Offentlig saksframlegg (åndsverkloven § 14)"}
MAX_BYTES = 2_500_000
CHOSEN = {"filter.left_out", "network.not_walked.main"}
"""What is told of a file that needs no mending: what the declaration and the rule leave out."""


def texts_in(table: object, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """All tables that hold a text by language, at any depth."""
    if isinstance(table, dict):
        if LANGUAGES & table.keys():
            yield where, table
        for key, value in table.items():
            yield from texts_in(value, f"{where}.{key}")
    elif isinstance(table, list):
        for number, value in enumerate(table):
            yield from texts_in(value, f"{where}.{number}")


def path_of(layer: LayerDeclaration) -> Path:
    return layer.root / "layers" / str(layer.source["path"])


@pytest.mark.parametrize("file", FILES)
def test_texts_are_in_both_languages(file: str) -> None:
    table = tomllib.loads((ROOT / file).read_text(encoding="utf-8"))
    texts = dict(texts_in(table))
    for where, text in texts.items():
        assert text.keys() == LANGUAGES, where
        assert all(word.strip() for word in text.values()), where
    assert file == "layers/goals.toml" or any(w in texts for w in (".title", ".name")), "no title"


@pytest.mark.parametrize("file", FILES)
def test_file_begins_by_telling_the_planner_what_it_is(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    assert len(head) >= 4, "say what it is, and how to replace it"
    assert all(len(line) <= 100 for line in head)


@pytest.mark.parametrize("name", LAYERS)
def test_layer_is_there_or_says_what_to_put_where(workspace: Workspace, name: str) -> None:
    layer = workspace.layers[name]
    assert not layer.constructed
    assert layer.attribution.startswith(("© ", "Kilde: "))
    assert layer.note.keys() == LANGUAGES
    if layer.redistribute:
        assert path_of(layer).is_file()
    else:
        for text in layer.note.values():
            assert f"layers/{layer.source['path']}" in text


def open_layers(workspace: Workspace) -> list[LayerDeclaration]:
    """Open maps; tables have tests of their own."""
    every = workspace.layers.values()
    return [layer for layer in every if layer.redistribute and layer.source["from"] == "files"]


def test_tables_and_columns_are_in_the_open_files(workspace: Workspace) -> None:
    for layer in open_layers(workspace):
        info = pyogrio.read_info(path_of(layer), layer=layer.source["layer"])
        assert info["crs"] == "EPSG:25832"
        assert set(layer.columns.values()) <= set(info["fields"]), layer.name


def test_every_value_in_the_open_files_is_mapped(workspace: Workspace) -> None:
    for layer in open_layers(workspace):
        table = pyogrio.read_dataframe(
            path_of(layer), layer=layer.source["layer"], read_geometry=False
        )
        for canonical, mapped in layer.values.items():
            assert set(table[layer.columns[canonical]]) == set(mapped), layer.name


def test_open_files_are_read_as_their_kind_with_nothing_to_mend(workspace: Workspace) -> None:
    for layer in open_layers(workspace):
        kind = importlib.import_module(f"ikap.kinds.{layer.kind}")
        read = kind.canonical(files.read(layer), layer, workspace.region)
        assert not {row.what for row in read.quality} - CHOSEN, layer.name
        assert read.frame["source_id"].is_unique, layer.name


def shipped_files() -> list[Path]:
    """Files in `layers/data` that git knows; a planner's own files beside them are not shipped."""
    listed = subprocess.run(
        ["git", "ls-files", "layers/data"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        ROOT / line for line in listed.stdout.splitlines() if not Path(line).name.startswith(".")
    ]


def test_only_open_data_of_a_declared_layer_are_shipped(workspace: Workspace) -> None:
    declared: dict[str, list[LayerDeclaration]] = {}
    for layer in workspace.layers.values():
        declared.setdefault(path_of(layer).name, []).append(layer)
    shipped = shipped_files()
    assert shipped
    for path in shipped:
        assert path.name in declared, f"{path.name} belongs to no layer"
        for layer in declared[path.name]:
            assert layer.redistribute
            assert layer.licence in OPEN_LICENCES
    assert sum(p.stat().st_size for p in shipped) < MAX_BYTES


def test_every_shipped_table_says_whose_it_is_and_how_it_was_cut() -> None:
    for path in shipped_files():
        if path.suffix == ".csv":  # a table says it in its layer's note
            continue
        for name in pyogrio.list_layers(path)[:, 0]:
            said = (pyogrio.read_info(path, layer=name)["layer_metadata"] or {}).get(
                "DESCRIPTION", ""
            )
            assert "© Kartverket, CC BY 4.0" in said, (path.name, name)
            assert len(said) > 150, (path.name, name)


def test_maps_use_declared_layers_and_goals(workspace: Workspace) -> None:
    farmland = workspace.maps["jordvern"]
    assert farmland.goal == 2
    assert farmland.checks[:2] == ("farmland_conversion", "farmland_adopted_unbuilt")
    more = ("cultivable", "core", "fragments", "transport", "transport_lines")
    assert farmland.checks[2:] == tuple(f"farmland_{name}" for name in more)
    assert "ikke åpne data" in farmland.texts["ingress"]["nb"]
