"""Everything that leaves the window: clipboard, printed sheet, map, copy of the project."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage

from gridmap.capabilities.locate.picture import SHEET_SIZE, map_of_place
from gridmap.capabilities.locate.report import document_of
from gridmap.map.printing import Sheet, write_sheet
from gridmap.report.document import Document
from gridmap.report.json import json_text
from gridmap.report.saving import save
from gridmap.report.terminal import terminal_text
from gridmap.report.writing import replacing
from gridmap.shell.layers_export import export_layer
from gridmap.shell.presenter import Shell
from gridmap.texts import t

_PAPERS = (".pdf", ".png")
_MAPS = (".png", ".pdf")
_LAYERS = (".gpkg", ".geojson", ".shp", ".csv", ".xlsx")
_PROJECTS = (".gpkg",)


class Exporter:
    """Acts on the session's answer and the map as it is seen."""

    def __init__(self, shell: Shell) -> None:
        window = shell.window
        self._window, self._session, self._saver = window, shell.session, shell.saver
        actions = window.named_actions
        window.card.print_wanted.connect(self.print_sheet)
        window.card.copy_wanted.connect(self.copy_text)
        actions["print_sheet"].triggered.connect(self.print_sheet)
        actions["copy"].triggered.connect(self.copy_text)
        actions["copy_json"].triggered.connect(self.copy_json)
        actions["export_map"].triggered.connect(self.export_map)

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

    def _document(self) -> Document | None:
        verdict, project = self._session.verdict, self._session.project
        if verdict is None or project is None:
            return None
        return document_of(project, verdict)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.status.show_message(t("app.dialog.copied"))

    def print_sheet(self, target: Path | None = None) -> None:
        """The answer as a printed sheet; asks where to unless told."""
        verdict, project = self._session.verdict, self._session.project
        if verdict is None or project is None:
            return
        path = target if isinstance(target, Path) else self._ask_sheet()
        if path is None:
            return
        document = document_of(project, verdict)
        canvas, place = self._window.canvas, verdict.place
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        today, tolerance_m = self._session.today(), verdict.basis.tolerance_m

        def picture() -> QImage:
            return map_of_place(shown, place.lon, place.lat, tolerance_m, SHEET_SIZE)

        def write(file: Path) -> None:
            save(document.showing(today, map=picture), file)

        self._saver.write(path, write, label=t("app.job.printing"))

    def _ask_sheet(self) -> Path | None:
        verdict = self._session.verdict
        owner = verdict.owner.name if verdict and verdict.owner else t("app.dialog.outside_name")
        day = self._session.day.isoformat()
        name = t("app.dialog.sheet_name", owner=owner, day=day)
        return self._saver.ask(t("app.dialog.print"), name, t("app.dialog.pdf_files"), _PAPERS)

    def export_map(self, target: Path | None = None) -> None:
        """The map as it is seen, with title, legend and scale, as PNG or PDF."""
        project = self._session.project
        if project is None:
            return
        path = target if isinstance(target, Path) else self._saver.ask(
            t("app.dialog.export"), f"{project.title}.png", t("app.dialog.map_files"), _MAPS
        )  # fmt: skip
        if path is None:
            return
        canvas = self._window.canvas
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        sheet = Sheet(
            title=project.title, layers=shown, date=self._session.today(),
            extent=canvas.viewport.extent, example=project.is_example,
        )  # fmt: skip

        def write(file: Path) -> None:
            with replacing(file) as part:
                write_sheet(sheet, part)

        self._saver.write(path, write, label=t("app.job.exporting"))

    def export_layer(self, layer_id: str, target: Path | None = None) -> None:
        """A layer as a file for others; names and phones of persons masked."""
        project = self._session.project
        if project is None:
            return
        declaration = project.declarations[layer_id]
        path = target or self._saver.ask(
            t("app.dialog.export_layer"), f"{layer_id}.gpkg", t("app.dialog.layer_files"), _LAYERS
        )
        if path is None:
            return

        def write(file: Path) -> None:
            export_layer(declaration, project.layer(layer_id), file, example=project.is_example)

        self._saver.write(path, write, label=t("app.job.exporting_layer"))

    def save_project(self, target: Path | None = None) -> None:
        """A whole copy of the project."""
        project = self._session.project
        if project is None:
            return
        path = target if isinstance(target, Path) else self._saver.ask(
            t("app.dialog.save"), project.path.name, t("app.dialog.project_files"), _PROJECTS
        )  # fmt: skip
        if path is not None:
            self._saver.write(
                path, lambda file: project.save_as(file, overwrite=True), label=t("app.job.saving")
            )
