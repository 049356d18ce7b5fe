"""A reach that runs the wrong way: told by the check, and by walks that end there."""

import pytest

from gridmap.capabilities.rivers.rules.dead_ends import DeadEnd, Directed, dead_ends, stranded
from gridmap.capabilities.rivers.rules.waterways import Spot, WaterReach, Waterways

AT = ("--at", "2026-11-14T06:00")


def net(text, unsure=""):
    """Reaches written as "a:1>2", those in `unsure` of unknown direction."""
    found = []
    for one in text.split():
        code, nodes = one.split(":")
        found.append(Directed(code, *nodes.split(">"), sure=code not in unsure))
    return found


@pytest.mark.parametrize(
    ("reaches", "outlets", "expected"),
    [
        ("a:1>2 b:2>3 c:4>2", "3", []),
        ("a:1>2 b:3>2", "", [DeadEnd("2", True, ("a", "b"))]),
        ("a:1>2 b:1>3", "", [DeadEnd("1", False, ("a", "b"))]),
        ("a:1>2 b:2>3", "", []),  # begins and leaves
        ("a:2>1 b:2>3", "3", [DeadEnd("1", True, ("a",)), DeadEnd("2", False, ("a", "b"))]),
        ("a:1>2 b:3>2", "3", [DeadEnd("2", True, ("a", "b")), DeadEnd("3", False, ("b",))]),
        ("a:1>2 x:8>9", "2", []),  # of another part nobody knows the outlet
    ],
)
def test_dead_ends(reaches, outlets, expected):
    assert dead_ends(net(reaches), set(outlets)) == expected


def test_a_reach_of_unknown_direction_may_carry_the_water():
    assert dead_ends(net("a:1>2 b:3>2 c:2>4", unsure="c")) == []


def test_a_walk_ends_at_a_dead_end_only_if_it_gets_there():
    ways = Waterways([
        WaterReach("a", "", "", "1", "2", 1000.0), WaterReach("b", "", "", "3", "2", 500.0),
        WaterReach("c", "", "", "3", "4", 500.0),
    ])  # fmt: skip
    sink, source = DeadEnd("2", True, ("a", "b")), DeadEnd("3", False, ("b", "c"))
    assert stranded(ways, Spot("a", 400.0), 700.0, above=False) == [sink]
    assert stranded(ways, Spot("a", 400.0), 500.0, above=False) == []
    assert stranded(ways, Spot("a", 400.0), 700.0, above=True) == []
    assert stranded(ways, Spot("c", 100.0), 700.0, above=True) == [source]


def test_a_flipped_reach_is_found_and_the_warning_says_where_it_ends(gridmap, tuanhe_built):
    def dead(path):
        found = gridmap("river", "check", path, "--on", "2026-11-22", "--json").data["findings"]
        return [(one["kind"], one["other"]) for one in found if one["kind"] in {"sink", "source"}]

    whole = gridmap("warn", "湍河-01", *AT, "--km", "500", "--project", tuanhe_built, "--json")
    assert (dead(tuanhe_built), whole.data["dead_ends"]) == ([], [])
    assert gridmap("river", "flip", tuanhe_built, "湍河-22").code == 0
    assert sorted(dead(tuanhe_built)) == [
        ("sink", "湍河-21、湍河-22"), ("source", "湍河-22、湍河-23"),
    ]  # fmt: skip
    short = gridmap("warn", "湍河-01", *AT, "--km", "500", "--project", tuanhe_built)
    assert "湍河-21、湍河-22 的相会处没有河段流出，预警到此为止" in short.out
    assert gridmap("river", "flip", tuanhe_built, "湍河-22").code == 0
    assert dead(tuanhe_built) == []
    # The reach at the outlet: water would come in where it is known to leave.
    assert gridmap("river", "flip", tuanhe_built, "唐白河-14").code == 0
    assert ("source", "唐白河-14") in dead(tuanhe_built)
