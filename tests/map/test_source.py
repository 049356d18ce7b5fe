from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gridmap.core.declaration import LayerDeclaration
from gridmap.map import mercator
from gridmap.map.source import MapLayer, build_layers

Frames = Callable[[], gpd.GeoDataFrame]
Declared = Callable[[str], LayerDeclaration]


def test_shapes_survive_flattening(towns: MapLayer, town_frame: Frames) -> None:
    for position, shape in enumerate(town_frame().geometry):
        expected = shapely.transform(shape, lambda xy: mercator.project(xy[:, 0], xy[:, 1]))
        assert towns.shape(position).equals(expected)
    assert towns.keys[0] == 100
    assert towns.positions[101] == 1
    assert towns.labels[3] == "示例03镇"


def test_real_townships_survive_flattening(chaobai: MapLayer) -> None:
    assert len(chaobai) == 61
    assert chaobai.holes.any()
    areas = [chaobai.shape(position).area for position in range(len(chaobai))]
    signed = [_signed_area(chaobai, position) for position in range(len(chaobai))]
    assert signed == pytest.approx(areas)


def _signed_area(layer: MapLayer, position: int) -> float:
    total = 0.0
    for ring in range(layer.features[position], layer.features[position + 1]):
        x, y = (layer.xy[layer.rings[ring] : layer.rings[ring + 1]] - layer.xy[0]).T
        total += float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)
    return total


def test_shared_borders_are_stroked_once(towns: MapLayer) -> None:
    side, hole = 4, 4
    assert towns.new_edge.sum() == 2 * side * (side + 1) + hole


def test_views_take_their_rows(declared: Declared, town_frame: Frames) -> None:
    frame = town_frame()
    frame["tier"] = ["township", "village"] * 8
    built = {layer.view.id: layer for layer in build_layers(declared("grid_units"), frame)}
    assert len(built["township"]) == len(built["village"]) == 8
    assert len(built["county"]) == 0
    assert built["county"].extent is None
    assert set(built["village"].keys) == set(frame.index[1::2])


def test_rows_without_geometry_are_left_out(declared: Declared) -> None:
    frame = gpd.GeoDataFrame(
        {"kind": "air", "name": ["a", None, "c"]},
        geometry=[shapely.Point(120, 30), shapely.Point(), None],
        crs=4490,
    )
    air = build_layers(declared("stations"), frame)[-1]
    assert air.keys == (0,)


def test_missing_names_give_no_label(declared: Declared) -> None:
    frame = gpd.GeoDataFrame(
        {"kind": "air", "name": [None]}, geometry=[shapely.Point(120, 30)], crs=4490
    )
    assert build_layers(declared("stations"), frame)[-1].labels == ("",)


def test_metres_are_refused(declared: Declared, town_frame: Frames) -> None:
    with pytest.raises(ValueError, match="degrees"):
        build_layers(declared("grid_units"), town_frame().to_crs(4528))


def test_recolouring_shares_arrays_but_is_a_new_snapshot(towns: MapLayer) -> None:
    fills = np.arange(len(towns), dtype=np.int16) % 2
    red_green = towns.recoloured(fills, ("#ff0000", "#00ff00"))
    assert red_green.xy is towns.xy
    assert red_green.revision != towns.revision
    with pytest.raises(ValueError, match="palette"):
        towns.recoloured(fills, ("#ff0000",))
    with pytest.raises(ValueError, match="features"):
        towns.recoloured(fills[:3], ("#ff0000", "#00ff00"))


def test_scale_limits(declared: Declared, town_frame: Frames) -> None:
    by_id = {layer.view.id: layer for layer in build_layers(declared("grid_units"), town_frame())}
    assert by_id["village"].shown_at(250_000)
    assert not by_id["village"].shown_at(250_001)
    assert not by_id["village"].labelled_at(100_000)
    assert by_id["township"].shown_at(1e9)
