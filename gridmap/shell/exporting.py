"""What of the project leaves the window: the map, layers, a copy of the whole."""

from collections.abc import Callable
from pathlib import Path

from gridmap.map.printing import Sheet, write_sheet
from gridmap.report.layers import export_layer
from gridmap.report.writing import replacing
from gridmap.shell.presenter import Shell
from gridmap.texts import t

_PAPERS = (".pdf", ".png")
_MAPS = (".png", ".pdf")
_LAYERS = (".gpkg", ".geojson", ".shp", ".csv", ".xlsx")
_PROJECTS = (".gpkg",)


class Exporter:
    """Acts on the map as it is seen, and on the project."""

    def __init__(self, shell: Shell, open_project: Callable[[Path], None]) -> None:
        window = shell.window
        self._open = open_project
        self._window, self._session, self._saver = window, shell.session, shell.saver
        actions = window.named_actions
        actions["export_map"].triggered.connect(self.export_map)

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
