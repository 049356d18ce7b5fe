"""Ways along the water by hand: metres, hours, sluices, water that runs back."""

import pytest

from gridmap.capabilities.rivers.rules.waterways import Spot, Velocities, WaterReach, Waterways

# a (1000 m) ─┐
#             ├─ c (3000 m) ─ d (2000 m)
# b (500 m) ──┘
REACHES = [
    WaterReach("a", "a", "甲河", "1", "3", 1000, 0.5),
    WaterReach("b", "b", "乙河", "2", "3", 500),
    WaterReach("c", "c", "甲河", "3", "4", 3000, 1.0),
    WaterReach("d", "d", "甲河", "4", "5", 2000, 0.5),
]
PLAIN = Velocities(default_m_s=0.25, slow=0.5, fast=2.0)


def ways(place, spots, limit=float("inf"), *, above=True, **facts):
    net = Waterways(REACHES, PLAIN, **facts)
    found = (net.upstream if above else net.downstream)(place, spots, limit)
    return {number: round(way.metres, 6) for number, way in found.items()}


def test_metres_and_hours_up_the_water_by_hand():
    net = Waterways(REACHES, PLAIN)
    spots = [Spot("a", 200), Spot("b", 500), Spot("c", 2900), Spot("d", 1000), Spot("d", 300)]
    found = net.upstream(Spot("d", 500), spots)
    # From d at 500 m: 500 to its start, 3000 of c, then what is left of a or b.
    assert {n: w.metres for n, w in found.items()} == pytest.approx(
        {4: 200, 2: 600, 1: 3500, 0: 4300}
    )
    assert list(found) == [4, 2, 1, 0]
    # 500 m at 0.5 m/s, 3000 m at 1 m/s, 800 m at 0.5 m/s: 1000 + 3000 + 1600 s.
    assert found[0].hours == pytest.approx(5600 / 3600)
    assert (found[0].hours_fast, found[0].hours_slow) == pytest.approx((2800 / 3600, 11200 / 3600))
    assert found[1].hours == pytest.approx(4000 / 3600)


def test_down_the_water():
    spots = [Spot("d", 1000), Spot("c", 100), Spot("b", 100), Spot("a", 600)]
    assert ways(Spot("a", 500), spots, above=False) == {3: 100, 1: 600, 0: 4500}
    assert ways(Spot("a", 500), spots, 700, above=False) == {3: 100, 1: 600}


def test_a_place_is_its_own_source_at_no_distance():
    assert ways(Spot("c", 10), [Spot("c", 10)]) == {0: 0}


def test_water_stops_at_a_closed_sluice():
    spots = [Spot("a", 0), Spot("c", 500), Spot("c", 1500)]
    assert set(ways(Spot("d", 100), spots)) == {0, 1, 2}
    assert set(ways(Spot("d", 100), spots, closed=[Spot("c", 1000)])) == {2}
    assert set(ways(Spot("a", 0), [Spot("c", 500), Spot("d", 1)], above=False,
                    closed=[Spot("c", 1000)])) == {0}  # fmt: skip
    # A sluice at the very end of a reach parts it from the next one.
    assert set(ways(Spot("d", 100), spots, closed=[Spot("c", 3000)])) == set()


def test_water_that_runs_back():
    spots = [Spot("a", 400), Spot("d", 100)]
    assert set(ways(Spot("c", 1000), spots)) == {0}
    turned = ways(Spot("c", 1000), spots, turned=["c", "d"])
    # c and d run back: what is above c is d, and a meets c no more.
    assert turned == {1: pytest.approx(2000 + 100)}


def test_parts_of_reaches_within_a_distance():
    net = Waterways(REACHES, PLAIN)
    assert net.reaches_from(Spot("d", 500), 4000, above=True) == {
        "d": (0, 500), "c": (500, 3500), "b": (3500, 4000), "a": (3500, 4000),
    }  # fmt: skip
    assert net.reaches_from(Spot("b", 400), 1000, above=False) == {"b": (0, 100), "c": (100, 1000)}


def test_velocities_must_make_sense():
    with pytest.raises(ValueError, match="velocities"):
        Velocities(0.3, slow=1.2)
