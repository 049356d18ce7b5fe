"""Opening a project off the GUI thread: everything the window needs, in one bundle."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd

from gridmap.map.source import MapLayer, build_layers
from gridmap.shell.preferences import Preferences
from gridmap.stopping import never
from gridmap.store import ProjectError
from gridmap.store.changes import EVERY, Changed
from gridmap.store.example import open_example
from gridmap.store.project import Project
from gridmap.store.schema import check as check_file

_RECENT: Final = "project/recent"
_MOST_RECENT: Final = 8


@dataclass(frozen=True)
class Opened:
    """A project with the snapshots of its layers, ready to be drawn."""

    project: Project
    frames: Mapping[str, gpd.GeoDataFrame]
    layers: tuple[MapLayer, ...]


def open_project(path: Path | None, check: Callable[[], None] = never) -> Opened:
    """Open a file, or the example for None, and read its layers.

    Raises:
        ProjectError: with the reason; nothing stays open. Likewise what `check` raises.
    """
    project = open_example() if path is None else Project.open(path)
    try:
        opened = read_layers(project, check)
        check()
    except BaseException:
        project.close()
        raise
    return opened


def read_layers(
    project: Project,
    check: Callable[[], None] = never,
    before: Opened | None = None,
    touched: Collection[str] = (),
) -> Opened:
    """Read the layers of an open project into frames and snapshots.

    Args:
        project: open.
        check: called between layers; what it raises ends the work.
        before: what is shown of this project; of that, what was not touched is kept as it is.
        touched: ids of layers that changed since.
    """
    frames: dict[str, gpd.GeoDataFrame] = {}
    layers: list[MapLayer] = []
    kept = {} if before is None else {k: v for k, v in before.frames.items() if k not in touched}
    for layer_id in project.editions():
        check()
        if before is not None and layer_id in kept:
            frames[layer_id] = kept[layer_id]
            layers += [layer for layer in before.layers if layer.layer_id == layer_id]
        else:
            frames[layer_id] = project.layer(layer_id)
            layers += build_layers(project.declarations[layer_id], frames[layer_id])
    return Opened(project, frames, tuple(layers))


def touched_layers(opened: Opened, changed: Changed) -> frozenset[str]:
    """The ids of the layers that a change touched; of a stranger's change, all of them."""
    declared = frozenset(opened.project.declarations)
    return declared if EVERY in changed.tables else declared & changed.tables


def recent_projects(preferences: Preferences) -> list[Path]:
    """Projects that were open before and are still there, the last first."""
    paths = [Path(line) for line in preferences.text(_RECENT).splitlines() if line]
    return [path for path in paths if path.is_file()]


def remember_recent(preferences: Preferences, path: Path) -> None:
    """Put a project at the head of those that were open."""
    others = [one for one in recent_projects(preferences) if one != path]
    kept = [path, *others][:_MOST_RECENT]
    preferences.put(_RECENT, "\n".join(str(one) for one in kept))


def is_project(path: Path) -> bool:
    """Whether a file is one of our projects."""
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        check_file(path)
    except ProjectError:
        return False
    return True


def remove_layer(project: Project, layer_id: str) -> None:
    """Take all features of a layer out of the project, as one undoable change."""
    edition = project.editions()[layer_id]
    nothing = project.layer(layer_id).iloc[:0]
    with project.change("remove", note=layer_id) as change:
        change.replace_layer(layer_id, nothing, edition)
