"""The plans of one town that lie on one another show every outcome of a tolket plansituasjon."""

from pathlib import Path

import pytest

from ikap import open_workspace
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader


@pytest.fixture(scope="module")
def situation(small: Path):
    workspace = open_workspace(small)
    reader = Reader(workspace, discover(workspace), quiet)
    found = reader.layer(workspace.layers["situasjon"])
    assert found is not None
    assert found.situation is not None
    return found.situation


def test_town_has_plans_of_two_levels_and_what_is_open(situation) -> None:
    pieces = situation.pieces
    assert {"kp", "rp"} <= set(pieces["plan_level"])
    assert {"detail", "alone"} <= set(pieces["why"])
    assert (pieces["motstrid"] == "ja").any()


def test_outlines_that_are_the_same_leave_no_slivers(situation) -> None:
    assert (situation.pieces.geometry.area > 100).all()
