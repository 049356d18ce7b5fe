"""Every action of the window, each with its shortcut: the shell's own and the capabilities'."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gridmap.capabilities import capabilities
from gridmap.manifest import Action, Page, Panel, Title
from gridmap.shell.icons import icon
from gridmap.shell.theme import tokens
from gridmap.texts import pick

OWN_ACTIONS: Final = (
    Action("open", Title("打开项目…", "Open project…"), "Ctrl+O", "open", menu="open", order=10),
    Action(
        "open_example", Title("打开示例", "Open example"), "Ctrl+Shift+E", menu="open", order=20
    ),
    Action(
        "save_as", Title("另存为…", "Save as…"), "Ctrl+Shift+S", menu="open", order=30
    ),
    Action(
        "export_map", Title("导出地图…", "Export map…"), "Ctrl+E", "export", menu="export", order=60
    ),
    Action("undo", Title("撤销上次更改", "Undo last change"), "Ctrl+Z", order=90),
    Action("basemap", Title("底图…", "Base map…"), "Ctrl+B", order=120),
    Action("zoom_in", Title("放大", "Zoom in"), "Ctrl++", "plus", on_map=True, order=300),
    Action("zoom_out", Title("缩小", "Zoom out"), "Ctrl+-", "minus", on_map=True, order=301),
    Action("full", Title("全图", "Everything"), "Ctrl+0", "extent", on_map=True, order=302),
    Action(
        "distance", Title("量距离", "Measure distance"), "Ctrl+M", "ruler",
        checkable=True, on_map=True, order=303,
    ),
    Action(
        "area", Title("量面积", "Measure area"), "Ctrl+Shift+M", "area",
        checkable=True, on_map=True, order=304,
    ),
    Action("back", Title("上一视图", "View before"), "Ctrl+[", "back", on_map=True, order=305),
    Action("forward", Title("下一视图", "View after"), "Ctrl+]", "forward", on_map=True, order=306),
    Action("language", Title("English", "中文"), "Ctrl+Shift+L", "language", order=400),
    Action("help", Title("快捷键", "Shortcuts"), "F1", "help", order=410),
    Action("quit", Title("退出", "Quit"), "Ctrl+Q", order=420),
)  # fmt: skip
OWN_PAGES: Final = (
    Page(
        "layers", Title("图层", "Layers"), "F2", "layers", order=10, width=220, remembered=True
    ),
    Page("data", Title("数据", "Data"), "F6", "data", order=130, width=460, remembered=True),
)  # fmt: skip
Entry = Page | Panel | Action
_RAIL_FROM: Final = 150  # in the list of shortcuts


@dataclass(frozen=True)
class Actions:
    """What the window can do: all pages and panels in the order of the rail, all actions."""

    pages: tuple[Page, ...]
    panels: tuple[Panel, ...]
    actions: tuple[Action, ...]

    @property
    def rail(self) -> list[str]:
        """The names on the rail, from the top."""
        return [one.name for one in sorted(self.beside_map, key=lambda one: one.order)]

    @property
    def beside_map(self) -> list[Page | Panel]:
        """Pages and panels."""
        return [*self.pages, *self.panels]

    @property
    def entries(self) -> list[Entry]:
        """Everything that has a title and may have a shortcut."""
        return [*self.beside_map, *self.actions]

    def in_menu(self, menu: str) -> list[str]:
        """The names in one menu of the top bar."""
        return [one.name for one in self.actions if one.menu == menu]

    def on_map(self) -> list[str]:
        """The names of the buttons at the map's edge."""
        return [one.name for one in self.actions if one.on_map]


def all_actions() -> Actions:
    """Everything that shell and capabilities declare."""
    found = capabilities()
    pages = [*OWN_PAGES, *(page for one in found for page in one.pages)]
    panels = [panel for one in found for panel in one.panels]
    actions = [*OWN_ACTIONS, *(action for one in found for action in one.actions)]
    return Actions(
        tuple(sorted(pages, key=lambda one: one.order)),
        tuple(sorted(panels, key=lambda one: one.order)),
        tuple(sorted(actions, key=lambda one: one.order)),
    )


def make_actions(window: QWidget) -> dict[str, QAction]:
    """All actions, added to the window so that their shortcuts work everywhere in it."""
    declared = all_actions()
    made: dict[str, QAction] = {}
    for entry in declared.entries:
        title = pick(entry.title.as_dict())
        action = QAction(title, window)
        action.setObjectName(entry.name)
        action.setShortcut(QKeySequence(entry.keys))
        action.setToolTip(f"{title.rstrip('…')}  ({entry.keys})")
        rail = not isinstance(entry, Action)
        action.setCheckable(entry.checkable if isinstance(entry, Action) else True)
        if entry.icon:
            action.setIcon(icon(entry.icon, tokens()["rail_text" if rail else "text"]))
        window.addAction(action)
        made[entry.name] = action
    return made


def title_of(name: str) -> str:
    """The title of a page, panel or action in the current language."""
    found = (one for one in all_actions().entries if one.name == name)
    return pick(next(found).title.as_dict())


def shortcut_rows() -> list[tuple[str, str]]:
    """Title and keys of every action, for the help."""
    return [(title, keys) for _, title, keys in _rows()]


def _rows() -> Iterator[tuple[str, str, str]]:
    for one in sorted(all_actions().entries, key=_place_in_list):
        yield one.name, pick(one.title.as_dict()).rstrip("…"), one.keys


def _place_in_list(one: Entry) -> float:
    return float(one.order) if isinstance(one, Action) else _RAIL_FROM + one.order / 1000
