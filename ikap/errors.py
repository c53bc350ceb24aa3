"""Errors as part of the product: what a user is told when ikap stops.

In: a text key and facts. Out: an exception that carries them; the words stand in
`texts/nb.toml` and `texts/en.toml` under `[error]`. Nothing here formats or prints.

One family: `IkapError` > `InputError` (the user's file or declaration is wrong, exit code 2)
and `SourceError` (a service did not answer, exit code 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

__all__ = ["Fault", "IkapError", "InputError", "SourceError"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it is, which features, and the facts of the message."""

    key: str
    file: str | None = None
    layer: str | None = None
    ids: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


class IkapError(Exception):
    """Base of all errors that ikap raises on purpose; holds one or more faults."""

    def __init__(
        self,
        key: str,
        *,
        file: str | None = None,
        layer: str | None = None,
        ids: Iterable[str] = (),
        **facts: object,
    ) -> None:
        self.faults: tuple[Fault, ...] = (Fault(key, file, layer, tuple(ids), facts),)
        super().__init__(key)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        """Error that tells all the given faults at once (at least one)."""
        collected = tuple(faults)
        error = cls(collected[0].key)
        error.faults = collected
        return error

    @property
    def key(self) -> str:
        """Text key of the first fault."""
        return self.faults[0].key

    def __str__(self) -> str:
        """All keys with their place and facts, for developers; users get the texts."""
        return "; ".join(
            f"{f.key} [{f.file or '-'}, {f.layer or '-'}] {dict(f.facts)}" for f in self.faults
        )


class InputError(IkapError):
    """The user's file, declaration or option is wrong (exit code 2)."""


class SourceError(IkapError):
    """A source could not be reached (exit code 3)."""
