"""What is made of a shape is made once a run, and is the same as if it were made each time."""

import numpy as np
import shapely

from ikap.facts.partition import Partition
from ikap.facts.reserve import once_each
from ikap.model import Parameters


def test_each_shape_is_made_once_and_stands_in_its_own_place():
    nothing = np.zeros(0)
    part = Partition("9901", nothing, nothing, nothing, {}, Parameters({}))
    made = []

    def grown(shapes):
        def make(some):
            made.append(len(some))
            return shapely.buffer(shapes[some], 1.0)

        return once_each(part, ("grown", 1.0), shapes, make)

    one, two, three = (shapely.box(i, 0, i + 1, 1) for i in (0, 10, 20))
    first = grown(np.array([one, two]))
    again = grown(np.array([three, two, one, two]))
    assert made == [2, 1]
    assert shapely.equals_exact(first, shapely.buffer(np.array([one, two]), 1.0), 0).all()
    assert again[1] is first[1] and again[2] is first[0] and again[3] is first[1]
    assert shapely.equals_exact(again[0], shapely.buffer(three, 1.0), 0)
    other = once_each(part, ("grown", 2.0), np.array([one]), lambda _: np.array([two]))
    assert other[0] is two
