"""Two spellings of one name are known as the same, and two names never."""

import string

from hypothesis import given
from hypothesis import strategies as st

from ikap.sources.names import LOST, as_text, find_name, fold, same_name

NAMES = st.text(alphabet=string.ascii_letters + "æøåÆØÅ_", min_size=1, max_size=20)


@given(NAMES)
def test_case_does_not_matter(name: str) -> None:
    assert fold(name.upper()) == fold(name.lower()) == fold(name)


@given(NAMES)
def test_norwegian_letters_may_be_written_without(name: str) -> None:
    plain = name.translate(
        str.maketrans({"å": "a", "ø": "o", "æ": "ae", "Å": "A", "Ø": "O", "Æ": "AE"})
    )
    assert same_name(plain, name)


@given(NAMES, st.integers(0, 19))
def test_one_lost_letter_is_found_again(name: str, place: int) -> None:
    i = place % len(name)
    assert same_name(name[:i] + LOST + name[i + 1 :], name)


@given(
    st.text(alphabet=string.ascii_lowercase, min_size=1),
    st.text(alphabet=string.ascii_lowercase, min_size=1),
)
def test_other_names_are_other_names(one: str, other: str) -> None:
    assert same_name(one, other) == (one == other)


def test_the_same_spelling_goes_before_the_same_name() -> None:
    assert find_name("navn", ["NAVN", "navn"]) == "navn"
    assert find_name("Navn", ["NAVN", "navn"]) == "NAVN"
    assert find_name("navn", ["nummer"]) is None


def test_as_text() -> None:
    assert as_text(1110) == as_text(1110.0) == as_text("1110 ") == "1110"
    assert as_text(float("nan")) == as_text(None) == ""
    assert as_text("0301") == "0301"
