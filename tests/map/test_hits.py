import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.map.hits import hits, segment_distance, winds_around
from gridmap.map.render import joint_extent
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport

numbers = st.floats(-10, 10).map(lambda value: round(value, 2))
points = st.tuples(numbers, numbers)


@given(st.lists(points, min_size=2, max_size=6), points)
def test_distance_agrees_with_shapely(
    line: list[tuple[float, float]], at: tuple[float, float]
) -> None:
    expected = shapely.LineString(line).distance(shapely.Point(at))
    assert segment_distance(np.array(line), *at) == pytest.approx(expected, abs=1e-9)


def test_areas_agree_with_brute_force(chaobai: MapLayer) -> None:
    assert chaobai.extent is not None
    view = Viewport.fitting(chaobai.extent, 1000, 1000)
    shapes = [chaobai.shape(position) for position in range(len(chaobai))]
    for px, py in np.random.default_rng(5).uniform(0, 1000, (300, 2)):
        here = shapely.Point(view.to_map(px, py))
        expected = {at for at, shape in enumerate(shapes) if shape.contains(here)}
        assert {hit.position for hit in hits([chaobai], view, px, py)} == expected


def test_a_hole_is_not_hit(towns: MapLayer) -> None:
    assert towns.extent is not None
    view = Viewport.fitting(towns.extent, 500, 500)
    assert hits([towns], view, *view.to_px(*towns.bounds[1].reshape(2, 2).mean(axis=0))) == []


def test_the_uppermost_comes_first_and_names_its_row(layers: list[MapLayer]) -> None:
    view = Viewport.fitting(joint_extent(layers), 600, 500)
    station = next(layer for layer in layers if layer.key == "stations/air")
    px, py = view.to_px(*station.xy[0])
    found = hits(layers, view, px + 8, py)
    assert (found[0].layer_id, found[0].key) == ("stations", 7)
    assert found[0].distance_px == pytest.approx(8)
    assert found[-1].layer_id == "grid_units"
    assert all(hit.layer_id != "stations" for hit in hits(layers, view, px + 30, py))


def test_hidden_by_scale_is_not_hit(layers: list[MapLayer]) -> None:
    view = Viewport.fitting(joint_extent(layers), 600, 500)
    station = next(layer for layer in layers if layer.key == "stations/air")
    limited = station.view.model_copy(update={"max_scale_denominator": 10.0})
    from dataclasses import replace  # noqa: PLC0415

    assert hits([replace(station, view=limited)], view, *view.to_px(*station.xy[0])) == []


def test_crossings() -> None:
    ring = np.array([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], float)
    assert winds_around(ring, 2, 2) == 1
    assert winds_around(ring, -1, 2) == 2
    assert winds_around(ring, 5, 2) == 0
