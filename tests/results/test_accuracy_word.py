"""An interval that is not known is told apart from one that turns nothing."""

import pytest

from ikap.results.interval_words import accuracy_word
from ikap.texts import Catalogue

NAN = float("nan")
MAPPED = '{"deviations": {}}'


@pytest.mark.parametrize(
    ("within", "facts", "measured", "low", "key"),
    [
        (True, MAPPED, 600.0, 200.0, "accuracy.within"),
        (False, MAPPED, 3000.0, 2600.0, ""),
        (False, MAPPED, 3000.0, NAN, "accuracy.unknown"),
        (False, MAPPED, 0.0, NAN, ""),  # nothing was found, so there is nothing to be unsure of
        (False, "{}", 3000.0, NAN, ""),  # a decided line, or a distance
    ],
)
def test_word_for_the_accuracy(within, facts, measured, low, key):
    row = {"within_accuracy": within, "facts_json": facts, "measured": measured, "low": low}
    words = Catalogue.load("nb")
    assert accuracy_word(row, words) == (words.say(key) if key else "")
