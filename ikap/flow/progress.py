"""How the flow tells what it does: a text key and facts; who listens decides how it is shown."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Report", "quiet"]


class Report(Protocol):
    """Called at each step with a text key of the catalogue and its facts."""

    def __call__(self, key: str, /, **facts: object) -> None:
        """Tell one step."""


def quiet(key: str, /, **facts: object) -> None:
    """Listen to nothing; the library's default."""
