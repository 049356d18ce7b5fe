"""The example project: shipped as a whole, opened from a copy the user may change."""

import shutil
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from gridmap import shipped
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

NAME: Final = "nanhu.gridmap.gpkg"


def shipped_example() -> Path:
    """The example as it came with the program; never written to.

    Raises:
        ProjectError: `project.error.missing` if the installation lacks it.
    """
    path = shipped.example_dir() / NAME
    if not path.is_file():
        raise ProjectError("project.error.missing", file=path)
    return path


def own_example(folder: Path | None = None) -> Path:
    """The user's copy of the example, made at first use and after an update of the program.

    A copy the user has changed is kept: an updated example gets a name of its own.

    Args:
        folder: where copies lie; the user's data folder by default.
    """
    source = shipped_example()
    place = folder or user_data_path("gridmap", appauthor=False) / "example"
    stamp = f"{source.stat().st_size:x}"
    target = place / f"{NAME.split('.', maxsplit=1)[0]}-{stamp}.gridmap.gpkg"
    if not target.exists():
        place.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        shutil.copyfile(source, fresh)
        fresh.replace(target)
    return target


def open_example(*, read_only: bool = False, folder: Path | None = None) -> Project:
    """Open the example: the user's copy, or the shipped one read-only where no copy can be made."""
    if read_only:
        return Project.open(shipped_example(), read_only=True)
    try:
        return Project.open(own_example(folder))
    except OSError:
        return Project.open(shipped_example(), read_only=True)
