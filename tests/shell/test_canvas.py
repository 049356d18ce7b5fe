import threading
from collections.abc import Iterator

import geopandas as gpd
import pytest
import shapely
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridmap.core.declaration import (
    Card,
    FieldDeclaration,
    Geometry,
    LayerDeclaration,
    Symbol,
    Titles,
    View,
)
from gridmap.map.source import MapLayer, build_layers
from gridmap.map.state import FeatureRef
from gridmap.shell.canvas import MapCanvas

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def town_layers() -> list[MapLayer]:
    titles = Titles(zh="乡镇", en="Towns")
    declaration = LayerDeclaration(
        id="towns",
        title=titles,
        role="grid",
        geometry=Geometry.POLYGON,
        fields=(FieldDeclaration(name="name", title=titles, key=True),),
        views=(View(id="town", title=titles, order=1, symbol=Symbol(fill="#dcefdc")),),
        card=Card(heading="name", fields=()),
    )
    boxes = [shapely.box(120 + i, 30, 121 + i, 31) for i in range(2)]
    frame = gpd.GeoDataFrame({"name": ["西", "东"]}, geometry=boxes, crs=4490, index=[11, 22])
    return build_layers(declaration, frame)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[MapCanvas]:
    before = threading.active_count()
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    made.set_layers(town_layers())
    made.fit()
    settle(made, qtbot)
    yield made
    made.close()
    assert threading.active_count() <= before


def settle(canvas: MapCanvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: not canvas.engine.busy and canvas.engine.picture_viewport == canvas.viewport
    )


def test_it_shows_the_layers(canvas: MapCanvas) -> None:
    image = canvas.grab().toImage()
    assert image.pixelColor(120, 150).name() == "#dcefdc"
    assert image.pixelColor(5, 5).name() == "#eef2f5"


def test_hiding_a_view_shows_at_once(canvas: MapCanvas) -> None:
    canvas.set_view_visible("towns/town", False)
    assert canvas.grab().toImage().pixelColor(120, 150).name() == "#eef2f5"
    canvas.set_view_visible("towns/town", True)
    assert canvas.grab().toImage().pixelColor(120, 150).name() == "#dcefdc"


def test_a_click_asks_about_the_place_and_names_the_features(
    canvas: MapCanvas, qtbot: QtBot
) -> None:
    found: list[object] = []
    canvas.features_clicked.connect(found.append)
    x, y = (round(v) for v in canvas.viewport.px_of(121.5, 30.5))
    with qtbot.waitSignal(canvas.clicked) as clicked:
        qtbot.mouseClick(canvas, LEFT, PLAIN, QPoint(x, y))
    assert clicked.args == pytest.approx([121.5, 30.5], abs=0.01)
    assert [(hit.layer_id, hit.key) for hit in found[0]] == [("towns", 22)]  # type: ignore[attr-defined]


def test_dragging_pans_and_is_no_click(canvas: MapCanvas, qtbot: QtBot) -> None:
    clicks: list[object] = []
    canvas.clicked.connect(lambda *place: clicks.append(place))
    place = canvas.viewport.to_map(200, 150)
    qtbot.mousePress(canvas, LEFT, PLAIN, QPoint(200, 150))
    for x in (230, 260, 280):
        qtbot.mouseMove(canvas, QPoint(x, 140))
    qtbot.mouseRelease(canvas, LEFT, PLAIN, QPoint(280, 140))
    assert canvas.viewport.to_px(*place) == pytest.approx((280, 140), abs=1e-6)
    assert clicks == []


def test_shift_dragging_zooms_to_the_box(canvas: MapCanvas, qtbot: QtBot) -> None:
    low, high = canvas.viewport.to_map(100, 200), canvas.viewport.to_map(200, 120)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(canvas, LEFT, shift, QPoint(100, 120))
    qtbot.mouseMove(canvas, QPoint(150, 160))
    qtbot.mouseMove(canvas, QPoint(200, 200))
    qtbot.mouseRelease(canvas, LEFT, shift, QPoint(200, 200))
    xmin, ymin, xmax, ymax = canvas.viewport.extent
    assert (xmin + xmax) / 2 == pytest.approx((low[0] + high[0]) / 2)
    assert (ymin + ymax) / 2 == pytest.approx((low[1] + high[1]) / 2)
    assert xmax - xmin == pytest.approx((high[0] - low[0]) * 400 / 375, rel=0.1)


def test_the_wheel_zooms_around_the_cursor(canvas: MapCanvas) -> None:
    place, scale = canvas.viewport.to_map(90, 60), canvas.viewport.resolution
    at = QPointF(90, 60)
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.resolution == pytest.approx(scale / 2)
    assert canvas.viewport.to_px(*place) == pytest.approx((90, 60), abs=1e-6)


def test_keys(canvas: MapCanvas, qtbot: QtBot) -> None:
    start = canvas.viewport
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.viewport.resolution == start.resolution / 2
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.centre[0] > start.centre[0]
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.viewport == start


def test_back_and_forward(canvas: MapCanvas, qtbot: QtBot) -> None:
    first = canvas.viewport
    canvas.state.history.push(first)
    canvas.zoom_in()
    second = canvas.viewport
    qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert canvas.viewport == first
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert canvas.viewport == second


def test_measuring_ends_with_a_double_click_and_goes_with_escape(
    canvas: MapCanvas, qtbot: QtBot
) -> None:
    measured: list[str] = []
    canvas.measured.connect(measured.append)
    canvas.use_tool("distance")
    for place in ((120.0, 30.0), (121.0, 30.0)):
        x, y = (round(v) for v in canvas.viewport.px_of(*place))
        qtbot.mouseClick(canvas, LEFT, PLAIN, QPoint(x, y))
    qtbot.mouseDClick(canvas, LEFT, PLAIN, QPoint(x, y))
    assert measured[-1].startswith("距离 9")
    assert canvas.state.sketch is not None
    assert len(canvas.state.sketch.places) == 2
    scale = canvas.viewport.resolution
    qtbot.mouseMove(canvas, QPoint(10, 10))
    assert len(canvas.state.sketch.places) == 2
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.state.sketch is None
    assert measured[-1] == ""
    assert canvas.viewport.resolution == scale


def test_measuring_an_area(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.use_tool("area")
    for px, py in ((100, 100), (200, 100), (200, 200)):
        qtbot.mouseClick(canvas, LEFT, PLAIN, QPoint(px, py))
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.state.sketch is not None
    assert canvas.state.sketch.closed
    assert canvas.state.sketch.text.startswith("面积")
    canvas.use_tool("identify")
    assert canvas.state.sketch is None


def test_overlays_are_drawn(canvas: MapCanvas) -> None:
    plain = canvas.grab().toImage()
    canvas.select([FeatureRef("towns", 11)])
    selected = canvas.grab().toImage()
    assert selected != plain
    canvas.select([])
    canvas.set_pin(120.5, 30.5, 9_000)
    pinned = canvas.grab().toImage()
    assert pinned not in (plain, selected)
    canvas.clear_pin()
    assert canvas.grab().toImage() == plain


def test_fit_features(canvas: MapCanvas) -> None:
    canvas.fit_features([FeatureRef("towns", 22)])
    lon, lat = canvas.viewport.lonlat_at(200, 150)
    assert (lon, lat) == pytest.approx((121.5, 30.5), abs=0.01)
    before = canvas.viewport
    canvas.fit_features([FeatureRef("towns", 99)])
    assert canvas.viewport == before


def test_centre_on_a_place_at_a_scale(canvas: MapCanvas) -> None:
    canvas.centre_on(120.25, 30.75, 50_000)
    assert canvas.viewport.lonlat_at(200, 150) == pytest.approx((120.25, 30.75))
    assert canvas.viewport.scale_denominator == pytest.approx(50_000)


def test_a_failing_build_is_told(canvas: MapCanvas, qtbot: QtBot) -> None:
    def broken() -> list[MapLayer]:
        raise OSError("镇界文件读不出")

    with qtbot.waitSignal(canvas.map_failed) as failed:
        canvas.prepare_layers(broken)
    assert failed.args == ["镇界文件读不出"]


def test_layers_are_prepared_in_the_background(canvas: MapCanvas, qtbot: QtBot) -> None:
    threads: list[str] = []

    def build() -> list[MapLayer]:
        threads.append(threading.current_thread().name)
        return town_layers()

    done: list[bool] = []
    canvas.prepare_layers(build, then=lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert threads == ["gridmap-map"]


def test_unknown_tools_are_refused(canvas: MapCanvas) -> None:
    with pytest.raises(KeyError):
        canvas.use_tool("lasso")
    assert canvas.tool == "identify"
