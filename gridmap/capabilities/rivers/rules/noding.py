"""From lines drawn as pictures to lines that meet at nodes.

Everything here is in metres of one projection; `building` brings degrees in and out. A line keeps
its vertices except for ends that move onto a node and vertices added where it is cut.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from gridmap.capabilities.rivers.rules.findings import NetKind
from gridmap.core.rivernet.graphs import pairs_within, parts_of

Coordinates = NDArray[np.float64]

_TOUCHING: Final = 3.0  # an end that near to its own network, in snapping distances, is told


@dataclass(frozen=True)
class Piece:
    """A line or a piece of one.

    Attributes:
        line: position of the line it comes from.
        xy: shape (n, 2), metres; n ≥ 2.
        crosses: whether it may cross others without joining them (canals, tunnels).
        bridge: whether it closes a gap where nothing was drawn.
    """

    line: int
    xy: Coordinates
    crosses: bool = False
    bridge: bool = False

    @property
    def shape(self) -> shapely.LineString:
        """The same as a Shapely line."""
        return shapely.LineString(self.xy)


@dataclass(frozen=True)
class Noted:
    """A finding in metres: kind, place, position of the line and of the other one (-1: none).

    `other_end` as in `NetFinding`, in metres.
    """

    kind: NetKind
    x: float
    y: float
    line: int
    other: int = -1
    metres: float = 0.0
    other_end: tuple[float, float] | None = None


def without_doubles(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Noted]]:
    """Leave out lines drawn twice, in whichever direction, and lines without length."""
    kept: list[Piece] = []
    noted = []
    seen: dict[bytes, int] = {}
    for piece in pieces:
        moved = np.any(np.diff(piece.xy, axis=0) != 0, axis=1)
        xy = piece.xy[np.append(True, moved)]
        if len(xy) < 2:  # noqa: PLR2004  a line needs two places
            continue
        key = min(xy.tobytes(), xy[::-1].tobytes())
        if key in seen:
            x, y = xy[len(xy) // 2]
            noted.append(Noted(NetKind.DUPLICATE, x, y, piece.line, seen[key]))
            continue
        seen[key] = piece.line
        kept.append(replace(piece, xy=xy))
    return kept, noted


def snapped_ends(pieces: Sequence[Piece], snap_m: float) -> tuple[list[Piece], list[Noted]]:
    """Move ends that nearly meet onto one place: that of the longest line among them.

    Two ends of one and the same line are only joined where it is a ring already: a line shorter
    than the distance stays a line, however near its ends come to those of others.
    """
    ends = np.array([piece.xy[side] for piece in pieces for side in (0, -1)])
    if not len(ends):
        return list(pieces), []
    lengths = np.repeat([piece.shape.length for piece in pieces], 2)
    noted, moved = [], ends.copy()
    for members in _groups(ends, snap_m):
        chief = members[np.argmax(lengths[members])]
        for end in members:
            metres = float(np.hypot(*(ends[end] - ends[chief])))
            if metres > 0:
                moved[end] = ends[chief]
                x, y = ends[chief]
                line, other = pieces[end // 2].line, pieces[chief // 2].line
                was = (float(ends[end][0]), float(ends[end][1]))
                noted.append(Noted(NetKind.SNAPPED, x, y, line, other, metres, was))
    result = []
    for number, piece in enumerate(pieces):
        xy = piece.xy.copy()
        xy[0], xy[-1] = moved[2 * number], moved[2 * number + 1]
        result.append(replace(piece, xy=xy))
    return result, noted


def _groups(ends: Coordinates, snap_m: float) -> list[list[int]]:
    """Ends to be joined, the nearest first; groups of two and more.

    Never both ends of one line, and never two nodes at which lines meet already and between which
    water finds its way: two short arms beside each other are two arms.

    Args:
        ends: shape (2n, 2), the two ends of each of n lines one after the other, metres.
        snap_m: farther ends are not joined.
    """
    pairs = pairs_within(ends, snap_m)
    apart = np.hypot(*(ends[pairs[:, 0]] - ends[pairs[:, 1]]).T)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0], apart))].tolist()
    nodes, nets = _Sets(len(ends)), _Sets(len(ends))
    for one in range(0, len(ends), 2):
        nets.join(one, one + 1)
    met = [False] * len(ends)
    for one, other in pairs:
        if np.array_equal(ends[one], ends[other]):
            nodes.join(one, other)
            nets.join(one, other)
            met[one] = met[other] = True
    for one, other in pairs:
        lines = {end // 2 for end in nodes.of(one)}
        same = nodes.group[one] == nodes.group[other]
        if same or any(end // 2 in lines for end in nodes.of(other)):
            continue
        if met[one] and met[other] and nets.group[one] == nets.group[other]:
            continue
        nodes.join(one, other)
        nets.join(one, other)
    return [sorted(found) for found in nodes.members.values() if len(found) > 1]


class _Sets:
    """Disjoint sets of 0 … n - 1; the smaller one moves into the larger one."""

    def __init__(self, count: int) -> None:
        self.group = list(range(count))
        self.members = {one: [one] for one in range(count)}

    def of(self, one: int) -> list[int]:
        """All that are in the set of one."""
        return self.members[self.group[one]]

    def join(self, one: int, other: int) -> None:
        """Make the sets of both one set."""
        a, b = self.group[one], self.group[other]
        if a == b:
            return
        if len(self.members[a]) < len(self.members[b]):
            a, b = b, a
        for moved in self.members.pop(b):
            self.group[moved] = a
            self.members[a].append(moved)


def cut_at_ends(pieces: Sequence[Piece], snap_m: float) -> tuple[list[Piece], list[Noted]]:
    """Cut lines where another line ends on them, or nearly: the cut gets that end's place."""
    places = np.unique(np.array([piece.xy[side] for piece in pieces for side in (0, -1)]), axis=0)
    owner = _owners(pieces)
    tree = shapely.STRtree([piece.shape for piece in pieces])
    points = shapely.points(places)
    at, near = tree.query(points, predicate="dwithin", distance=snap_m)
    cuts: dict[int, list[tuple[float, Coordinates]]] = {}
    noted = []
    for place, number in zip(at.tolist(), near.tolist(), strict=True):
        piece, xy = pieces[number], places[place]
        if any(np.array_equal(xy, piece.xy[side]) for side in (0, -1)):
            continue
        shape = piece.shape
        along = float(shape.project(points[place]))
        if along <= snap_m or along >= shape.length - snap_m:
            continue  # so near to its own end that snapping would have joined them
        metres = float(shape.distance(points[place]))
        cuts.setdefault(number, []).append((along, xy))
        other = owner[xy.tobytes()]
        noted.append(Noted(NetKind.SPLIT, xy[0], xy[1], piece.line, other, metres))
    return _cut(pieces, cuts), noted


def cut_at_crossings(pieces: Sequence[Piece], end_m: float) -> tuple[list[Piece], list[Noted]]:
    """Cut lines where they cross each other; what may cross without joining is only told.

    A line that ends less than `end_m` beyond the other one was meant to end on it: that is for
    `cut_at_ends`, which leaves no stub.
    """
    shapes = [piece.shape for piece in pieces]
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="crosses")
    cuts: dict[int, list[tuple[float, Coordinates]]] = {}
    noted = []
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if a >= b:
            continue
        ends = np.array([pieces[i].xy[side] for i in (a, b) for side in (0, -1)])
        for x, y in _crossings(shapes[a], shapes[b]):
            xy = np.array([x, y])
            if np.hypot(*(ends - xy).T).min() <= end_m:
                continue
            apart = pieces[a].crosses or pieces[b].crosses
            kind = NetKind.CROSSING if apart else NetKind.SPLIT
            noted.append(Noted(kind, x, y, pieces[a].line, pieces[b].line))
            if not apart:
                for number in (a, b):
                    along = float(shapes[number].project(shapely.Point(xy)))
                    cuts.setdefault(number, []).append((along, xy))
    return _cut(pieces, cuts), noted


def bridges(pieces: Sequence[Piece], closed: Sequence[Noted]) -> tuple[list[Piece], list[Noted]]:
    """Straight pieces across gaps, from the loose end to the nearest place of the other line."""
    shapes = [piece.shape for piece in pieces]
    made, noted = [], []
    for gap in closed:
        end = shapely.Point(gap.x, gap.y)
        others = [
            i
            for i, piece in enumerate(pieces)
            if piece.line == gap.other
            and not (gap.line == gap.other and shapes[i].distance(end) == 0.0)
        ]
        nearest = min(others, key=lambda i: (float(shapes[i].distance(end)), i))
        _, place = shapely.ops.nearest_points(end, shapes[nearest])
        xy = np.array([[gap.x, gap.y], [place.x, place.y]])
        made.append(Piece(gap.line, xy, bridge=True))
        there = (float(place.x), float(place.y))
        noted.append(
            Noted(NetKind.BRIDGED, gap.x, gap.y, gap.line, gap.other, gap.metres, there)
        )  # fmt: skip
    return made, noted


def gaps(pieces: Sequence[Piece], snap_m: float, gap_m: float) -> list[Noted]:
    """Ends that meet nothing but have another line within `gap_m`: for somebody to decide.

    Near a line of its own part of the network an end is told only where it all but touches: the
    head of a brook may well rise beside the river that it runs into.
    """
    part = _parts(pieces)
    tree = shapely.STRtree([piece.shape for piece in pieces])
    nearest: dict[tuple[int, int], Noted] = {}
    for number, side in _loose_ends(pieces):
        xy, line = pieces[number].xy[side], pieces[number].line
        point = shapely.Point(xy)
        for other in tree.query(point, predicate="dwithin", distance=gap_m).tolist():
            metres = float(pieces[other].shape.distance(point))
            own = part[other] == part[number]
            same = pieces[other].line == line
            if pieces[other].line < 0 or (same and own):
                continue  # of one line other parts count, which meet it nowhere
            if own and metres > _TOUCHING * snap_m:
                continue
            pairs = (part[number], part[other])
            # Between two parts the shortest way is told; within one, each end for itself.
            pair = (-1 - number, side) if own else (min(pairs), max(pairs))
            known = nearest.get(pair)
            if known is None or metres < known.metres:
                _, place = shapely.ops.nearest_points(point, pieces[other].shape)
                there = (float(place.x), float(place.y))
                nearest[pair] = Noted(
                    NetKind.GAP, xy[0], xy[1], line, pieces[other].line, metres, there
                )  # fmt: skip
    return list(nearest.values())


def _loose_ends(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Ends of drawn lines that meet no other end: position of the piece and 0 or -1."""
    ends = [(number, side) for number in range(len(pieces)) for side in (0, -1)]
    degree: dict[bytes, int] = {}
    for number, side in ends:
        key = pieces[number].xy[side].tobytes()
        degree[key] = degree.get(key, 0) + 1
    return [
        (number, side)
        for number, side in ends
        if degree[pieces[number].xy[side].tobytes()] == 1 and pieces[number].line >= 0
    ]


def _parts(pieces: Sequence[Piece]) -> list[int]:
    """The connected part of the network that each piece lies in."""
    numbers: dict[bytes, int] = {}
    ends = [
        [numbers.setdefault(piece.xy[side].tobytes(), len(numbers)) for side in (0, -1)]
        for piece in pieces
    ]
    pairs = np.array(ends, np.int64).reshape(-1, 2)
    found = parts_of((pairs[:, 0], pairs[:, 1]), len(numbers))
    parts: list[int] = found[pairs[:, 0]].tolist()
    return parts


def _owners(pieces: Sequence[Piece]) -> dict[bytes, int]:
    return {piece.xy[side].tobytes(): piece.line for piece in pieces for side in (0, -1)}


def _crossings(one: shapely.LineString, other: shapely.LineString) -> Iterable[tuple[float, float]]:
    met = one.intersection(other)
    for part in shapely.get_parts(met):
        if part.geom_type == "Point":
            yield float(part.x), float(part.y)


def _cut(pieces: Sequence[Piece], cuts: dict[int, list[tuple[float, Coordinates]]]) -> list[Piece]:
    """Pieces between the cuts, in order; each cut is a vertex of both its sides."""
    result: list[Piece] = []
    for number, piece in enumerate(pieces):
        if number not in cuts:
            result.append(piece)
            continue
        steps = np.hypot(*np.diff(piece.xy, axis=0).T)
        along = np.append(0.0, np.cumsum(steps))
        start, begin = piece.xy[0], 0.0
        for at, xy in sorted(cuts[number], key=lambda cut: cut[0]):
            if at <= begin:
                continue
            inner = piece.xy[(along > begin) & (along < at)]
            result.append(replace(piece, xy=np.vstack((start, inner, xy))))
            start, begin = xy, at
        inner = piece.xy[(along > begin) & (along < along[-1])]
        result.append(replace(piece, xy=np.vstack((start, inner, piece.xy[-1]))))
    return result
