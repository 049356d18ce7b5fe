"""Makes the pictures of the window that the README shows.

    uv run docs/screenshots/make.py [folder]

Drawn offscreen, with the shipped font, on the example's own day and with settings of its
own, so that the pictures are the same on every machine.
"""

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QSettings

from gridmap.app.controller import Controller
from gridmap.app.preferences import Preferences
from gridmap.app.start import application, translate_qt, wait_until
from gridmap.project.example import own_example
from gridmap.texts import LANGUAGES, use_language

SIZE = (1600, 900)
DAY = date(2026, 11, 22)
PLACE = (120.8689, 30.6730)  # in a border river between two townships
STATION = "WS04"


def grab(language: str, example: Path, settings: Path, target: Path) -> None:
    """One picture: the example, a verdict beside a border river, a station's series."""
    use_language(language)
    app = application()
    app.setCursorFlashTime(0)  # a blinking cursor would make every picture another one
    translate_qt(app)
    preferences = Preferences(QSettings(str(settings), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: DAY, lambda: None, remember=False)
    controller.window.resize(*SIZE)
    controller.show()
    controller.open(example)
    wait_until(lambda: controller.settled)
    controller.session.show_station(STATION)
    controller.ask(*PLACE)
    wait_until(lambda: controller.settled)
    if not controller.window.grab().save(str(target)):
        sys.exit(f"cannot write {target}")
    controller.window.close()
    controller.close()
    print(target)


def main() -> None:
    """Make all pictures into the folder named, by default beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as scratch:
        example = own_example(Path(scratch))
        for language in LANGUAGES:
            settings = Path(scratch) / f"{language}.ini"
            grab(language, example, settings, folder / f"window-{language}.png")


if __name__ == "__main__":
    main()
