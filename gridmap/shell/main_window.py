"""The window: rail, panels, map, card, dock, bars. It arranges; the controller binds."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.capabilities.alerts.page.page import AlertsPage
from gridmap.capabilities.attainment.page.page import AttainmentPage
from gridmap.capabilities.batch.page.page import BatchPage
from gridmap.capabilities.doctor.page.page import DoctorPage
from gridmap.capabilities.locate.page.card import VerdictCard
from gridmap.capabilities.quality.page.page import QualityPage
from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.capabilities.rivers.page.file import RiverPage
from gridmap.capabilities.rivers.page.network import NetworkPage
from gridmap.capabilities.stations.page.timeline_bar import TimelineBar
from gridmap.capabilities.tracing.page.area import LowerArea
from gridmap.capabilities.tracing.page.list import SuspectPanel
from gridmap.capabilities.tracing.page.page import TracePage
from gridmap.capabilities.tracing.page.profile import TraceProfile
from gridmap.capabilities.warning.page.page import WarningPage
from gridmap.shell.actions import MAP_TOOLS, RAIL, make_actions
from gridmap.shell.bars import MapTools, Rail, StatusBar, TopBar
from gridmap.shell.canvas import MapCanvas
from gridmap.shell.data_page import DataPage
from gridmap.shell.jobs import Jobs
from gridmap.shell.layer_panel import LayerPanel
from gridmap.shell.preferences import Preferences
from gridmap.shell.saving import Saver
from gridmap.texts import t

_SPLITTERS = ("columns", "rows")
_MINIMUM = {
    "layers": 220, "alerts": 560, "data": 460, "batch": 640, "import": 640, "attainment": 640,
    "quality": 640, "river": 640, "network": 560, "trace": 310, "warn": 430,
}  # fmt: skip
# These pages name the people themselves.
_WITHOUT_CARD = frozenset({"alerts", "trace", "warn", "network"})
_WIDE_PAGES = frozenset({"batch", "import", "attainment", "quality", "river"})
_WITH_DOCK = frozenset({"quality"})
# Work at hand, not layout: the next start begins with the map.
_AT_HAND = _WIDE_PAGES | {"trace", "warn", "network"}
_TRACE_COLUMNS = (324, 330)
_TRACE_LOWER = 0.42


class MainWindow(QMainWindow):
    """All parts of the window, by name.

    Signals:
        closing(): before it closes.
        page_changed(name): another page is open at the left; "" is none.
        files_dropped(paths): files or folders were dropped on it.
    """

    closing = Signal()
    page_changed = Signal(str)
    files_dropped = Signal(list)

    def __init__(self, preferences: Preferences, jobs: Jobs) -> None:
        super().__init__()
        self.setWindowTitle(t("app.title"))
        self.setAcceptDrops(True)
        self.resize(1600, 900)
        self._preferences = preferences
        self.named_actions = make_actions(self)
        self.top = TopBar(self.named_actions)
        self.layer_panel = LayerPanel()
        self.data_page = DataPage()
        self.canvas = MapCanvas()
        self.card = VerdictCard()
        self.timeline = TimelineBar()
        self.timeline.hide()
        self.dock = SeriesDock(jobs, Saver(self, jobs, preferences))
        self.dock.setMinimumHeight(170)
        self.profile = TraceProfile()
        self.lower_area = LowerArea(self.profile, self.dock)
        self.suspects = SuspectPanel()
        self.status = StatusBar()
        self.attainment_page = AttainmentPage()
        self.alerts_page = AlertsPage()
        self.quality_page = QualityPage()
        self.trace_page = TracePage()
        self.warning_page = WarningPage()
        self.river_page = RiverPage()
        self.network_page = NetworkPage()
        self.batch_page = BatchPage()
        self.doctor_page = DoctorPage()
        self._pages: dict[str, QWidget] = {
            "layers": self.layer_panel,
            "attainment": self.attainment_page,
            "alerts": self.alerts_page,
            "quality": self.quality_page,
            "trace": self.trace_page,
            "warn": self.warning_page,
            "river": self.river_page,
            "network": self.network_page,
            "batch": self.batch_page,
            "import": self.doctor_page,
            "data": self.data_page,
        }
        self._side = QStackedWidget()
        for page in self._pages.values():
            self._side.addWidget(page)
        self._ask_room_for("layers")
        self._at_left = "layers"
        self._told_page = ""
        self._widths: dict[str, int] = {}
        self._wide = False
        self._narrow_sizes: list[int] = []
        self._untraced: tuple[list[int], list[int]] | None = None
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self._bind_rail()
        self.tools = MapTools([self.named_actions[name] for name in MAP_TOOLS], self.canvas)
        self.canvas.installEventFilter(self)
        self._restore()

    def _arrange(self) -> None:
        map_and_time = QWidget()
        upper = QVBoxLayout(map_and_time)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self.canvas, 1)
        upper.addWidget(self.timeline)
        self._rows.addWidget(map_and_time)
        self._rows.addWidget(self.lower_area)
        self._rows.setStretchFactor(0, 1)
        self._rows.setSizes([620, 250])
        self._columns.addWidget(self._side)
        self._columns.addWidget(self._rows)
        self._columns.addWidget(self.card)
        self._columns.addWidget(self.suspects)
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([240, 1000, 380, 330])
        for splitter in (self._rows, self._columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._side.setMinimumWidth(_MINIMUM["layers"])
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
        for name in self._pages:
            actions[name].toggled.connect(lambda on, page=name: self._show_page(page, on))
        actions["verdict"].toggled.connect(lambda _: self._share_out())
        actions["series"].toggled.connect(lambda _: self._share_out())
        self.dock.hide_wanted.connect(lambda: actions["series"].setChecked(False))

    def _show_page(self, name: str, on: bool) -> None:
        """One page at a time at the left; switching the open one off closes the side."""
        if on:
            for other in self._pages:
                if other != name:
                    self.named_actions[other].setChecked(False)
            self._side.setCurrentWidget(self._pages[name])
            self._ask_room_for(name)
        self._share_out()

    def _ask_room_for(self, shown: str) -> None:
        """A page that is not seen asks for no room."""
        for name, page in self._pages.items():
            policy = QSizePolicy.Policy.Preferred if name == shown else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, QSizePolicy.Policy.Preferred)

    def _give_side(self, page: str) -> None:
        """Each page at the left has the width that it was last given."""
        sizes = self._columns.sizes()
        if page == self._at_left or not sizes[0]:
            self._at_left = page
            return
        self._widths[self._at_left] = sizes[0]
        wanted = self._widths.get(page, _MINIMUM.get(page, _MINIMUM["layers"]))
        self._columns.setSizes([wanted, sizes[1] + sizes[0] - wanted, *sizes[2:]])
        self._at_left = page

    @property
    def open_page(self) -> str:
        """The name of the page that is open at the left, "" for none."""
        return next((n for n in self._pages if self.named_actions[n].isChecked()), "")

    def _share_out(self) -> None:
        """Give each part its room: a wide page leaves the rest to the map alone."""
        open_page = self.open_page
        wide = open_page in _WIDE_PAGES
        self._side.setVisible(bool(open_page))
        self._side.setMinimumWidth(_MINIMUM.get(open_page, _MINIMUM["layers"]))
        self.card.setVisible(
            self.named_actions["verdict"].isChecked()
            and not wide
            and open_page not in _WITHOUT_CARD
        )
        room = not wide or open_page in _WITH_DOCK
        tracing = open_page == "trace"
        self._leave_trace(tracing=tracing)
        self.suspects.setVisible(tracing)
        self.lower_area.show_tabs(tracing=tracing)
        self.lower_area.setVisible(tracing or (self.named_actions["series"].isChecked() and room))
        if wide and not self._wide:
            self._narrow_sizes = self._columns.sizes()
            width = max(self.width(), 1)
            self._columns.setSizes([round(width * 0.58), round(width * 0.42), 0, 0])
        elif self._wide and not wide and self._narrow_sizes:
            self._columns.setSizes(self._narrow_sizes)
        if open_page and not (wide or tracing):
            self._give_side(open_page)
        self._wide = wide
        self._enter_trace(tracing=tracing)
        if open_page != self._told_page:
            left, self._told_page = self._told_page, open_page
            if left and open_page:
                self.page_changed.emit("")  # one page is left before another is opened
            self.page_changed.emit(open_page)

    def _leave_trace(self, *, tracing: bool) -> None:
        """Give back the room that tracing took."""
        if not tracing and self._untraced is not None:
            columns, rows = self._untraced
            self._untraced = None
            self._columns.setSizes(columns)
            self._rows.setSizes(rows)

    def _enter_trace(self, *, tracing: bool) -> None:
        """Tracing has a narrow column at each side and a profile of some height."""
        if not tracing or self._untraced is not None:
            return
        columns, rows = self._columns.sizes(), self._rows.sizes()
        self._untraced = columns, rows
        left, right = _TRACE_COLUMNS
        whole, height = sum(columns), sum(rows)
        self._columns.setSizes([left, max(whole - left - right, 100), 0, right])
        lower = round(height * _TRACE_LOWER)
        self._rows.setSizes([height - lower, lower])

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
        actions = self.named_actions
        shown = [n for n in RAIL if actions[n].isChecked() and n not in _AT_HAND]
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files and folders anywhere."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Hand local files and folders on."""
        local = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if local:
            self.files_dropped.emit(local)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember, tell the controller, end the map's threads."""
        self.remember()
        self.closing.emit()
        self.canvas.shut_down()
        super().closeEvent(event)
