"""GridMap 网格河长一张图: who is responsible here?

    import gridmap
    project = gridmap.open("district.gpkg")
    verdict = project.locate(120.85, 30.72)

Works without Qt. Layers come as GeoDataFrames (`project.layer(…)`), series as pandas
objects (`project.series.read(…)`), answers as dataclasses.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridmap.capabilities.locate.work.answering import AnsweringProject

__version__: str

__all__ = ["__version__", "open"]


def open(path: str | os.PathLike[str], *, read_only: bool = True) -> "AnsweringProject":  # noqa: A001
    """Open a project file to ask it.

    Args:
        path: a project made by GridMap (one GeoPackage).
        read_only: leave the file to others for writing.

    Raises:
        gridmap.store.ProjectError: if the file cannot be opened, with the reason.
    """
    from gridmap.capabilities.locate.work.answering import (  # noqa: PLC0415  keeps import light
        AnsweringProject,
    )

    return AnsweringProject.open(path, read_only=read_only)


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: that takes as long as all the rest here."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("gridmap")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+unknown"
