"""On what an answer rests: the rules applied and a fingerprint of all inputs."""

import hashlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.capabilities.locate.rules.grid import Decision
from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.capabilities.locate.rules.verdict import (
    Basis,
    Candidate,
    EditionUsed,
    Reason,
    RiverLink,
    RuleStep,
)
from gridmap.core.place import Place
from gridmap.core.plane import Floats, Positions

RULE_VERSION: Final = "2"
_BILLION: Final = 1e9
_THOUSAND: Final = 1e3


def fingerprint_of_data(rules: Rules, editions: Sequence[EditionUsed]) -> str:
    """SHA-256 (hex) of rules and data: the part of a fingerprint that all answers share."""
    inputs = {
        "rule_version": RULE_VERSION,
        "rules": asdict(rules),
        "editions": sorted((e.layer_id, e.content_hash, e.accuracy_m) for e in editions),
    }
    return _digest(inputs)


def fingerprint(place: Place, on: date, problem: str | None, data: str) -> str:
    """SHA-256 (hex) of everything that a verdict depends on.

    Hashed are, one after the other: `data`, the fingerprint of rules and data (64 hex
    digits); longitude and latitude in billionths of a degree (a tenth of a millimetre)
    and the radius in millimetres, each rounded half up and written as a little-endian
    64-bit number; the day as 2026-11-22; and `=` and the problem type, if one was named.
    The words the user typed do not count, only the place they stand for.
    """
    figures = (place.lon * _BILLION, place.lat * _BILLION, place.radius_m * _THOUSAND)
    place_bytes = struct.pack("<3q", *(math.floor(figure + 0.5) for figure in figures))
    return hashlib.sha256(data.encode() + place_bytes + tail_of(on, problem)).hexdigest()


def fingerprints(
    lon: Floats, lat: Floats, radius_m: Floats, tails: Sequence[bytes], which: Positions, data: str
) -> npt.NDArray[np.bytes_]:
    """`fingerprint` for n places, as 64 ASCII digits each; shape (n,).

    Args:
        lon: shape (n,), degrees of EPSG:4490.
        lat: shape (n,).
        radius_m: shape (n,), metres.
        tails: `tail_of` the different days and problem types.
        which: shape (n,), which tail each row has.
        data: fingerprint of rules and data.
    """
    figures = np.column_stack([lon * _BILLION, lat * _BILLION, radius_m * _THOUSAND])
    places = np.floor(figures + 0.5).astype("<i8").tobytes()
    start, step, found = hashlib.sha256(data.encode()), 24, []
    for begin, tail in enumerate(which.tolist()):
        mark = start.copy()
        mark.update(places[begin * step : (begin + 1) * step] + tails[tail])
        found.append(mark.digest())
    digests = np.frombuffer(b"".join(found), np.uint8).reshape(-1, 32)
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    hexadecimal = np.stack([digits[digests >> 4], digits[digests & 15]], axis=2)
    return np.ascontiguousarray(hexadecimal.reshape(-1, 64)).view("S64").reshape(-1)


def tail_of(on: date, problem: str | None) -> bytes:
    """What a day and a problem type add to a fingerprint."""
    return on.isoformat().encode() + (b"" if problem is None else f"={problem}".encode())


def _digest(inputs: Mapping[str, object]) -> str:
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def basis(
    decision: Decision,
    candidates: Sequence[Candidate],
    river: RiverLink | None,
    accuracy: tuple[float, float],
    editions: Sequence[EditionUsed],
    mark: str,
) -> Basis:
    """The rules in the order in which they were applied.

    Args:
        decision: what the grid said.
        candidates: the candidates in the order of the tie-break.
        river: the river chain, if any.
        accuracy: accuracy of the grid and radius of the place, in metres.
        editions: the editions used.
        mark: the fingerprint.
    """
    grid_m, radius_m = accuracy
    steps = [
        RuleStep("tolerance", (("grid_m", grid_m), ("radius_m", radius_m))),
        RuleStep(f"reason_{decision.reason}", (("border_m", decision.border_m),)),
    ]
    if decision.dispute is not None:
        steps.append(RuleStep("dispute", (("name", decision.dispute.name),)))
    if decision.provisional and candidates:
        steps.append(
            RuleStep("nearest_is_provisional", (("distance_m", candidates[0].distance_m),))
        )
    if decision.reason is not Reason.OUTSIDE_TERRITORY:
        steps.extend(_tie_break(candidates))
    if river is not None:
        steps.append(RuleStep("nearest_reach", (("distance_m", river.distance_m),)))
    steps.append(RuleStep("posts_on_day"))
    return Basis(tuple(steps), grid_m + radius_m, tuple(editions), mark)


def _tie_break(candidates: Sequence[Candidate]) -> list[RuleStep]:
    """Which criterion put the owner before the next unit that covers the place."""
    covering = [candidate for candidate in candidates if candidate.covers]
    if len(covering) < 2:  # noqa: PLR2004  nothing was tied
        return []
    first, second = covering[0], covering[1]
    facts = (("owner", first.unit.name), ("other", second.unit.name))
    if first.priority != second.priority:
        return [RuleStep("tie_break_priority", facts)]
    if round(first.distance_m, 3) != round(second.distance_m, 3):
        depth = ("owner_m", first.distance_m), ("other_m", second.distance_m)
        return [RuleStep("tie_break_depth", (*facts, *depth))]
    return [RuleStep("tie_break_code", facts)]
