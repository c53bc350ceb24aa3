"""The public verbs: fully documented, and never the name of a submodule."""

import inspect
import pkgutil

import pytest
from numpydoc.validate import validate

import ikap

COMPLETE = {"GL08", "SS01", "PR01", "PR02", "PR04", "PR07", "RT01", "RT03"}
VERBS = [name for name in getattr(ikap, "__all__", ()) if not name.startswith("_")]


def functions() -> list[str]:
    return [name for name in VERBS if inspect.isfunction(getattr(ikap, name))]


def test_verbs_are_listed_and_found() -> None:
    assert VERBS
    assert set(VERBS) <= set(dir(ikap))


@pytest.mark.parametrize("name", functions())
def test_docstring_tells_all_parameters_and_what_comes_back(name: str) -> None:
    verb = getattr(ikap, name)
    report = validate(f"{verb.__module__}.{verb.__qualname__}")
    wrong = [f"{code} {text}" for code, text in report["errors"] if code in COMPLETE]
    if inspect.signature(verb).return_annotation in (None, "None"):
        wrong = [text for text in wrong if not text.startswith("RT01")]
    assert wrong == []


def test_no_verb_has_the_name_of_a_submodule() -> None:
    assert set(VERBS) & {module.name for module in pkgutil.iter_modules(ikap.__path__)} == set()
