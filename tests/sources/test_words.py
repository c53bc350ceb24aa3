"""Everything that reading may say has words in both languages."""

import re
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_faults_and_remarks_have_words(root: Path, lang: str) -> None:
    words = load_words(lang)
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
        for key in load_words(lang)
        if key.startswith(tuple(f"quality.{room}." for room in rooms))
    }
    assert own - told == set()
