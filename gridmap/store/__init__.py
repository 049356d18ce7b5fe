"""The project file: one GeoPackage with layers, people, posts, series, settings and a log."""

from gridmap.project.change import Change, Merged
from gridmap.project.editions import Edition
from gridmap.project.errors import ProjectError
from gridmap.project.history import LogCheck, LogEntry
from gridmap.project.layer_files import LayerCatalogue, LayerFileError, read_catalogue
from gridmap.project.project import Project, Settings
from gridmap.project.series import Appended, SeriesStore

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
