"""A limit is never read in another unit than it is written in, and never a number that is none."""

import pytest
import shapely

from ikap.errors import InputError


def goals(squares, old, new):
    squares.plan(("1110", 2, shapely.box(569_000, 7_034_000, 569_100, 7_034_100)))
    path = squares.root / "layers/goals.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "unit", "name"),
    [
        ('unit = "m"\n', "km", "reserve.building_buffer"),
        ('unit = "m"\n', "m2", "reserve.building_buffer"),
        ('unit = "daa"', "dekar", "farmland.max_new_conversion"),
        ('unit = "daa"', "m", "farmland.max_new_conversion"),
    ],
)
def test_unit_that_would_be_misread_is_refused(squares, old, unit, name):
    goals(squares, old, f'unit = "{unit}"\n')
    with pytest.raises(InputError) as caught:
        squares.check()
    (fault,) = caught.value.faults
    assert (fault.key, fault.facts["name"], fault.facts["unit"]) == ("parameter.unit", name, unit)
    assert fault.file.endswith("goals.toml")


@pytest.mark.parametrize("value", ["-5", "nan", "inf"])
def test_limit_below_nought_or_without_a_value_is_refused(squares, value):
    goals(squares, "value = 0", f"value = {value}")
    with pytest.raises(InputError) as caught:
        squares.check()
    assert [fault.key for fault in caught.value.faults] == ["toml.value_amount"]


def test_area_limit_may_be_given_in_any_area_unit(squares):
    goals(squares, 'unit = "daa"', 'unit = "ha"')
    assert len(squares.check().findings)
