import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gridmap.map import mercator
from gridmap.map.viewport import PIXEL_M, ViewHistory, Viewport

VIEW = Viewport((13_440_000.0, 3_600_000.0), 40.0, 1200, 800, 2.0)
pixels = st.tuples(st.floats(-500, 2000), st.floats(-500, 2000))


def test_projection_agrees_with_proj() -> None:
    lon, lat = np.meshgrid(np.linspace(73, 135, 30), np.linspace(3, 54, 30))
    ours = mercator.project(lon, lat)
    theirs = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    assert np.abs(ours - np.stack(theirs, axis=-1)).max() < 1e-6
    back = mercator.unproject(ours[..., 0], ours[..., 1])
    assert np.abs(back - np.stack((lon, lat), axis=-1)).max() < 1e-12


@given(pixels)
def test_pixel_to_map_and_back(pixel: tuple[float, float]) -> None:
    assert VIEW.to_px(*VIEW.to_map(*pixel)) == pytest.approx(pixel, abs=1e-6)
    assert VIEW.px_of(*VIEW.lonlat_at(*pixel)) == pytest.approx(pixel, abs=1e-6)


@given(pixels, st.floats(0.1, 10))
def test_zooming_keeps_the_place_under_the_cursor(
    pixel: tuple[float, float], factor: float
) -> None:
    zoomed = VIEW.zoomed(factor, pixel)
    assert zoomed.to_map(*pixel) == pytest.approx(VIEW.to_map(*pixel), abs=1e-6)


def test_panning_moves_the_map_with_the_hand() -> None:
    place = VIEW.to_map(300, 300)
    assert VIEW.panned(50, -20).to_px(*place) == pytest.approx((350, 280))


def test_fitting_shows_the_whole_extent_with_its_centre() -> None:
    extent = (100.0, 200.0, 9_100.0, 1_200.0)
    view = Viewport.fitting(extent, 640, 480, margin=0.05)
    xmin, ymin, xmax, ymax = view.extent
    assert xmin <= extent[0]
    assert ymin <= extent[1]
    assert xmax >= extent[2]
    assert ymax >= extent[3]
    assert view.centre == (4_600.0, 700.0)
    assert view.resolution == pytest.approx(9_000 / (640 * 0.9))


def test_a_point_is_shown_at_a_useful_scale() -> None:
    assert Viewport.fitting((5.0, 5.0, 5.0, 5.0), 100, 100).resolution == 10_000 * PIXEL_M


def test_scale_is_true_on_the_ground() -> None:
    y = float(mercator.project(120.0, 60.0)[1])
    view = Viewport((0.0, y), 2.0 * 1000 * PIXEL_M, 100, 100)
    assert view.scale_denominator == pytest.approx(1000, rel=1e-4)
    assert view.at_scale(5000).scale_denominator == pytest.approx(5000)


def test_zoom_has_ends() -> None:
    assert VIEW.zoomed(1e12).resolution > 0
    assert VIEW.zoomed(1e-12).resolution < 200_000


def test_history_goes_back_and_forward_and_forgets_what_was_replaced() -> None:
    history = ViewHistory()
    assert history.back() is None
    first, second, third = (VIEW.panned(step, 0) for step in (0, 10, 20))
    for view in (first, second, second):
        history.push(view)
    assert history.back() == first
    assert not history.can_go_back
    assert history.forward() == second
    assert history.forward() is None
    history.back()
    history.push(third)
    assert not history.can_go_forward
    assert history.back() == first
