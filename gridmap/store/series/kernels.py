"""Sums over blocks of readings without making arrays of them; numba compiles at first use."""

# Loops over plain arrays with many arguments are what numba compiles well.
# ruff: noqa: PLR0913, PLR0917

import numba as nb
import numpy as np
from numpy.typing import NDArray

_BITS = 8
_WIDEST = 8


@nb.njit(cache=True, nogil=True)
def add_days(
    body: NDArray[np.uint8],
    rows: int,
    delta_width: int,
    step: int,
    first: int,
    width: int,
    day: int,
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    seen: NDArray[np.bool_],
) -> None:
    """Add the whole numbers of one block to the days in which they lie.

    Args:
        body: the unpacked bytes of a block: time differences, then values byte by byte of
            equal weight, as `blocks` writes them.
        rows: readings of the block.
        delta_width: bytes of a time difference, 0 where each is one step.
        step: of the times in µs.
        first: time of the first reading in µs, counted from the beginning of the first day.
        width: bytes of a value.
        day: µs of a day.
        sums: gets the values, shape (days,).
        counts: gets their number, shape (days,).
        seen: gets True for a day that has any time, shape (days,).
    """
    at = (rows - 1) * delta_width
    lowest = -(1 << (_BITS * width - 1))
    time, number = first, 0
    place, end = time // day, (time // day + 1) * day
    for i in range(rows):
        if i > 0:
            difference = 1
            if delta_width > 0:
                difference = 0
                for k in range(delta_width):
                    difference |= int(body[(i - 1) * delta_width + k]) << (_BITS * k)
            time += difference * step
            if time >= end:
                place = time // day
                end = (place + 1) * day
        change = 0
        for k in range(width):
            change |= int(body[at + k * rows + i]) << (_BITS * k)
        number += change
        if width < _WIDEST:  # wraps around as a number of this width does
            number = ((number - lowest) & ((1 << (_BITS * width)) - 1)) + lowest
        seen[place] = True
        if number != lowest:
            sums[place] += number
            counts[place] += 1
