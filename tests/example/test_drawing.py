"""The mathematics under the region: hash, noise, borders of a grid, faces and finer borders."""

import numpy as np
import pytest
import shapely

from ikap.example.arcs import borders
from ikap.example.detail import detailed
from ikap.example.faces import joined, make_faces, merge_groups, neighbours
from ikap.example.grid import Grid
from ikap.example.noise import hash_unit, noise_at, noise_on

HASHED = [0.6130629780710318, 0.5027546562716463, 0.4493544491023569]
GRID = Grid(400_000.0, 7_150_000.0, 10.0, 60, 40)


def test_hash_gives_the_same_numbers_everywhere():
    numbers = hash_unit(np.array([0, 1, -7]), 5, seed=3)
    assert numbers == pytest.approx(hash_unit([0, 1, -7], 5, seed=3), abs=0)
    assert numbers.tolist() == HASHED
    assert hash_unit(np.arange(10_000), seed=1).mean() == pytest.approx(0.5, abs=0.01)


def test_noise_is_one_surface_for_cells_and_points():
    cells = noise_on(GRID, 150.0, 9, 2)
    x, y = np.meshgrid(GRID.xs, GRID.ys)
    assert cells == pytest.approx(noise_at(x, y, 150.0, 9, octaves=2), abs=1e-4)


def test_borders_of_a_patch_are_one_closed_line():
    code = np.zeros((40, 60), dtype=np.int32)
    code[10:20, 10:30] = 7
    (line,) = borders(code, GRID, rounds=0, simplify=0.0)
    assert shapely.is_closed(line)
    assert shapely.Polygon(line).bounds == (400_100.0, 7_150_100.0, 400_300.0, 7_150_200.0)
    assert shapely.Polygon(line).area == 20_000.0  # 200 m x 100 m


def test_borders_end_where_three_codes_meet():
    code = np.zeros((40, 60), dtype=np.int32)
    code[:, 30:], code[20:, 30:] = 1, 2
    lines = borders(code, GRID, rounds=3, simplify=0.0)
    ends = shapely.get_coordinates([shapely.get_point(line, k) for line in lines for k in (0, -1)])
    meeting = (ends == (400_300.0, 7_150_200.0)).all(axis=1)
    assert len(lines) == 3
    assert meeting.sum() == 3


def test_faces_know_their_neighbours_and_are_joined():
    # a square of 30 m in three columns of 10 m
    lines = [shapely.box(0, 0, 30, 30).exterior]
    lines += [shapely.LineString([(x, -1), (x, 31)]) for x in (10, 20)]
    faces = make_faces(np.array(lines, dtype=object))
    faces = faces[np.argsort(shapely.get_x(shapely.centroid(faces)))]
    near = neighbours(faces)
    assert list(zip(near.a, near.b, near.length, strict=True)) == [(0, 1, 30.0), (1, 2, 30.0)]
    group = joined(3, near.a[:1], near.b[:1])
    assert shapely.area(merge_groups(faces, group)).tolist() == [600.0, 300.0]


def test_finer_borders_are_the_same_on_both_sides():
    rows = [shapely.box(x, y, x + 100, y + 100) for x in (0, 100, 200) for y in (0, 100)]
    holed = shapely.Polygon(rows[0].exterior, [shapely.box(40, 40, 60, 60).exterior.coords])
    cover = np.array([holed, shapely.box(40, 40, 60, 60), *rows[1:]], dtype=object)
    fine = detailed(cover, 60)
    assert shapely.coverage_is_valid(fine)
    assert shapely.get_num_coordinates(fine).mean() == pytest.approx(60, rel=0.1)
    assert shapely.area(fine).sum() == pytest.approx(60_000, rel=0.01)
    assert shapely.get_num_interior_rings(fine).tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_bends_that_would_cross_another_edge_are_taken_back():
    # a long edge with the point of a notch 1 cm below it: hardly any bend has room
    near = shapely.Polygon([(0, 0), (300, 0), (300, 10), (0, 10), (0, 5), (150, 9.99), (0, 4)])
    above = shapely.box(0, 10, 300, 60)
    cover = np.array([near, above], dtype=object)
    fine = detailed(cover, 80)
    assert shapely.is_valid(fine).all()
    assert shapely.coverage_is_valid(fine)
