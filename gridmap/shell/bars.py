"""The bars at the window's edges: top bar, rail, map buttons, status bar."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridmap.shell.actions import Actions
from gridmap.shell.fitting import Elided
from gridmap.shell.icons import icon
from gridmap.shell.pieces import plain
from gridmap.stopping import Job
from gridmap.texts import t

_RAIL_WIDTH: Final = 58
_TALLEST: Final = 60  # height of a button of the rail …
_LOWEST: Final = 34
_TITLE_FROM: Final = 1200
_TOOL: Final = 32  # side of a button of the map
_TOOLS_MARGIN: Final = 12
_WORDS_FROM: Final = 50  # … and from which height its word has room


class TopBar(QWidget):
    """Title, project, a place for what is asked, and the few actions a day needs."""

    def __init__(
        self, named: Mapping[str, QAction], declared: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._chip = Elided("", "chip")
        self._chip.hide()
        self._title = plain(t("app.title"), "appTitle", wrap=False)
        self._middle = QHBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(self._title)
        row.addWidget(self._chip)
        row.addLayout(self._middle, 1)
        row.addSpacing(8)
        for menu in ("open", "export"):
            button = self._menu_button(t(f"app.menu.{menu}"), menu, named, declared.in_menu(menu))
            row.addWidget(button)
        for name in ("language", "help"):
            tool = QToolButton()
            tool.setDefaultAction(named[name])
            tool.setIconSize(QSize(18, 18))
            row.addWidget(tool)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Without the title, which gives way first: it stands above the window as well."""
        least = super().minimumSizeHint()
        title = 0 if self._title.isHidden() else self._title.sizeHint().width() + 10
        return QSize(least.width() - title, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The title is there where there is room for all."""
        super().resizeEvent(event)
        self._title.setVisible(self.width() >= _TITLE_FROM)

    def put_middle(self, widget: QWidget) -> None:
        """Put a widget between the project's name and the menus."""
        self._middle.addWidget(widget, 1)

    def last_of_middle(self) -> QWidget | None:
        """The last widget there that the keyboard reaches."""
        inner: QWidget | None = None
        for place in range(self._middle.count()):
            item = self._middle.itemAt(place)
            if item is not None and (widget := item.widget()) is not None:
                inner = widget
        if inner is None:
            return None
        reached = [
            one
            for one in inner.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus
            and one.focusProxy() is None
            and one.window() is self.window()  # not the list that a box drops
        ]
        return reached[-1] if reached else None

    def show_project(self, text: str, *, example: bool) -> None:
        """Name the project; an example is marked as such."""
        self._chip.setText(text)
        self._chip.setObjectName("exampleChip" if example else "chip")
        self._chip.style().polish(self._chip)
        self._chip.setVisible(bool(text))

    def _menu_button(
        self, title: str, symbol: str, actions: Mapping[str, QAction], names: Sequence[str]
    ) -> QPushButton:
        menu = QMenu(self)
        for name in names:
            menu.addAction(actions[name])
        button = QPushButton(icon(symbol), title.rstrip("…"))
        button.setMenu(menu)
        return button


class Rail(QWidget):
    """The dark strip at the left: what is open at the sides.

    On a low screen the buttons become lower, and show their symbol alone when a word has no room.
    """

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_RAIL_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # The strip may be lower than its buttons want to be: they follow it, not it them.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self._buttons = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(22, 22))
            column.addWidget(button)
            self._buttons.append(button)
        column.addStretch(1)
        self._share_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Give each button its share of the height."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        room = self.height() // max(len(self._buttons), 1)
        height = max(_LOWEST, min(_TALLEST, room))
        words = height >= _WORDS_FROM
        style = (
            Qt.ToolButtonStyle.ToolButtonTextUnderIcon
            if words
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for button in self._buttons:
            button.setToolButtonStyle(style)
            button.setFixedSize(_RAIL_WIDTH, height)


class MapTools(QFrame):
    """The buttons over the map's right edge: a column, or more where the map is low."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mapTools")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(3, 3, 3, 3)
        self._grid.setSpacing(1)
        self._buttons = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(QSize(19, 19))
            button.setFixedSize(_TOOL, _TOOL)
            self._buttons.append(button)

    def fit(self, room: QSize) -> None:
        """Stand at the right edge of a map of this size."""
        rows = max((room.height() - 2 * _TOOLS_MARGIN - _TOOL // 4) // (_TOOL + 1), 1)
        for place, button in enumerate(self._buttons):
            self._grid.addWidget(button, place % rows, place // rows)
        self.adjustSize()
        self.move(room.width() - self.width() - _TOOLS_MARGIN, _TOOLS_MARGIN)


class StatusBar(QWidget):
    """Position in degrees and metres, scale, background work, project.

    Signals:
        stop_wanted(Job): stop the work that is named.
        history_wanted(QWidget): show what was said before, over this button.
    """

    stop_wanted = Signal(object)
    history_wanted = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._place = plain("", wrap=False)
        self._zone = plain("", wrap=False)
        self._scale = plain("", wrap=False)
        self._job = Elided(t("app.status.no_job"))
        self._drawing = plain("", wrap=False)
        self._message = Elided()
        self._project = Elided(t("app.status.no_project"))
        self._named: Job | None = None
        self.stop = QToolButton()
        self.stop.setText("✕")
        self.stop.setAutoRaise(True)
        self.stop.setFixedSize(18, 14)
        self.stop.setToolTip(t("app.status.stop"))
        self.stop.setAccessibleName(t("app.status.stop"))
        self.stop.clicked.connect(self._on_stop)
        self.stop.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 14, 2)
        row.setSpacing(22)
        for label in (self._place, self._zone, self._scale):
            row.addWidget(label)
        row.addWidget(self._message, 1)
        self.history = QToolButton()
        self.history.setText(t("app.notice.button"))
        self.history.setAutoRaise(True)
        self.history.setStyleSheet("padding: 0 6px;")
        self.history.setToolTip(t("app.notice.history"))
        self.history.setAccessibleName(t("app.notice.history"))
        self.history.clicked.connect(lambda: self.history_wanted.emit(self.history))
        row.addWidget(self.history)
        for widget in (self._drawing, self._job, self.stop, self._project):
            row.addWidget(widget)

    def show_place(self, degrees: str, zone: str) -> None:
        """The cursor's place in degrees and in metres of its zone; empty off the map."""
        self._place.setText(degrees)
        self._zone.setText(zone)

    def show_scale(self, scale: str) -> None:
        """The map's scale, such as "1 : 150 000"."""
        self._scale.setText(scale)

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """What is under way, the oldest first: its name, how far it is, and a way to stop it."""
        self._named = jobs[0] if jobs else None
        self.stop.setVisible(bool(jobs))
        self.stop.setEnabled(bool(jobs) and not jobs[0].cancelled)
        if not jobs:
            self._job.setText(t("app.status.no_job"))
        elif len(jobs) > 1:
            self._job.setText(t("app.status.jobs", label=jobs[0].label, count=len(jobs)))
        elif jobs[0].share:
            percent = f"{jobs[0].share * 100:.0f}"
            self._job.setText(t("app.status.job_share", label=jobs[0].label, percent=percent))
        else:
            self._job.setText(t("app.status.job", label=jobs[0].label))

    def _on_stop(self) -> None:
        if self._named is not None:
            self.stop.setEnabled(False)
            self.stop_wanted.emit(self._named)

    def show_drawing(self, busy: bool, fraction: float) -> None:
        """How far the map is."""
        percent = f"{fraction * 100:.0f}"
        self._drawing.setText(t("app.status.drawing", percent=percent) if busy else "")

    def show_message(self, text: str) -> None:
        """Something that just happened."""
        self._message.setText(text)

    def show_project(self, text: str) -> None:
        """Project and whether it is saved."""
        self._project.setText(text)
