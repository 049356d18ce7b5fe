"""The one font of window, map and paper, so that they look the same on every machine."""

from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from gridmap import shipped

FAMILY: Final = "GridMap Sans SC"
_FILE: Final = "GridMapSansSC-Regular.otf"


@cache
def load_fonts() -> str:
    """Register the shipped font with Qt, once per process, and return its family name.

    Needs a QGuiApplication; call it on the GUI thread. Characters that the font lacks (rare
    names) come from the system's fonts. Without the file Qt's own default is used.
    """
    path = shipped.resource("fonts", _FILE)
    number = QFontDatabase.addApplicationFont(str(path)) if path.is_file() else -1
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else QFont().defaultFamily()


def font(pixels: float, *, bold: bool = False) -> QFont:
    """The shipped font at a size in device pixels (fractions are rounded)."""
    found = QFont(load_fonts())
    found.setPixelSize(max(round(pixels), 1))
    found.setBold(bold)
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return found
