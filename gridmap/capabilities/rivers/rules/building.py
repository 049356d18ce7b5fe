"""From lines drawn as pictures to a river network that knows where its water goes.

Ends that nearly meet are moved together, lines are cut where others end on them or cross them,
lakes join what runs into them with what leaves them, and every reach gets a direction or is marked
unknown. Whatever was moved, cut or left undone is a finding with a place.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.capabilities.rivers.rules.directing import Directed, directed
from gridmap.capabilities.rivers.rules.findings import NetFinding, NetKind
from gridmap.capabilities.rivers.rules.noding import (
    Noted,
    Piece,
    bridges,
    cut_at_crossings,
    cut_at_ends,
    gaps,
    snapped_ends,
    without_doubles,
)
from gridmap.core import plane
from gridmap.core.zones import MetricPlane, plane_at

_DRAWN: Final = frozenset({"known", "dominant"})
_TOUCHING_M: Final = 0.001


@dataclass(frozen=True)
class DrawnLine:
    """A line as delivered.

    Attributes:
        key: what findings call it.
        geometry: LineString or MultiLineString in degrees of EPSG:4490.
        river: name of the river, "" if unknown.
        flow: "known" or "dominant" if it is known to be drawn along the water, else "".
        crosses: whether it may cross others without joining them (canals, tunnels, aqueducts).
    """

    key: str
    geometry: shapely.Geometry
    river: str = ""
    flow: str = ""
    crosses: bool = False


@dataclass(frozen=True)
class Lake:
    """A lake or reservoir: its name and area in degrees of EPSG:4490."""

    name: str
    geometry: shapely.Geometry


@dataclass(frozen=True)
class NetRules:
    """Figures of building, in metres.

    Attributes:
        snap_m: ends nearer than this to each other, or to a line, are joined.
        gap_m: ends farther apart than that, up to this, are told.
        bridge_m: told gaps up to this are closed by a straight reach; none by default, because
            nobody drew water there.
    """

    snap_m: float = 20.0
    gap_m: float = 2000.0
    bridge_m: float = 0.0


@dataclass(frozen=True)
class BuiltReach:
    """A reach of the network, directed downstream.

    Attributes:
        line: position of the drawn line, -1 for a way through a lake.
        geometry: LineString in degrees of EPSG:4490, from upstream to downstream.
        river: name of the river or lake.
        from_node, to_node: names of its nodes.
        flow: "known", "dominant" or "unknown".
        turned: whether it runs against the way it was drawn.
        length_m: metres on the ellipsoid.
        part: number of the connected part of the network.
        lake: name of the lake it leads through, "" for none.
        bridge: whether it closes a gap where no water was drawn.
    """

    line: int
    geometry: shapely.LineString
    river: str
    from_node: str
    to_node: str
    flow: str
    turned: bool
    length_m: float
    part: int
    lake: str = ""
    bridge: bool = False


@dataclass(frozen=True)
class BuiltNet:
    """A network: its reaches, where its nodes lie (degrees of EPSG:4490), and all findings."""

    reaches: tuple[BuiltReach, ...]
    nodes: dict[str, tuple[float, float]] = field(default_factory=dict)
    findings: tuple[NetFinding, ...] = ()

    def confluences(self) -> dict[str, list[int]]:
        """Nodes where more than one reach arrives: node to the positions of those reaches."""
        arriving: dict[str, list[int]] = {}
        for number, reach in enumerate(self.reaches):
            arriving.setdefault(reach.to_node, []).append(number)
        return {node: found for node, found in arriving.items() if len(found) > 1}


def build(
    lines: Sequence[DrawnLine],
    lakes: Sequence[Lake] = (),
    outlets: Iterable[tuple[float, float]] = (),
    rules: NetRules | None = None,
    closed: Collection[str] = (),
    check: Callable[[], None] = lambda: None,
) -> BuiltNet:
    """Build a network.

    Args:
        lines: as delivered, in any order and direction.
        lakes: what joins the lines that end in it.
        outlets: degrees of EPSG:4490 near which the water leaves; the nearest node counts.
        rules: figures; the defaults if omitted.
        closed: ids of gaps (`NetFinding.id`) that somebody decided to close.
        check: called between the steps; what it raises ends the work.
    """
    rules = rules or NetRules()
    zone = _zone_of(lines)
    if zone is None:
        return BuiltNet(())
    pieces, noted = without_doubles([*_pieces(lines, zone)])
    for step, metres in (
        (cut_at_crossings, rules.snap_m / 10),
        (snapped_ends, rules.snap_m),
        (cut_at_ends, rules.snap_m),
        # A cut may lie so near to another one that both are one node.
        (snapped_ends, rules.snap_m / 10),
    ):
        check()
        pieces, more = step(pieces, metres)
        noted += more
    pieces, _ = without_doubles(pieces)
    check()
    joined, through = _through_lakes(pieces, lakes, zone, rules.snap_m)
    pieces, more, open_gaps = _bridged([*pieces, *joined], rules, lines, zone, closed)
    noted += [*through, *more, *open_gaps]
    check()
    return _named(lines, pieces, lakes, _Setting(zone, tuple(outlets), noted))


@dataclass(frozen=True)
class _Setting:
    """What naming needs besides the pieces."""

    zone: MetricPlane
    outlets: tuple[tuple[float, float], ...]
    noted: list[Noted]


def _zone_of(lines: Sequence[DrawnLine]) -> MetricPlane | None:
    boxes = [line.geometry.bounds for line in lines if not line.geometry.is_empty]
    if not boxes:
        return None
    west, east = min(box[0] for box in boxes), max(box[2] for box in boxes)
    return plane_at((west + east) / 2)


def _pieces(lines: Sequence[DrawnLine], zone: MetricPlane) -> Iterable[Piece]:
    for number, line in enumerate(lines):
        for part in shapely.get_parts(line.geometry):
            lonlat = shapely.get_coordinates(part)
            xy = np.column_stack(zone.to_metres(lonlat[:, 0], lonlat[:, 1]))
            yield Piece(number, xy, line.crosses)


def _bridged(
    pieces: list[Piece],
    rules: NetRules,
    lines: Sequence[DrawnLine],
    zone: MetricPlane,
    closed: Collection[str],
) -> tuple[list[Piece], list[Noted], list[Noted]]:
    """The pieces with bridges over gaps, what was bridged, and the gaps that stay open."""
    found = gaps(pieces, rules.snap_m, rules.gap_m)
    close = [
        one
        for one in found
        if one.metres <= rules.bridge_m or _told(one, lines, (), zone).id in closed
    ]
    made, noted = bridges(pieces, close)
    whole, _ = cut_at_ends([*pieces, *made], _TOUCHING_M)
    whole, _ = snapped_ends(whole, _TOUCHING_M)
    return whole, noted, [one for one in found if one not in close]


# --- lakes --------------------------------------------------------------------------------


def _in_metres(lake: Lake, zone: MetricPlane) -> shapely.Geometry:
    def project(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(zone.to_metres(lonlat[:, 0], lonlat[:, 1]))

    return shapely.make_valid(shapely.transform(lake.geometry, project))


def _through_lakes(
    pieces: Sequence[Piece], lakes: Sequence[Lake], zone: MetricPlane, snap_m: float
) -> tuple[list[Piece], list[Noted]]:
    """Straight ways from the ends in a lake to its middle, so that all of them are joined."""
    joined, noted = [], []
    ends = {
        piece.xy[side].tobytes(): (piece.xy[side], piece.line)
        for piece in pieces
        for side in (0, -1)
    }
    places = [xy for xy, _ in ends.values()]
    for number, lake in enumerate(lakes):
        area = _in_metres(lake, zone)
        near = np.flatnonzero(shapely.dwithin(area, shapely.points(places), snap_m))
        if len(near) < 2:  # noqa: PLR2004  one end alone leads nowhere
            continue
        middle = np.array(area.point_on_surface().coords[0])
        for place in near.tolist():
            xy, line = list(ends.values())[place]
            # The number of a lake is told as a line before the first one.
            joined.append(Piece(-1 - number, np.vstack((xy, middle))))
            metres = float(np.hypot(*(xy - middle)))
            noted.append(Noted(NetKind.THROUGH, xy[0], xy[1], line, -2 - number, metres))
    return joined, noted


# --- nodes, directions, names -------------------------------------------------------------


def _named(
    lines: Sequence[DrawnLine], pieces: list[Piece], lakes: Sequence[Lake], setting: _Setting
) -> BuiltNet:
    places = np.array([piece.xy[side] for piece in pieces for side in (0, -1)])
    unique, number = np.unique(places, axis=0, return_inverse=True)
    number = number.reshape(-1, 2)
    lengths = np.array([piece.shape.length for piece in pieces])
    given = [_given(lines, piece) for piece in pieces]
    mouths = [_nearest(unique, setting.zone, place) for place in setting.outlets]
    found = directed(number[:, 0], number[:, 1], lengths, given, mouths)
    lon, lat = setting.zone.to_degrees(unique[:, 0], unique[:, 1])
    names = [f"N{place + 1:04d}" for place in range(len(unique))]
    reaches = [
        _reach(piece, lines, lakes, setting.zone, found, (position, names, number))
        for position, piece in enumerate(pieces)
    ]
    nodes = dict(zip(names, zip(lon.tolist(), lat.tolist(), strict=True), strict=True))
    told = [_told(one, lines, lakes, setting.zone) for one in setting.noted]
    return BuiltNet(tuple(reaches), nodes, (*told, *_about(reaches, found, nodes, names, lines)))


def _given(lines: Sequence[DrawnLine], piece: Piece) -> str:
    if piece.line < 0:
        return ""
    flow = lines[piece.line].flow
    return flow if flow in _DRAWN else ""


def _nearest(unique: NDArray[np.float64], zone: MetricPlane, place: tuple[float, float]) -> int:
    x, y = zone.to_metres(place[0], place[1])
    return int(np.argmin(np.hypot(unique[:, 0] - x, unique[:, 1] - y)))


def _reach(
    piece: Piece,
    lines: Sequence[DrawnLine],
    lakes: Sequence[Lake],
    zone: MetricPlane,
    found: Directed,
    at: tuple[int, list[str], NDArray[np.int64]],
) -> BuiltReach:
    position, names, number = at
    turned = bool(found.turned[position])
    xy = piece.xy[::-1] if turned else piece.xy
    lonlat = np.column_stack(zone.to_degrees(xy[:, 0], xy[:, 1]))
    start, end = number[position][:: -1 if turned else 1].tolist()
    lake = lakes[-1 - piece.line].name if piece.line < 0 else ""
    return BuiltReach(
        line=max(piece.line, -1),
        geometry=shapely.LineString(lonlat),
        river=lake or lines[piece.line].river,
        from_node=names[start],
        to_node=names[end],
        flow=found.flow[position],
        turned=turned and piece.line >= 0,
        length_m=plane.length_m(lonlat),
        part=int(found.component[position]),
        lake=lake,
        bridge=piece.bridge,
    )


def _told(
    one: Noted, lines: Sequence[DrawnLine], lakes: Sequence[Lake], zone: MetricPlane
) -> NetFinding:
    lon, lat = zone.to_degrees(one.x, one.y)
    other = ""
    if one.other >= 0:
        other = lines[one.other].key
    elif one.other < -1:
        other = lakes[-2 - one.other].name
    end = None
    if one.other_end is not None:
        there = zone.to_degrees(*one.other_end)
        end = (float(there[0]), float(there[1]))
    return NetFinding(
        one.kind, float(lon), float(lat), lines[one.line].key, other, one.metres, end
    )  # fmt: skip


def _about(
    reaches: Sequence[BuiltReach],
    found: Directed,
    nodes: dict[str, tuple[float, float]],
    names: Sequence[str],
    lines: Sequence[DrawnLine],
) -> Iterable[NetFinding]:
    """Findings about directions and about parts that touch no other."""
    lengths: dict[int, float] = {}
    for reach in reaches:
        lengths[reach.part] = lengths.get(reach.part, 0.0) + reach.length_m
    largest = max(lengths, key=lambda part: lengths[part], default=-1)
    for part, share in found.guessed.items():
        lon, lat = nodes[names[found.outlet[part]]]
        last = next(r for r in reaches if r.part == part and r.to_node == names[found.outlet[part]])
        yield NetFinding(NetKind.OUTLET, lon, lat, lines[last.line].key, metres=round(share, 4))
    for part, metres in lengths.items():
        if part != largest:
            first = next(reach for reach in reaches if reach.part == part)
            lon, lat = nodes[first.to_node]
            yield NetFinding(NetKind.LOOSE, lon, lat, lines[first.line].key, metres=metres)
    for reach in reaches:
        if reach.lake:
            continue
        middle = reach.geometry.interpolate(0.5, normalized=True)
        if reach.turned:
            yield NetFinding(
                NetKind.TURNED, middle.x, middle.y, lines[reach.line].key, metres=reach.length_m
            )
        if reach.flow not in _DRAWN:
            yield NetFinding(
                NetKind.UNKNOWN, middle.x, middle.y, lines[reach.line].key, metres=reach.length_m
            )
