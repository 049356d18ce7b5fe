"""Saving what the series dock shows: asks where to, writes, and says what was written."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.series_axis import local
from gridmap.app.series_curves import pen_of
from gridmap.app.series_data import Mode
from gridmap.app.series_export import PICTURES, Picture, blocks_of, write_picture
from gridmap.app.series_statistics import rows_of
from gridmap.output.saving import FORMATS
from gridmap.output.series_table import write_series
from gridmap.output.writing import replacing
from gridmap.texts import GridMapError, t

if TYPE_CHECKING:
    from gridmap.app.series_dock import SeriesDock

_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_CHANNEL: Final = "series-export"


class SeriesSaver(QObject):
    """Writes data and pictures of a dock."""

    def __init__(self, dock: "SeriesDock", runner: Runner) -> None:
        super().__init__(dock)
        self._dock, self._runner = dock, runner

    def save(self, what: str, target: Path | None = None) -> None:
        """Write "data" or a "picture"; asks where to unless told."""
        dock = self._dock
        if dock.project is None or not dock.panels:
            return
        if what == "picture":
            path = target or self._ask(
                t("series.export.picture"), t("series.export.pictures"), PICTURES
            )
            if path is not None:
                self._save_picture(path)
            return
        path = target or self._ask(t("series.export.data"), t("series.export.tables"), FORMATS)
        if path is not None:
            self._save_data(path)

    def _save_data(self, path: Path) -> None:
        dock = self._dock
        if dock.project is None:
            return
        start, end = dock.selected or dock.span
        panels, example, title = dock.panels, dock.project.is_example, dock.station_name

        def job() -> int:
            return write_series(path, blocks_of(panels, start, end), title=title, example=example)

        self._runner.run(
            _CHANNEL, job, lambda rows: self._written(path, rows), failed=self._failed,
            label=t("series.export.writing"),
        )  # fmt: skip

    def _save_picture(self, path: Path) -> None:
        dock = self._dock
        start, end = dock.span
        style = "%Y-%m-%d %H:%M" if dock.head.mode is Mode.READINGS else "%Y-%m-%d"
        span = t(
            "series.from_to", first=local(start).strftime(style), last=local(end).strftime(style)
        )
        items = t("series.comma").join(panel.main.title for panel in dock.panels)
        standards = dict.fromkeys(
            limit.standard
            for panel in dock.panels
            for stretch in panel.main.stretches
            for limit in stretch.limits
        )
        example = dock.project is not None and dock.project.is_example
        named = t("series.comma").join(filter(None, standards)) or "—"
        picture = Picture(
            title=t("series.export.title", station=dock.station_name, items=items, span=span),
            example=t("series.export.example_long") if example else "",
            legend=[
                (course.label or course.name, pen_of(course))
                for course in dock.panels[0].courses
            ] if len(dock.panels[0].courses) > 1 else [],
            foot=t("series.export.foot", standards=named),
            size=dock.view.picture_size(),
            draw=dock.view.draw,
            rows=list(rows_of(dock.told[0])) if dock.told else [],
        )  # fmt: skip
        try:
            with replacing(path) as part:
                write_picture(picture, part)
        except GridMapError as error:
            self._failed(error)
            return
        self._written(path, None)

    def _ask(self, title: str, kinds: str, endings: tuple[str, ...]) -> Path | None:
        dock = self._dock
        start, end = (f"{local(at):%Y%m%d}" for at in dock.span)
        items = "+".join(panel.main.title.split(" ")[0] for panel in dock.panels)
        name = _FORBIDDEN.sub("_", f"{dock.station}_{items}_{start}-{end}{endings[0]}")
        chosen, _ = QFileDialog.getSaveFileName(dock, title, name, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix.lower() in endings else path.with_suffix(endings[0])

    def _written(self, path: Path, rows: int | None) -> None:
        if rows is None:
            self._dock.view.readout.show_text(t("series.export.written", file=path.name))
        else:
            self._dock.view.readout.show_text(
                t("series.export.written_rows", file=path.name, rows=f"{rows:,}")
            )

    def _failed(self, error: Exception) -> None:
        self._dock.view.readout.show_text(t("series.export.failed", reason=error))
