"""The answers of a batch in words, column by column.

What repeats (units, reaches, people, zones) is worded once and pointed to; the tables of
words live as long as the `BatchWriting` and grow from block to block.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.capabilities.batch.work.assigning import KINDS, BatchResult, Note
from gridmap.capabilities.batch.work.datum import DATUMS
from gridmap.capabilities.locate.rules.batch_verdict import (
    BANKS,
    BORDER_KINDS,
    REASONS,
    BatchVerdict,
    ZonesOfKind,
)
from gridmap.capabilities.locate.rules.coded import Coded, distinct_of
from gridmap.capabilities.locate.rules.grid import TIERS
from gridmap.capabilities.locate.rules.verdict import Duty, Holding
from gridmap.capabilities.locate.work.phrases import Placed
from gridmap.report import wording
from gridmap.report.titles import named
from gridmap.texts import t

T = TypeVar("T")
Worded = Callable[[Any], str]

REDLINE: Final = "ecological"
_CHIEF_TIERS: Final = ("village", "township", "county", "city")
_METRES: Final = 1
_DEGREES: Final = 7


class BatchWriting:
    """Turns results into tables of words in the language of the moment it was made.

    Args:
        data: what the answers rest on, one line (editions and dates); stands in each row.
    """

    def __init__(self, data: str = "") -> None:
        self._data = data
        self._known: dict[tuple[int, str], tuple[Sequence[Any], list[str | None]]] = {}

    def table(self, result: BatchResult) -> pa.Table:
        """The columns that a batch adds to its sheet; n rows."""
        verdict = result.verdict
        columns = self._grid(result, verdict)
        columns |= self._chain(verdict)
        columns |= self._water(verdict)
        columns |= self._zones(verdict)
        columns |= self._rest(result, verdict)
        return pa.table(columns)

    def _grid(self, result: BatchResult, verdict: BatchVerdict) -> dict[str, pa.Array]:
        kinds = [t(f"batch.kind.{kind}") for kind in KINDS]
        reasons = [t(f"batch.reason.{reason}") for reason in REASONS]
        return {
            t("batch.column.status"): chosen(kinds, result.kind),
            t("batch.column.owner_code"): self._words(verdict.owner, "code"),
            t("batch.column.owner"): self._words(verdict.owner, "name"),
            t("batch.column.provisional"): flagged(verdict.provisional),
            t("batch.column.border_m"): metres(verdict.border_m),
            t("batch.column.tolerance_m"): metres(verdict.tolerance_m),
            t("batch.column.reason"): chosen(reasons, verdict.reason),
            t("batch.column.note"): pa.array(notes_of(result), pa.string()),
            t("batch.column.other_code"): self._words(verdict.other, "code"),
            t("batch.column.other"): self._words(verdict.other, "name"),
            t("batch.column.other_m"): metres(verdict.other_m),
        }

    def _chain(self, verdict: BatchVerdict) -> dict[str, pa.Array]:
        columns: dict[str, pa.Array] = {}
        for tier in TIERS:
            if tier not in verdict.chain:
                continue
            title = named("tier", tier)
            units = verdict.chain[tier]
            columns[t("batch.column.unit_code", tier=title)] = self._words(units, "code")
            columns[t("batch.column.unit", tier=title)] = self._words(units, "name")
            head = t("batch.column.head", tier=title)
            columns[head] = self._made(verdict.heads[tier], "held", held_by)
        return columns

    def _water(self, verdict: BatchVerdict) -> dict[str, pa.Array]:
        banks = [t(f"verdict.bank.{bank}") for bank in BANKS]
        borders = [t(f"batch.border.{kind}") for kind in BORDER_KINDS]
        columns = {
            t("batch.column.reach_code"): self._words(verdict.reach, "code"),
            t("batch.column.reach"): self._words(verdict.reach, "name"),
            t("batch.column.river"): self._words(verdict.reach, "river_name"),
            t("batch.column.river_m"): metres(verdict.river_m),
            t("batch.column.chainage_m"): metres(verdict.chainage_m),
            t("batch.column.bank"): chosen(banks, verdict.bank),
            t("batch.column.border"): chosen(borders, verdict.border),
        }
        for tier in _CHIEF_TIERS:
            title = t("batch.column.chief", tier=named("tier", tier))
            columns[title] = self._made(verdict.chiefs, f"chief:{tier}", _chiefs_of(tier))
        return columns

    def _zones(self, verdict: BatchVerdict) -> dict[str, pa.Array]:
        count = len(verdict)
        nothing = pa.nulls(count, pa.string())
        red = verdict.zones.get(REDLINE)
        others = {kind: zone for kind, zone in verdict.zones.items() if kind != REDLINE}
        doubts = np.zeros(count, bool)
        for zone in others.values():
            doubts |= zone.uncertain
        return {
            t("batch.column.redline"): (
                nothing if red is None else self._made(red.inside, "zones", names_of)
            ),
            t("batch.column.redline_m"): metres(
                np.full(count, np.inf) if red is None else red.edge_m
            ),
            t("batch.column.redline_uncertain"): (
                nothing if red is None else flagged(red.uncertain)
            ),
            t("batch.column.zones"): _together(others) if others else nothing,
            t("batch.column.zones_uncertain"): flagged(doubts),
        }

    def _rest(self, result: BatchResult, verdict: BatchVerdict) -> dict[str, pa.Array]:
        where, known = result.where, np.isfinite(result.where.lon)
        days, day_of = np.unique(result.on, return_inverse=True)
        radius_m = np.where(known, where.radius_m, np.inf)
        data = chosen([self._data] if self._data else [], np.where(known & bool(self._data), 0, -1))
        return {
            t("batch.column.districts"): self._made(verdict.districts, "names", names_of),
            t("batch.column.department"): self._made(verdict.duty, "duty", department_of),
            t("batch.column.work_days"): self._made(verdict.duty, "days", days_of),
            t("batch.column.on"): chosen(
                [None if np.isnat(day) else str(day) for day in days], day_of
            ),
            t("batch.column.taken_for"): pa.array(taken_for(result), pa.string()),
            t("batch.column.datum"): chosen([datum.value for datum in DATUMS], where.datum),
            t("batch.column.lon"): rounded(where.lon, _DEGREES),
            t("batch.column.lat"): rounded(where.lat, _DEGREES),
            t("batch.column.radius_m"): metres(radius_m),
            t("batch.column.data"): data,
            t("batch.column.fingerprint"): fingerprints(verdict.fingerprint),
        }

    # --- words kept from block to block ------------------------------------------------------

    def _words(self, column: Coded[T], attribute: str) -> pa.Array:
        return self._made(column, attribute, lambda value: str(getattr(value, attribute)))

    def _made(self, column: Coded[T], what: str, word: Worded) -> pa.Array:
        """A coded column in words; each value is worded once."""
        key = (id(column.values), what)
        values, words = self._known.setdefault(key, (column.values, []))
        words.extend(word(value) or None for value in values[len(words) :])
        return chosen(words, column.codes)


def chosen(words: Sequence[str | None], codes: npt.ArrayLike) -> pa.Array:
    """A column of words by codes; a negative code is an empty cell."""
    places = np.asarray(codes).astype(np.int32)
    indices = pa.array(places, pa.int32(), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def metres(values: npt.NDArray[np.float64]) -> pa.Array:
    """Metres with a decimal; what is infinite is an empty cell."""
    return rounded(values, _METRES)


def rounded(values: npt.NDArray[np.float64], decimals: int) -> pa.Array:
    """Numbers with so many decimals; what is no number is an empty cell."""
    return pa.array(np.round(values, decimals), mask=~np.isfinite(values))


def flagged(values: npt.NDArray[np.bool_]) -> pa.Array:
    """“yes” or an empty cell."""
    return chosen([t("batch.yes")], np.where(values, 0, -1))


def fingerprints(marks: npt.NDArray[np.bytes_]) -> pa.Array:
    """64 hexadecimal digits, or an empty cell, as text."""
    empty = marks == b""
    size = marks.dtype.itemsize
    offsets = np.concatenate([[0], np.cumsum(np.where(empty, 0, size))]).astype(np.int32)
    data = marks[~empty].tobytes()
    whole = pa.StringArray.from_buffers(len(marks), pa.py_buffer(offsets), pa.py_buffer(data))
    return pc.if_else(pa.array(empty), None, whole) if empty.any() else whole


def notes_of(result: BatchResult) -> list[str | None]:
    """What is to be said of each row beside its answer: why it has none, what was put right."""
    where = result.where
    found: list[str | None] = [None] * len(result)
    if not where.notes.any() and all(one is None for one in where.trouble):
        return found
    worded: dict[int, str] = {}
    join = t("verdict.join.clauses")
    told = where.notes & ~np.int16(Note.NUMBERED)  # which the whole sheet says once
    for row in np.flatnonzero(told).tolist():
        bits = int(told[row])
        if bits not in worded:
            said = [t(f"batch.said.{(note.name or '').lower()}") for note in Note if bits & note]
            worded[bits] = join.join(said)
        found[row] = worded[bits]
    for row, trouble in enumerate(where.trouble):
        if trouble is not None:
            parts = [t(f"batch.lost.{trouble}"), hint_of(where.placed[row])]
            found[row] = join.join(part for part in (*parts, found[row]) if part)
    return found


def hint_of(placed: Placed | None) -> str:
    """What a search by words found short of a place: 余新镇 · 3 个候选 ±900 m."""
    if placed is None:
        return ""
    radius, count = wording.distance(placed.radius_m), len(placed.candidates)
    if placed.unit is not None and count:
        return t("batch.candidates", unit=placed.unit.name, count=count, radius=radius)
    if placed.unit is not None:
        return t("batch.only_unit", unit=placed.unit.name, radius=radius)
    return t("batch.candidates_nowhere", count=count, radius=radius) if count else ""


def taken_for(result: BatchResult) -> list[str | None]:
    """Which features the words of a row were taken for."""
    return [_anchors(placed) if placed is not None else None for placed in result.where.placed]


def _anchors(placed: Placed) -> str | None:
    return t("verdict.join.names").join(hit.entry.name for hit in placed.anchors) or None


def _together(zones: Mapping[str, ZonesOfKind]) -> pa.Array:
    """The zones of several kinds in one cell; each combination is worded once."""
    combined: npt.NDArray[np.int64] | None = None
    for zone in zones.values():
        digits = zone.inside.codes.astype(np.int64) + 1
        size = len(zone.inside.values) + 1
        combined = digits if combined is None else combined * size + digits
    assert combined is not None  # noqa: S101  the caller has zones
    distinct, place = distinct_of(np.where(combined == 0, -1, combined))
    return chosen([_combination(zones, key) for key in distinct.tolist()], place)


def _combination(zones: Mapping[str, ZonesOfKind], key: int) -> str:
    parts: list[str] = []
    for kind, zone in reversed(list(zones.items())):
        key, digit = divmod(key, len(zone.inside.values) + 1)
        if digit:
            names = names_of(zone.inside.values[digit - 1])
            parts.append(t("batch.zone_of", kind=named("zone", kind), names=names))
    return t("verdict.join.clauses").join(reversed(parts))


def held_by(holdings: Sequence[Holding]) -> str:
    """People of a post on the day, or its vacancy with since when."""
    several = len({one.role for one in holdings}) > 1
    return t("verdict.join.names").join(_holder(one, with_role=several) for one in holdings)


def _holder(one: Holding, *, with_role: bool) -> str:
    if one.person is not None:
        name = one.person.name
    elif one.begins is not None:
        name = t("batch.before_roster", begins=wording.day(one.begins))
    elif one.since is None:
        name = t("batch.vacant")
    else:
        name = t("batch.vacant_since", since=wording.day(one.since))
    return t("batch.with_role", name=name, role=named("role", one.role)) if with_role else name


def _chiefs_of(tier: str) -> Worded:
    return lambda holdings: held_by([one for one in holdings if one.tier == tier])


def names_of(things: Sequence[Any]) -> str:
    """Names with their codes."""
    return t("verdict.join.names").join(f"{one.name} {one.code}" for one in things)


def department_of(duty: Duty) -> str:
    """Who handles a problem type."""
    return duty.department


def days_of(duty: Duty) -> str:
    """The term in working days."""
    return "" if duty.work_days is None else str(duty.work_days)


def totals(counts: Mapping[str, int]) -> str:
    """The sum that must come out: 5,000 = 4,612 + 203 + 58 + 21 + 34 + 72."""
    parts = " + ".join(f"{counts[kind]:,}" for kind in KINDS)
    return t("batch.totals", total=f"{sum(counts.values()):,}", parts=parts)
