"""Pictures of every page in both languages, and the tables that only the window writes."""

import shutil
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import projects
from answers import Section, batch_rows
from door import Answers, named
from pinned import ZONE
from window import Window

_PLACE: Final = (120.8067, 30.7429)
_PAGES: Final = (
    "layers", "attainment", "alerts", "trace", "warn", "quality", "river", "network", "batch",
    "import", "data",
)  # fmt: skip


class _Shoot:
    """Pictures of one window into the answers of one language."""

    def __init__(self, answers: Answers, language: str) -> None:
        self._answers, self._language = answers, language
        self._t = named("t")

    def take(self, window: Window, name: str) -> None:
        window.picture(self._answers.path(f"pages/{self._language}/{name}.png"))

    def press(self, window: Window, key: str) -> None:
        """Click the button whose text has this key; a button that is gone is an answer too."""
        if not window.press(self._t(key)):
            self._answers.text(f"pages/{self._language}/no button {key}.txt", "not found\n")

    def table(self, window: Window, key: str, name: str) -> None:
        """What the button writes into a workbook."""
        target = Path(f"{name}.xlsx")
        window.saving_to(target)
        self.press(window, key)
        window.rest()
        self._answers.file(f"pages/{self._language}/{name}", target)


def pages(answers: Answers, language: str) -> None:
    """Every page as it opens, then the same pages with something asked of them."""
    copy = f"shown/{projects.EXAMPLE}"
    Path("shown").mkdir(exist_ok=True)
    shutil.copyfile(projects.evaluated(), copy)
    rows = batch_rows("example", 300)
    window, shoot = Window(copy, language), _Shoot(answers, language)
    try:
        shoot.take(window, "00-opened")
        for number, name in enumerate(_PAGES, 1):
            window.page(name)
            shoot.take(window, f"{number:02d}-{name}")
        _asked(window, shoot)
        _files(window, shoot, rows)
    finally:
        window.close()


def _asked(window: Window, shoot: _Shoot) -> None:
    window.page("layers")
    window.controller.ask(*_PLACE)
    window.rest()
    shoot.take(window, "20-verdict")
    window.controller.session.show_station("WS03")
    window.rest()
    shoot.take(window, "21-series")
    window.page("series", on=False)
    window.page("verdict", on=False)
    shoot.take(window, "22-map-alone")
    window.page("series")
    window.page("verdict")
    window.page("attainment")
    shoot.table(window, "attainment.export", "attainment")
    shoot.take(window, "23-attainment")
    window.page("alerts")
    window.choose(0)
    shoot.take(window, "24-alert")
    shoot.press(window, "tracing.page.run")
    shoot.take(window, "25-traced")
    window.controller.warn_from(*_PLACE, datetime(2026, 11, 14, 6, tzinfo=ZONE))
    window.rest()
    shoot.take(window, "26-warned")
    window.page("quality")
    window.choose(1)
    shoot.take(window, "27-finding")
    window.page("river")
    window.choose(2)
    shoot.take(window, "28-river")
    window.page("network")
    window.choose(0)
    shoot.take(window, "29-network")


def _files(window: Window, shoot: _Shoot, rows: Path) -> None:
    """A sheet of complaints dropped into the window."""
    drop(window, rows)
    shoot.take(window, "30-dropped")
    window.page("batch")
    shoot.take(window, "31-batch")


def drop(window: Window, path: Path) -> None:
    """Drop a file on the window."""
    from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl  # noqa: PLC0415
    from PySide6.QtGui import QDragEnterEvent, QDropEvent  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    data: Any = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path.absolute()))])
    for kind in (QDragEnterEvent, QDropEvent):  # Qt drops only where the cursor entered
        event = kind(
            QPoint(600, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(window.shown, event)
    window.rest()


PAGES: Final[dict[str, Section]] = {
    "pages-zh": partial(pages, language="zh_CN"),
    "pages-en": partial(pages, language="en"),
}
