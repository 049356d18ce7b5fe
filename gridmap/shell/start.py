"""Starting the window, with a display or without."""

import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import (
    QEventLoop,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gridmap.core.moments import ZONE
from gridmap.map.fonts import load_fonts
from gridmap.report.writing import replacing
from gridmap.shell.controller import Controller
from gridmap.shell.icons import icon
from gridmap.shell.preferences import Preferences
from gridmap.shell.theme import style_sheet
from gridmap.texts import LANGUAGES, current_language, use_language

_POLL_MS = 30


def today() -> date:
    """The day in Asia/Shanghai."""
    return datetime.now(ZONE).date()


def has_display() -> bool:
    """Whether a window can be seen: always on Windows and macOS, else if a server is named."""
    if sys.platform in {"win32", "darwin"}:
        return True
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if asked:
        return asked not in {"offscreen", "minimal"}
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application() -> QApplication:
    """The one QApplication, dressed: style, font, Qt's own translations."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(["gridmap"])
    app.setApplicationName("gridmap")
    app.setApplicationDisplayName("GridMap")
    app.setStyle("Fusion")
    app.setFont(QFont(load_fonts(), 10))
    app.setStyleSheet(style_sheet())
    app.setWindowIcon(icon("gridmap"))
    return app


def _tell_qt_message(_kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Pass on what Qt says, but for a remark that only the offscreen platform makes."""
    if text and "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def translate_qt(app: QApplication) -> None:
    """Load Qt's own texts in the current language; English is built in."""
    locale = QLocale("zh_CN" if current_language() == "zh_CN" else "en")
    QLocale.setDefault(locale)
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        app.installTranslator(translator)


def run(path: Path | None, language: str | None = None) -> int:
    """Open the window on a project (None: the last one, else the example) until it is closed."""
    preferences = Preferences()
    remembered = preferences.text("language")
    if language is None and remembered in LANGUAGES:
        use_language(remembered)
    app = application()
    translate_qt(app)
    controller = Controller(preferences, today, lambda: translate_qt(app))
    controller.show()
    controller.open(path)
    code = app.exec()
    controller.close()
    return code


def picture(path: Path | None, target: Path, place: tuple[float, float] | None = None) -> None:
    """Draw the window as it is after opening, without showing it, into a PNG file.

    Args:
        path: a project, None for the example.
        target: the PNG file.
        place: asked in the window before it is drawn, degrees of EPSG:4490.
    """
    qInstallMessageHandler(_tell_qt_message)
    app = application()
    translate_qt(app)
    controller = Controller(Preferences(), today, lambda: None, remember=False)
    controller.window.resize(1600, 900)
    controller.show()
    controller.open(path)
    wait_until(lambda: controller.settled)
    if place is not None:
        controller.ask(*place)
        wait_until(lambda: controller.settled)
    with replacing(target) as part:
        controller.window.grab().save(str(part))
    controller.window.close()
    controller.close()


def wait_until(settled: Callable[[], bool]) -> None:
    """Let the window work until `settled` holds twice in a row.

    A loop of its own: quitting the application would close the windows.
    """
    loop = QEventLoop()
    seen = 0

    def look() -> None:
        nonlocal seen
        seen = seen + 1 if settled() else 0
        if seen > 1:
            loop.quit()

    timer = QTimer(interval=_POLL_MS)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
