"""Small regions through time, written as rows."""

from collections.abc import Callable

import pytest

from ikap.model import Region


@pytest.fixture
def region() -> Callable[..., Region]:
    """Function from members and history to a region."""

    def made(members, history=(), neighbours=()) -> Region:
        return Region(
            "prøve",
            {"nb": "Prøve"},
            "EPSG:25832",
            tuple(members),
            neighbours=tuple(neighbours),
            history=tuple(history),
        )

    return made
