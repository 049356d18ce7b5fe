"""What of the project leaves the window: the map, layers, a copy of the whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QImage

from gridmap.map.printing import PAPERS, Sheet, render_sheet, write_sheet
from gridmap.report.layers import export_layer
from gridmap.report.writing import replacing
from gridmap.shell.presenter import Shell
from gridmap.shell.preview import Preview
from gridmap.texts import t

_MAPS = (".png", ".pdf")
_LAYERS = (".gpkg", ".geojson", ".shp", ".csv", ".xlsx")
_PROJECTS = (".gpkg",)


class Exporter:
    """Acts on the map as it is seen, and on the project."""

    def __init__(self, shell: Shell, open_project: Callable[[Path], None]) -> None:
        window = shell.window
        self._open = open_project
        self._window, self._session, self._saver = window, shell.session, shell.saver
        self._jobs, self._requests = shell.jobs, shell.requests
        actions = window.named_actions
        actions["export_map"].triggered.connect(self.preview_map)

    def preview_map(self) -> None:
        """The map as it is seen on its page: to be given a title, printed or written."""
        sheet = self._sheet()
        if sheet is None:
            return

        def draw(title: str, paper: str, dpi: int) -> list[QImage]:
            return [render_sheet(_titled(sheet, title, paper), dpi)]

        preview = Preview(self._window, self._jobs, sheet.title, draw, papers=PAPERS)
        preview.save_wanted.connect(lambda title, paper: self._save(_titled(sheet, title, paper)))
        preview.open()

    def export_map(self, target: Path) -> None:
        """The map as it is seen, with title, legend and scale, as PNG or PDF."""
        sheet = self._sheet()
        if sheet is not None:
            self._write(sheet, target)

    def _sheet(self) -> Sheet | None:
        project, canvas = self._session.project, self._window.canvas
        if project is None:
            return None
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        classes = self._requests.ask("classes_shown", canvas.viewport.extent)
        return Sheet(
            title=project.title, layers=shown, date=self._session.today(),
            extent=canvas.viewport.extent, example=project.is_example,
            classes=tuple(classes or ()),
        )  # fmt: skip

    def _save(self, sheet: Sheet) -> None:
        title, kinds = t("app.dialog.export"), t("app.dialog.map_files")
        path = self._saver.ask(title, f"{sheet.title}.png", kinds, _MAPS)
        if path is not None:
            self._write(sheet, path)

    def _write(self, sheet: Sheet, path: Path) -> None:
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
        """A whole copy of the project, with which the work goes on."""
        project = self._session.project
        if project is None:
            return
        path = target if isinstance(target, Path) else self._saver.ask(
            t("app.dialog.save"), project.path.name, t("app.dialog.project_files"), _PROJECTS
        )  # fmt: skip
        if path is not None:
            self._saver.write(
                path, lambda file: project.save_as(file, overwrite=True),
                label=t("app.job.saving"), written=lambda file, _: self._open(file),
            )  # fmt: skip


def _titled(sheet: Sheet, title: str, paper: str) -> Sheet:
    known = next(one for one in PAPERS if one == paper)
    return replace(sheet, title=title or sheet.title, paper=known)
