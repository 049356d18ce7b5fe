"""What lies below the map: the series dock, and while tracing the profile beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gridmap.texts import t

PROFILE, SERIES = 0, 1


class LowerArea(QWidget):
    """The profile or the dock; tabs choose while `tracing`, else the dock is alone."""

    def __init__(self, profile: QWidget, dock: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dock")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab(t("tracing.page.profile"))
        self.tabs.addTab(t("tracing.page.series"))
        self._stack = QStackedWidget()
        self._stack.addWidget(profile)
        self._stack.addWidget(dock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._tracing = False
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        self.show_tabs(tracing=False)

    @property
    def tracing(self) -> bool:
        """Whether the tabs are there."""
        return self._tracing

    def show_tabs(self, *, tracing: bool) -> None:
        """Offer the profile, or the dock alone."""
        if tracing and not self._tracing:
            self.tabs.setCurrentIndex(PROFILE)
        self._tracing = tracing
        self.tabs.setVisible(tracing)
        self._stack.setCurrentIndex(self.tabs.currentIndex() if tracing else SERIES)
