"""Which exceedances of a section can be traced: runs of readings beyond the limit, by item."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.core.moments import moment_of
from gridmap.standards.classing import wall_clock
from gridmap.standards.classing.course import Times
from gridmap.standards.classing.limits import exceeding, water_limits
from gridmap.standards.files import standards
from gridmap.standards.sequences import rhythms
from gridmap.store.project import Project

_GAP_STEPS: Final = 3  # readings within may be missing and still be one event


def runs_of(times: Times, at: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Positions of readings in runs: between two of one run few are missing.

    Args:
        times: of all readings, microseconds since 1970 UTC, shape (n,), rising.
        at: positions, rising, shape (m,), m ≥ 1.
    """
    if len(at) < 2:  # noqa: PLR2004  one reading is a run
        return [at]
    steps = rhythms(times.astype(np.float64))
    slowest = np.maximum.reduceat(steps[: at[-1]], at[:-1])
    breaks = np.diff(times[at]) > _GAP_STEPS * slowest
    return np.split(at, np.flatnonzero(breaks) + 1)


@dataclass(frozen=True)
class Exceedance:
    """A run of readings beyond the limit, aware moments; `peak` is the worst of them."""

    item: str
    start: datetime
    end: datetime
    peak: float
    readings: int


def exceedances(project: Project, facts: StationFacts, item: str) -> list[Exceedance]:
    """The exceedances of an item at a section, the latest first; none without a limit.

    Only readings that judgements count are looked at. Any thread.
    """
    frame = project.series.read(facts.code, item)
    times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
    if len(times) < 2:  # noqa: PLR2004  one reading has no step
        return []
    values = frame["value"].to_numpy(np.float64)
    flags = frame["flag"].to_numpy(dtype=object)
    used = Judge(project).decide((facts.code, item), times, values, flags).used
    days = wall_clock(times)
    first, last = (days[at].astype("datetime64[D]").item() for at in (0, -1))
    limits = water_limits(standards().water, item, facts.body, facts.target, first, last)
    at = np.flatnonzero(exceeding(limits, days, np.where(used, values, np.nan)))
    if not len(at):
        return []
    runs = runs_of(times, at)
    falling = any(one.judged and not one.at_most for span in limits for one in span.limits)
    worst = np.min if falling else np.max
    return [
        Exceedance(
            item, moment_of(times[run[0]]), moment_of(times[run[-1]]), float(worst(values[run])),
            len(run),
        )
        for run in reversed(runs)
    ]  # fmt: skip


def all_exceedances(project: Project, facts: StationFacts) -> list[Exceedance]:
    """Those of all items of a section, the latest first."""
    found = [one for item in facts.items for one in exceedances(project, facts, item)]
    return sorted(found, key=lambda one: one.end, reverse=True)
