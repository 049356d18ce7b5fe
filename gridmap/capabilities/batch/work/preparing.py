"""What the first sheet needs is fetched while somebody still looks for its file.

That is the rule and the names of the project, and the loops that numba compiles: the first time
on a machine that takes some seconds, later they are loaded.
"""

from datetime import date
from typing import Final

import numpy as np
import shapely

from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.phrases import places_of
from gridmap.stopping import Job
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_ROWS: Final = 2000  # a few are answered without the index that a sheet needs
_RADIUS_M: Final = 100.0


def prepare(project: Project, day: date, job: Job) -> None:
    """Have rule, names and compiled loops at hand. Not for the GUI thread.

    Places on borders are asked about, and thrown away: they run through every loop.

    Args:
        project: the one that will be asked.
        day: any day.
        job: can be stopped between the steps.

    Raises:
        Cancelled: if it was stopped.
        GridMapError: if the project cannot be read.
    """
    rule = responsibility_of(project)
    job.check()
    places_of(project)
    job.check()
    for _, frame in frames_of(project, "grid"):
        borders = shapely.get_coordinates(shapely.boundary(frame.geometry.to_numpy()[:1]))
        if len(borders):
            lon, lat = np.resize(borders, (_ROWS, 2)).T
            rule.many(lon, lat, _RADIUS_M, day)
            return
