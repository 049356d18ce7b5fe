"""Which station lies next upstream along the river, for setting a section against it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely

from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.core import plane
from gridmap.core.rivernet import RiverNet
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_ANY_DISTANCE_M: Final = float("inf")


class NoUpstream(StrEnum):
    """Why there is no station upstream."""

    NO_SECTION = "no_section"
    NO_REACH = "no_reach"
    NOT_JOINED = "not_joined"
    NONE_MEASURES = "none_measures"


@dataclass(frozen=True)
class Upstream:
    """The next station upstream, and how many metres of river lie between."""

    station: StationFacts
    distance_m: float


@dataclass(frozen=True)
class _Place:
    """Where a section stands: position of its reach, metres from the beginning of the reach."""

    reach: int
    from_start_m: float


def upstream_of(
    project: Project, facts: StationFacts, stations: Iterable[StationFacts], item: str | None = None
) -> Upstream | NoUpstream:
    """The nearest station above another one along the directed reaches.

    Args:
        project: has the layers of sections and reaches.
        facts: the station from which to go upstream.
        stations: those that may be met, as `stations_of` has them.
        item: what they must measure; None takes any station of water.

    Returns:
        The station, or the reason why there is none.
    """
    if not facts.section:
        return NoUpstream.NO_SECTION
    net, lengths, positions, lines = _net(project)
    places = _places(project, positions, lines, lengths)
    here = places.get(facts.section)
    if here is None:
        return NoUpstream.NO_REACH
    others = [
        (other, places[other.section])
        for other in stations
        if other.section in places
        and other.section != facts.section
        and (item is None or item in other.items)
    ]
    found = min(_above(here, others, net, lengths), key=lambda one: one.distance_m, default=None)
    if found is not None:
        return found
    return NoUpstream.NONE_MEASURES if net.joined else NoUpstream.NOT_JOINED


def _above(
    here: _Place, others: list[tuple[StationFacts, _Place]], net: RiverNet, lengths: list[float]
) -> Iterator[Upstream]:
    for other, place in others:
        if place.reach == here.reach and place.from_start_m < here.from_start_m:
            yield Upstream(other, here.from_start_m - place.from_start_m)
    for step in net.upstream(here.reach, here.from_start_m, _ANY_DISTANCE_M):
        for other, place in others:
            if place.reach == step.reach:
                yield Upstream(other, step.distance_m + lengths[step.reach] - place.from_start_m)


def _net(
    project: Project,
) -> tuple[RiverNet, list[float], Mapping[str, int], list[shapely.Geometry]]:
    """All reaches joined at their nodes, their lengths in metres, their codes and lines."""
    codes, starts, ends, lines = [], [], [], []
    for _, frame in frames_of(project, "reach"):
        codes += [str(code) for code in frame["code"]]
        starts += [str(node or "") for node in frame["from_node"]]
        ends += [str(node or "") for node in frame["to_node"]]
        lines += list(frame.geometry)
    lengths = [float(plane.GEOD.geometry_length(line)) for line in lines]
    positions = {code: place for place, code in enumerate(codes)}
    return RiverNet(starts, ends, lengths), lengths, positions, lines


def _places(
    project: Project,
    positions: Mapping[str, int],
    lines: list[shapely.Geometry],
    lengths: list[float],
) -> dict[str, _Place]:
    """Where each section stands on its reach."""
    found = {}
    for _, frame in frames_of(project, "section"):
        for code, reach, point in zip(
            frame["code"], frame["reach_code"], frame.geometry, strict=True
        ):
            place = positions.get(str(reach))
            if place is not None and point is not None and not point.is_empty:
                share = _share_along(lines[place], point)
                found[str(code)] = _Place(place, share * lengths[place])
    return found


def _share_along(line: shapely.Geometry, point: shapely.Point) -> float:
    """How far along a line a point lies, 0–1; degrees are scaled to metres of the place."""
    per_lon, per_lat = plane.metres_per_degree(point.y)
    scale = np.array([per_lon, per_lat])
    metric = shapely.transform(line, lambda degrees: degrees * scale)
    at = shapely.Point(point.x * per_lon, point.y * per_lat)
    return float(shapely.line_locate_point(metric, at, normalized=True))
