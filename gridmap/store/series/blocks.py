"""One block of readings as bytes: a year of one series, compressed without loss.

Times are differences in the largest unit that divides them all, and nothing at all where they
are equal; values are whole numbers when the published decimals give back the very same
float64, else raw float64. Whole numbers are written as differences, byte by byte of equal
weight: noise stands apart from what hardly changes. Flags, protocols and arrivals are run
lengths, a displayed value is there only where a source gave one. zlib packs the whole.

Format 1 (times, values, flags; 730 hours a block) is read for ever; format 2 is written.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from gridmap.core.moments import HOUR_US, MINUTE_US, SECOND_US
from gridmap.store.series.readings import UNKNOWN, Flags, Readings, Times, Values, no_text, nothing

# format, unit of the times (µs), first time, readings, code and decimals of the values,
# code of the time differences, bytes of the packed flags
_HEADER_1: Final = struct.Struct("<BqqIBBBI")
# the same, then code and decimals of the displayed values, bytes of protocols and arrivals
_HEADER_2: Final = struct.Struct("<BqqIBBBIBBI")
_STEPS: Final = (HOUR_US, MINUTE_US, SECOND_US, 1_000, 1)
_SIGNED: Final = tuple(np.dtype(kind) for kind in ("<i1", "<i2", "<i4", "<i8"))
_UNSIGNED: Final = tuple(np.dtype(kind) for kind in ("<u1", "<u2", "<u4", "<u8"))
_RAW: Final = 255
_ABSENT: Final = 254  # no displayed values; no time differences because all are one unit
_MOST_DECIMALS: Final = 6
_EXACT: Final = 2.0**53
_LEVEL: Final = 6
_SHARED_BLANKS: Final = 2**17


def encode(readings: Readings) -> bytes:
    """Pack readings whose times rise strictly; at least one."""
    first = int(readings.times[0])
    gaps = np.diff(readings.times)
    step = _step(gaps)
    deltas, delta_code = _smallest(gaps // step)
    if np.all(gaps == step):
        deltas, delta_code = deltas[:0], _ABSENT
    values, value_code, decimals = _packed(readings.numbers)
    flags = _text(readings.flags)
    shown, shown_code, shown_decimals = b"", _ABSENT, 0
    if readings.shown is not None and not np.isnan(readings.shown).all():
        shown, shown_code, shown_decimals = _packed(readings.shown)
    beside = _beside(readings)
    header = _HEADER_2.pack(
        2, step, first, len(readings), value_code, decimals, delta_code, len(flags),
        shown_code, shown_decimals, len(beside),
    )  # fmt: skip
    return header + zlib.compress(deltas.tobytes() + values + shown + flags + beside, _LEVEL)


class OpenBlock(NamedTuple):
    """A block whose bytes are unpacked but not read; the names are those of the header."""

    format: int
    step: int
    first: int
    rows: int
    value_code: int
    decimals: int
    delta_code: int
    flag_bytes: int
    shown_code: int
    shown_decimals: int
    beside_bytes: int
    body: bytes

    @property
    def in_whole_numbers(self) -> bool:
        """Whether the values are differences of whole numbers, as of format 2."""
        return self.format > 1 and self.value_code != _RAW

    @property
    def delta_width(self) -> int:
        """Bytes of a time difference, 0 where each is one step."""
        return 0 if self.delta_code == _ABSENT else _UNSIGNED[self.delta_code].itemsize

    @property
    def value_width(self) -> int:
        """Bytes of a value."""
        return _width(self.value_code)

    @property
    def values_at(self) -> int:
        """Where the values begin."""
        return (self.rows - 1) * self.delta_width

    @property
    def shown_at(self) -> int:
        """Where the displayed values begin."""
        return self.values_at + self.rows * self.value_width

    @property
    def flags_at(self) -> int:
        """Where the flags begin."""
        return len(self.body) - self.flag_bytes - self.beside_bytes


def decode(block: bytes) -> Readings:
    """Unpack a block, with all that stands beside the values.

    Raises:
        ValueError: for bytes that are not a block of a known format.
    """
    return decode_many([block])


def decode_many(packed: Sequence[bytes], *, flags: bool = True, beside: bool = True) -> Readings:
    """Unpack blocks in order of time.

    Args:
        packed: blocks of one series.
        flags: also flags, which some calculations do not ask for.
        beside: also protocols, displayed values and arrivals, which few ask for.

    Returns:
        The readings; flags may be an array that cannot be written to.

    Raises:
        ValueError: for bytes that are not a block of a known format.
    """
    opened = [open_block(block) for block in packed]
    if not opened:
        return nothing()
    places = _places(opened)
    times = np.empty(places[-1].stop, np.int64)
    for block, place in zip(opened, places, strict=True):
        _times(block, times[place])
    values = _values([_Column(b, b.values_at, b.value_code, b.decimals) for b in opened], places)
    if not flags and not beside:
        return Readings(times, values, _blank(len(times)))
    plain = Readings(times, values, _flags(opened, places))
    if not beside:
        return plain
    shown = None
    if any(block.shown_code != _ABSENT for block in opened):
        columns = [_Column(b, b.shown_at, b.shown_code, b.shown_decimals) for b in opened]
        shown = _values(columns, places)
    notes = [_read_beside(block) for block in opened]
    return Readings(
        plain.times, plain.numbers, plain.flags,
        _filled(opened, [protocols for protocols, _ in notes], no_text),
        shown,
        _filled(opened, [arrived for _, arrived in notes], lambda n: np.full(n, UNKNOWN, np.int64)),
    )  # fmt: skip


def _places(opened: list[OpenBlock]) -> list[slice]:
    """Where the readings of each block go."""
    ends = np.cumsum([block.rows for block in opened]).tolist()
    return [slice(end - block.rows, end) for block, end in zip(opened, ends, strict=True)]


def open_block(block: bytes) -> OpenBlock:
    """Unpack the bytes of a block.

    Raises:
        ValueError: for bytes that are not a block of a known format.
    """
    header = _HEADER_2 if block[:1] == b"\x02" else _HEADER_1
    try:
        facts = header.unpack_from(block)
        if facts[0] == 1:
            facts += (_ABSENT, 0, 0)  # it knows nothing beside values and flags
        elif facts[0] != 2:  # noqa: PLR2004
            raise ValueError(f"not a block of readings: format {facts[0]}")
        return OpenBlock._make((*facts, zlib.decompress(block[header.size :])))
    except (struct.error, zlib.error) as error:
        raise ValueError(f"not a block of readings: {error}") from error


def _times(block: OpenBlock, into: Times) -> None:
    into[0] = block.first
    if block.delta_code == _ABSENT:
        into[1:] = block.step
    else:
        into[1:] = np.frombuffer(block.body, _UNSIGNED[block.delta_code], block.rows - 1)
        if block.step != 1:
            into[1:] *= block.step
    np.cumsum(into, out=into)


class _Column(NamedTuple):
    """Values or displayed values of one block: where they begin, code, decimals."""

    block: OpenBlock
    at: int
    code: int
    decimals: int


def _values(columns: list[_Column], places: list[slice]) -> Values:
    values = np.empty(places[-1].stop)
    for (block, at, code, decimals), place in zip(columns, places, strict=True):
        into = values[place]
        if code == _ABSENT:
            into[:] = np.nan
            continue
        body = block.body[at : at + block.rows * _width(code)]
        if code == _RAW:
            into[:] = np.frombuffer(body, "<f8")
            continue
        kind = _SIGNED[code]
        numbers: npt.NDArray[Any] = np.frombuffer(body, kind)
        if block.format != 1:
            planes = numbers.view(np.uint8).reshape(kind.itemsize, block.rows)
            together = np.empty((block.rows, kind.itemsize), np.uint8)
            for weight in range(kind.itemsize):
                together[:, weight] = planes[weight]
            # Sums wrap around as the differences did.
            numbers = np.cumsum(together.view(kind)[:, 0], dtype=kind)
        np.divide(numbers, 10.0**decimals, out=into)
        missing = numbers == np.iinfo(kind).min
        if missing.any():
            into[missing] = np.nan
    return values


def _packed(values: Values) -> tuple[bytes, int, int]:
    missing = np.isnan(values)
    present = values[~missing]
    for decimals in range(_MOST_DECIMALS + 1):
        scale = 10.0**decimals
        with np.errstate(over="ignore", invalid="ignore"):
            whole = np.rint(present * scale)
            exact = bool(np.all(np.abs(whole) < _EXACT)) and np.array_equal(whole / scale, present)
        if exact:
            numbers = np.zeros(len(values), np.int64)
            numbers[~missing] = whole.astype(np.int64)
            # The lowest number of each type stands for a missing value.
            code = next(
                code
                for code, kind in enumerate(_SIGNED)
                if numbers.min() > np.iinfo(kind).min and numbers.max() <= np.iinfo(kind).max
            )
            packed = numbers.astype(_SIGNED[code])
            packed[missing] = np.iinfo(_SIGNED[code]).min
            differences = np.diff(packed, prepend=_SIGNED[code].type(0))
            planes = differences.view(np.uint8).reshape(len(values), -1).T
            return planes.tobytes(), code, decimals
    return values.astype("<f8").tobytes(), _RAW, 0


def _step(gaps: Times) -> int:
    return next(step for step in _STEPS if not np.any(gaps % step))


def _smallest(numbers: Times) -> tuple[npt.NDArray[Any], int]:
    most = int(numbers.max()) if len(numbers) else 0
    code = next(code for code, kind in enumerate(_UNSIGNED) if most <= np.iinfo(kind).max)
    return numbers.astype(_UNSIGNED[code]), code


def _width(code: int) -> int:
    return 8 if code == _RAW else _SIGNED[code].itemsize


def _starts(column: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], list[int]]:
    """Where runs of equal cells begin, and how long they are."""
    starts = np.append(0, np.flatnonzero(column[1:] != column[:-1]) + 1)
    return starts, np.diff(np.append(starts, len(column))).tolist()


def _text(flags: Flags) -> bytes:
    if not np.any(flags != ""):
        return b""
    starts, lengths = _starts(flags)
    runs = [[n, str(flags[i])] for n, i in zip(lengths, starts, strict=True)]
    return json.dumps(runs, separators=(",", ":")).encode()


def _beside(readings: Readings) -> bytes:
    """Protocols and arrivals: {"p": [[count, text], …], "a": [unit, [count, …], [µs, …]]}."""
    found: dict[str, Any] = {}
    if readings.protocols is not None and (text := _text(readings.protocols)):
        found["p"] = json.loads(text)
    if readings.arrived is not None and np.any(readings.arrived != UNKNOWN):
        starts, lengths = _starts(readings.arrived)
        differences = np.diff(readings.arrived[starts], prepend=0)
        step = _step(differences)
        found["a"] = [step, lengths, (differences // step).tolist()]
    return json.dumps(found, separators=(",", ":")).encode() if found else b""


def _read_beside(block: OpenBlock) -> tuple[Flags | None, Times | None]:
    if not block.beside_bytes:
        return None, None
    found = json.loads(block.body[len(block.body) - block.beside_bytes :])
    protocols = _repeated(found["p"]) if "p" in found else None
    if "a" not in found:
        return protocols, None
    step, lengths, differences = found["a"]
    moments = np.cumsum(np.array(differences, np.int64) * step)
    return protocols, np.repeat(moments, lengths)


def _flags(opened: list[OpenBlock], places: list[slice]) -> Flags:
    count = places[-1].stop
    if not any(block.flag_bytes for block in opened):
        return _blank(count)
    flags = _blank(count).copy()
    for block, place in zip(opened, places, strict=True):
        if not block.flag_bytes:
            continue
        at, start = block.flags_at, place.start
        for length, text in json.loads(block.body[at : at + block.flag_bytes]):
            if text:
                flags[start : start + length] = text
            start += length
    return flags


def _blank(count: int) -> Flags:
    """Empty flags that nobody writes to: one array for all series that have none."""
    if count > _SHARED_BLANKS:
        return no_text(count)
    blank: Flags = _shared_blanks()[:count]
    return blank


@lru_cache(maxsize=1)
def _shared_blanks() -> Flags:
    blanks = no_text(_SHARED_BLANKS)
    blanks.flags.writeable = False
    return blanks


def _repeated(runs: list[Any]) -> Flags:
    texts = np.array([text for _, text in runs], dtype=object)
    repeated: Flags = np.repeat(texts, [n for n, _ in runs])
    return repeated


def _filled(opened: list[OpenBlock], columns: list[Any], empty: Any) -> Any:
    if all(column is None for column in columns):
        return None
    return np.concatenate([
        empty(block.rows) if column is None else column
        for block, column in zip(opened, columns, strict=True)
    ])  # fmt: skip
