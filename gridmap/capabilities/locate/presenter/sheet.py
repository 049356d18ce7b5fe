"""The answer leaves the window: onto the clipboard, as a printed sheet."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

from gridmap.capabilities.locate.picture import SHEET_SIZE, map_of_place
from gridmap.capabilities.locate.report import document_of
from gridmap.report.document import Document
from gridmap.report.json import json_text
from gridmap.report.printing import pages
from gridmap.report.saving import PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.shell.presenter import Presenter, Shell
from gridmap.shell.preview import Preview
from gridmap.texts import t


class SheetPresenter(Presenter):
    """Acts on the session's answer."""

    name = "sheet"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        actions = shell.window.named_actions
        # Not the method itself: Qt would hand it whether the action is checked.
        actions["print_sheet"].triggered.connect(lambda: self.preview_sheet())  # noqa: PLW0108
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

    def preview_sheet(self) -> None:
        """The answer as it will be printed: to be given a title, printed or written."""
        whole = self._printable()
        if whole is None:
            return

        def draw(title: str, _paper: str, dpi: int) -> list[QImage]:
            return pages(_titled(whole, title), dpi)

        preview = Preview(self._window, self._jobs, whole.heading, draw)
        preview.save_wanted.connect(lambda title, _: self._save(_titled(whole, title)))
        preview.open()

    def print_sheet(self, target: Path) -> None:
        """The answer as a printed sheet, PDF or PNG by the ending of the file."""
        whole = self._printable()
        if whole is not None:
            self._write(whole, target)

    def _printable(self) -> Document | None:
        """The answer with its map and the day of printing."""
        verdict, document = self._session.verdict, self._document()
        if verdict is None or document is None:
            return None
        canvas, place = self._window.canvas, verdict.place
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        today, tolerance_m = self._session.today(), verdict.basis.tolerance_m

        def picture() -> QImage:
            return map_of_place(shown, place.lon, place.lat, tolerance_m, SHEET_SIZE)

        return document.showing(today, map=picture)

    def _save(self, document: Document) -> None:
        path = self._ask_sheet()
        if path is not None:
            self._write(document, path)

    def _write(self, document: Document, path: Path) -> None:
        self._saver.write(path, lambda file: save(document, file), label=t("app.job.printing"))

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


def _titled(document: Document, title: str) -> Document:
    return replace(document, heading=title or document.heading)
