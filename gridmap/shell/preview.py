"""Pages as they will be, before they are printed or written; their title can be changed."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridmap.shell.fitting import WrappingRow
from gridmap.shell.jobs import Jobs
from gridmap.shell.pieces import quiet
from gridmap.texts import t

_SCREEN_DPI: Final = 72
_PAPER_DPI: Final = 300
_SETTLED_MS: Final = 300
_CHANNEL: Final = "preview"
_SIDE: Final = 240

Draw = Callable[[str, str, int], Sequence[QImage]]
"""Title, paper ("A4", "A3") and dots per inch → the pages; runs on any thread."""


class Preview(QDialog):
    """Shows pages, prints them, or hands on that they are to be written.

    Signals:
        save_wanted(title, paper): write them into a file.
    """

    save_wanted = Signal(str, str)

    def __init__(
        self, parent: QWidget, jobs: Jobs, title: str, draw: Draw, papers: Sequence[str] = ("A4",)
    ) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("app.preview.title"))
        self._jobs, self._draw = jobs, draw
        self.title = QLineEdit(title)
        self.paper = QComboBox()
        self.paper.addItems(list(papers))
        self.paper.setEnabled(len(papers) > 1)
        self.state = quiet(t("app.preview.drawing"))
        self._pages = QVBoxLayout()
        self._settle = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settle.timeout.connect(self._redraw)
        self.title.textChanged.connect(lambda _: self._settle.start())
        self.paper.currentIndexChanged.connect(lambda _: self._settle.start())
        self._arrange()
        self.resize(parent.size() * 0.85)
        self._redraw()

    def closeEvent(self, event: object) -> None:  # noqa: N802  Qt's name
        """What is being drawn is wanted no more."""
        self._jobs.drop(_CHANNEL)
        super().closeEvent(event)  # type: ignore[arg-type]

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setLayout(self._pages)
        self._pages.setSpacing(12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        area.setWidget(inner)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow(t("app.preview.heading"), self.title)
        form.addRow(t("app.preview.paper"), self.paper)
        buttons = WrappingRow()
        self.print_button = QPushButton(t("app.preview.print"))
        self.print_button.setObjectName("primary")
        self.save_button = QPushButton(t("app.preview.save"))
        close = QPushButton(t("app.dialog.close"))
        self.print_button.clicked.connect(self._ask_printer)
        self.save_button.clicked.connect(
            lambda: self.save_wanted.emit(self.title.text().strip(), self.paper.currentText())
        )
        close.clicked.connect(self.close)
        for button in (self.print_button, self.save_button, close):
            buttons.addWidget(button)
        side = QVBoxLayout()
        side.addLayout(form)
        side.addWidget(self.state)
        side.addStretch(1)
        side.addLayout(buttons)
        panel = QWidget()
        panel.setLayout(side)
        panel.setFixedWidth(_SIDE)
        row = QHBoxLayout(self)
        row.addWidget(area, 1)
        row.addWidget(panel)

    def _redraw(self) -> None:
        title, paper = self.title.text().strip(), self.paper.currentText()
        self.state.setText(t("app.preview.drawing"))
        self._jobs.run(
            _CHANNEL, lambda _: self._draw(title, paper, _SCREEN_DPI), self._show,
            failed=lambda error: self.state.setText(str(error)),
        )  # fmt: skip

    def _show(self, pages: Sequence[QImage]) -> None:
        while (item := self._pages.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for image in pages:
            page = QLabel()
            page.setObjectName("page")
            page.setPixmap(QPixmap.fromImage(image))
            page.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._pages.addWidget(page)
        self._pages.addStretch(1)
        self.state.setText(t("app.preview.pages", count=len(pages)))

    # --- printing -------------------------------------------------------------------------

    def _ask_printer(self) -> None:
        """Let the system ask which printer, then print off this thread."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self._print(printer))
        QDialog.open(dialog)  # its own `open` wants a receiver by name

    def _print(self, printer: QPrinter) -> None:
        title, paper = self.title.text().strip(), self.paper.currentText()
        printer.setDocName(title)
        self.state.setText(t("app.preview.printing"))

        def work(_: object) -> int:
            return print_pages(self._draw(title, paper, _PAPER_DPI), printer)

        self._jobs.run(
            _CHANNEL, work, lambda count: self.state.setText(t("app.preview.printed", count=count)),
            failed=lambda error: self.state.setText(str(error)), label=t("app.job.printing"),
            writes=True,
        )  # fmt: skip


def print_pages(pages: Sequence[QImage], printer: QPrinter) -> int:
    """Put each picture on a page of its own, as large as it fits; how many there were.

    Any thread; the printer is used by this one alone.
    """
    painter = QPainter()
    for number, image in enumerate(pages):
        way = QPageLayout.Orientation
        printer.setPageOrientation(
            way.Landscape if image.width() > image.height() else way.Portrait
        )
        if number == 0:
            painter.begin(printer)
        else:
            printer.newPage()
        room = painter.viewport()
        size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect((room.width() - size.width()) // 2, (room.height() - size.height()) // 2,
                      size.width(), size.height())  # fmt: skip
        painter.drawImage(place, image)
    if painter.isActive():
        painter.end()
    return len(pages)
