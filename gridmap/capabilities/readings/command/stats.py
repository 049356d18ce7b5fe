"""`gridmap readings stats`: figures of readings by station and item."""

import argparse
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from gridmap.capabilities.readings.command.wanted import add_wanted, wanted_of
from gridmap.capabilities.readings.report.export import Wanted
from gridmap.capabilities.readings.work.means import Mode, means_of
from gridmap.capabilities.stations.work.facts import emitters_of, stations_of
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.cli import values
from gridmap.core.moments import times_of
from gridmap.report.json import as_json
from gridmap.report.wording import one_line
from gridmap.standards.files import standards
from gridmap.standards.statistics import mean_of, percentile_of
from gridmap.standards.tables import in_force
from gridmap.store import Project
from gridmap.texts import t

_PERIODS = {"day": Mode.DAILY, "month": Mode.MONTHLY}


@dataclass(frozen=True)
class Figures:
    """Figures of one series; values in its unit, None without readings that count.

    `readings` were published, `missing` of them without a value, `left_out` have a value that
    judgements do not count (flags, maintenance, exclusions); the rest makes the figures.
    """

    station: str
    item: str
    unit: str
    first: str
    last: str
    readings: int
    missing: int
    left_out: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    p95: float | None


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_wanted(parser)
    parser.add_argument("--period", choices=tuple(_PERIODS), help=t("readings.help.period"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def run(options: argparse.Namespace) -> int:
    """Print figures, or means of days or months."""
    with values.open_for_reading(options.project, quiet=options.json) as project:
        wanted = wanted_of(options, project)
        if options.period is None:
            rows = [vars(figures) for figures in _figures(project, wanted)]
        else:
            rows = _means(project, wanted, _PERIODS[options.period])
    if options.json:
        print(as_json({"readings": rows}))
        return 0
    names = list(rows[0]) if rows else []
    table = [[t(f"readings.column.{name}") for name in names]]
    table += [[_cell(row[name]) for name in names] for row in rows]
    print(
        "\n".join("\t".join(map(one_line, row)) for row in table)
        if rows
        else t("readings.stats.none")
    )
    return 0


def _figures(project: Project, wanted: Wanted) -> list[Figures]:
    judge, found = Judge(project), []
    for station, item, unit in wanted.keys(project):
        frame = project.series.details(station, item, *wanted.span(station))
        if not len(frame):
            continue
        counted = _counted(judge, (station, item), frame)
        there = counted[~np.isnan(counted)]
        missing = int(frame["value"].isna().sum())
        some = len(there) > 0
        first, last = (pd.Timestamp(frame.index[i]) for i in (0, -1))
        found.append(
            Figures(
                station, item, unit, first.isoformat(), last.isoformat(), len(frame), missing,
                len(frame) - missing - len(there),
                minimum=float(there.min()) if some else None,
                mean=_mean(item, there, last.date()) if some else None,
                maximum=float(there.max()) if some else None,
                p95=percentile_of(there, 95) if some else None,
            )
        )  # fmt: skip
    return found


def _mean(item: str, values: Any, day: date) -> float:
    """The mean; of pH that of the hydrogen ions, as the tables say."""
    ions = any(item in rule.items for rule in in_force(standards().water.hydrogen_mean, day))
    return mean_of(values.tolist(), hydrogen=ions)


def _means(project: Project, wanted: Wanted, mode: Mode) -> list[dict[str, Any]]:
    """Valid means of days or months; a period without a valid mean has None."""
    judge, rows = Judge(project), list[dict[str, Any]]()
    places = {**emitters_of(project), **stations_of(project)}
    for station, item, unit in wanted.keys(project):
        frame = project.series.details(station, item, *wanted.span(station))
        if not len(frame):
            continue
        counted = _counted(judge, (station, item), frame)
        times = pd.DatetimeIndex(frame.index).as_unit("us").asi8
        means = means_of(places[station], item, mode, times, counted)
        starts = times_of(means.starts)
        rows += [
            {
                "station": station, "item": item, "unit": unit, "start": str(start.date()),
                "mean": None if np.isnan(value) else float(value), "valid": not np.isnan(value),
            }
            for start, value in zip(starts, means.values, strict=True)
        ]  # fmt: skip
    return rows


def _counted(judge: Judge, key: tuple[str, str], frame: pd.DataFrame) -> Any:
    """The values as means count them, NaN where they are missing or left out."""
    return judge.decide(
        key,
        pd.DatetimeIndex(frame.index).as_unit("us").asi8,
        frame["value"].to_numpy(np.float64),
        frame["flag"].to_numpy(dtype=object),
        frame["protocol"].to_numpy(dtype=object),
    ).counted


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return t("readings.stats.yes") if value else t("readings.stats.no")
    if isinstance(value, float):
        return f"{value:.6g}"
    return "—" if value is None else str(value)
