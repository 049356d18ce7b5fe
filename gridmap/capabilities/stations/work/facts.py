"""What is measured where: stations and sections with the readings they have in the store."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import pandas as pd

from gridmap.capabilities.stations.rules import Stated, body_of
from gridmap.standards import item_files as tables
from gridmap.standards.classing import Medium
from gridmap.standards.tables import Period
from gridmap.standards.water_standards import Body, WaterClass
from gridmap.store.changes import READINGS, roles
from gridmap.store.project import Project
from gridmap.store.roles import frames_of, layers_of

STATION_READS: Final = READINGS | roles("station", "section", "outlet", "enterprise")
"""What `stations_of` and `emitters_of` are made of."""

_HOURLY: Final = timedelta(hours=2)
_FOUR_HOURLY: Final = timedelta(hours=12)
_ROMAN: Final[Mapping[str, WaterClass]] = {
    "I": WaterClass.I,
    "II": WaterClass.II,
    "III": WaterClass.III,
    "IV": WaterClass.IV,
    "V": WaterClass.V,
}


@dataclass(frozen=True)
class StationFacts:
    """A place with readings.

    Attributes:
        code: of the station or section.
        name: as shown.
        medium: water or air.
        layer_id: the layer it stands in, "" if it has readings and stands in none.
        items: what is measured, in the order of the table of items.
        lon, lat: degrees of EPSG:4490, NaN if unknown.
        body: river or lake; what neither a field nor a name says is taken for a river.
        body_by: what says so.
        section: code of the section it stands for (its own, if it is one), "" if none.
        river: name of the river, "" if unknown.
        target: the class that the section should keep, None if none is set.
        rhythm: how often there is a reading: hour, four hours or day.
    """

    code: str
    name: str
    medium: Medium
    layer_id: str
    items: tuple[str, ...]
    lon: float
    lat: float
    body: Body = Body.RIVER
    body_by: Stated = Stated.NOTHING
    section: str = ""
    river: str = ""
    target: WaterClass | None = None
    rhythm: Period = Period.HOUR

    @property
    def stamped_at_end(self) -> bool:
        """Whether a reading has the end of its hour as its time: 24:00 of a day is 00:00 after it.

        So it is with hours of air (HJ 633, HJ 655); readings of water and daily values have the
        time, or the day, that they are of.
        """
        return self.medium is Medium.AIR and self.rhythm is not Period.DAY


def stations_of(project: Project) -> dict[str, StationFacts]:
    """Everything with readings of water or air, by the code under which the store holds them.

    Stations come first, then sections with readings of their own, then codes in no layer. What
    outlets and enterprises measure of themselves is no water quality: see `emitters_of`.
    """
    measured = _measured(project)
    sections = _sections(project)
    found: dict[str, StationFacts] = {}
    for facts in (*_stations(project), *sections.values()):
        if facts.code in measured and facts.code not in found:
            found[facts.code] = facts
    if others := [code for code in measured if code not in found]:
        emitters = {one.code for one in _emitters(project)}
        for code in others:
            if code not in emitters:
                body, body_by = body_of(None, (code,))
                found[code] = StationFacts(
                    code, code, Medium.WATER, "", (), math.nan, math.nan, body, body_by
                )
    return {
        code: _with_section(_with_readings(facts, measured[code]), sections)
        for code, facts in found.items()
    }


def emitters_of(project: Project) -> dict[str, StationFacts]:
    """Outlets and enterprises that measure themselves, by the code under which the store holds it.

    What stands among stations or sections too is none.
    """
    measured = _measured(project)
    others = measured.keys() - {one.code for one in _stations(project)} - _sections(project).keys()
    if not others:
        return {}
    found: dict[str, StationFacts] = {}
    for facts in _emitters(project):
        if facts.code in others:
            full = _with_readings(facts, measured[facts.code])
            found.setdefault(facts.code, replace(full, medium=_medium_of(full.items)))
    return found


def outlet_series(project: Project) -> dict[str, tuple[str, ...]]:
    """Own monitoring: code of the outlet to ids of items, in the order of the table of items."""
    outlets = set(layers_of(project, "outlet"))
    emitters = emitters_of(project).values()
    return {one.code: one.items for one in emitters if one.layer_id in outlets}


def series_names(project: Project) -> dict[str, str]:
    """What is behind the codes of the store: names of stations, outlets, enterprises."""
    return {
        code: one.name for code, one in {**emitters_of(project), **stations_of(project)}.items()
    }


def _measured(project: Project) -> dict[str, pd.DataFrame]:
    keys = project.series.keys()
    keys = keys[keys["count"] > 0]
    return {str(code): rows for code, rows in keys.groupby("station")}


def _in_order(items: set[str]) -> tuple[str, ...]:
    known = tables.items()
    return (*(item for item in known if item in items), *sorted(items - set(known)))


def _with_readings(facts: StationFacts, rows: pd.DataFrame) -> StationFacts:
    items = _in_order(set(rows["item"]))
    medium = facts.medium if facts.layer_id else _medium_of(items)
    return replace(facts, items=items, medium=medium, rhythm=_rhythm(rows))


def _medium_of(items: Sequence[str]) -> Medium:
    known = tables.items()
    media = [known[item].medium for item in items if item in known]
    return Medium(max(media, key=media.count, default="water"))


def _rhythm(rows: pd.DataFrame) -> Period:
    """How often there is a reading, from how many there are in how long a time."""
    count, first, last = max(zip(rows["count"], rows["first"], rows["last"], strict=True))
    if count < 2:  # noqa: PLR2004  one reading has no rhythm
        return Period.HOUR
    step = (last - first) / (count - 1)
    if step < _HOURLY:
        return Period.HOUR
    return Period.FOUR_HOURS if step < _FOUR_HOURLY else Period.DAY


def _with_section(facts: StationFacts, sections: Mapping[str, StationFacts]) -> StationFacts:
    own = sections.get(facts.section)
    if own is None:
        return facts
    sure = list(Stated)
    said = min((own, facts), key=lambda one: sure.index(one.body_by))
    return replace(facts, river=own.river, target=own.target, body=said.body, body_by=said.body_by)


def _stations(project: Project) -> Iterator[StationFacts]:
    for layer_id, frame in frames_of(project, "station"):
        for row in frame.itertuples():
            name = str(row.name or row.code)
            body, body_by = body_of(row.water_body, (name,))
            yield StationFacts(
                code=str(row.code),
                name=name,
                medium=Medium(row.kind) if row.kind in set(Medium) else Medium.WATER,
                layer_id=layer_id,
                items=(),
                lon=_degrees(row.geometry, "x"),
                lat=_degrees(row.geometry, "y"),
                body=body,
                body_by=body_by,
                section=str(row.section_code or ""),
            )


def _emitters(project: Project) -> Iterator[StationFacts]:
    for role in ("outlet", "enterprise"):
        for layer_id, frame in frames_of(project, role):
            columns = (frame[name] for name in ("code", "name", "geometry"))
            for code, name, point in zip(*columns, strict=True):
                lon, lat = _degrees(point, "x"), _degrees(point, "y")
                yield StationFacts(
                    str(code), str(name or code), Medium.WATER, layer_id, (), lon, lat
                )


def _sections(project: Project) -> dict[str, StationFacts]:
    found = {}
    for layer_id, frame in frames_of(project, "section"):
        for row in frame.itertuples():
            name, river = str(row.name or row.code), str(row.river_name or "")
            body, body_by = body_of(row.water_body, (name, river))
            found[str(row.code)] = StationFacts(
                code=str(row.code),
                name=name,
                medium=Medium.WATER,
                layer_id=layer_id,
                items=(),
                lon=_degrees(row.geometry, "x"),
                lat=_degrees(row.geometry, "y"),
                body=body,
                body_by=body_by,
                section=str(row.code),
                river=river,
                target=_ROMAN.get(str(row.target_class)),
            )
    return found


def _degrees(point: Any, axis: str) -> float:
    return float(getattr(point, axis)) if point is not None and not point.is_empty else math.nan
