"""Every action of the window, each with its shortcut: one table."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gridmap.shell.icons import icon
from gridmap.shell.theme import tokens
from gridmap.texts import t


@dataclass(frozen=True)
class _Entry:
    name: str
    keys: str
    symbol: str = ""
    checkable: bool = False
    rail: bool = False


_ENTRIES: Final = (
    _Entry("open", "Ctrl+O", "open"),
    _Entry("open_example", "Ctrl+Shift+E"),
    _Entry("save_as", "Ctrl+Shift+S"),
    _Entry("watch_folder", "Ctrl+Shift+W", checkable=True),
    _Entry("print_sheet", "Ctrl+P", "print"),
    _Entry("export_map", "Ctrl+E", "export"),
    _Entry("copy", "Ctrl+Shift+C", "copy"),
    _Entry("copy_json", "Ctrl+Shift+J"),
    _Entry("undo", "Ctrl+Z"),
    _Entry("find", "Ctrl+F", "search"),
    _Entry("clear", "Ctrl+Backspace"),
    _Entry("basemap", "Ctrl+B"),
    _Entry("layers", "F2", "layers", checkable=True, rail=True),
    _Entry("verdict", "F3", "verdict", checkable=True, rail=True),
    _Entry("series", "F4", "series", checkable=True, rail=True),
    _Entry("attainment", "F10", "attainment", checkable=True, rail=True),
    _Entry("alerts", "F9", "alerts", checkable=True, rail=True),
    _Entry("trace", "F11", "trace", checkable=True, rail=True),
    _Entry("warn", "Ctrl+F11", "warn", checkable=True, rail=True),
    _Entry("quality", "F8", "quality", checkable=True, rail=True),
    _Entry("river", "Ctrl+F10", "river", checkable=True, rail=True),
    _Entry("network", "Ctrl+F9", "network", checkable=True, rail=True),
    _Entry("batch", "F5", "batch", checkable=True, rail=True),
    _Entry("import", "F7", "import", checkable=True, rail=True),
    _Entry("data", "F6", "data", checkable=True, rail=True),
    _Entry("zoom_in", "Ctrl++", "plus"),
    _Entry("zoom_out", "Ctrl+-", "minus"),
    _Entry("full", "Ctrl+0", "extent"),
    _Entry("back", "Ctrl+[", "back"),
    _Entry("forward", "Ctrl+]", "forward"),
    _Entry("distance", "Ctrl+M", "ruler", checkable=True),
    _Entry("area", "Ctrl+Shift+M", "area", checkable=True),
    _Entry("replay", "Ctrl+R", "replay", checkable=True),
    _Entry("language", "Ctrl+L", "language"),
    _Entry("help", "F1", "help"),
    _Entry("quit", "Ctrl+Q"),
)

RAIL: Final = tuple(entry.name for entry in _ENTRIES if entry.rail)
MAP_TOOLS: Final = ("zoom_in", "zoom_out", "full", "distance", "area", "back", "forward", "replay")


def make_actions(window: QWidget) -> dict[str, QAction]:
    """All actions, added to the window so that their shortcuts work everywhere in it."""
    made: dict[str, QAction] = {}
    for entry in _ENTRIES:
        title = t(f"app.action.{entry.name}")
        action = QAction(title, window)
        action.setObjectName(entry.name)
        action.setShortcut(QKeySequence(entry.keys))
        action.setToolTip(f"{title.rstrip('…')}  ({entry.keys})")
        action.setCheckable(entry.checkable)
        if entry.symbol:
            colour = tokens()["rail_text"] if entry.rail else tokens()["text"]
            action.setIcon(icon(entry.symbol, colour))
        window.addAction(action)
        made[entry.name] = action
    return made


def shortcut_rows() -> list[tuple[str, str]]:
    """Title and keys of every action, for the help."""
    return [(t(f"app.action.{entry.name}").rstrip("…"), entry.keys) for entry in _ENTRIES]
