import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface, to_polygon, writable_polygon
from gridmap.map.trace import clip_ring, take_ranges, trace
from gridmap.map.viewport import Viewport

numbers = st.floats(-30, 30).map(lambda value: round(value, 2))


def surface(layer: MapLayer, *, zoom: float = 1.0, paper: bool = False) -> Surface:
    assert layer.extent is not None
    view = Viewport.fitting(layer.extent, 400, 300).zoomed(zoom)
    image = None if paper else QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    return Surface(QPainter(), view, image=image)


@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=8, unique=True))
def test_cutting_a_ring_is_an_intersection(corners: list[tuple[float, float]]) -> None:
    polygon = shapely.Polygon(corners)
    if not polygon.is_valid or polygon.area < 1e-6:
        return
    ring = shapely.get_coordinates(polygon.exterior)
    cut, new = clip_ring(ring, np.ones(len(ring), bool), (-10.0, -10.0, 10.0, 10.0))
    expected = polygon.intersection(shapely.box(-10, -10, 10, 10))
    x, y = cut.T if len(cut) else (np.empty(0), np.empty(0))
    area = abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2))
    assert area == pytest.approx(expected.area, abs=1e-6)
    assert len(new) == len(cut)


def test_edges_along_the_box_are_not_stroked() -> None:
    ring = np.array([[0, 0], [20, 0], [20, 5], [0, 5], [0, 0]], float)
    cut, new = clip_ring(ring, np.array([1, 1, 1, 1, 0], bool), (-1.0, -1.0, 10.0, 10.0))
    stroked = [(tuple(cut[i]), tuple(cut[i + 1])) for i in np.flatnonzero(new)]
    assert ((10.0, 0.0), (10.0, 5.0)) not in stroked
    assert ((0.0, 0.0), (10.0, 0.0)) in stroked
    assert len(stroked) == 3


def test_take_ranges() -> None:
    positions, offsets = take_ranges(np.array([5, 0, 9]), np.array([7, 0, 12]))
    assert positions.tolist() == [5, 6, 9, 10, 11]
    assert offsets.tolist() == [0, 2, 2, 5]


def test_shared_borders_stay_shared_after_rounding(chaobai: MapLayer) -> None:
    everything = np.arange(len(chaobai))
    traced = trace(chaobai, everything, surface(chaobai))
    assert len(traced.xy) < len(chaobai.xy) * 0.7
    assert (traced.xy * 4 == np.rint(traced.xy * 4)).all()
    # An edge marked as second occurrence must have its twin among the marked ones.
    starts = np.ones(len(traced.xy), bool)
    starts[traced.rings[1:] - 1] = False
    at = np.flatnonzero(starts)
    edges = [frozenset((tuple(traced.xy[i]), tuple(traced.xy[i + 1]))) for i in at]
    stroked = {edge for edge, i in zip(edges, at, strict=True) if traced.new_edge[i]}
    assert sum(edge not in stroked for edge in edges) <= len(edges) * 0.002


def test_runs_cover_every_marked_edge_once(chaobai: MapLayer) -> None:
    traced = trace(chaobai, np.arange(len(chaobai)), surface(chaobai))
    firsts, lasts = traced.runs()
    assert (lasts - firsts - 1).sum() == traced.new_edge.sum()


def test_what_reaches_far_outside_is_cut(chaobai: MapLayer) -> None:
    near = surface(chaobai, zoom=400.0, paper=True)
    chosen = chaobai.inside(near.viewport.extent)
    traced = trace(chaobai, chosen, near)
    assert len(chosen) > 0
    assert np.abs(traced.xy - (200, 150)).max() <= 601


def test_polygons_are_filled_through_their_memory() -> None:
    points = np.array([[1.5, 2.5], [3.0, 4.0], [5.0, 0.5]])
    polygon = to_polygon(points)
    assert [(p.x(), p.y()) for p in polygon.toList()] == [tuple(p) for p in points.tolist()]
    assert writable_polygon(0)[1].shape == (0, 2)
