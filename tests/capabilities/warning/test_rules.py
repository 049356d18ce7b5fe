"""Warning downstream on a small net, by hand.

        a (1000 m)      b (2000 m)
    n0 ───────────▶ n1 ───────────▶ n2
                     └──────────▶ n3     c (3600 m, 0.5 m/s)

Without a velocity of its own a reach has 1 m/s; the water may take between half and twice as long.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.capabilities.rivers.rules.waterways import Spot, Velocities, WaterReach, Waterways
from gridmap.capabilities.warning.rules import Target, TargetKind, band_of, pieces_of, warn
from gridmap.core.moments import HOUR_US

REACHES = (
    WaterReach("a", "甲段", "甲", "n0", "n1", 1000.0),
    WaterReach("b", "乙段", "乙", "n1", "n2", 2000.0),
    WaterReach("c", "丙段", "丙", "n1", "n3", 3600.0, 0.5),
)
PLACE = Spot("a", 400.0)
START = 1_000 * HOUR_US


def net(closed=(), turned=()):
    return Waterways(REACHES, Velocities(1.0, 0.5, 2.0), closed, turned)


def at(kind, code, reach, chainage):
    return Target(kind, code, code, Spot(reach, chainage))


def test_hours_and_windows_by_hand():
    found = warn(net(), PLACE, START, [at(TargetKind.SECTION, "S", "b", 1200.0)], limit_m=10_000.0)
    own, b, c, section = found.arrivals
    assert [one.target.code for one in found.arrivals] == ["a", "b", "c", "S"]
    assert (own.way.metres, own.earliest, own.latest) == (0.0, START, START)
    assert b.way.metres == c.way.metres == 600.0
    assert section.way.metres == 1800.0
    assert section.way.hours == pytest.approx(0.5)
    assert section.earliest == START + HOUR_US // 4  # twice as quick
    assert section.latest == START + HOUR_US  # half as quick


def test_a_zone_touched_twice_is_told_once_with_its_first_arrival():
    zone = [at(TargetKind.ZONE, "Z", "c", 1800.0), at(TargetKind.ZONE, "Z", "b", 1200.0)]
    found = warn(net(), PLACE, START, zone, 10_000.0)
    (told,) = found.of(TargetKind.ZONE)
    assert told.target.spot == Spot("b", 1200.0)


def test_the_limit_ends_the_walk():
    section = at(TargetKind.SECTION, "S", "b", 1200.0)
    assert not warn(net(), PLACE, START, [section], 1799.0).of(TargetKind.SECTION)
    assert warn(net(), PLACE, START, [section], 1800.0).of(TargetKind.SECTION)


def test_upstream_is_not_warned():
    above = at(TargetKind.INTAKE, "I", "a", 100.0)
    assert not warn(net(), PLACE, START, [above], 10_000.0).of(TargetKind.INTAKE)


def test_a_closed_sluice_stops_the_water():
    shut = Spot("b", 500.0)
    targets = [at(TargetKind.SLUICE, "Z", "b", 500.0), at(TargetKind.SECTION, "S", "b", 1200.0)]
    found = warn(net(closed=(shut,)), PLACE, START, targets, 10_000.0)
    assert [one.target.code for one in found.stopped_by] == ["Z"]
    assert found.stopped_by[0].way.metres == 1100.0
    assert not found.of(TargetKind.SECTION)
    reached = pieces_of(net(closed=(shut,)), found, 10_000.0)
    assert max(piece.to_m for piece in reached if piece.reach == "b") <= 500.0


def test_where_water_runs_back_the_reach_is_entered_at_its_end():
    found = warn(net(turned=("b",)), Spot("b", 1500.0), START, [], 10_000.0)
    assert [one.target.code for one in found.arrivals] == ["b", "c"]
    assert found.arrivals[1].way.metres == 1500.0
    pieces = pieces_of(net(turned=("b",)), found, 10_000.0)
    for piece in pieces:
        assert (piece.to_m < piece.from_m) == (piece.reach == "b")


def test_pieces_begin_at_the_place_and_rise_with_the_water():
    found = warn(net(), PLACE, START, [], 10_000.0)
    pieces = pieces_of(net(), found, 10_000.0)
    assert pieces[0].from_m == 400.0
    assert pieces[0].from_h == 0.0
    assert all(piece.from_h < piece.to_h and piece.from_m < piece.to_m for piece in pieces)
    assert sum(p.to_m - p.from_m for p in pieces) == pytest.approx(600 + 2000 + 3600)
    last = max(piece.to_h for piece in pieces)
    assert last == pytest.approx(600 / 3600 + 2.0)  # c: 3600 m at 0.5 m/s


def test_bands():
    assert [band_of(hours) for hours in (0, 1.9, 2, 6, 12, 24, 100)] == [0, 0, 1, 2, 3, 4, 4]


@given(factor=st.floats(0.2, 5.0), chainage=st.floats(0.0, 2000.0))
def test_another_velocity_is_the_same_as_a_new_walk(factor, chainage):
    targets = [at(TargetKind.SECTION, "S", "b", chainage), at(TargetKind.ZONE, "Z", "c", 10.0)]
    fresh = warn(net(), PLACE, START, targets, 10_000.0, factor)
    moved = warn(net(), PLACE, 0, targets, 10_000.0, 1.0).retimed(START, factor)
    assert {one.target.code for one in fresh.arrivals} == {
        one.target.code for one in moved.arrivals
    }
    for one in fresh.arrivals:
        (other,) = [o for o in moved.arrivals if o.target == one.target]
        assert other.way.hours == pytest.approx(one.way.hours)
        assert abs(other.earliest - one.earliest) <= 1


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan")])
def test_water_that_stands_is_refused(factor):
    with pytest.raises(ValueError, match=str(factor)):
        warn(net(), PLACE, START, [], 1.0, factor)
