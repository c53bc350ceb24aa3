"""Every figure has its method: question, data, steps, result, uncertainty, control."""

import pytest

from ikap.pages.figure_method import FAMILIES, family_of
from ikap.texts import load_words


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_indicator_has_a_method_in_words(lang):
    words = load_words(lang)
    indicators = [k.removeprefix("indicator.") for k in words if k.startswith("indicator.")]
    assert len(indicators) > 30
    for indicator in indicators:
        assert family_of(indicator), indicator
    for family, _ in FAMILIES.values():
        for part in ("title", "question", "steps", "uncertainty"):
            assert words[f"pages.figure_method.{family}.{part}"]
