"""The map as a widget: it shows what state and engine hold, and turns input into intent."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, cast

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridmap.core.declaration import Geometry
from gridmap.map import hits, mercator
from gridmap.map.basemap import BaseMap
from gridmap.map.engine import MapEngine
from gridmap.map.furniture import paint_attribution, paint_legend_strip
from gridmap.map.overlays import paint_box, paint_focus, paint_overlays
from gridmap.map.render import CHINA, joint_extent
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef, MapState, Pin, Topic
from gridmap.map.theme import GROUND, colour
from gridmap.map.tiles import TileSource
from gridmap.map.viewport import Extent, Point, Viewport
from gridmap.shell.canvas_gestures import STEP, Gestures
from gridmap.shell.canvas_tools import TOOLS, Host, Tool
from gridmap.texts import t

Overlay = Callable[[QPainter, Viewport], None]
_BY_KEYS: Final = {
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}  # fmt: skip
_SETTLED_MS: Final = 500  # a view looked at this long enters the history


class MapCanvas(QWidget):
    """The map. Owned by the GUI thread; call `shut_down` (or close it) to end its threads.

    Wheel zooms around the cursor, dragging pans, Shift-dragging zooms to a box, double click
    zooms in; + and −, arrows, Home (everything), Alt+Left and Alt+Right (views before and
    after), Enter and Esc for the tool: Enter clicks in the middle, which is marked while the map
    is used by keys.

    Signals:
        clicked(lon, lat): a place was clicked, degrees EPSG:4490.
        features_clicked(hits): `list[Hit]` under that click, drawn last first; may be empty.
        cursor_moved(lon, lat): the cursor is over this place.
        cursor_left(): the cursor left the map.
        viewport_changed(viewport): another place or scale is shown.
        rendering(busy, fraction): the picture is being made.
        measured(text): what the measuring tool has; "" when it has nothing.
        tool_changed(name): "identify", "distance" or "area".
        map_failed(message): a view or the base map cannot be drawn, and why.
    """

    clicked = Signal(float, float)
    features_clicked = Signal(object)
    cursor_moved = Signal(float, float)
    cursor_left = Signal()
    viewport_changed = Signal(object)
    rendering = Signal(bool, float)
    measured = Signal(str)
    tool_changed = Signal(str)
    map_failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.state = MapState(Viewport.fitting(CHINA, 800, 600))
        self.engine = MapEngine(self)
        self.note = ""
        self._overlay: Overlay | None = None
        self._by_keys = False
        self._host = Host(self.state, self._click, self.measured.emit)
        self._tool_name = "identify"
        self._tool: Tool = TOOLS["identify"]()
        self._gestures = Gestures(self)
        self._areas: frozenset[str] = frozenset()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settle.timeout.connect(lambda: self.state.history.push(self.state.viewport))
        self.state.subscribe(self._on_state)
        self.engine.changed.connect(self.update)
        self.engine.rendering.connect(self.rendering)
        self.engine.failed.connect(self.map_failed)
        self.engine.set_viewport(self.state.viewport)

    # --- layers -------------------------------------------------------------------------

    def set_layers(self, layers: Sequence[MapLayer], *, keep_visible: bool = False) -> None:
        """Show these layers; visible are those their declaration says, or the present ones."""
        self.engine.set_layers(layers)
        self._areas = frozenset(
            layer.layer_id for layer in layers if layer.geometry is Geometry.POLYGON
        )
        if not keep_visible:
            self.set_visible(layer.key for layer in layers if layer.view.visible)
        self.update()

    def prepare_layers(
        self, build: Callable[[], Sequence[MapLayer]], *, then: Callable[[], None] | None = None
    ) -> None:
        """Run `build` on a thread, then `set_layers` with its result, then `then`.

        An error of `build` arrives as `map_failed`.
        """

        def take(result: object) -> None:
            if isinstance(result, Exception):
                self.map_failed.emit(str(result))
                return
            self.set_layers(cast("Sequence[MapLayer]", result))
            if then is not None:
                then()

        self.engine.prepare(build, take)

    @property
    def layers(self) -> Sequence[MapLayer]:
        """All layers, in drawing order."""
        return self.engine.layers

    def set_visible(self, keys: Iterable[str]) -> None:
        """Show exactly the views with these keys (`layer_id/view_id`)."""
        self.state.show(keys)

    def set_view_visible(self, key: str, visible: bool) -> None:
        """Show or hide one view."""
        self.set_visible(self.state.visible | {key} if visible else self.state.visible - {key})

    def set_base_map(self, source: TileSource | None) -> None:
        """Lay tiles under the map, or take them away."""
        self.engine.set_basemap(None if source is None else BaseMap(source))

    # --- view ---------------------------------------------------------------------------

    @property
    def viewport(self) -> Viewport:
        """What is seen."""
        return self.state.viewport

    def look(self, viewport: Viewport) -> None:
        """Show a viewport; its size gives way to the widget's."""
        self.state.look(viewport.resized(self.width(), self.height(), self.devicePixelRatioF()))

    def zoom_in(self) -> None:
        """Twice as close."""
        self.look(self.viewport.zoomed(STEP))

    def zoom_out(self) -> None:
        """Half as close."""
        self.look(self.viewport.zoomed(1.0 / STEP))

    def fit(self, extent: Extent | None = None, margin: float = 0.04) -> None:
        """Show all of `extent` (metres, EPSG:3857), or of the visible layers."""
        whole = joint_extent(self.engine.shown or self.layers)
        self.look(self.viewport.fitted(extent or whole, margin))

    def fit_features(self, features: Iterable[FeatureRef]) -> None:
        """Show these features with some of their surroundings; points at 1 : 20 000 or closer."""
        boxes = [
            layer.bounds[layer.positions[ref.key]]
            for ref in features
            for layer in self.layers
            if layer.layer_id == ref.layer_id and ref.key in layer.positions
        ]
        if not boxes:
            return
        low = [min(float(box[axis]) for box in boxes) for axis in (0, 1)]
        high = [max(float(box[axis]) for box in boxes) for axis in (2, 3)]
        if low == high:
            self.look(self.viewport.centred(*low).at_scale(20_000))
        else:
            self.fit((low[0], low[1], high[0], high[1]), margin=0.2)

    def centre_on(self, lon: float, lat: float, denominator: float | None = None) -> None:
        """Show a place (degrees, EPSG:4490) in the middle, at 1 : `denominator` if given."""
        x, y = (float(v) for v in mercator.project(lon, lat))
        moved = self.viewport.centred(x, y)
        self.look(moved.at_scale(denominator) if denominator else moved)

    def back(self) -> None:
        """The view before."""
        if self._settle.isActive():
            self._settle.stop()
            self.state.history.push(self.viewport)
        self._revisit(self.state.history.back())

    def forward(self) -> None:
        """The view that was left by `back`."""
        self._revisit(self.state.history.forward())

    def _revisit(self, view: Viewport | None) -> None:
        if view is not None:
            self.look(view)
            self._settle.stop()

    # --- marks --------------------------------------------------------------------------

    def set_pin(self, lon: float, lat: float, accuracy_m: float = 0.0) -> None:
        """Put the pin on a place (degrees), with a circle of its accuracy in metres."""
        self.state.put_pin(Pin(lon, lat, accuracy_m))

    def clear_pin(self) -> None:
        """Take the pin away."""
        self.state.put_pin(None)

    def select(self, features: Iterable[FeatureRef]) -> None:
        """Highlight exactly these features."""
        self.state.select(features)

    def set_note(self, text: str) -> None:
        """A note beside the boundary note, such as "示例数据"."""
        self.note = text
        self.update()

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Paint something of a page over the picture, in pixels of the viewport, or nothing."""
        self._overlay = overlay
        self.update()

    def hits_at(self, px: float, py: float, tolerance: float = 5.0) -> list[hits.Hit]:
        """The features under a pixel of the widget, drawn last first."""
        return hits.hits(self.engine.shown, self.viewport, px, py, tolerance)

    # --- tools --------------------------------------------------------------------------

    @property
    def tool(self) -> str:
        """The tool in use: "identify", "distance" or "area"."""
        return self._tool_name

    def use_tool(self, name: str) -> None:
        """Use another tool.

        Raises:
            KeyError: if there is none of that name.
        """
        fresh = TOOLS[name]()
        self._tool.cancel(self._host)
        self._tool, self._tool_name = fresh, name
        self.setCursor(fresh.cursor)
        self.tool_changed.emit(name)

    def _click(self, place: Point) -> None:
        px, py = self.viewport.px_of(*place)
        self.clicked.emit(*place)
        self.features_clicked.emit(self.hits_at(px, py))

    def tool_click(self, place: Point) -> None:
        """A click that was no drag, for the tool."""
        self._tool.click(self._host, place)

    def tool_move(self, place: Point) -> None:
        """The cursor is over `place`: for the tool, and for what lies under the cursor."""
        self._tool.move(self._host, place)
        px, py = self.viewport.px_of(*place)
        near = [hit for hit in self.hits_at(px, py, 3.0) if hit.layer_id not in self._areas]
        found = FeatureRef(near[0].layer_id, near[0].key) if near else None
        self.state.point_at(found if self._tool_name == "identify" else None)

    def tool_finish(self) -> bool:
        """Double click or Enter; whether the tool used it."""
        return self._tool.finish(self._host)

    def tool_cancel(self) -> None:
        """Esc."""
        self._tool.cancel(self._host)

    # --- binding ------------------------------------------------------------------------

    def _on_state(self, topic: Topic) -> None:
        if topic == "viewport":
            self.engine.set_viewport(self.viewport)
            self._settle.start()
            self.viewport_changed.emit(self.viewport)
        elif topic == "visible":
            self.engine.set_visible(self.state.visible)
        self.update()

    def shut_down(self) -> None:
        """End the threads. The widget shows its last picture from then on."""
        self._settle.stop()
        self.engine.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  Qt's name
        """End the threads with the widget."""
        self.shut_down()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep centre and scale."""
        super().resizeEvent(event)
        self.look(self.viewport)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window to a screen with another pixel ratio."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.look(self.viewport)

    # --- painting -----------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The picture, moved and scaled while it is not the newest, and what lies over it."""
        painter = QPainter(self)
        self._paint_picture(painter)
        if self._overlay is not None:
            painter.save()
            self._overlay(painter, self.viewport)
            painter.restore()
        paint_overlays(painter, self.state, self.engine.shown)
        if self._gestures.box is not None:
            paint_box(painter, self._gestures.box)
        if self._by_keys and self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))
        notes = "    ".join(text for text in (t("map.note.boundaries"), self.note) if text)
        paint_legend_strip(painter, self.viewport, notes)
        if self.engine.basemap is not None:
            paint_attribution(painter, self.viewport, self.engine.basemap.attribution)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        picture, made_for = self.engine.picture, self.engine.picture_viewport
        if picture is None or made_for is None:
            painter.fillRect(self.rect(), colour(GROUND))
            return
        if made_for == self.viewport:
            painter.drawImage(
                QRectF(0, 0, made_for.width, made_for.height),
                picture,
                QRectF(0, 0, made_for.width * made_for.ratio, made_for.height * made_for.ratio),
            )
            return
        painter.fillRect(self.rect(), colour(GROUND))
        xmin, ymin, xmax, ymax = made_for.extent
        left, top = self.viewport.to_px(xmin, ymax)
        right, bottom = self.viewport.to_px(xmax, ymin)
        source = QRectF(0, 0, made_for.width * made_for.ratio, made_for.height * made_for.ratio)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), picture, source)

    # --- input, handed to the gestures ---------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom around the cursor."""
        self._gestures.wheel(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a click, a drag or a box."""
        self._use_keys(on=False)
        self._gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag, widen the box, or tell where the cursor is."""
        at = event.position()
        self.cursor_moved.emit(*self.viewport.lonlat_at(at.x(), at.y()))
        self._gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a click, a drag or a box."""
        self._gestures.release(event)
        self.setCursor(self._tool.cursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the tool's work, or zoom in around the cursor."""
        self._gestures.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tell that there is no place under the cursor any more."""
        self.state.point_at(None)
        self.cursor_left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keys of the map; all others go on to the window."""
        if self._gestures.key(event):
            self._use_keys(on=True)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Whoever comes by a key goes on by keys."""
        super().focusInEvent(event)
        self._use_keys(on=event.reason() in _BY_KEYS)

    def _use_keys(self, *, on: bool) -> None:
        if on != self._by_keys:
            self._by_keys = on
            self.update()
