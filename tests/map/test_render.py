from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from gridmap.core.declaration import Geometry
from gridmap.map import raster
from gridmap.map.painters import PAINTERS, paint_layer
from gridmap.map.painters.hatches import PATTERNS
from gridmap.map.painters.labels import place_labels
from gridmap.map.painters.markers import MARKERS
from gridmap.map.render import (
    compose,
    draw_labels,
    draw_layer,
    in_drawing_order,
    joint_extent,
    render_image,
)
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface
from gridmap.map.theme import colour
from gridmap.map.viewport import Viewport
from gridmap.stopping import Cancelled

pytestmark = pytest.mark.usefixtures("qapp")


def pixels(image: QImage) -> np.ndarray:
    """Height × width × (blue, green, red, alpha)."""
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.width(), 4).copy()


def view_of(layers: list[MapLayer], ratio: float = 1.0) -> Viewport:
    return Viewport.fitting(joint_extent(layers), 600, 500, ratio)


def test_every_kind_has_a_painter() -> None:
    assert set(PAINTERS) == set(Geometry)
    assert set(MARKERS) == {"circle", "square", "triangle", "diamond", "bar"}
    assert set(PATTERNS) == {"diagonal", "back_diagonal", "cross", "dots"}


def test_a_hole_shows_the_ground(towns: MapLayer) -> None:
    view = view_of([towns])
    image = draw_layer(towns, view)
    assert image is not None
    middle = towns.bounds[1].reshape(2, 2).mean(axis=0)
    x, y = (round(v) for v in view.to_px(*middle))
    assert image.pixelColor(x, y).alpha() == 0
    solid = towns.bounds[5].reshape(2, 2).mean(axis=0)
    x, y = (round(v) for v in view.to_px(*solid))
    assert image.pixelColor(x, y).name() == "#dcefdc"


def test_fills_per_feature(towns: MapLayer) -> None:
    palette = ("#f6cfcf", "#cfe8cf")
    fills = (np.arange(len(towns)) % 2).astype(np.int16)
    image = draw_layer(towns.recoloured(fills, palette), view_of([towns]))
    assert image is not None
    view = view_of([towns])
    for feature in (4, 5):
        x, y = view.to_px(*towns.bounds[feature].reshape(2, 2).mean(axis=0))
        assert image.pixelColor(round(x), round(y)).name() == palette[feature % 2]


def test_hiding_by_composition_equals_drawing_afresh(layers: list[MapLayer]) -> None:
    view = view_of(layers)
    ordered = in_drawing_order(layers)
    kept = {layer.key: draw_layer(layer, view) for layer in ordered}
    for hidden in ordered:
        shown = [layer for layer in ordered if layer is not hidden]
        composed = compose([*(kept[layer.key] for layer in shown), draw_labels(shown, view)], view)
        fresh = render_image(shown, (600, 500), joint_extent(layers))
        assert pixels(composed).tobytes() == pixels(fresh).tobytes()


def test_the_same_request_gives_the_same_bytes(layers: list[MapLayer]) -> None:
    first, second = (render_image(layers, (300, 200)) for _ in range(2))
    assert pixels(first).tobytes() == pixels(second).tobytes()


def test_ratio_gives_more_pixels_of_the_same_map(layers: list[MapLayer]) -> None:
    plain = render_image(layers, (300, 250))
    sharp = render_image(layers, (300, 250), ratio=2.0)
    assert (sharp.width(), sharp.height()) == (600, 500)
    small = sharp.scaled(300, 250)
    difference = np.abs(pixels(plain).astype(int) - pixels(small).astype(int))
    assert difference.mean() < 8


def test_nothing_in_sight_is_no_image(layers: list[MapLayer]) -> None:
    far = view_of(layers).centred(0.0, 0.0)
    assert all(draw_layer(layer, far) is None for layer in layers)
    assert draw_labels(layers, far) is None


def test_cancelling_stops_between_chunks(chaobai: MapLayer) -> None:
    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        draw_layer(chaobai, view_of([chaobai]), check)


def test_rounded_drawing_looks_like_exact_drawing(chaobai: MapLayer) -> None:
    view = view_of([chaobai])
    assert _share_of_different_pixels(chaobai, view) < 0.01


def _share_of_different_pixels(layer: MapLayer, view: Viewport) -> float:
    quick = draw_layer(layer, view)
    exact = QImage(*view.physical_size, QImage.Format.Format_ARGB32_Premultiplied)
    exact.fill(0)
    painter = QPainter(exact)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_layer(layer, Surface(painter, view))
    painter.end()
    assert quick is not None
    difference = np.abs(pixels(quick).astype(int) - pixels(exact).astype(int)).max(axis=2)
    return float((difference > 40).mean())


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Switch the compiled loops on or off for small layers."""
    raster.prepare(wait=True)
    return lambda on: monkeypatch.setattr(raster, "MANY", 1 if on else 10**9)


@pytest.mark.parametrize("zoom", [0.2, 1.0, 7.0, 60.0])
def test_compiled_drawing_looks_like_qt(
    chaobai: MapLayer, loops: Callable[[bool], None], zoom: float
) -> None:
    view = view_of([chaobai]).zoomed(zoom)
    loops(False)
    slow = draw_layer(chaobai, view)
    loops(True)
    quick = draw_layer(chaobai, view)
    assert slow is not None
    assert quick is not None
    difference = np.abs(pixels(slow).astype(int) - pixels(quick).astype(int)).max(axis=2)
    assert difference.mean() < 2.0
    assert (difference > 64).mean() < 0.01


def test_compiled_fills_meet_without_a_seam(towns: MapLayer, loops: Callable[[bool], None]) -> None:
    loops(True)
    symbol = towns.view.symbol.model_copy(update={"line": None})
    plain = replace(towns, view=towns.view.model_copy(update={"symbol": symbol}))
    view = view_of([towns]).zoomed(0.913)
    image = draw_layer(plain, view)
    assert image is not None
    left, top = (round(v) + 2 for v in view.to_px(*towns.bounds[7, [0, 3]]))
    right, bottom = (round(v) - 2 for v in view.to_px(*towns.bounds[12, [2, 1]]))
    alpha = pixels(image)[top:bottom, left:right, 3]
    assert alpha.size > 0
    assert (alpha == 255).all()


def test_compiled_lines(layers: list[MapLayer], loops: Callable[[bool], None]) -> None:
    reach = next(layer for layer in layers if layer.layer_id == "reaches")
    pictures = []
    for on in (False, True):
        loops(on)
        image = draw_layer(reach, view_of(layers))
        assert image is not None
        pictures.append(pixels(image).astype(int))
    assert np.abs(pictures[0] - pictures[1]).mean() < 0.5


def test_labels_do_not_touch_and_come_in_priority(chaobai: MapLayer) -> None:
    view = view_of([chaobai]).zoomed(4.0)
    placed = place_labels([chaobai], view)
    assert len(placed) > 5
    boxes = [
        (p.spot.x - p.width / 2, p.spot.y - p.height / 2, p.spot.x + p.width / 2, p.spot.y)
        for p in placed
    ]
    for at, a in enumerate(boxes):
        for b in boxes[at + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_labels_of_areas_stand_inside_them(chaobai: MapLayer) -> None:
    view = view_of([chaobai]).zoomed(4.0)
    by_name = {name: at for at, name in enumerate(chaobai.labels)}
    inside = 0
    placed = place_labels([chaobai], view)
    for label in placed:
        x, y = view.to_map(label.spot.x, label.spot.y)
        inside += (
            chaobai.shape(by_name[label.text])
            .buffer(2 * label.height * view.resolution)
            .contains_properly(_point(x, y))
        )
    assert inside == len(placed)


def _point(x: float, y: float) -> object:
    import shapely  # noqa: PLC0415

    return shapely.Point(x, y)


def test_labels_of_areas_keep_clear_of_markers_where_they_can(layers: list[MapLayer]) -> None:
    town = next(layer for layer in layers if layer.view.id == "township")
    station = next(layer for layer in layers if layer.key == "stations/air")
    view = view_of(layers).at_scale(120_000)
    (name,) = [
        label.text
        for label in place_labels([town], view)
        if label.spot.y == min(x.spot.y for x in place_labels([town], view))
    ][:1]
    pole = town.anchors[town.labels.index(name)]
    on_top = replace(station, xy=np.array([pole]), bounds=np.array([[*pole, *pole]]))
    (moved,) = [x for x in place_labels([town, on_top], view) if x.text == name]
    y = view.to_px(*pole)[1]
    assert abs(moved.spot.y - y) >= moved.height / 2 + station.view.symbol.size / 2


def test_labels_respect_their_scale(layers: list[MapLayer]) -> None:
    view = view_of(layers)
    assert draw_labels(layers, view.at_scale(100_000)) is not None
    assert draw_labels(layers, view.at_scale(5_000_000)) is None


def test_colours() -> None:
    assert colour("#10203040").getRgb() == (16, 32, 48, 64)
    with pytest.raises(ValueError, match="colour"):
        colour("red")


def test_an_empty_map_is_ground() -> None:
    image = render_image([], (40, 30))
    assert image.pixelColor(20, 15).name() == "#eef2f5"
    assert QGuiApplication.instance() is not None
