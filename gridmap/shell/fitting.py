"""What makes a window fit its screen: rows that wrap, labels that shorten, a first size."""

from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QScreen
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QLayoutItem,
    QSizePolicy,
    QSpacerItem,
    QWidget,
    QWidgetItem,
)

_WANTED: Final = QSize(1600, 900)
_FRAME: Final = QSize(2, 30)  # what a title bar and borders take, about
_LEAST_LETTERS: Final = 6
_SLACK: Final = 4  # pixels: a text of exactly the width would be shortened for a fraction


def first_size(screen: QScreen | None) -> QSize:
    """The size of a new window in logical pixels: the usual one, or what the screen has room for.

    The offscreen platform has a screen that nobody looks at: there it is the usual one.
    """
    if screen is None or QGuiApplication.platformName() == "offscreen":
        return _WANTED
    return _WANTED.boundedTo(screen.availableGeometry().size() - _FRAME)


class _Placed(NamedTuple):
    """An item of a line with the width it wants and the most it takes."""

    item: QLayoutItem
    width: int
    most: int


class WrappingRow(QLayout):
    """A row of small widgets that goes on in the next line where the width ends.

    A stretch pushes what follows to the right end of its line; widgets that may grow share what
    is left of a line without one.
    """

    def __init__(self, spacing: int = 6) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._growing: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addWidget(self, widget: QWidget, stretch: int = 0) -> None:  # noqa: N802  Qt's name
        """Put a widget at the end; with a stretch it grows like one that wants to."""
        self.addChildWidget(widget)
        item = QWidgetItem(widget)
        if stretch:
            self._growing.append(item)
        self.addItem(item)

    def addLayout(self, layout: QLayout) -> None:  # noqa: N802
        """Put a row of others at the end."""
        self.addChildLayout(layout)
        self.addItem(layout)

    def addStretch(self, _stretch: int = 1) -> None:  # noqa: N802
        """What follows stands at the right end of its line."""
        self.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum))

    # --- what a layout answers ------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Put an item at the end."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """How many items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """An item, None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Take an item out, None beyond the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """It asks for no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of all lines in so much width."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place the items."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        height = max((size.height() for size in shown), default=0)
        return QSize(width, height).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:  # noqa: N802
        """Each in a line of its own width."""
        least = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                least = least.expandedTo(item.minimumSize())
        return least.grownBy(self.contentsMargins())

    # --- lines ----------------------------------------------------------------------------

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Place the items, or only measure; the height of all lines."""
        inner = rect.marginsRemoved(self.contentsMargins())
        top = inner.top()
        for line in self._lines(inner.width()):
            widths = self._widths(line, inner.width())
            heights = [_height(one.item, w) for one, w in zip(line, widths, strict=True)]
            x = inner.left()
            for one, width, height in zip(line, widths, heights, strict=True):
                if move:
                    at = QPoint(x, top + (max(heights) - height) // 2)
                    one.item.setGeometry(QRect(at, QSize(width, height)))
                x += width + (0 if _is_stretch(one.item) else self.spacing())
            top += max(heights) + self.spacing()
        margins = self.contentsMargins()
        used = max(top - self.spacing() - inner.top(), 0)
        return used + margins.top() + margins.bottom()

    def _lines(self, width: int) -> list[list[_Placed]]:
        lines: list[list[_Placed]] = [[]]
        used = 0
        for item in self._items:
            if _is_stretch(item):
                lines[-1].append(_Placed(item, 0, width))
                continue
            if item.isEmpty():
                continue
            least = item.minimumSize().width()
            grows = item in self._growing or _wants_width(item)
            need = least if grows else min(max(item.sizeHint().width(), least), width)
            if used and used + need > width:
                lines.append([])
                used = 0
            most = min(item.maximumSize().width(), width) if grows else need
            lines[-1].append(_Placed(item, need, most))
            used += need + self.spacing()
        return [line for line in lines if not all(_is_stretch(one.item) for one in line)]

    def _widths(self, line: list[_Placed], whole: int) -> list[int]:
        """The widths in one line: what is left goes to whoever may grow, the rest to stretches."""
        shown = sum(not _is_stretch(one.item) for one in line)
        left = whole - sum(one.width for one in line) - self.spacing() * (shown - 1)
        widths = [one.width for one in line]
        for stretches in (False, True):
            growing = [
                place
                for place, one in enumerate(line)
                if one.most > one.width and _is_stretch(one.item) is stretches
            ]
            for number, place in enumerate(growing):
                share = left // (len(growing) - number)
                taken = max(min(share, line[place].most - widths[place]), 0)
                widths[place] += taken
                left -= taken
        return widths


def _is_stretch(item: QLayoutItem) -> bool:
    return item.spacerItem() is not None


def _height(item: QLayoutItem, width: int) -> int:
    if _is_stretch(item):
        return 0
    if item.hasHeightForWidth():
        return max(item.heightForWidth(width), item.minimumSize().height())
    return item.sizeHint().height()


def _wants_width(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)


class Elided(QLabel):
    """One line of plain text that ends in “…” where it has no room; the whole as its tool tip."""

    def __init__(self, text: str = "", name: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if name:
            self.setObjectName(name)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._whole

    def setText(self, text: str) -> None:  # noqa: N802  Qt's name
        """Show another text."""
        self._whole = text
        super().setText(" ".join(text.split()))
        self.setAccessibleName(text)
        self._shorten()
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the whole text."""
        width = self._around() + self._width_of(self._line) + _SLACK
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Room for some letters."""
        least = min(self._width_of(self._line), self._width_of("口" * _LEAST_LETTERS))
        return QSize(self._around() + least, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Shorten anew."""
        super().resizeEvent(event)
        self._shorten()

    @property
    def _line(self) -> str:
        return " ".join(self._whole.split())

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _around(self) -> int:
        """What padding and border of the style take."""
        return super().sizeHint().width() - self._width_of(super().text())

    def _shorten(self) -> None:
        room = self.width() - self._around()
        elided = self.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room)
        shown = self._line if room <= 0 and not self.isVisible() else elided
        if super().text() != shown:
            super().setText(shown)
        self.setToolTip(self._whole if shown != self._line else "")
