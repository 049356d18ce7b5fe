"""One block of readings as bytes: at most 730 hours of one series, compressed without loss.

Times are differences in the largest unit that divides them all; values are whole numbers
when the published decimals give back the very same float64, else raw float64; flags are
run lengths. zlib packs the whole.
"""

import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# format, unit of the times (µs), first time, readings, code and decimals of the values,
# code of the time differences, bytes of the packed flags
_HEADER: Final = struct.Struct("<BqqIBBBI")
_FORMAT: Final = 1
_STEPS: Final = (3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)
_SIGNED: Final[tuple[np.dtype[Any], ...]] = (
    np.dtype("<i1"),
    np.dtype("<i2"),
    np.dtype("<i4"),
    np.dtype("<i8"),
)
_UNSIGNED: Final[tuple[np.dtype[Any], ...]] = (
    np.dtype("<u1"),
    np.dtype("<u2"),
    np.dtype("<u4"),
    np.dtype("<u8"),
)
_RAW: Final = 255
_MOST_DECIMALS: Final = 6
_EXACT: Final = 2.0**53

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Readings:
    """Readings of one series: times (µs since 1970 UTC, rising), numbers (NaN = missing), flags.

    All three have shape (n,); a flag is text, "" where there is none.
    """

    times: Times
    numbers: Values
    flags: Flags

    def __len__(self) -> int:
        return len(self.times)

    def where(self, mask: npt.NDArray[np.bool_]) -> "Readings":
        """The readings where `mask`, shape (n,), is true."""
        return Readings(self.times[mask], self.numbers[mask], self.flags[mask])


def nothing() -> Readings:
    """No readings at all."""
    return Readings(np.empty(0, np.int64), np.empty(0), np.empty(0, object))


def joined(parts: list[Readings]) -> Readings:
    """Readings in order of time; where a time comes twice, the later part wins."""
    if not parts:
        return nothing()
    if len(parts) == 1:
        return parts[0]
    times = np.concatenate([part.times for part in parts])
    values = np.concatenate([part.numbers for part in parts])
    flags = np.concatenate([part.flags for part in parts])
    if np.all(times[1:] > times[:-1]):
        return Readings(times, values, flags)
    order = np.argsort(times, kind="stable")
    last = np.append(np.diff(times[order]) > 0, True)
    order = order[last]
    return Readings(times[order], values[order], flags[order])


def encode(readings: Readings) -> bytes:
    """Pack readings whose times rise strictly; at least one."""
    first = int(readings.times[0])
    gaps = np.diff(readings.times)
    step = next(step for step in _STEPS if not np.any(gaps % step))
    deltas, delta_code = _smallest(gaps // step, _UNSIGNED)
    values, value_code, decimals = _packed(readings.numbers)
    flags = _runs(readings.flags)
    header = _HEADER.pack(
        _FORMAT, step, first, len(readings), value_code, decimals, delta_code, len(flags)
    )
    return header + zlib.compress(deltas.tobytes() + values.tobytes() + flags, 6)


def decode(block: bytes) -> Readings:
    """Unpack a block.

    Raises:
        ValueError: for bytes that are not a block of this format.
    """
    try:
        header = _HEADER.unpack_from(block)
        body = zlib.decompress(block[_HEADER.size :])
    except (struct.error, zlib.error) as error:
        raise ValueError(f"not a block of readings: {error}") from error
    kind, step, first, count, value_code, decimals, delta_code, flag_bytes = header
    if kind != _FORMAT:
        raise ValueError(f"a block of readings of format {kind}")
    delta_type = _UNSIGNED[delta_code]
    times = np.empty(count, np.int64)
    times[0] = first
    deltas = np.frombuffer(body, delta_type, count - 1)
    times[1:] = first + np.cumsum(deltas.astype(np.int64)) * step
    start, end = (count - 1) * delta_type.itemsize, len(body) - flag_bytes
    return Readings(
        times, _unpacked(body[start:end], value_code, decimals), _flags(body[end:], count)
    )


def _packed(values: Values) -> tuple[npt.NDArray[Any], int, int]:
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
            return packed, code, decimals
    return values.astype("<f8"), _RAW, 0


def _unpacked(body: bytes, code: int, decimals: int) -> Values:
    if code == _RAW:
        return np.frombuffer(body, "<f8").astype(np.float64)
    numbers: npt.NDArray[Any] = np.frombuffer(body, _SIGNED[code])
    values: Values = numbers / 10.0**decimals
    values[numbers == np.iinfo(_SIGNED[code]).min] = np.nan
    return values


def _smallest(numbers: Times, kinds: tuple[np.dtype[Any], ...]) -> tuple[npt.NDArray[Any], int]:
    most = int(numbers.max()) if len(numbers) else 0
    code = next(code for code, kind in enumerate(kinds) if most <= np.iinfo(kind).max)
    return numbers.astype(kinds[code]), code


def _runs(flags: Flags) -> bytes:
    if not np.any(flags != ""):
        return b""
    starts = np.append(0, np.flatnonzero(flags[1:] != flags[:-1]) + 1)
    lengths = np.diff(np.append(starts, len(flags)))
    runs = [[int(n), str(flags[i])] for n, i in zip(lengths, starts, strict=True)]
    return json.dumps(runs, separators=(",", ":")).encode()


def _flags(packed: bytes, count: int) -> Flags:
    if not packed:
        return np.full(count, "", dtype=object)
    runs = json.loads(packed)
    texts = np.array([flag for _, flag in runs], dtype=object)
    repeated: Flags = np.repeat(texts, [n for n, _ in runs])
    return repeated
