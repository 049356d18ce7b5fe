"""The project file: one GeoPackage with layers, people, posts, series, settings and a log."""

from gridmap.store.change import Change, Merged
from gridmap.store.editions import Edition
from gridmap.store.errors import ProjectError
from gridmap.store.history import LogCheck, LogEntry
from gridmap.store.layer_files import LayerCatalogue, LayerFileError, read_catalogue
from gridmap.store.project import Project
from gridmap.store.series.store import Appended, SeriesStore
from gridmap.store.settings import Settings

__all__ = [
    "Appended",
    "Change",
    "Edition",
    "LayerCatalogue",
    "LayerFileError",
    "LogCheck",
    "LogEntry",
    "Merged",
    "Project",
    "ProjectError",
    "SeriesStore",
    "Settings",
    "read_catalogue",
]
