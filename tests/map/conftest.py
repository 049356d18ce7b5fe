import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gridmap import shipped
from gridmap.domain.declaration import LayerDeclaration
from gridmap.map.source import MapLayer, build_layers


def declared(name: str) -> LayerDeclaration:
    path = shipped.layers_dir() / f"{name}.toml"
    return LayerDeclaration.model_validate(tomllib.loads(path.read_text("utf-8")))


@pytest.fixture(name="declared")
def _declared() -> Callable[[str], LayerDeclaration]:
    return declared


def grid_frame(side: int = 4, step: float = 0.02) -> gpd.GeoDataFrame:
    """A chessboard of towns near 120.6 E 30.7 N; the second one has a hole."""
    shapes = [
        shapely.box(
            120.6 + i * step, 30.7 + j * step, 120.6 + (i + 1) * step, 30.7 + (j + 1) * step
        )
        for i in range(side)
        for j in range(side)
    ]
    hole = shapely.box(*shapely.Point(shapes[1].centroid).buffer(step / 5).bounds)
    shapes[1] = shapes[1].difference(hole)
    names = [f"示例{i:02d}镇" for i in range(len(shapes))]
    index = [100 + i for i in range(len(shapes))]
    columns = {"name": names, "tier": "township"}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4490, index=index)


@pytest.fixture
def town_frame() -> Callable[[], gpd.GeoDataFrame]:
    return grid_frame


def sample_layers() -> list[MapLayer]:
    towns = grid_frame()
    stations = gpd.GeoDataFrame(
        {"name": ["一号站", "二号站"], "kind": ["air", "water"]},
        geometry=gpd.points_from_xy([120.63, 120.65], [30.73, 30.75]),
        crs=4490,
        index=[7, 8],
    )
    river = shapely.LineString([(120.59, 30.71), (120.64, 30.74), (120.69, 30.77)])
    reaches = gpd.GeoDataFrame({"name": ["示例河"]}, geometry=[river], crs=4490, index=[3])
    zone = shapely.Point(120.62, 30.72).buffer(0.01)
    zones = gpd.GeoDataFrame({"kind": ["ecological"]}, geometry=[zone], crs=4490)
    frames = {
        "grid_units": towns,
        "stations": stations,
        "reaches": reaches,
        "rivers": reaches,
        "control_zones": zones,
    }
    layers = [
        layer for name, frame in frames.items() for layer in build_layers(declared(name), frame)
    ]
    return [layer for layer in layers if len(layer)]


@pytest.fixture
def towns() -> MapLayer:
    frame = grid_frame()
    return next(layer for layer in build_layers(declared("grid_units"), frame) if len(layer))


@pytest.fixture
def layers() -> list[MapLayer]:
    return sample_layers()


@pytest.fixture(scope="session")
def chaobai(shared: Path) -> MapLayer:
    """61 real townships."""
    frame = gpd.read_file(shared / "data" / "chaobai" / "townships.geojson").to_crs(4490)
    frame["tier"] = "township"
    return next(layer for layer in build_layers(declared("grid_units"), frame) if len(layer))
