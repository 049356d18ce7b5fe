"""The window: rail, panels, map, card, dock, bars. It arranges; the controller binds."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.app.actions import MAP_TOOLS, RAIL, make_actions
from gridmap.app.background import Runner
from gridmap.app.bars import MapTools, Rail, StatusBar, TopBar
from gridmap.app.canvas import MapCanvas
from gridmap.app.data_page import DataPage
from gridmap.app.layer_panel import LayerPanel
from gridmap.app.preferences import Preferences
from gridmap.app.series_dock import SeriesDock
from gridmap.app.verdict_card import VerdictCard
from gridmap.texts import t

_SPLITTERS = ("columns", "rows")
_PANEL_WIDTH, _DATA_WIDTH = 220, 460


class MainWindow(QMainWindow):
    """All parts of the window, by name. Its signal `closing` comes before it closes."""

    closing = Signal()

    def __init__(self, preferences: Preferences, runner: Runner) -> None:
        super().__init__()
        self.setWindowTitle(t("app.title"))
        self.resize(1600, 900)
        self._preferences = preferences
        self.named_actions = make_actions(self)
        self.top = TopBar(self.named_actions)
        self.layer_panel = LayerPanel()
        self.data_page = DataPage()
        self.canvas = MapCanvas()
        self.card = VerdictCard()
        self.dock = SeriesDock(runner)
        self.dock.setMinimumHeight(170)
        self.status = StatusBar()
        self._side = QStackedWidget()
        self._side.addWidget(self.layer_panel)
        self._side.addWidget(self.data_page)
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self._bind_rail()
        self.tools = MapTools([self.named_actions[name] for name in MAP_TOOLS], self.canvas)
        self.canvas.installEventFilter(self)
        self._restore()

    def _arrange(self) -> None:
        self._rows.addWidget(self.canvas)
        self._rows.addWidget(self.dock)
        self._rows.setStretchFactor(0, 1)
        self._rows.setSizes([620, 250])
        self._columns.addWidget(self._side)
        self._columns.addWidget(self._rows)
        self._columns.addWidget(self.card)
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([240, 1000, 380])
        for splitter in (self._rows, self._columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._side.setMinimumWidth(_PANEL_WIDTH)
        self.card.setMinimumWidth(320)
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(Rail([self.named_actions[name] for name in RAIL]))
        across.addWidget(self._columns, 1)
        whole = QWidget()
        down = QVBoxLayout(whole)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(self.top)
        down.addWidget(middle, 1)
        down.addWidget(self.status)
        self.setCentralWidget(whole)

    def _bind_rail(self) -> None:
        actions = self.named_actions
        actions["layers"].toggled.connect(lambda on: self._show_side(self.layer_panel, on))
        actions["data"].toggled.connect(lambda on: self._show_side(self.data_page, on))
        actions["verdict"].toggled.connect(self.card.setVisible)
        actions["series"].toggled.connect(self.dock.setVisible)
        self.dock.hide_wanted.connect(lambda: actions["series"].setChecked(False))
        for name in ("layers", "verdict", "series"):
            actions[name].setChecked(True)
        self._side.setVisible(True)

    def _show_side(self, page: QWidget, on: bool) -> None:
        """One page at a time at the left; switching the open one off closes the side."""
        other = self.named_actions["data" if page is self.layer_panel else "layers"]
        if on:
            other.setChecked(False)
            self._side.setCurrentWidget(page)
        self._side.setVisible(on or other.isChecked())
        wide = self.named_actions["data"].isChecked()
        self._side.setMinimumWidth(_DATA_WIDTH if wide else _PANEL_WIDTH)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Keep the map's buttons at its right edge."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self.tools.move(self.canvas.width() - self.tools.width() - 12, 12)
        return super().eventFilter(watched, event)

    def remember(self) -> None:
        """Write the layout into the preferences."""
        put = self._preferences.put
        put("window/geometry", self.saveGeometry())
        for name, splitter in zip(_SPLITTERS, (self._columns, self._rows), strict=True):
            put(f"window/{name}", splitter.saveState())
        shown = [name for name in RAIL if self.named_actions[name].isChecked()]
        put("window/panels", ",".join(shown))

    def _restore(self) -> None:
        if (geometry := self._preferences.state("window/geometry")) is not None:
            self.restoreGeometry(geometry)
        for name, splitter in zip(_SPLITTERS, (self._columns, self._rows), strict=True):
            if (state := self._preferences.state(f"window/{name}")) is not None:
                splitter.restoreState(state)
        panels = self._preferences.text("window/panels", "layers,verdict,series").split(",")
        for name in RAIL:
            self.named_actions[name].setChecked(name in panels)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember, tell the controller, end the map's threads."""
        self.remember()
        self.closing.emit()
        self.canvas.shut_down()
        super().closeEvent(event)
