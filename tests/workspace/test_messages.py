"""A misspelt key, a wrong value, a name that nobody declared: file, key, nearest valid word."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ikap.errors import Fault, InputError
from ikap.workspace import open_workspace

Spoil = Callable[[str, str, str], Path]


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        open_workspace(folder)
    return caught.value.faults


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "nearest"),
    [
        ("layers/region.toml", "constructed =", "construkted =", "construkted", "constructed"),
        ("layers/region.toml", "crs  ", "csr  ", "csr", "crs"),
        (
            "layers/region.toml",
            "valid_from = 2018-01-01",
            "valid_form = 2018-01-01",
            "municipalities.0.valid_form",
            "valid_from",
        ),
        (
            "layers/region.toml",
            'successor  = ["5001"]',
            'succesor  = ["5001"]',
            "history.0.succesor",
            "successor",
        ),
        ("layers/region.toml", 'name         = "St', 'navn         = "St', "places.1.navn", "name"),
        ("layers/goals.toml", "document =", "dokument =", "goals.0.dokument", "document"),
        (
            "layers/goals.toml",
            'unit = "daa"',
            'unitt = "daa"',
            "farmland.max_new_conversion.unitt",
            "unit",
        ),
        (
            "layers/goals.toml",
            'status = "assumption"',
            'statsu = "assumption"',
            "farmland.max_new_conversion.values.0.statsu",
            "status",
        ),
        ("layers/goals.toml", "[use]", "[usee]", "usee", "use"),
        ("layers/n50.toml", "licence ", "license ", "license", "licence"),
        ("layers/n50.toml", "own_polygons", "own_polygon", "coverage.own_polygon", "own_polygons"),
        ("layers/kommuneplaner.toml", 'role = "adopted"', 'roel = "adopted"', "plan.roel", "role"),
        ("maps/jordvern.toml", "checks =", "cheks =", "cheks", "checks"),
    ],
)
def test_misspelt_key_is_told_with_the_nearest_word(
    *, spoil: Spoil, file: str, old: str, new: str, key: str, nearest: str
) -> None:
    folder = spoil(file, old, new)
    (fault,) = [f for f in faults_of(folder) if f.key == "toml.key_unknown"]
    assert fault.file == str(folder / file)
    assert fault.facts["name"] == key
    assert fault.facts["nearest"] == nearest


@pytest.mark.parametrize(
    ("file", "old", "new", "sort", "name", "nearest"),
    [
        ("layers/goals.toml", '["ar5", "n50"]', '["ar5", "n5o"]', "layer", "n5o", "n50"),
        ("maps/jordvern.toml", '"buildings"', '"bulidings"', "layer", "bulidings", "buildings"),
        ("maps/jordvern.toml", "goal   = 2", "goal   = 7", "goal", "7", ""),
        (
            "layers/kommuneplaner.toml",
            'role = "adopted"',
            'role = "adoptd"',
            "role",
            "adoptd",
            "adopted",
        ),
        (
            "layers/kommuneplaner.toml",
            'role = "adopted"',
            'role = "adopted"\ncompare_with = "komuneplaner"',
            "plan",
            "komuneplaner",
            "kommuneplaner",
        ),
        (
            "layers/buildings.toml",
            'municipalities = ["all"]\n',
            'municipalities = ["5001", "5O27"]\n',
            "municipality",
            "5O27",
            "5027",
        ),
    ],
)
def test_name_that_nobody_declared_is_told_with_the_nearest_one(
    *, spoil: Spoil, file: str, old: str, new: str, sort: str, name: str, nearest: str
) -> None:
    folder = spoil(file, old, new)
    (fault,) = faults_of(folder)
    assert fault.key == f"toml.{sort}_unknown"
    assert fault.file == str(folder / file)
    assert (fault.facts["name"], fault.facts["nearest"]) == (name, nearest)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "name"),
    [
        (
            "layers/region.toml",
            "valid_from = 2018-01-01",
            'valid_from = "i fjor"',
            "toml.value_date",
            "municipalities.0.valid_from",
        ),
        (
            "layers/region.toml",
            'number     = "5001"',
            "number     = 5001",
            "toml.value_text",
            "municipalities.0.number",
        ),
        (
            "layers/region.toml",
            "constructed = false",
            'constructed = "nei"',
            "toml.value_flag",
            "constructed",
        ),
        (
            "layers/goals.toml",
            "value  = 500",
            'value  = "fem hundre"',
            "toml.value_number",
            "farmland.map_limit.values.0.value",
        ),
        (
            "layers/goals.toml",
            'status = "assumption"',
            'status = "vedtatt"',
            "toml.value_choice",
            "farmland.max_new_conversion.values.0.status",
        ),
        (
            "layers/municipalities.toml",
            'municipalities = ["all"]',
            'municipalities = "all"',
            "toml.value_list",
            "coverage.municipalities",
        ),
        ("maps/jordvern.toml", "goal   = 2", "goal   = = 2", "toml.syntax", None),
        (
            "maps/jordvern.toml",
            "title  = { nb =",
            "title  = { nn =",
            "toml.key_missing",
            "title.nb",
        ),
    ],
)
def test_wrong_value_is_told_by_what_should_have_stood_there(
    *, spoil: Spoil, file: str, old: str, new: str, key: str, name: str | None
) -> None:
    folder = spoil(file, old, new)
    (fault,) = faults_of(folder)
    assert fault.key == key
    assert fault.file == str(folder / file)
    assert fault.facts.get("name") == name


def test_faults_of_all_files_are_told_together(spoil: Spoil) -> None:
    spoil("layers/region.toml", "constructed =", "construkted =")
    spoil("layers/n50.toml", "redistribute", "redistribut")
    folder = spoil("maps/jordvern.toml", "order ", "odrer ")
    told = {(Path(f.file or "").name, f.facts["name"]) for f in faults_of(folder)}
    assert told == {
        ("region.toml", "construkted"),
        ("n50.toml", "redistribut"),
        ("jordvern.toml", "odrer"),
    }


def test_key_that_the_file_name_gives_cannot_be_written(spoil: Spoil) -> None:
    folder = spoil("layers/n50.toml", "kind ", 'name = "noe annet"\nkind ')
    (fault,) = faults_of(folder)
    assert (fault.key, fault.facts["name"]) == ("toml.key_unknown", "name")


def test_file_name_that_cannot_be_a_name_is_told(spoil: Spoil) -> None:
    folder = spoil("layers/n50.toml", "kind ", "kind ")
    (folder / "layers" / "n50.toml").rename(folder / "layers" / "N50 kart.toml")
    assert "toml.name" in {f.key for f in faults_of(folder)}


def test_folder_without_a_region_is_no_workspace(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert (fault.key, fault.file) == ("workspace.missing", str(tmp_path))
