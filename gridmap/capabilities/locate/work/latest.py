"""The latest readings of sections, joined to a verdict after it was found.

They are no evidence of the rule: what arrives every hour changes nobody's responsibility, and
does not build the rule anew.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pandas as pd

from gridmap.capabilities.locate.rules.verdict import LatestClass, Reading, SectionNear, Verdict
from gridmap.capabilities.stations.work.facts import STATION_READS, stations_of
from gridmap.capabilities.stations.work.standing import latest as standing_at
from gridmap.standards.classing import Medium
from gridmap.standards.water_standards import WaterClass
from gridmap.store.changes import JUDGED
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

# What the card says of a section: the two items that most exceedances are about.
_LATEST_ITEMS: Final = ("nh3n", "tp")

LATEST_READS: Final = JUDGED | STATION_READS


def with_latest(project: Project, verdict: Verdict) -> Verdict:
    """The verdict with the latest readings of the sections around; any thread."""
    if not verdict.around.sections:
        return verdict
    sections = tuple(_with_latest(project, section) for section in verdict.around.sections)
    return replace(verdict, around=replace(verdict.around, sections=sections))


def _with_latest(project: Project, section: SectionNear) -> SectionNear:
    """A section with its latest readings, its own or those of its station.

    Each station is asked when a section near a place needs it, and kept: to judge all of them for
    one place would be most of the work.
    """
    own = section.code
    readings = project.derived(_latest_readings, LATEST_READS, own)
    if not readings:
        own = project.derived(_stations, LATEST_READS).get(section.code, "")
        readings = project.derived(_latest_readings, LATEST_READS, own)
    latest_class = project.derived(_latest_class, LATEST_READS, own)
    return replace(section, latest=readings, latest_class=latest_class)


def _keys(project: Project) -> pd.DataFrame:
    return project.series.keys()


def _stations(project: Project) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, frame in frames_of(project, "station"):
        if "section_code" in frame.columns:
            codes = zip(frame["section_code"], frame["code"], strict=True)
            found |= {_text(section): _text(code) for section, code in codes}
    return found


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _latest_readings(project: Project, station: str) -> tuple[Reading, ...]:
    """The latest published value of each shown item of a station (or section)."""
    found: list[Reading] = []
    keys = project.derived(_keys, LATEST_READS)
    shown = keys[(keys["station"] == station) & keys["item"].isin(_LATEST_ITEMS)]
    for item, unit, last in sorted(
        zip(shown["item"], shown["unit"], shown["last"], strict=True),
        key=lambda row: _LATEST_ITEMS.index(row[0]),
    ):
        recent = project.series.read(station, item, last - timedelta(days=2))["value"].dropna()
        if len(recent):
            when = recent.index[-1].to_pydatetime()
            found.append(Reading(item, float(recent.iloc[-1]), unit, when))
    return tuple(found)


def _latest_class(project: Project, station: str) -> LatestClass | None:
    """The class of the latest reading of a water station that has one."""
    facts = project.derived(stations_of, LATEST_READS).get(station)
    if facts is None or facts.medium is not Medium.WATER:
        return None
    last = project.derived(_keys, LATEST_READS)["last"].max().to_pydatetime()
    (one,) = standing_at(project, last, {station: facts})
    return None if one.at is None else LatestClass(WaterClass(one.grade), one.at)
