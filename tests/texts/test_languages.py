"""Both languages say the same: same keys, same fields, and words for every error that is raised."""

import ast
import importlib
import pkgutil
import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

import ikap.checks
from ikap.model import Check
from ikap.texts import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "ikap"
RAISERS = {"InputError", "SourceError", "IkapError", "Fault", "fault", "_wrong"}

# Words that mean something else to planners (CONTRIBUTING.md, Words).
NOT_TO_BE_SAID = {
    r"\bfunn(ene)?\b": "treff, vurdering (funn er arkeologi)",
    r"\bvarsel(et|)\b": "må vurderes (varsel er varsel om oppstart eller nabovarsel)",
    r"\bkonflikt(en|er|ene|)\b": "i strid med ...",
    r"\bjordvernbalanse": "endring i planlagt omdisponering",
    r"\bminsteareal": "kartteknisk grense",
    r"\boptimalisering": "alternativsøk",
    r"\bnetto tap": "endring i planlagt omdisponering",
}


def flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def none_of(found: Iterable[str], what: str) -> None:
    """Fail with one line for each that is found."""
    listed = sorted(found)
    assert not listed, "\n".join([f"{what}:", *listed])


def shared_words(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.glob(f"texts/**/*{lang}.toml")):
        if path.stem.rpartition(".")[2] == lang:
            found.update(flat(tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def texts_in(value: object, where: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """All tables of a declaration that hold one text in several languages."""
    if isinstance(value, Mapping):
        if set(value) & set(LANGUAGES):
            yield where, value
        else:
            for key, inner in value.items():
                yield from texts_in(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from texts_in(inner, f"{where}[{number}]")


def declarations() -> list[Path]:
    folders = ("layers", "maps", "ikap/checks")
    return [path for folder in folders for path in sorted((ROOT / folder).glob("*.toml"))]


def checks() -> list[tuple[str, Check]]:
    names = [f"ikap.checks.{module.name}" for module in pkgutil.iter_modules(ikap.checks.__path__)]
    modules = map(importlib.import_module, names)
    return [(m.__name__, m.CHECK) for m in modules if isinstance(getattr(m, "CHECK", None), Check)]


def raised_keys() -> dict[str, str]:
    """Text keys that are written out where an error is made, and the file."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            first = node.args[0]
            if name in RAISERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[first.value] = str(path.relative_to(ROOT))
    return found


def test_shared_words_have_the_same_keys() -> None:
    nb, en = (shared_words(lang) for lang in LANGUAGES)
    none_of(set(nb) - set(en), "only in Norwegian")
    none_of(set(en) - set(nb), "only in English")


def test_shared_words_have_the_same_fields() -> None:
    nb, en = (shared_words(lang) for lang in LANGUAGES)
    differ = {key for key in set(nb) & set(en) if fields(nb[key]) != fields(en[key])}
    none_of(differ, "other fields")


@pytest.mark.parametrize("path", declarations(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_declaration_says_everything_in_both_languages(path: Path) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for where, texts in texts_in(table, path.stem):
        assert set(texts) == set(LANGUAGES), where
        assert all(str(text).strip() for text in texts.values()), where
        nb, en = (fields(str(texts[lang])) for lang in LANGUAGES)
        assert nb == en, where


@pytest.mark.parametrize(("name", "check"), checks())
def test_check_says_everything_in_both_languages(name: str, check: Check) -> None:
    nb, en = (check.texts[lang] for lang in LANGUAGES)
    assert set(check.texts) == set(LANGUAGES), name
    assert set(nb) == set(en), name
    assert {"title", "question"} <= set(nb), name
    assert {key for key in nb if fields(nb[key]) != fields(en[key])} == set(), name


def test_every_error_that_is_raised_has_words() -> None:
    words = shared_words("nb")
    silent = {k: file for k, file in raised_keys().items() if f"error.{k}.what" not in words}
    none_of((f"{key} ({file})" for key, file in silent.items()), "no words")


def test_every_word_for_an_error_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    keys = {key.removeprefix("error.").rpartition(".")[0] for key in shared_words("nb")}
    errors = {k for k in keys if f"error.{k}.what" in shared_words("nb")}
    pieced = re.findall(r'f"([a-z_]+\.[a-z_.]*)\{[^}"]*\}([a-z_.]*)"', code)
    unused = {key for key in errors if f'"{key}"' not in code}
    for start, end in pieced:
        unused -= {key for key in unused if key.startswith(start) and key.endswith(end)}
    none_of(unused, "never raised")


def all_norwegian() -> Iterator[tuple[str, str]]:
    yield from shared_words("nb").items()
    for path in declarations():
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from ((w, str(texts.get("nb", ""))) for w, texts in texts_in(table, path.stem))
    for name, check in checks():
        yield from ((f"{name}.{key}", text) for key, text in check.texts["nb"].items())


@pytest.mark.parametrize("word", sorted(NOT_TO_BE_SAID))
def test_words_that_mislead_planners_are_not_used(word: str) -> None:
    used = [where for where, text in all_norwegian() if re.search(word, text, re.IGNORECASE)]
    assert used == [], f"say: {NOT_TO_BE_SAID[word]}"
