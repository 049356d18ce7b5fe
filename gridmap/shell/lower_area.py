"""What lies below the map: one widget, or several behind tabs while a page asks for more."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

_LEAST: Final = 170  # height of something to look at
_ANY: Final = 16_777_215  # Qt's greatest height


class LowerArea(QWidget):
    """The panel that always is here, and what pages put beside it while they are open.

    Signals:
        folded(bool): only the head of the panel is left, or all of it is shown again.
    """

    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._home: tuple[str, QWidget] | None = None
        self._of_page: dict[str, tuple[str, QWidget]] = {}
        self._page = ""
        self._folds, self._told = False, 0
        self.tabs.currentChanged.connect(self._show_tab)
        self.tabs.hide()

    def put_home(self, title: str, widget: QWidget) -> None:
        """What is here whichever page is open."""
        self._home = title, widget
        self._stack.addWidget(widget)

    def put(self, page: str, title: str, widget: QWidget) -> None:
        """What is here, first, while `page` is open."""
        self._of_page[page] = title, widget
        self._stack.addWidget(widget)

    def has(self, page: str) -> bool:
        """Whether a page has something here."""
        return page in self._of_page

    def follow(self, page: str) -> None:
        """Offer what the open page has here, or the home alone."""
        if page == self._page:
            return
        self._page = page
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for title, _ in self._shown():
            self.tabs.addTab(title)
        self.tabs.setCurrentIndex(0)
        self.tabs.blockSignals(False)
        self.tabs.setVisible(self.tabs.count() > 1)
        self._show_tab(0)

    def fold(self, *, on: bool) -> None:
        """Whether the panel that always is here has nothing but its head to show."""
        self._folds = on
        self._fold_or_not()

    def _fold_or_not(self) -> None:
        home = self._home[1] if self._home else None
        folded = self._folds and home is not None and self._stack.currentWidget() is home
        if home is not None:
            home.setMinimumHeight(0 if self._folds else _LEAST)
        low = self._low() if folded else 0
        self.setMaximumHeight(low or _ANY)
        self.setMinimumHeight(low)
        if low != self._told:
            self._told = low
            self.folded.emit(folded)

    def _low(self) -> int:
        """The height of the tabs and of a head that wraps where it is narrow."""
        home = self._home[1] if self._home else self
        tabs = self.tabs.height() if self.tabs.isVisibleTo(self) else 0
        return tabs + max(home.heightForWidth(self.width()), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """A head that wraps is higher."""
        super().resizeEvent(event)
        if self._told:
            self._fold_or_not()

    def _shown(self) -> list[tuple[str, QWidget]]:
        own = self._of_page.get(self._page)
        return [one for one in (own, self._home) if one is not None]

    def _show_tab(self, index: int) -> None:
        shown = self._shown()
        if 0 <= index < len(shown):
            self._stack.setCurrentWidget(shown[index][1])
            self._fold_or_not()
