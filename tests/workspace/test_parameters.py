"""Thresholds: dated, sourced, and none of them adopted in Trondheimsregionen."""

from pathlib import Path

import pytest

from ikap.errors import Fault
from ikap.model import ParameterStatus
from ikap.workspace import Workspace, open_workspace, parameter_history, parameters_in


def values(*dates_and_values: tuple[str, float]) -> dict[str, object]:
    rows = [
        {"from": day, "value": value, "source": "test", "status": "assumption"}
        for day, value in dates_and_values
    ]
    return {"unit": "daa", "values": rows}


def test_every_parameter_of_the_region_is_an_assumption_with_its_source(
    workspace: Workspace,
) -> None:
    assert workspace.parameters
    for name, history in workspace.parameters.items():
        for parameter in history:
            assert parameter.status is ParameterStatus.ASSUMPTION, name
            assert "Antatt" in parameter.source, name
            assert "bekreftes" in parameter.source.lower(), name


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("farmland.max_new_conversion", 0, "daa"),
        ("farmland.map_limit", 500, "m2"),
        ("reserve.building_buffer", 10, "m"),
        ("housing_density.city", 6, "dwellings_per_daa"),
        ("housing_density.centre", 3, "dwellings_per_daa"),
        ("housing_density.local", 2, "dwellings_per_daa"),
        ("growth_share.main_axis", 0.75, "share"),
        ("distance.stop_walk_bus", 500, "m"),
        ("distance.stop_walk_rail", 1000, "m"),
        ("distance.centre_walk", 1000, "m"),
    ],
)
def test_default_until_the_region_has_confirmed_it(
    workspace: Workspace, name: str, value: float, unit: str
) -> None:
    (parameter,) = workspace.parameters[name]
    assert (parameter.value, parameter.unit) == (value, unit)


def test_goals_are_the_four_of_the_region(workspace: Workspace) -> None:
    assert [goal.number for goal in workspace.goals] == [1, 2, 3, 4]
    assert "opprettholdes" in workspace.goals[1].title["nb"]
    assert all(goal.document and goal.dated for goal in workspace.goals)


def test_layers_that_answer_are_in_order_best_first(workspace: Workspace) -> None:
    assert workspace.use["farmland"] == ("ar5", "n50", "ar50")  # the overview comes last
    for kind, names in workspace.use.items():
        kinds = {workspace.layers[name].kind for name in names}
        assert kinds == ({"landcover", "overview"} if kind == "farmland" else {kind})


def test_history_is_oldest_first_however_it_is_written(tmp_path: Path) -> None:
    faults: list[Fault] = []
    table = {"farmland": {"limit": values(("2024-09-26", 3), ("2015-01-01", 1), ("2020-01-01", 2))}}
    found = parameters_in(table, tmp_path / "goals.toml", faults)
    assert not faults
    assert [p.value for p in found["farmland.limit"]] == [1, 2, 3]


def test_the_regions_own_values_go_before_national_ones(tmp_path: Path) -> None:
    faults: list[Fault] = []
    path = tmp_path / "goals.toml"
    own = parameters_in({"a": {"x": values(("2020-01-01", 1))}}, path, faults)
    national = {"x": values(("2010-01-01", 9)), "y": values(("2010-01-01", 8))}
    merged = parameter_history(own, parameters_in({"a": national}, path, faults))
    assert {name: [p.value for p in history] for name, history in merged.items()} == {
        "a.x": [1],
        "a.y": [8],
    }


def test_workspace_opened_twice_is_the_same(root: Path, workspace: Workspace) -> None:
    assert open_workspace(root) == workspace
