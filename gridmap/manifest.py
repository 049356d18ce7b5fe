"""What a capability says of itself: all that window, command line, store and docs know of it.

A capability is one folder in `gridmap/capabilities`. Its `__init__.py` holds one `MANIFEST`
and imports nothing but this module; everything else is named as `module:attribute` within the
folder, and loaded when it is needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    """A title in Simplified Chinese and in English."""

    zh: str
    en: str

    def as_dict(self) -> Mapping[str, str]:
        """For `gridmap.texts.pick`."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Action:
    """Something the user can do everywhere in the window.

    Attributes:
        name: unique in the window; the action's object name.
        title: in menus, on buttons, in the list of shortcuts.
        keys: the shortcut, portable Qt notation.
        icon: a file of `resources/icons` without its ending; "" for none.
        checkable: whether it is on or off.
        menu: "open" or "export" for a place in that menu of the top bar.
        on_map: it has a button at the map's edge.
        order: its place among the others.
    """

    name: str
    title: Title
    keys: str = ""
    icon: str = ""
    checkable: bool = False
    menu: str = ""
    on_map: bool = False
    order: int = 500


@dataclass(frozen=True)
class Page:
    """A page at the left of the map, opened by its button on the rail.

    Attributes:
        name: of the page and of the action that opens it.
        title: on the rail.
        keys: the shortcut.
        icon: a file of `resources/icons` without its ending.
        order: its place on the rail, from the top.
        width: how narrow it may be, in pixels.
        wide: it takes the room of the verdict card and of the series, too.
        card: the verdict card may stay beside it.
        dock: the series stay below although it is wide.
        remembered: it is open again at the next start; work at hand is not.
    """

    name: str
    title: Title
    keys: str
    icon: str = "page"
    order: int = 500
    width: int = 560
    wide: bool = False
    card: bool = True
    dock: bool = False
    remembered: bool = False


@dataclass(frozen=True)
class Panel:
    """A part of the window beside the map that a button of the rail shows and hides.

    Attributes:
        name: of the panel and of the action that toggles it.
        title: on the rail.
        keys: the shortcut.
        icon: a file of `resources/icons` without its ending.
        order: its place on the rail, from the top.
        side: "right" of the map or "below" it.
    """

    name: str
    title: Title
    keys: str
    icon: str
    order: int = 500
    side: str = "right"


@dataclass(frozen=True)
class Command:
    """A command of the command line.

    Attributes:
        name: the word after `gridmap`.
        about: one sentence, for the help.
        module: within the capability's folder; offers `add(parser)` and `run(options) -> int`.
        order: its place in the help.
    """

    name: str
    about: Title
    module: str = "command"
    order: int = 500


@dataclass(frozen=True)
class Capability:
    """One capability.

    Attributes:
        name: that of its folder.
        title: what it is called.
        uses: the capabilities whose `rules` and `work` it sees; they form no circle.
        actions: besides those of its pages.
        pages: at the left of the map.
        panels: at the right of the map or below it.
        commands: of the command line.
        presenters: the classes that bind it to the window, each as `module:attribute`.
        tables: its tables of a project file, declared in its module `tables` (`METADATA`, an
            SQLAlchemy `MetaData`): name and the format of the file that brought it.
        figures: its adjustable figures, each as `module:attribute`.
        offers: what others may ask for without knowing who answers: name → `module:attribute`.
        docs: its pages in `docs/`, each with a line for the index.
    """

    name: str
    title: Title
    uses: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    pages: tuple[Page, ...] = ()
    panels: tuple[Panel, ...] = ()
    commands: tuple[Command, ...] = ()
    presenters: tuple[str, ...] = ()
    tables: tuple[tuple[str, int], ...] = ()
    figures: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    docs: tuple[tuple[str, Title], ...] = ()
