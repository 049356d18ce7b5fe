"""The answer leaves the window: onto the clipboard, as a printed sheet."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

from gridmap.capabilities.locate.picture import SHEET_SIZE, map_of_place
from gridmap.capabilities.locate.report import document_of
from gridmap.report.document import Document
from gridmap.report.json import json_text
from gridmap.report.saving import PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.shell.presenter import Presenter, Shell
from gridmap.texts import t


class SheetPresenter(Presenter):
    """Acts on the session's answer."""

    name = "sheet"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        actions = shell.window.named_actions
        # Not the method itself: Qt would hand it whether the action is checked.
        actions["print_sheet"].triggered.connect(lambda: self.print_sheet())  # noqa: PLW0108
        actions["copy"].triggered.connect(self.copy_text)
        actions["copy_json"].triggered.connect(self.copy_json)

    def copy_text(self) -> None:
        """The answer as text onto the clipboard."""
        document = self._document()
        if document is not None:
            self._copy(terminal_text(document))

    def copy_json(self) -> None:
        """The answer as JSON onto the clipboard."""
        document = self._document()
        if document is not None:
            self._copy(json_text(document))

    def print_sheet(self, target: Path | None = None) -> None:
        """The answer as a printed sheet; asks where to unless told."""
        verdict, document = self._session.verdict, self._document()
        if verdict is None or document is None:
            return
        path = target or self._ask_sheet()
        if path is None:
            return
        canvas, place = self._window.canvas, verdict.place
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        today, tolerance_m = self._session.today(), verdict.basis.tolerance_m

        def picture() -> QImage:
            return map_of_place(shown, place.lon, place.lat, tolerance_m, SHEET_SIZE)

        def write(file: Path) -> None:
            save(document.showing(today, map=picture), file)

        self._saver.write(path, write, label=t("app.job.printing"))

    def _document(self) -> Document | None:
        verdict, project = self._session.verdict, self._project
        if verdict is None or project is None:
            return None
        return document_of(project, verdict, full_phones=self._session.full_phones)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.say(t("app.dialog.copied"))

    def _ask_sheet(self) -> Path | None:
        verdict = self._session.verdict
        owner = verdict.owner.name if verdict and verdict.owner else t("app.dialog.outside_name")
        day = self._session.day.isoformat()
        name = t("app.dialog.sheet_name", owner=owner, day=day)
        return self._saver.ask(t("app.dialog.print"), name, t("app.dialog.pdf_files"), PAPERS)
