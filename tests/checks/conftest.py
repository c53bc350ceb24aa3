"""The workspace of squares that the whole flow is tested with, for cases of single checks."""

import importlib.util
from pathlib import Path

import pytest

WHOLE = Path(__file__).parents[1] / "end_to_end" / "conftest.py"


@pytest.fixture(scope="session")
def squares_at():
    """Make a workspace of squares in a folder."""
    spec = importlib.util.spec_from_file_location("whole_flow_squares", WHOLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.squares_at
