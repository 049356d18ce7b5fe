"""The search box and the datum in which pasted coordinates are read, for the top bar."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gridmap.capabilities.locate.page.search_box import SearchBox
from gridmap.core.datum import Datum
from gridmap.shell.pieces import plain
from gridmap.texts import t


class SearchBar(QWidget):
    """Box and datum beside each other.

    Signals:
        datum_chosen(Datum): how pasted coordinates are to be read.
    """

    datum_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = SearchBox(self)
        self.box.setMinimumWidth(150)
        self.datum = QComboBox()
        self.datum.setToolTip(t("app.top.datum_tip"))
        self.datum.setAccessibleName(t("app.top.datum"))
        for datum in Datum:
            self.datum.addItem(datum.value, datum)
        self.datum.currentIndexChanged.connect(
            lambda _: self.datum_chosen.emit(Datum(self.datum.currentData()))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.box, 1)
        row.addWidget(plain(t("app.top.datum"), "quiet", wrap=False))
        row.addWidget(self.datum)

    def show_datum(self, datum: Datum) -> None:
        """Show the datum in which text is read."""
        self.datum.setCurrentIndex(self.datum.findData(datum))
