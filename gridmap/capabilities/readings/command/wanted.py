"""Which readings a command is about: stations, items, days."""

import argparse
from datetime import datetime, time, timedelta
from typing import Final

from gridmap.capabilities.readings.report.export import Wanted
from gridmap.capabilities.stations.work.facts import emitters_of, stations_of
from gridmap.cli import values
from gridmap.core.moments import ZONE
from gridmap.store import Project
from gridmap.texts import t

_SHOWN: Final = 20


def add_wanted(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument(
        "--station", action="append", metavar="CODE", help=t("readings.help.station")
    )
    parser.add_argument("--item", action="append", metavar="ITEM", help=t("readings.help.item"))
    parser.add_argument("--start", metavar="DAY", help=t("readings.help.start"))
    parser.add_argument("--end", metavar="DAY", help=t("readings.help.end"))


def wanted_of(options: argparse.Namespace, project: Project) -> Wanted:
    """What the options say.

    Raises:
        UsageError: for a day that cannot be read, or a station or item without readings.
    """
    keys = project.series.keys()
    for name, key in (("station", "readings.error.no_station"), ("item", "readings.error.no_item")):
        known = set(keys[name])
        for given in getattr(options, name) or ():
            if given not in known:
                have = ", ".join(sorted(known)[:_SHOWN]) or "—"
                raise values.UsageError(key, value=given, have=have)
    end = _midnight(options.end)
    return Wanted(
        frozenset(options.station) if options.station else None,
        frozenset(options.item) if options.item else None,
        _midnight(options.start),
        None if end is None else end + timedelta(days=1),
        frozenset(
            code
            for code, facts in {**emitters_of(project), **stations_of(project)}.items()
            if facts.stamped_at_end
        ),
    )


def _midnight(text: str | None) -> datetime | None:
    return None if text is None else datetime.combine(values.a_day(text), time(), ZONE)
