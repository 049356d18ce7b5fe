"""Opening a project off the GUI thread: everything the window needs, in one bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from gridmap.map.source import MapLayer, build_layers
from gridmap.project import ProjectError
from gridmap.project.answering import AnsweringProject
from gridmap.project.example import open_example
from gridmap.project.phrases import Places
from gridmap.project.schema import check


@dataclass(frozen=True)
class Opened:
    """A project with the snapshots of its layers, ready to be drawn."""

    project: AnsweringProject
    frames: Mapping[str, gpd.GeoDataFrame]
    layers: tuple[MapLayer, ...]


@dataclass(frozen=True)
class Ready:
    """What is made after the map is seen: the rule is built, the search is at hand."""

    project: AnsweringProject
    places: Places
    problems: tuple[tuple[str, str, str], ...]


def open_project(path: Path | None) -> Opened:
    """Open a file, or the example for None, and read its layers.

    Raises:
        ProjectError: with the reason; nothing stays open.
    """
    project = open_example() if path is None else AnsweringProject.open(path)
    try:
        return read_layers(project)
    except BaseException:
        project.close()
        raise


def read_layers(project: AnsweringProject) -> Opened:
    """Read all layers of an open project into frames and snapshots."""
    frames = {layer_id: project.layer(layer_id) for layer_id in project.editions()}
    layers = [
        layer
        for layer_id, frame in frames.items()
        for layer in build_layers(project.declarations[layer_id], frame)
    ]
    return Opened(project, frames, tuple(layers))


def make_ready(project: AnsweringProject) -> Ready:
    """Build the rule and the search index."""
    rule = project.responsibility()
    problems = rule.problems.values()
    titles = tuple((duty.problem, duty.title_zh, duty.title_en) for duty in problems)
    return Ready(project, Places.of(project, rule.grid.owner_tier), titles)


def is_project(path: Path) -> bool:
    """Whether a file is one of our projects."""
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        check(path)
    except ProjectError:
        return False
    return True


def remove_layer(project: AnsweringProject, layer_id: str) -> None:
    """Take all features of a layer out of the project, as one undoable change."""
    edition = project.editions()[layer_id]
    nothing = project.layer(layer_id).iloc[:0]
    with project.change("remove", note=layer_id) as change:
        change.replace_layer(layer_id, nothing, edition)
