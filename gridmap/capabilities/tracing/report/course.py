"""The one course of water that a profile follows: metres above and below an exceedance.

Above an exceedance water comes from many sides; a profile can show one of them. The course runs
from the top of the walk, through a place if one is named, past the exceedance and on downstream.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gridmap.capabilities.rivers.rules.waterways import Spot, WaterReach
from gridmap.capabilities.tracing.work.tracing import TraceAnswer

DOWNSTREAM_M: Final = 20_000.0
_JOIN_M: Final = 1.0


@dataclass(frozen=True)
class Course:
    """Reaches from the top downwards.

    Attributes:
        ends: code of the reach to the metres of its lower end above the exceedance, negative below.
        lengths: code to metres.
        turned: codes of reaches whose water runs back.
        top_m, bottom_m: metres of the ends of the course above the exceedance; bottom is ≤ 0.
        zero_m: where river kilometre 0 lies: the farthest water of the whole walk.
    """

    ends: Mapping[str, float]
    lengths: Mapping[str, float]
    turned: frozenset[str]
    top_m: float
    bottom_m: float
    zero_m: float

    def metres(self, spot: Spot) -> float | None:
        """Metres of a place above the exceedance, negative below; None off the course."""
        if spot.reach not in self.ends:
            return None
        rest = self.lengths[spot.reach] - spot.chainage_m
        found = self.ends[spot.reach] + (spot.chainage_m if spot.reach in self.turned else rest)
        return found if self.bottom_m - _JOIN_M <= found <= self.top_m + _JOIN_M else None

    def km(self, metres: float) -> float:
        """River kilometre, counted from upstream."""
        return (self.zero_m - metres) / 1000.0


def course_of(answer: TraceAnswer, through: Spot | None = None) -> Course:
    """The course through a place above the exceedance; without one that of the first suspect."""
    if through is None and answer.found.suspects:
        through = answer.found.suspects[0].source.spot
    net = _Net(answer)
    here = answer.found.event.spot
    above = answer.found.reaches
    path = net.path_from(through.reach, above) if through is not None else None
    path = path or [here.reach]
    path = [*net.extended(path[::-1], above, upwards=True)]
    below = answer.waters.ways.reaches_from(here, DOWNSTREAM_M, above=False)
    down = [*net.extended([here.reach], below, upwards=False)]
    length = net.by_code[here.reach].length_m
    own = here.chainage_m if here.reach in net.turned else length - here.chainage_m
    ends = {code: -(below[code][0] + net.by_code[code].length_m) for code in down[1:]}
    ends |= {code: above[code][0] for code in path[1:]}
    ends[here.reach] = -own
    return Course(
        ends=ends,
        lengths={code: net.by_code[code].length_m for code in ends},
        turned=frozenset(net.turned),
        top_m=above[path[-1]][1],
        bottom_m=-below[down[-1]][1],
        zero_m=max(far for _, far in above.values()),
    )


class _Net:
    """Which reach follows which, as the water runs."""

    def __init__(self, answer: TraceAnswer) -> None:
        ways = answer.waters.ways
        self.here = answer.found.event.spot.reach
        self.turned = set(ways.turned)
        self.by_code: dict[str, WaterReach] = {reach.code: reach for reach in ways.reaches}

    def upper(self, code: str) -> str:
        """The node that its water comes from."""
        reach = self.by_code[code]
        return reach.to_node if code in self.turned else reach.from_node

    def lower(self, code: str) -> str:
        """The node that its water goes to."""
        reach = self.by_code[code]
        return reach.from_node if code in self.turned else reach.to_node

    def path_from(self, code: str, above: Mapping[str, tuple[float, float]]) -> list[str] | None:
        """The nearest way from a reach above down to the exceedance; None if there is none."""
        if code not in above:
            return None
        path = [code]
        while path[-1] != self.here:
            node = self.lower(path[-1])
            ahead = [
                other for other in above if node and other not in path and self.upper(other) == node
            ]
            if not ahead:
                return None
            path.append(min(ahead, key=lambda other: (above[other][0], other)))
        return path

    def extended(
        self, path: list[str], within: Mapping[str, tuple[float, float]], *, upwards: bool
    ) -> Iterator[str]:
        """A path and what goes on from its last reach, along the same river while it lasts."""
        yield from path
        seen, last = set(path), path[-1]
        near: Callable[[str], str] = self.lower if upwards else self.upper
        far: Callable[[str], str] = self.upper if upwards else self.lower
        while True:
            node, river = far(last), self.by_code[last].river
            ahead = [
                code
                for code, (metres, _) in within.items()
                if node and code not in seen and near(code) == node
                and abs(metres - within[last][1]) <= _JOIN_M
            ]  # fmt: skip
            if not ahead:
                return
            last = min(ahead, key=lambda code: (self.by_code[code].river != river, code))
            seen.add(last)
            yield last
