"""The window driven as a user would, found by what is on the screen, photographed when it rests."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from door import named
from pinned import NOW

_SIZE = (1600, 900)
_POLL_MS = 30
_REST = 4  # looks in a row at which nothing is under way


def today() -> date:
    """The pinned day."""
    return NOW.date()


class Window:
    """One window on one project. `close` at the end."""

    def __init__(self, file: str, language: str) -> None:
        from PySide6.QtCore import QSettings  # noqa: PLC0415  Qt only where pictures are made

        os.environ["GRIDMAP_LANG"] = language
        named("application")()
        named("use_language")(language)
        path = str(Path("settings.ini").absolute())
        Path(path).unlink(missing_ok=True)
        preferences = named("Preferences")(QSettings(path, QSettings.Format.IniFormat))
        self.controller: Any = named("Controller")(preferences, today, lambda: None, remember=False)
        self.shown = self.controller.window
        self.shown.resize(*_SIZE)
        self.controller.show()
        self.controller.open(Path(file))
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is read, answered or drawn any more.

        A loop of its own, which lets other threads work; `QTest.qWait` does not.
        """
        from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415

        loop, timer, seen = QEventLoop(), QTimer(interval=_POLL_MS), 0

        def look() -> None:
            nonlocal seen
            seen = seen + 1 if self.controller.settled else 0
            if seen == _REST:
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()

    def page(self, name: str, *, on: bool = True) -> None:
        """Open a page or part of the window by its action's name."""
        from PySide6.QtGui import QAction  # noqa: PLC0415

        action = self.shown.findChild(QAction, name)
        if action.isChecked() != on:
            action.trigger()
        self.rest()

    def press(self, text: str) -> bool:
        """Click the button with this text; whether there is one that can be clicked."""
        from PySide6.QtCore import Qt  # noqa: PLC0415
        from PySide6.QtTest import QTest  # noqa: PLC0415
        from PySide6.QtWidgets import QAbstractButton  # noqa: PLC0415

        for button in self.shown.findChildren(QAbstractButton):
            if button.isVisible() and button.isEnabled() and button.text() == text:
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)
                self.rest()
                return True
        return False

    def choose(self, row: int) -> bool:
        """Click a row of the largest table that is seen; whether there is one."""
        from PySide6.QtCore import Qt  # noqa: PLC0415
        from PySide6.QtTest import QTest  # noqa: PLC0415
        from PySide6.QtWidgets import QTableView  # noqa: PLC0415

        tables = [
            table
            for table in self.shown.findChildren(QTableView)
            if table.isVisible() and table.model() is not None and table.model().rowCount() > row
        ]
        if not tables:
            return False
        table = max(tables, key=lambda one: one.width() * one.height())
        column = next(c for c in range(9) if not table.isColumnHidden(c))
        place = table.visualRect(table.model().index(row, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self.rest()
        return True

    def saving_to(self, path: Path) -> None:
        """Let the next question for a file name be answered with this one."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

        path.unlink(missing_ok=True)
        answer: Callable[..., tuple[str, str]] = lambda *_, **__: (str(path), "")  # noqa: E731
        QFileDialog.getSaveFileName = staticmethod(answer)  # type: ignore[method-assign,assignment]

    def picture(self, target: Path) -> None:
        """Photograph the whole window at rest, nothing under the cursor or the keyboard."""
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415

        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self.rest()
        self.shown.grab().save(str(target))

    def close(self) -> None:
        """Close the window and the project."""
        self.shown.close()
        self.controller.close()
        self.shown.deleteLater()
