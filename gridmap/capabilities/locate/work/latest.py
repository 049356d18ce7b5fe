"""The latest readings of sections, joined to a verdict after it was found.

They are no evidence of the rule: what arrives every hour changes nobody's responsibility, and
does not build the rule anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Latest:
    """What is known latest, by the code that readings stand under, and whose code that is.

    `station_of` leads from a section to its station.
    """

    readings: Mapping[str, tuple[Reading, ...]]
    classes: Mapping[str, LatestClass]
    station_of: Mapping[str, str]

    def at(self, section: SectionNear) -> SectionNear:
        """A section with its latest readings, its own or those of its station."""
        code = section.code
        own = code if code in self.readings else self.station_of.get(code, "")
        return replace(
            section, latest=self.readings.get(own, ()), latest_class=self.classes.get(own)
        )


def with_latest(project: Project, verdict: Verdict) -> Verdict:
    """The verdict with the latest readings of the sections around; any thread."""
    if not verdict.around.sections:
        return verdict
    latest = project.derived(latest_of, LATEST_READS)
    sections = tuple(latest.at(section) for section in verdict.around.sections)
    return replace(verdict, around=replace(verdict.around, sections=sections))


def latest_of(project: Project) -> Latest:
    """The latest readings and classes of a project."""
    return Latest(_latest_readings(project), _latest_classes(project), _stations(project))


def _stations(project: Project) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, frame in frames_of(project, "station"):
        if "section_code" in frame.columns:
            codes = zip(frame["section_code"], frame["code"], strict=True)
            found |= {_text(section): _text(code) for section, code in codes}
    return found


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _latest_readings(project: Project) -> dict[str, tuple[Reading, ...]]:
    """The latest published value of the shown items, by station."""
    found: dict[str, list[Reading]] = {}
    keys = project.series.keys()
    shown = keys[keys["item"].isin(_LATEST_ITEMS)]
    order = {item: place for place, item in enumerate(_LATEST_ITEMS)}
    for station, item, unit, last in sorted(
        zip(shown["station"], shown["item"], shown["unit"], shown["last"], strict=True),
        key=lambda row: (row[0], order[row[1]]),
    ):
        recent = project.series.read(station, item, last - timedelta(days=2))["value"].dropna()
        if len(recent):
            when = recent.index[-1].to_pydatetime()
            found.setdefault(station, []).append(Reading(item, float(recent.iloc[-1]), unit, when))
    return {station: tuple(readings) for station, readings in found.items()}


def _latest_classes(project: Project) -> dict[str, LatestClass]:
    """The class of the latest reading that has one, by water station."""
    keys = project.series.keys()
    if not len(keys):
        return {}
    water = {c: one for c, one in stations_of(project).items() if one.medium is Medium.WATER}
    return {
        one.facts.code: LatestClass(WaterClass(one.grade), one.at)
        for one in standing_at(project, keys["last"].max().to_pydatetime(), water)
        if one.at is not None
    }
