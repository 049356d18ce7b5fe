"""Made events: a net with loops, outlets, sections, readings with noise and gaps, a true source.

Everything is drawn from one seed, so that a test and a benchmark see the same events.
"""

from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.rivers.rules.waterways import Spot, Velocities, WaterReach, Waterways
from gridmap.capabilities.tracing.rules import Event, Source, Trail
from gridmap.core.moments import HOUR_US

ITEM = "nh3n"
LIMIT = 1.0
STEP_H = 4
_ITEMS = ("codmn", "nh3n", "tp", "tn")


@dataclass(frozen=True)
class Made:
    """An event with all that tracing may know, and the outlet it really came from."""

    net: Waterways
    event: Event
    sources: list[Source]
    trails: list[Trail]
    truth: str


def made_event(seed: int) -> Made | None:
    """An event; None where the water of this seed never reached a section beyond the limit."""
    rng = np.random.default_rng(seed)
    reaches = _reaches(rng)
    believed = Waterways(reaches, Velocities())
    factor = rng.uniform(0.7, 1.35)
    sources = [_source(number, reaches, rng) for number in range(45)]
    sections = [
        (f"S{number:02d}", _spot(reaches, rng, low=0.6))
        for number in range(max(6, len(reaches) // 3))
    ]
    named = [one for one in sources if one.items and ITEM in one.items]
    truth = named[int(rng.integers(len(named)))] if rng.random() < 0.9 else sources[3]
    start = 20 * 24 * HOUR_US
    lasting = int(rng.uniform(6, 30)) * HOUR_US
    dose = rng.uniform(2.0, 8.0)
    trails = []
    arrivals: dict[str, tuple[int, int]] = {}
    for code, spot in sections:
        times = np.arange(0, 26 * 24, STEP_H, dtype=np.int64) * HOUR_US
        values = 0.45 + 0.12 * rng.standard_normal() + 0.1 * rng.standard_normal(len(times))
        way = believed.downstream(truth.spot, [spot]).get(0)
        if way is not None:
            arrival = start + int(way.hours / factor * HOUR_US)
            here = (times >= arrival) & (times <= arrival + lasting)
            values[here] += dose * np.exp(-way.metres / 25_000) * rng.uniform(0.8, 1.2, here.sum())
            beyond = times[here & (values > LIMIT)]
            if len(beyond):
                arrivals[code] = int(beyond[0]), int(beyond[-1])
        values = np.minimum(np.maximum(values, 0.02), 50.0)
        values[rng.random(len(times)) < 0.12] = np.nan
        if rng.random() < 0.15:  # a long gap
            first = int(rng.integers(len(times)))
            values[first : first + 18] = np.nan
        if way is None:  # what never saw the event stays below the limit
            values = np.where(values > LIMIT, 0.9, values)
        trails.append(Trail(code, code, spot, times, values))
    seen = {one.code: one for one in trails}
    alarmed = [
        code
        for code, (first, last) in arrivals.items()
        if np.nansum(
            seen[code].values[(seen[code].times >= first) & (seen[code].times <= last)] > LIMIT
        )
    ]
    if not alarmed:
        return None
    code = alarmed[int(rng.integers(len(alarmed)))]
    beyond = _beyond(seen[code], arrivals[code])
    event = Event(seen[code].spot, ITEM, int(beyond[0]), int(beyond[-1]), LIMIT)
    if believed.upstream(event.spot, [truth.spot]).get(0) is None:
        return None
    return Made(believed, event, sources, trails, truth.code)


def _beyond(trail: Trail, span: tuple[int, int]) -> np.ndarray:
    """Times of readings beyond the limit that are still there, within a span."""
    inside = (trail.times >= span[0]) & (trail.times <= span[1])
    return trail.times[inside & (trail.values > LIMIT)]


def _reaches(rng: np.random.Generator) -> list[WaterReach]:
    """A tree of reaches with one arm in six that leaves a river and joins it again."""
    count = int(rng.integers(14, 30))
    reaches = []
    for number in range(count):
        below = "mouth" if number == 0 else f"n{int(rng.integers(max(0, number - 5), number))}"
        reaches.append(
            WaterReach(
                f"R{number:02d}",
                f"R{number:02d}",
                "made",
                f"n{number}",
                below,
                float(rng.uniform(1500, 6000)),
                float(rng.choice([0.0, 0.2, 0.3, 0.45])),
            )
        )
    for number in range(count // 6):
        twin = reaches[int(rng.integers(1, count))]
        reaches.append(
            WaterReach(
                f"A{number:02d}",
                "arm",
                "made",
                twin.from_node,
                twin.to_node,
                twin.length_m * float(rng.uniform(0.8, 1.6)),
                0.25,
            )
        )
    return reaches


def _spot(reaches: list[WaterReach], rng: np.random.Generator, low: float = 0.0) -> Spot:
    reach = reaches[int(rng.integers(len(reaches)))]
    return Spot(reach.code, float(rng.uniform(low, 1.0)) * reach.length_m)


def _source(number: int, reaches: list[WaterReach], rng: np.random.Generator) -> Source:
    items = None
    if rng.random() > 0.15:
        items = frozenset(i for i in _ITEMS if rng.random() < 0.45)
    if number == 3 or (number % 6 == 0 and items is not None):
        items = frozenset({ITEM, *(items or ())})
    return Source(
        f"O{number:02d}",
        f"O{number:02d}",
        f"F{number:02d}",
        f"F{number:02d}",
        _spot(reaches, rng),
        items,
        float(rng.uniform(0, 1)),
        int(rng.poisson(0.6)),
    )
