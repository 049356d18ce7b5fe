"""Reaches cut at borders: exactly where they cross, never where the river is the border."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import BorderKind, UnitRef
from gridmap.capabilities.rivers.rules.splitting import SplitRules, split_at_borders
from gridmap.core import plane

LON, LAT = 120.0, 30.0
PER_LON, PER_LAT = plane.metres_per_degree(LAT)


def at(x, y):
    return LON + x / PER_LON, LAT + y / PER_LAT


def line(*places):
    return LineString([at(*place) for place in places])


def units(**areas):
    """Units from their corners in metres."""
    shapes = [Polygon([at(*place) for place in area]) for area in areas.values()]
    refs = [UnitRef(code, f"{code}镇", "township") for code in areas]
    return UnitIndex(refs, np.array(shapes, dtype=object))


def box(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north)]


WEST_EAST = units(a=box(0, -3000, 5000, 3000), b=box(5000, -3000, 10_000, 3000))
NORTH_SOUTH = units(n=box(0, 0, 10_000, 3000), s=box(0, -3000, 10_000, 0))


def told(stretches):
    return [(one.units, one.kind, round(one.start_m), round(one.end_m)) for one in stretches]


def test_a_river_across_a_border_is_cut_where_it_crosses():
    found = split_at_borders(line((1000, 0), (9000, 10)), WEST_EAST)
    assert [(one.units, one.kind) for one in found] == [
        (("a",), BorderKind.UP_DOWN), (("b",), BorderKind.UP_DOWN),
    ]  # fmt: skip
    assert found[0].end_m == pytest.approx(4000, abs=1)
    assert found[0].geometry.coords[-1] == pytest.approx(at(5000, 5), abs=1e-7)
    assert (found[0].below, found[1].above) == (("b",), ("a",))


def test_a_river_inside_a_unit_stays_as_it_is():
    drawn = line((1000, 500), (2000, 900), (4000, 0))
    [one] = split_at_borders(drawn, WEST_EAST)
    assert one.geometry.equals(drawn)
    assert (one.units, one.kind) == (("a",), None)


@pytest.mark.parametrize("off", [0, 30, -45])
def test_a_river_that_is_the_border_stays_whole(off):
    """Also where it swings across the drawn border every few hundred metres."""
    straight = line((1000, off), (9000, off))
    [one] = split_at_borders(straight, NORTH_SOUTH)
    assert (one.units, one.kind) == (("n", "s"), BorderKind.LEFT_RIGHT)
    swinging = line(*[(1000 + 200 * i, 40 * (-1) ** i) for i in range(41)])
    [one] = split_at_borders(swinging, NORTH_SOUTH)
    assert (one.units, one.kind) == (("n", "s"), BorderKind.LEFT_RIGHT)


def test_a_river_that_reaches_a_border_and_runs_along_it():
    found = split_at_borders(line((1000, 2000), (4000, 0), (9000, 0)), NORTH_SOUTH)
    assert [(one.units, one.kind) for one in found] == [
        (("n",), BorderKind.UP_DOWN), (("n", "s"), BorderKind.LEFT_RIGHT),
    ]  # fmt: skip
    assert found[0].end_m == pytest.approx(3606, abs=200)


def test_wide_swings_are_interlocked():
    swings = [(1000 + 180 * i, 160 * (-1) ** i) for i in range(41)]
    [one] = split_at_borders(line(*swings), NORTH_SOUTH)
    assert (one.units, one.kind) == (("n", "s"), BorderKind.INTERLOCKED)


def test_a_corner_cut_off_by_less_than_the_tolerance_is_no_piece():
    cutting = line((2000, 1000), (4960, 0), (5030, -100), (4960, -200), (2000, -1000))
    [one] = split_at_borders(cutting, WEST_EAST)
    assert one.units == ("a",)
    far = line((2000, 1000), (4960, 0), (5430, -100), (4960, -200), (2000, -1000))
    assert [one.units for one in split_at_borders(far, WEST_EAST)] == [("a",), ("b",), ("a",)]


def test_ground_of_nobody_is_a_piece_without_unit():
    found = split_at_borders(line((8000, 100), (14_000, 100)), WEST_EAST)
    assert [one.units for one in found] == [("b",), ()]
    assert [one.kind for one in found] == [None, None]


FOUR = units(
    a=box(0, 0, 5000, 5000), b=box(5000, 0, 10_000, 5000),
    c=box(0, -5000, 5000, 0), d=box(5000, -5000, 10_000, 0),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_pieces_make_up_the_line_and_lie_in_their_units(seed):
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 900, (int(rng.integers(2, 25)), 2))
    places = np.cumsum(steps, axis=0) + np.array([5000, 0])
    drawn = line(*places.tolist())
    rules = SplitRules(tolerance_m=50)
    found = split_at_borders(drawn, FOUR, 20.0, rules)
    lengths = [plane.length_m(np.array(one.geometry.coords)) for one in found]
    assert sum(lengths) == pytest.approx(plane.length_m(np.array(drawn.coords)), rel=1e-6)
    for one, metres in zip(found, lengths, strict=True):
        assert one.end_m - one.start_m == pytest.approx(metres, abs=0.1)
    assert found[0].geometry.coords[0] == drawn.coords[0]
    assert found[-1].geometry.coords[-1] == drawn.coords[-1]
    for above, below in pairwise(found):
        assert above.geometry.coords[-1] == below.geometry.coords[0]
        assert above.units != below.units
    for one in found:
        for share in np.linspace(0.01, 0.99, 15):
            place: Point = one.geometry.interpolate(share, normalized=True)
            seen = [FOUR.seen_from(FOUR.position_of(code), place.x, place.y) for code in one.units]
            if seen:
                assert any(near.covers or near.distance_m <= 51 for near in seen)
            else:
                assert FOUR.owner(place.x, place.y) is None
