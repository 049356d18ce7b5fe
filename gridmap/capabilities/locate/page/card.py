"""The card on the right: what is the answer, how sure, who is it, what else, on what basis."""

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gridmap.report.document import Document
from gridmap.shell.actions import title_of
from gridmap.shell.card_html import document_html, feature_html, message_html
from gridmap.shell.pieces import plain, quiet
from gridmap.shell.session import Feature
from gridmap.texts import t


class VerdictCard(QWidget):
    """Shows a `Document` and a clicked feature. Emits intent.

    Signals:
        day_chosen(date or None): ask as of another day.
        problem_chosen(str or None): ask about a type of problem.
        print_wanted(), copy_wanted(): the buttons below.
        series_wanted(): the clicked station's series.
        trace_wanted(): trace the clicked station upstream.
    """

    day_chosen = Signal(object)
    problem_chosen = Signal(object)
    print_wanted = Signal()
    copy_wanted = Signal()
    series_wanted = Signal()
    trace_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cardPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = self._text_view()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 10, 0, 10)
        outer.addLayout(self._head())
        outer.addWidget(self._text, 1)
        outer.addLayout(self._foot())
        self._feature: Feature | None = None
        self._feature_is_station = self._traceable = False
        self._sheet: Document | None = None
        self._message = t("app.card.empty")
        self._redraw()

    # --- what is shown --------------------------------------------------------------------

    def show_sheet(self, sheet: Document | None, message: str = "") -> None:
        """Show an answer, or a message in its place."""
        self._sheet, self._message = sheet, message or t("app.card.empty")
        self._print.setEnabled(sheet is not None)
        self._copy.setEnabled(sheet is not None)
        self._redraw()

    def show_feature(
        self, feature: Feature | None, *, station: bool = False, traceable: bool = False
    ) -> None:
        """Show a feature above the answer; `station` offers its series, `traceable` a trace."""
        self._feature, self._feature_is_station = feature, station
        self._traceable = traceable
        self._redraw()

    def show_problems(self, problems: list[tuple[str, str]], chosen: str | None = None) -> None:
        """Offer these types of problem, (id, title), one of them or none chosen."""
        self._problem.blockSignals(True)
        self._problem.clear()
        self._problem.addItem(t("app.card.any_problem"), None)
        for key, title in problems:
            self._problem.addItem(title, key)
        self._problem.setCurrentIndex(max(self._problem.findData(chosen), 0))
        self._problem.setEnabled(bool(problems))
        self._problem.blockSignals(False)

    def show_day(self, day: QDate) -> None:
        """Set the day asked without asking."""
        self._day.blockSignals(True)
        self._day.setDate(day)
        self._day.blockSignals(False)

    # --- building -------------------------------------------------------------------------

    def _head(self) -> QVBoxLayout:
        self._day = QDateEdit()
        self._day.setCalendarPopup(True)
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.dateChanged.connect(lambda day: self.day_chosen.emit(day.toPython()))
        self._problem = QComboBox()
        self._problem.currentIndexChanged.connect(
            lambda _: self.problem_chosen.emit(self._problem.currentData())
        )
        row = QHBoxLayout()
        for text, widget in (
            (t("app.card.day"), self._day),
            (t("app.card.problem"), self._problem),
        ):
            label = quiet(text)
            label.setWordWrap(False)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, 1)
        column = QVBoxLayout()
        column.setContentsMargins(16, 0, 16, 4)
        column.addWidget(plain(t("app.card.title"), "panelTitle"))
        column.addLayout(row)
        return column

    def _text_view(self) -> QTextBrowser:
        view = QTextBrowser()
        view.setObjectName("cardText")
        view.setOpenLinks(False)
        view.setFrameShape(QTextBrowser.Shape.NoFrame)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.document().setDocumentMargin(16)
        view.document().setDefaultStyleSheet("p { margin: 0; }")
        view.setAccessibleName(t("app.card.title"))
        return view

    def _foot(self) -> QHBoxLayout:
        self._print = QPushButton(title_of("print_sheet"))
        self._print.setObjectName("primary")
        self._print.clicked.connect(self.print_wanted)
        self._copy = QPushButton(title_of("copy"))
        self._copy.clicked.connect(self.copy_wanted)
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 16, 0)
        row.addWidget(self._print)
        row.addWidget(self._copy)
        row.addStretch(1)
        self._series = QPushButton(t("app.card.show_series"))
        self._series.clicked.connect(self.series_wanted)
        self._series.hide()
        row.insertWidget(2, self._series)
        self._trace = QPushButton(t("tracing.page.run"))
        self._trace.setToolTip(t("tracing.page.run_tip"))
        self._trace.clicked.connect(self.trace_wanted)
        self._trace.hide()
        row.insertWidget(3, self._trace)
        self._print.setEnabled(False)
        self._copy.setEnabled(False)
        return row

    def _redraw(self) -> None:
        feature = "" if self._feature is None else feature_html(self._feature)
        answer = message_html(self._message) if self._sheet is None else document_html(self._sheet)
        self._text.setHtml(feature + answer)
        self._series.setVisible(self._feature_is_station)
        self._trace.setVisible(self._traceable)
