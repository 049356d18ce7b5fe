"""The index of shapes that are edited says what looking at every shape says."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.map.editing_index import EditingIndex
from gridmap.map.viewport import Viewport

POINTS = st.tuples(st.integers(-20, 20), st.integers(-20, 20))
SHAPES = st.one_of(
    st.none(),
    st.just(shapely.LineString()),
    POINTS.map(shapely.Point),
    st.lists(POINTS, min_size=2, max_size=4).map(shapely.LineString),
    st.tuples(POINTS, st.integers(1, 9)).map(
        lambda one: shapely.box(*one[0], one[0][0] + one[1], one[0][1] + one[1])
    ),
)
EDITS = st.lists(
    st.tuples(st.sampled_from(["insert", "move", "delete"]), st.integers(0, 15), SHAPES),
    max_size=40,
)


def by_looking(shapes, place, reach):
    """Position and distance of every shape within reach, by distance and position."""
    away = {
        position: shapely.distance(shape, place)
        for position, shape in shapes.items()
        if shape is not None and not shape.is_empty
    }
    near = [(position, metres) for position, metres in away.items() if metres <= reach]
    return sorted(near, key=lambda one: (one[1], one[0]))


def edit(index, shapes, kind, position, shape):
    """The same edit to the index and to the plain shapes, where it is possible."""
    if kind == "insert" and position not in shapes:
        index.insert(position, shape)
        shapes[position] = shape
    elif kind == "move" and position in shapes:
        index.move(position, shape)
        shapes[position] = shape
    elif kind == "delete" and position in shapes:
        index.delete(position)
        del shapes[position]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 15), SHAPES), EDITS, POINTS, st.integers(0, 12))
def test_after_any_edits_it_says_what_looking_at_every_shape_says(start, edits, place, reach):
    index, shapes = EditingIndex(start), dict(start)
    for one in edits:
        edit(index, shapes, *one)
    assert len(index) == len(shapes)
    assert index.near(*place, reach) == by_looking(shapes, shapely.Point(place), reach)
    area = shapely.Point(place).buffer(reach + 1)
    assert index.touching(area) == sorted(
        position
        for position, shape in shapes.items()
        if shape is not None and shapely.intersects(shape, area)
    )


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(0, 15), SHAPES),
    st.dictionaries(st.integers(0, 15), SHAPES),
    POINTS,
)
def test_following_other_shapes_is_the_same_as_beginning_with_them(before, after, place):
    index = EditingIndex(before)
    count = index.follow(after)
    assert index.near(*place, 9) == EditingIndex(after).near(*place, 9)
    assert index.inside((-99, -99, 99, 99)) == EditingIndex(after).inside((-99, -99, 99, 99))
    assert index.follow(after) == 0
    assert count <= len({*before, *after})


def test_a_box_that_is_hit_is_no_answer():
    index = EditingIndex({1: shapely.LineString([(0, 0), (100, 100)])})
    assert index.inside((90, 5, 95, 10)) == [1]
    assert index.near(92, 8, 5) == []
    assert index.near(50, 51, 5) == [(1, pytest.approx(0.5**0.5))]


def test_a_pixel_hits_what_lies_within_the_tolerance():
    view = Viewport.fitting((0, 0, 8000, 6000), 800, 600)
    line = shapely.LineString([(0, 3000), (8000, 3000)])
    index = EditingIndex({7: line})
    px, py = view.to_px(4000, 3000)
    assert index.hit(view, px, py + 4) == 7
    assert index.hit(view, px, py + 6) is None
    index.move(7, shapely.affinity.translate(line, 0, -6 * view.resolution))
    assert index.hit(view, px, py + 6) == 7


def test_positions_are_unique_and_known():
    index = EditingIndex({1: None})
    with pytest.raises(KeyError):
        index.insert(1, shapely.Point(0, 0))
    for act in (index.delete, index.shape, lambda one: index.move(one, None)):
        with pytest.raises(KeyError):
            act(2)


def test_many_lines_dragged_about_one_by_one():
    rng = np.random.default_rng(4)
    shapes = {
        number: shapely.LineString(xy)
        for number, xy in enumerate(
            rng.uniform(0, 1000, (400, 1, 2)) + rng.normal(0, 8, (400, 3, 2))
        )
    }
    index = EditingIndex(shapes)
    for number in rng.integers(0, 400, 600).tolist():
        shapes[number] = shapely.affinity.translate(shapes[number], *rng.normal(0, 40, 2))
        index.move(number, shapes[number])
    for x, y in rng.uniform(0, 1000, (60, 2)):
        assert index.near(x, y, 15) == by_looking(shapes, shapely.Point(x, y), 15)
