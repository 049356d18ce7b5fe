"""The batch says what the single answer says, column by column."""

from datetime import date
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.capabilities.locate.rules import UnknownProblemError
from gridmap.capabilities.locate.rules.around import Section
from gridmap.capabilities.locate.rules.batch_verdict import BANKS, BORDER_KINDS, REASONS, STATUSES
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.nearness import SegmentTree
from gridmap.capabilities.locate.rules.verdict import Duty, Person, Status, UnitRef
from gridmap.capabilities.locate.work.answering import evidence_of
from gridmap.core.place import Place
from gridmap.store.example import open_example
from tests.capabilities.locate.test_rules import patchwork
from tests.worlds import DAY, World, box, chief, four_towns, unit, xy

OTHER_DAY = date(2025, 1, 31)
FIGURES = ("border_m", "tolerance_m", "other_m", "river_m", "chainage_m")


def columns_of_one(verdict) -> dict[str, object]:
    """A single verdict as the columns of a batch."""
    others = [c for c in verdict.candidates if c.unit != verdict.owner]
    river = verdict.river
    kinds = sorted({zone.kind for zone in verdict.zones})
    inside = {k: tuple(z.code for z in verdict.zones if z.kind == k and z.inside) for k in kinds}
    return {
        "status": verdict.status,
        "reason": verdict.reason,
        "owner": verdict.owner,
        "provisional": verdict.provisional,
        "border_m": verdict.border_m,
        "tolerance_m": verdict.basis.tolerance_m,
        "other": others[0].unit if others else None,
        "other_m": others[0].distance_m if others else np.inf,
        "chain": {link.unit.tier: link.unit for link in verdict.chain},
        "heads": {link.unit.tier: link.posts for link in verdict.chain},
        "reach": river and river.reach_code,
        "river_m": river.distance_m if river else np.inf,
        "chainage_m": river.chainage_m if river else np.inf,
        "bank": river and river.bank,
        "border": river and river.border,
        "chiefs": river.chiefs if river else None,
        "inside": {kind: codes for kind, codes in inside.items() if codes},
        "edge_m": {k: min(z.distance_m for z in verdict.zones if z.kind == k) for k in kinds},
        "uncertain": {k: any(z.uncertain for z in verdict.zones if z.kind == k) for k in kinds},
        "districts": tuple(UnitRef(d.code, d.name, "district") for d in verdict.districts) or None,
        "duty": verdict.duty,
        "fingerprint": verdict.basis.fingerprint,
    }


def columns_of_row(batch, row: int) -> dict[str, object]:
    reach, outside = batch.reach[row], STATUSES[batch.status[row]] is Status.OUTSIDE
    zones = {} if outside else batch.zones
    insides = {kind: zone.inside[row] for kind, zone in zones.items()}
    bank, border = int(batch.bank[row]), int(batch.border[row])
    return {
        "status": STATUSES[batch.status[row]],
        "reason": REASONS[batch.reason[row]],
        "owner": batch.owner[row],
        "provisional": bool(batch.provisional[row]),
        **{name: float(getattr(batch, name)[row]) for name in FIGURES},
        "other": batch.other[row],
        "chain": {tier: column[row] for tier, column in batch.chain.items() if column[row]},
        "heads": {
            tier: column[row] for tier, column in batch.heads.items() if batch.chain[tier][row]
        },
        "reach": reach and reach.code,
        "bank": BANKS[bank] if bank >= 0 else None,
        "border": BORDER_KINDS[border] if border >= 0 else None,
        "chiefs": batch.chiefs[row],
        "inside": {kind: tuple(z.code for z in found) for kind, found in insides.items() if found},
        "edge_m": {kind: zone.edge_m[row] for kind, zone in zones.items()},
        "uncertain": {kind: bool(zone.uncertain[row]) for kind, zone in zones.items()},
        "districts": batch.districts[row],
        "duty": batch.duty[row],
        "fingerprint": batch.fingerprint[row].decode(),
    }


def agree(rule, places, radii, days, problems) -> None:
    """Hold every column of a batch against single answers."""
    lon, lat = np.array(places, np.float64).T
    batch = rule.many(lon, lat, np.array(radii), np.array(days, "datetime64[D]"), problems)
    assert len(batch) == len(places)
    for row, (place, radius, day, problem) in enumerate(
        zip(places, radii, days, problems, strict=True)
    ):
        one = columns_of_one(rule.locate(Place(*place, radius), day, problem))
        many = columns_of_row(batch, row)
        for name in FIGURES:
            assert many.pop(name) == pytest.approx(one.pop(name), abs=1e-6), (name, place)
        edges, known = many.pop("edge_m"), one.pop("edge_m")
        for kind, edge_m in known.items():
            # Inside a zone the single answer need not name another one whose edge is nearer.
            assert edges[kind] <= edge_m + 2e-3
            assert kind in one["inside"] or edges[kind] == pytest.approx(edge_m, abs=2e-3)
        assert many == one, place


@cache
def world():
    """The patchwork of all situations, with zones, chiefs and a department."""
    made = patchwork()
    made.zones += [
        (Zone("Z1", "红线一", "ecological", "水源涵养"), box(500, 500, 900, 900)),
        (Zone("Z2", "红线二", "ecological"), box(700, 700, 1500, 1500)),
        (Zone("Z3", "农田", "farmland"), box(-1900, 100, -100, 900)),
    ]
    made.posts += [
        chief("R1", "township", "甲", date(2024, 1, 1), date(2026, 10, 14)),
        chief("R1", "township", "乙", date(2026, 10, 15), None),
        chief("R4", "village", "丙", date(2024, 1, 1), date(2025, 1, 31)),
    ]
    made.sections.append(Section("S1", "断面", *xy(0, 1500), "R1"))
    made.duties["water"] = Duty("water", "水", "Water", "水环境科", True, 5, "示例")
    rule = made.rule()
    _ = rule.grid.owners.cells  # also few points shall take the fast path
    return rule


corners = st.sampled_from(
    [-2000.0, -300.0, -200.0, -100.0, 0.0, 100.0, 300.0, 800.0, 1000.0, 1200.0, 2000.0]
)
metres = st.one_of(st.floats(-2700, 2700), corners, st.floats(-60, 60))
asked = st.tuples(
    metres, metres, st.sampled_from([0.0, 0.0, 30.0, 400.0]),
    st.sampled_from([DAY, OTHER_DAY, date(2025, 2, 1)]), st.sampled_from([None, "water"]),
)  # fmt: skip


@given(st.lists(asked, min_size=1, max_size=25))
@settings(max_examples=60, deadline=None)
def test_every_column_says_what_the_single_answer_says(rows):
    places = [xy(east, north) for east, north, *_ in rows]
    _, _, radii, days, problems = zip(*rows, strict=True)
    agree(world(), places, list(radii), list(days), list(problems))


@pytest.mark.parametrize("step", [137.0])
def test_all_over_the_patchwork(step):
    ticks = np.arange(-2500.0, 2500.0, step)
    places = [xy(float(east), float(north)) for east in ticks for north in ticks]
    count = len(places)
    agree(world(), places, [0.0] * count, [DAY] * count, [None] * count)


def test_without_a_county_without_units_and_far_away():
    bare = four_towns()
    del bare.units[4]
    places = [xy(1000, 1000), xy(5000, 0), xy(-90_000, 40_000), (2.35, 48.85)]
    count = len(places)
    agree(bare.rule(), places, [0.0] * count, [DAY] * count, [None] * count)
    agree(World().rule(), places, [0.0] * count, [DAY] * count, [None] * count)


def example_places(project, count: int) -> list[tuple[float, float]]:
    """Places all over the example, and on the vertices and edges of everything that has any."""
    rng = np.random.default_rng(20261122)
    found = [rng.uniform((120.66, 30.58), (120.99, 30.82), (count, 2))]
    for layer in ("grid_units", "reaches", "control_zones", "disputes", "liaison_districts"):
        vertices = shapely.get_coordinates(project.layer(layer).geometry.array)
        picked = vertices[rng.integers(0, len(vertices) - 1, count // 12)]
        found += [picked, picked + rng.normal(0, 4e-4, picked.shape)]
    return [(lon, lat) for lon, lat in np.concatenate(found).tolist()]


def test_all_over_the_example():
    with open_example(read_only=True) as project:
        from gridmap.capabilities.locate.rules import Responsibility  # noqa: PLC0415

        rule = Responsibility(evidence_of(project))
        places = example_places(project, 1200)
    rng = np.random.default_rng(7)
    days = [[DAY, OTHER_DAY, date(2026, 9, 1)][i] for i in rng.integers(0, 3, len(places))]
    radii = [[0.0, 0.0, 80.0, 300.0][i] for i in rng.integers(0, 4, len(places))]
    problems = [[None, "water", "noise"][i] for i in rng.integers(0, 3, len(places))]
    agree(rule, places, radii, days, problems)


def test_what_cannot_be_asked():
    rule = world()
    with pytest.raises(UnknownProblemError):
        rule.many([120.8], [30.7], on=DAY, problem="odour")
    with pytest.raises(ValueError, match="finite"):
        rule.many([np.nan], [30.7], on=DAY)
    with pytest.raises(ValueError, match="day"):
        rule.many([120.8], [30.7])


def test_preparing_changes_no_answer():
    bare = four_towns()
    del bare.units[4]
    ready, plain = bare.rule(), bare.rule()
    ready.prepare()
    lon, lat = np.array([xy(1000, 1000), xy(5000, 0), xy(0, 0)]).T
    first, second = (rule.many(lon, lat, on=DAY) for rule in (ready, plain))
    assert first.fingerprint.tolist() == second.fingerprint.tolist()
    assert first.status.tolist() == second.status.tolist()
    assert ready.grid.owners.hull.equals(plain.grid.owners.hull)


def test_an_empty_batch():
    assert len(world().many([], [], on=DAY)) == 0


@given(st.integers(0, 200), st.integers(1, 400), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_the_tree_finds_the_nearest_segment(points, count, seed):
    rng = np.random.default_rng(seed)
    starts = rng.uniform((120.0, 30.0), (121.0, 31.0), (count, 2))
    segments = np.hstack([starts, starts + rng.normal(0, 0.01, (count, 2))])
    tree = SegmentTree.build(segments, np.arange(count) // 3)
    lon, lat = rng.uniform((119.0, 29.0), (122.0, 32.0), (points, 2)).T.reshape(2, -1)
    found = tree.nearest(np.ascontiguousarray(lon), np.ascontiguousarray(lat))
    from gridmap.core.plane import nearest_on_segments  # noqa: PLC0415

    for row in range(points):
        expected = nearest_on_segments(lon[row], lat[row], segments)
        assert found.least_m[row] == expected.distance_m
        assert found.owners[row] == expected.segment // 3


def test_a_vacancy_and_its_holder_change_with_the_day():
    made = four_towns()
    person = Person("甲", "", "")
    from gridmap.capabilities.locate.rules.posts import Post  # noqa: PLC0415

    made.posts.append(
        Post("grid_head", "township", "unit", "330402102", person, None, date(2026, 3, 1))
    )
    made.units.append((unit("330402102201", "village", "330402102"), box(0, 0, 1000, 2000)))
    days = np.array(["2026-03-01", "2026-03-02", "2026-12-31"], "datetime64[D]")
    lon, lat = np.array([xy(500, 500)] * 3).T
    heads = made.rule().many(lon, lat, on=days).heads["township"]
    assert [heads[row][0].vacant for row in range(3)] == [False, True, True]
    assert heads[1] == heads[2]
