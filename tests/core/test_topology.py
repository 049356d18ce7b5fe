import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap import shipped
from gridmap.core import topology
from gridmap.core.topology import FaultKind
from gridmap.store import Project

METRE = 1 / 111_000


def squares(columns: int, rows: int, *, side: float = 0.01) -> np.ndarray:
    return np.array(
        [
            shapely.box(
                120 + i * side, 30 + j * side, 120 + (i + 1) * side, 30 + (j + 1) * side
            )
            for j in range(rows)
            for i in range(columns)
        ],
        dtype=object,
    )  # fmt: skip


def test_a_sound_coverage_has_no_fault() -> None:
    # Corners computed once each, so that neighbours share them bit by bit.
    xs, ys = np.linspace(120, 120.05, 6), np.linspace(30, 30.05, 6)
    cells = np.array(
        [shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i in range(5) for j in range(5)],
        dtype=object,
    )
    assert topology.overlaps(cells) == []
    assert topology.gaps(cells) == []
    assert topology.near_nodes(cells) == []
    assert topology.uneven(cells).sum() == 16  # the outer ones only


@given(st.integers(0, 15))
@settings(max_examples=16, deadline=None)
def test_a_missing_unit_inside_is_a_gap_with_its_neighbours(missing: int) -> None:
    cells = squares(4, 4)
    gone = cells[missing]
    cells[missing] = None
    faults = topology.gaps(cells, smallest_m2=100)
    inner = missing in {5, 6, 9, 10}
    assert len(faults) == inner
    if inner:
        [fault] = faults
        assert gone.covers(shapely.Point(fault.lon, fault.lat))
        assert {missing - 4, missing - 1, missing + 1, missing + 4} <= set(fault.units)
        assert fault.size_m2 == pytest.approx(0.01**2 * 96_400 * 110_900, rel=0.01)
        assert not fault.is_sliver


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_gaps_are_what_the_union_leaves_open(random) -> None:
    """Islands in holes, with holes of their own, uneven ones too: no covered land is a gap."""
    cells = squares(9, 9)
    keep = [cell for cell in cells if random.random() > 0.35]
    # An edge that only one side has divided makes a unit uneven without moving it.
    mended = [shapely.segmentize(cell, 0.006) if random.random() < 0.3 else cell for cell in keep]
    faults = topology.gaps(np.array(mended, dtype=object), smallest_m2=100)
    joined = shapely.union_all(keep)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(joined) for ring in part.interiors]
    expected = shapely.difference(shapely.union_all(holes), joined)
    found = shapely.union_all([fault.shape for fault in faults])
    assert shapely.symmetric_difference(found, expected).area < 1e-10
    assert sum(fault.shape.area for fault in faults) == pytest.approx(expected.area, abs=1e-10)


def test_a_gap_at_the_border_is_seen_with_the_territory_only() -> None:
    cells = squares(3, 3)
    whole = shapely.union_all(cells)
    left = cells[1:]
    assert topology.gaps(left, smallest_m2=100) == []
    [fault] = topology.gaps(left, smallest_m2=100, within=whole)
    assert shapely.Point(fault.lon, fault.lat).within(cells[0])


def test_overlaps_identical_units_and_slivers() -> None:
    base = shapely.box(120, 30, 120.01, 30.01)
    thin = shapely.box(120.01 - METRE, 30, 120.02, 30.01)
    inside = shapely.box(120.002, 30.002, 120.003, 30.003)
    faults = topology.overlaps(np.array([base, thin, inside, base], dtype=object))
    found = {fault.units: fault for fault in faults}
    assert set(found) == {(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)}
    assert found[0, 1].is_sliver
    assert found[0, 1].width_m == pytest.approx(0.87, abs=0.1)
    assert found[0, 2].size_m2 == pytest.approx(10_700, rel=0.01)
    assert not found[0, 3].is_sliver


def test_nodes_that_nearly_meet() -> None:
    first = shapely.box(120, 30, 120.01, 30.01)
    second = shapely.box(120.01 + 0.5 * METRE, 30, 120.02, 30.01)
    faults = topology.near_nodes(np.array([first, second], dtype=object), tolerance_m=1.0)
    assert {fault.units for fault in faults} == {(0, 1)}
    assert faults[0].width_m == pytest.approx(0.43, abs=0.05)
    lines = np.array(
        [
            shapely.LineString([(120, 30), (120.01, 30)]),
            shapely.LineString([(120.01 + 0.3 * METRE, 30), (120.02, 30)]),
            shapely.LineString([(120.02, 30), (120.03, 30)]),
        ],
        dtype=object,
    )
    assert [fault.units for fault in topology.near_nodes(lines)] == [(0, 1)]


def test_invalid_rings_have_reason_and_place() -> None:
    bow_tie = shapely.Polygon([(120, 30), (120.01, 30.01), (120.01, 30), (120, 30.01)])
    outer, inner = shapely.box(120, 30, 121, 31), shapely.box(120.2, 30.2, 120.4, 30.4)
    nested = shapely.MultiPolygon([outer, inner])
    shapes = np.array([bow_tie, nested, outer, None], dtype=object)
    crossed, shell = topology.invalid(shapes)
    assert (crossed.kind, crossed.units) == (FaultKind.INVALID, (0,))
    assert (crossed.lon, crossed.lat) == pytest.approx((120.005, 30.005))
    assert (shell.kind, shell.units) == (FaultKind.NESTED_SHELL, (1,))
    better = topology.repaired(shapes[:2])
    assert shapely.is_valid(better).all()
    assert set(shapely.get_dimensions(better)) == {2}


def test_children_parents_and_codes() -> None:
    parent = shapely.box(120, 30, 120.02, 30.02)
    good = shapely.box(120, 30, 120.01, 30.01)
    over = shapely.box(120.01, 30, 120.03, 30.01)
    children = np.array([good, over, over], dtype=object)
    parents = np.array([parent, parent, None], dtype=object)
    [fault] = topology.outside_parent(children, parents)
    assert fault.units == (1,)
    assert fault.lon > 120.02
    faults = topology.codes_at_fault(["a", "b", "a", None], [None, "a", "x", "k"], known=["k"])
    assert [(f.kind, f.units, f.detail) for f in faults] == [
        (FaultKind.DUPLICATE_CODE, (0, 2), "a"),
        (FaultKind.ORPHAN, (2,), "x"),
    ]


@pytest.fixture(scope="module")
def example_units():
    path = shipped.example_dir() / "nanhu.gridmap.gpkg"
    with Project.open(path, read_only=True) as project:
        return project.layer("grid_units")


@pytest.mark.parametrize("tier", ["township", "village"])
def test_the_deliberate_faults_of_the_example_and_no_others(example_units, tier: str) -> None:
    shapes = example_units.loc[example_units["tier"] == tier].geometry.to_numpy()
    [gap] = topology.gaps(shapes)
    assert gap.shape.contains(shapely.Point(120.8121, 30.6547))
    assert gap.size_m2 == pytest.approx(0.10e6, rel=0.05)
    [overlap] = topology.overlaps(shapes)
    assert overlap.shape.contains(shapely.Point(120.9325, 30.7425))
    assert overlap.size_m2 == pytest.approx(0.54e6, rel=0.05)
    assert topology.near_nodes(shapes) == []
    assert topology.invalid(shapes) == []


def test_nothing_to_look_at() -> None:
    nothing = np.array([None, None], dtype=object)
    for look in (topology.gaps, topology.overlaps, topology.near_nodes, topology.invalid):
        assert look(nothing) == []
        assert look(nothing[:0]) == []
