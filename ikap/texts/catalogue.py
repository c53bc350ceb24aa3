"""One catalogue of words per language: shared words plus those of checks, layers and maps."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["LANGUAGES", "Catalogue", "load_words"]

LANGUAGES = ("nb", "en")


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, str(value)


def load_words(lang: str) -> dict[str, str]:
    """Shared words of one language, flat: `{"status.ok": "Ingen treff i kartgrunnlaget", ...}`."""
    return dict(_shared(lang))


@cache
def _shared(lang: str) -> Mapping[str, str]:
    """Words of a file that comes with ikap, read once: every plan of a run asks for them."""
    text = resources.files("ikap.texts").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


@dataclass(frozen=True)
class Catalogue:
    """The words of one language; `say` fills in named fields."""

    lang: str
    words: Mapping[str, str]

    @classmethod
    def load(cls, lang: str, extra: Mapping[str, str] | None = None) -> Catalogue:
        """Catalogue of the shared words and, on top, the given ones."""
        return cls(lang, {**load_words(lang), **(extra or {})})

    def __contains__(self, key: object) -> bool:
        """Whether the key has words."""
        return key in self.words

    def say(self, key: str, /, **facts: object) -> str:
        """Sentence of `key` with its fields filled in; a missing key is a fault in ikap."""
        return self.words[key].format_map({k: str(v) for k, v in facts.items()})

    def tell(self, key: str, facts: Mapping[str, object]) -> str:
        """Sentence of `key` with facts from data; one that is missing shows as an ellipsis."""
        return self.words[key].format_map(_Facts({k: str(v) for k, v in facts.items()}))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
