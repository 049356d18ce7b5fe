"""The window: rail, side, map, panels, bars. It arranges what shell and capabilities put in.

Nothing here knows a capability: pages come with their declaration, panels with their side.
"""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridmap.manifest import Page
from gridmap.shell.actions import all_actions, make_actions
from gridmap.shell.bars import MapTools, Rail, StatusBar, TopBar
from gridmap.shell.canvas import MapCanvas
from gridmap.shell.data_page import DataPage
from gridmap.shell.fitting import first_size
from gridmap.shell.layer_panel import LayerPanel
from gridmap.shell.lower_area import LowerArea
from gridmap.shell.notices import Notices
from gridmap.shell.preferences import Preferences
from gridmap.texts import pick, t

_SPLITTERS: Final = ("columns", "rows")
_START: Final = "layers"
_CARD_WIDTH: Final = 320
_LEAST_MAP: Final = 360  # width that the map keeps in a narrow window
_DOCK_HEIGHT: Final = 250
_BESIDE: Final = 330  # width of what a page puts at the right of the map
_LOWER_SHARE: Final = 0.42  # height of what a page puts below the map
_SPLIT_MARGIN: Final = 14  # a page that has something at both sides is that much wider


class MainWindow(QMainWindow):
    """All parts of the window, by name.

    Signals:
        closing(): before it closes.
        files_dropped(paths): files or folders were dropped on it.
        page_changed(name): another page is open at the left; "" is none.
    """

    closing = Signal()
    files_dropped = Signal(list)
    page_changed = Signal(str)

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setWindowTitle(t("app.title"))
        self.setAcceptDrops(True)
        self.resize(first_size(self.screen()))
        self._preferences = preferences
        self._declared = all_actions()
        self.named_actions = make_actions(self)
        self.top = TopBar(self.named_actions, self._declared)
        self.layer_panel = LayerPanel()
        self.data_page = DataPage()
        self.canvas = MapCanvas()
        self.lower_area = LowerArea()
        self.status = StatusBar()
        self.pages: dict[str, QWidget] = {}
        self._page_facts: dict[str, Page] = {page.name: page for page in self._declared.pages}
        self.panels: dict[str, QWidget] = {}
        self.beside: dict[str, QWidget] = {}
        self.below: dict[str, QWidget] = {}
        self.under_map: dict[str, QWidget] = {}
        self._right: dict[str, QWidget] = {}
        self._side = QStackedWidget()
        self._at_left = _START
        self._told_page = ""
        self._widths: dict[str, int] = {}
        self._wide = False
        self._narrow_sizes: list[int] = []
        self._unfolded = _DOCK_HEIGHT
        self._unsplit: tuple[list[int], list[int]] | None = None
        self._rows = QSplitter(Qt.Orientation.Vertical)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._rail = Rail([self.named_actions[name] for name in self._declared.rail])
        self._bars = QVBoxLayout()
        self._arrange()
        tools = [self.named_actions[name] for name in self._declared.on_map()]
        self.tools = MapTools(tools, self.canvas)
        self.notices = Notices(self.canvas)
        self.notices.said.connect(self.status.show_message)
        self.status.history_wanted.connect(self.notices.show_history)
        self.canvas.installEventFilter(self)
        self.add_page("layers", self.layer_panel)
        self.add_page("data", self.data_page)

    # --- what is put in -------------------------------------------------------------------

    def add_page(self, name: str, widget: QWidget) -> None:
        """Put a declared page at the left."""
        self.pages[name] = widget
        self._side.addWidget(widget)
        self._ask_room_for(_START)
        self.named_actions[name].toggled.connect(lambda on: self._show_page(name, on))

    def add_panel(self, name: str, widget: QWidget, tab: str = "") -> None:
        """Put a declared panel at its side of the map; `tab` names it where others lie there."""
        panel = next(one for one in self._declared.panels if one.name == name)
        if panel.side == "right":
            widget.setMinimumWidth(_CARD_WIDTH)
            self._right[name] = widget
            self._columns.addWidget(widget)
        else:
            self.lower_area.put_home(tab or pick(panel.title.as_dict()), widget)
        self.panels[name] = widget
        action = self.named_actions[name]
        action.toggled.connect(lambda _: self._share_out())
        action.triggered.connect(lambda: self._bring(name))

    def add_beside(self, page: str, widget: QWidget) -> None:
        """Show a widget at the right of the map, in place of the panels, while a page is open."""
        self.beside[page] = widget
        widget.hide()
        self._columns.addWidget(widget)

    def add_below(self, page: str, title: str, widget: QWidget) -> None:
        """Show a widget below the map while a page is open, with tabs to what else is there."""
        self.below[page] = widget
        self.lower_area.put(page, title, widget)

    def add_under_map(self, name: str, widget: QWidget) -> None:
        """Put a narrow bar directly under the map; hidden until it is wanted."""
        self.under_map[name] = widget
        widget.hide()
        self._bars.addWidget(widget)

    def settle(self) -> None:
        """Bring the layout back as it was left; call once everything is put in."""
        order = [self._side, self._rows, *self._right.values(), *self.beside.values()]
        for place, widget in enumerate(order):
            self._columns.insertWidget(place, widget)
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([240, 1000, *([380] * len(self._right)), *([0] * len(self.beside))])
        for splitter in (self._rows, self._columns):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        if (geometry := self._preferences.state("window/geometry")) is not None:
            self.restoreGeometry(geometry)
        for name, splitter in zip(_SPLITTERS, (self._columns, self._rows), strict=True):
            if (state := self._preferences.state(f"window/{name}")) is not None:
                splitter.restoreState(state)
        shown = self._preferences.text("window/panels", "layers,verdict,series").split(",")
        for name in self._declared.rail:
            self.named_actions[name].setChecked(name in shown)
        self._share_out()
        self._order_tabs()

    def _order_tabs(self) -> None:
        """From where one types a place the next stop is the map, then the page and the panels."""
        searching = self.top.last_of_middle()
        if searching is not None:
            QWidget.setTabOrder(searching, self.canvas)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        map_and_time = QWidget()
        upper = QVBoxLayout(map_and_time)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self.canvas, 1)
        self._bars.setContentsMargins(0, 0, 0, 0)
        upper.addLayout(self._bars)
        self._rows.addWidget(map_and_time)
        self._rows.addWidget(self.lower_area)
        self._rows.setStretchFactor(0, 1)
        self._rows.setSizes([620, _DOCK_HEIGHT])
        self.lower_area.folded.connect(self._on_folded)
        self._columns.addWidget(self._side)
        self._columns.addWidget(self._rows)
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._rail)
        across.addWidget(self._columns, 1)
        whole = QWidget()
        down = QVBoxLayout(whole)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(0)
        down.addWidget(self.top)
        down.addWidget(middle, 1)
        down.addWidget(self.status)
        self.setCentralWidget(whole)

    # --- which page is open ---------------------------------------------------------------

    @property
    def open_page(self) -> str:
        """The name of the page that is open at the left, "" for none."""
        return next((name for name in self.pages if self.named_actions[name].isChecked()), "")

    def _show_page(self, name: str, on: bool) -> None:
        """One page at a time at the left; switching the open one off closes the side."""
        if on:
            for other in self.pages:
                if other != name:
                    self.named_actions[other].setChecked(False)
            self._side.setCurrentWidget(self.pages[name])
            self._ask_room_for(name)
        self._share_out()

    # --- who gets which room --------------------------------------------------------------

    def _ask_room_for(self, shown: str) -> None:
        """A page that is not seen asks for no room."""
        for name, page in self.pages.items():
            policy = QSizePolicy.Policy.Preferred if name == shown else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, QSizePolicy.Policy.Preferred)

    def _give_side(self, page: str) -> None:
        """Each page at the left has the width that it was last given."""
        sizes = self._columns.sizes()
        if page == self._at_left or not sizes[0]:
            self._at_left = page
            return
        self._widths[self._at_left] = sizes[0]
        wanted = self._widths.get(page, self._page_facts[page].width)
        self._columns.setSizes([wanted, sizes[1] + sizes[0] - wanted, *sizes[2:]])
        self._at_left = page

    def _share_out(self) -> None:
        """Give each part its room: a wide page leaves the rest to the map alone."""
        name = self.open_page
        page = self._page_facts.get(name)
        wide = page is not None and page.wide
        splits = self._splits(name)
        self._side.setVisible(page is not None)
        self._fit()
        if not splits:
            self._give_back()
        for owner, widget in self.beside.items():
            widget.setVisible(owner == name)
        self.lower_area.follow(name)
        room = page is None or not wide or page.dock
        self.lower_area.setVisible(splits or (self._below_wanted() and room))
        if wide and not self._wide:
            self._narrow_sizes = self._columns.sizes()
            width, others = max(self.width(), 1), len(self._right) + len(self.beside)
            self._columns.setSizes([round(width * 0.58), round(width * 0.42), *([0] * others)])
        elif self._wide and not wide and self._narrow_sizes:
            self._columns.setSizes(self._narrow_sizes)
        if page is not None and not (wide or splits):
            self._give_side(name)
        self._wide = wide
        if splits and page is not None:
            self._split_up(page)
        if name != self._told_page:
            left, self._told_page = self._told_page, name
            if left and name:
                self.page_changed.emit("")  # one page is left before another is opened
            self.page_changed.emit(name)

    def _fit(self) -> None:
        """The map keeps some room: where there is little, the panels at its right step aside."""
        page = self._page_facts.get(self.open_page)
        for panel, widget in self._right.items():
            widget.setVisible(self.named_actions[panel].isChecked() and self._has_room(panel))
        room = self.width() - self._rail.width() - _LEAST_MAP
        width = self._page_facts[_START if page is None else page.name].width
        self._side.setMinimumWidth(min(width, max(room, 0)))

    def _bring(self, name: str) -> None:
        """Who asks for a panel that the open page leaves no room for wants to see it."""
        if self._has_room(name):
            return
        page = self.open_page
        self.named_actions[name].setChecked(True)
        self.named_actions[page].setChecked(False)

    def _has_room(self, name: str) -> bool:
        """Whether a panel can be seen beside the page that is open."""
        page = self._page_facts.get(self.open_page)
        if page is None:
            return True
        if name not in self._right:
            return not page.wide or page.dock or self._splits(page.name)
        room = self.width() - self._rail.width() - _LEAST_MAP
        fits = page.width + self._right[name].minimumWidth() <= room
        return fits and page.card and not page.wide

    def _splits(self, page: str) -> bool:
        """Whether a page has something of its own at the right of the map or below it."""
        return page in self.beside or self.lower_area.has(page)

    def _below_wanted(self) -> bool:
        below = [one.name for one in self._declared.panels if one.side == "below"]
        return any(self.named_actions[name].isChecked() for name in below)

    def _give_back(self) -> None:
        """Give back the room that a page took at the right and below."""
        if self._unsplit is not None:
            columns, rows = self._unsplit
            self._unsplit = None
            self._columns.setSizes(columns)
            self._rows.setSizes(rows)

    def _split_up(self, page: Page) -> None:
        """A narrow column at each side of the map, and something of some height below it."""
        if self._unsplit is not None:
            return
        columns, rows = self._columns.sizes(), self._rows.sizes()
        self._unsplit = columns, rows
        whole, height = sum(columns), sum(rows)
        beside = [_BESIDE if owner == page.name else 0 for owner in self.beside]
        left = page.width + _SPLIT_MARGIN
        middle = max(whole - left - sum(beside), 100)
        self._columns.setSizes([left, middle, *([0] * len(self._right)), *beside])
        lower = round(height * _LOWER_SHARE)
        self._rows.setSizes([height - lower, lower])

    def _on_folded(self, folded: bool) -> None:
        """A panel that unfolds is as high as it was before it was folded."""
        above, below = self._rows.sizes()
        if folded and below >= _DOCK_HEIGHT:
            self._unfolded = below
        low = self.lower_area.maximumHeight() if folded else self._unfolded
        self._rows.setSizes([above + below - low, low])

    # --- events ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Who has room beside the map depends on the width."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Keep the map's buttons at its right edge, and what was said in its middle."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self.tools.fit(self.canvas.size())
            self.notices.fit()
        return super().eventFilter(watched, event)

    def remember(self) -> None:
        """Write the layout into the preferences."""
        put = self._preferences.put
        put("window/geometry", self.saveGeometry())
        for name, splitter in zip(_SPLITTERS, (self._columns, self._rows), strict=True):
            put(f"window/{name}", splitter.saveState())
        # Work at hand is not layout: the next start begins with the map.
        kept = {page.name for page in self._declared.pages if page.remembered}
        kept |= {panel.name for panel in self._declared.panels}
        shown = [n for n in self._declared.rail if self.named_actions[n].isChecked() and n in kept]
        put("window/panels", ",".join(shown))

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
