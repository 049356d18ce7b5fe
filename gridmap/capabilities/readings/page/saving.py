"""Saving what the series dock shows: asks where to, writes, and says what was written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridmap.capabilities.readings.page.data import Panel
from gridmap.capabilities.readings.page.export import PICTURES, Picture, blocks_of, write_picture
from gridmap.capabilities.readings.page.legend import Entry
from gridmap.capabilities.readings.page.statistics import Told, rows_of, title_of
from gridmap.capabilities.readings.page.time import local
from gridmap.capabilities.readings.report.table import write_series
from gridmap.report.saving import FORMATS
from gridmap.report.writing import replacing
from gridmap.shell.saving import Saver
from gridmap.texts import GridMapError, t


@dataclass(frozen=True, eq=False)
class Shown:
    """What a dock shows, as far as it can be saved.

    Attributes:
        station, name: its code, and how it is called.
        panels: one an item.
        span: what is selected, else what is in sight, seconds since 1970 (UTC).
        told: the statistics of that span, of a picture.
        legend: what explains lines, marks and colours.
        as_readings: whether readings are shown, not means.
        example: whether the project is the example.
        size, draw: of the picture.
        say: says in the dock what became of it.
    """

    station: str
    name: str
    panels: tuple[Panel, ...]
    span: tuple[float, float]
    told: tuple[Told, ...]
    legend: Sequence[Entry]
    as_readings: bool
    example: bool
    size: Any
    draw: Any
    say: Callable[[str], None]


class SeriesSaver:
    """Writes data and pictures of a dock."""

    def __init__(self, saver: Saver) -> None:
        self._saver = saver

    def save(self, what: str, shown: Shown, target: Path | None = None) -> None:
        """Write "data" or a "picture"; asks where to unless told."""
        if what == "picture":
            title, kinds = t("series.export.picture"), t("series.export.pictures")
            path = target or self._saver.ask(title, _name(shown, PICTURES), kinds, PICTURES)
            if path is not None:
                _save_picture(shown, path)
            return
        title, kinds = t("series.export.data"), t("series.export.tables")
        path = target or self._saver.ask(title, _name(shown, FORMATS), kinds, FORMATS)
        if path is not None:
            self._save_data(shown, path)

    def _save_data(self, shown: Shown, path: Path) -> None:
        start, end = shown.span

        def write(file: Path) -> int:
            blocks = blocks_of(shown.panels, start, end)
            return write_series(file, blocks, title=shown.name, example=shown.example)

        def written(file: Path, rows: int) -> None:
            text = t("series.export.written_rows", file=file.name, rows=f"{rows:,}")
            shown.say(text)

        self._saver.write(
            path, write, label=t("series.export.writing"), written=written,
            failed=lambda error: shown.say(t("series.export.failed", reason=error)),
        )  # fmt: skip


def _save_picture(shown: Shown, path: Path) -> None:
    """A picture is drawn by the dock's own widgets, on their thread."""
    start, end = shown.span
    style = "%Y-%m-%d %H:%M" if shown.as_readings else "%Y-%m-%d"
    span = t("series.from_to", first=local(start).strftime(style), last=local(end).strftime(style))
    items = t("series.comma").join(panel.main.title for panel in shown.panels)
    standards = dict.fromkeys(
        limit.standard
        for panel in shown.panels
        for stretch in panel.main.stretches
        for limit in stretch.limits
    )
    example = shown.example
    named = t("series.comma").join(filter(None, standards)) or "—"
    picture = Picture(
        title=t("series.export.title", station=shown.name, items=items, span=span),
        example=t("series.export.example_long") if example else "",
        legend=shown.legend,
        foot=t("series.export.foot", standards=named),
        size=shown.size,
        draw=lambda painter, room: shown.draw(painter, room, shown.span),
        figures=[(title_of(one), tuple(rows_of(one))) for one in shown.told],
    )  # fmt: skip
    try:
        with replacing(path) as part:
            write_picture(picture, part)
    except GridMapError as error:
        shown.say(t("series.export.failed", reason=error))
        return
    shown.say(t("series.export.written", file=path.name))


def _name(shown: Shown, endings: tuple[str, ...]) -> str:
    start, end = (f"{local(at):%Y%m%d}" for at in shown.span)
    items = "+".join(panel.main.title.split(" ")[0] for panel in shown.panels)
    return f"{shown.station}_{items}_{start}-{end}{endings[0]}"
