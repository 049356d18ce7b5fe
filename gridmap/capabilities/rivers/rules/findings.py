"""What was done, or left undone, when lines became a river network."""

from dataclasses import dataclass
from enum import StrEnum


class NetKind(StrEnum):
    """Kinds of findings.

    SNAPPED: an end was moved onto a node. SPLIT: a line was cut where another one ends on it,
    or crosses it. CROSSING: lines cross and do not join (a canal over or under a river).
    DUPLICATE: a line drawn twice was left out. GAP: an end lies near another line, farther than
    ends are moved. BRIDGED: such a gap was closed by a straight reach. THROUGH: lines were
    joined through a lake. LOOSE: a part of the network that touches no other. OUTLET: the
    outlet was taken from how most lines are drawn. UNKNOWN: the direction of a reach cannot be
    known. TURNED: a line runs against the way it was drawn. SINK: water arrives at a node and
    nothing leaves. SOURCE: water leaves a node and nothing arrives.
    """

    SNAPPED = "snapped"
    SPLIT = "split"
    CROSSING = "crossing"
    DUPLICATE = "duplicate"
    GAP = "gap"
    BRIDGED = "bridged"
    THROUGH = "through"
    LOOSE = "loose"
    OUTLET = "outlet"
    UNKNOWN = "unknown"
    TURNED = "turned"
    SINK = "sink"
    SOURCE = "source"


RESOLVED = frozenset({
    NetKind.SNAPPED, NetKind.SPLIT, NetKind.BRIDGED, NetKind.THROUGH, NetKind.DUPLICATE,
    NetKind.TURNED,
})  # fmt: skip
"""Kinds that say what was done; the others wait for somebody."""


@dataclass(frozen=True)
class NetFinding:
    """One finding, at a place of the map.

    Attributes:
        kind: see `NetKind`.
        lon, lat: degrees of EPSG:4490.
        line: key of the line it is about.
        other: key of the other line, name of the lake, "" for none.
        metres: how far an end was moved or is away; length for parts and reaches.
        other_end: where an end was before it was moved, or the nearest place of the other line
            across a gap, degrees of EPSG:4490; None where there is no such place.
    """

    kind: NetKind
    lon: float
    lat: float
    line: str
    other: str = ""
    metres: float = 0.0
    other_end: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        """The same for the same finding in the same data: what a decision refers to."""
        return f"{self.kind}:{self.line}:{self.lon:.5f},{self.lat:.5f}"

    @property
    def resolved(self) -> bool:
        """Whether it says what was done rather than what is to be decided."""
        return self.kind in RESOLVED
