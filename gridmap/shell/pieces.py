"""Small widgets that several panels use. All text is shown as plain text, never as markup."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QWidget


def plain(text: str, name: str = "", *, wrap: bool = True) -> QLabel:
    """A label that shows its text as it is: text from data is no markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if name:
        label.setObjectName(name)
    return label


def selectable(text: str, name: str = "") -> QLabel:
    """A plain label whose text can be marked and copied."""
    label = plain(text, name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label


def heading(text: str) -> QLabel:
    """The small title above a group."""
    return plain(text, "heading", wrap=False)


def quiet(text: str) -> QLabel:
    """A remark."""
    return plain(text, "quiet")


def rule() -> QWidget:
    """A thin line across."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setStyleSheet("background: #e6ebef;")
    return line


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; its widgets go away."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.deleteLater()
