"""Everything that reading may say has words in both languages."""

import re
import tomllib
from pathlib import Path

import pytest

from ikap.texts import LANGUAGES, load_words

SAID = re.compile(r'\.(told|error|fault)\(\s*"([a-z_.]+)"')
DROPPED = re.compile(r'_drop\([^"]*"([a-z_]+\.[a-z_]+)"')
PUT_TOGETHER = ("geometry.point", "geometry.line", "corrections.drop", "corrections.set")


def code(root: Path) -> str:
    folders = ("ikap/sources", "ikap/kinds")
    files = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def words_of(root: Path, lang: str) -> dict[str, str]:
    """Shared words and those that stand in files of their own."""
    words = load_words(lang)
    for path in sorted((root / "ikap/texts").rglob(f"*.{lang}.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for key, parts in table.get("error", {}).items():
            words.update({f"error.{key}.{part}": text for part, text in parts.items()})
        words.update({f"quality.{key}": text for key, text in table.get("quality", {}).items()})
    return words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_faults_and_remarks_have_words(root: Path, lang: str) -> None:
    words = words_of(root, lang)
    said = SAID.findall(code(root))
    told = {key for verb, key in said if verb == "told"} | set(DROPPED.findall(code(root)))
    faults = {key for verb, key in said if verb != "told"}
    assert {key for key in (*told, *PUT_TOGETHER) if f"quality.{key}" not in words} == set()
    assert {key for key in faults if f"error.{key}.what" not in words} == set()
    assert len(told) > 30
    assert len(faults) > 20


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_is_unused(root: Path, lang: str) -> None:
    told = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', code(root))) | set(PUT_TOGETHER)
    rooms = ("letters", "filter", "geometry", "purpose", "use_status", "planstatus", "id", "class")
    own = {
        key.removeprefix("quality.")
        for key in words_of(root, lang)
        if key.startswith(tuple(f"quality.{room}." for room in rooms))
    }
    assert own - told == set()
