"""Words on a coloured chip in a table cell: statuses and severities."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from gridmap.shell.theme import tokens

NOT_FOUND: Final = "not_found"
UNDATED: Final = "undated"
_TONES: Final = {
    "certain": ("good_ground", "good"),
    "borderline": ("warn_ground", "warn"),
    "shared": ("shared_ground", "accent_dark"),
    "unassigned": ("bad_ground", "bad"),
    "outside": ("quiet_ground", "quiet"),
    NOT_FOUND: ("quiet_ground", "quiet"),
    UNDATED: ("warn_ground", "warn"),
    "error": ("bad_ground", "bad"),
    "warning": ("warn_ground", "warn"),
    "hint": ("shared_ground", "accent_dark"),
    "fault": ("bad_ground", "bad"),
    "doubt": ("warn_ground", "warn"),
    "note": ("quiet_ground", "quiet"),
}


def chip_colours(name: str) -> tuple[str, str]:
    """Ground and text colour of a status or severity."""
    ground, text = _TONES[name]
    return tokens()[ground], tokens()[text]


class StatusChip(QStyledItemDelegate):
    """Paints a column whose `UserRole` is a status or severity and whose text is its word."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the chip in the cell's middle."""
        name = index.data(Qt.ItemDataRole.UserRole)
        if name not in _TONES:
            super().paint(painter, option, index)
            return
        ground, colour = chip_colours(name)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        rect = QRectF(option.rect)
        width = painter.fontMetrics().horizontalAdvance(text) + 18
        chip = QRectF(rect.x() + 6, rect.center().y() - 10, min(width, rect.width() - 8), 20)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(chip, 10, 10)
        painter.setPen(QColor(colour))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
