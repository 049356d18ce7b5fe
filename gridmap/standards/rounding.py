"""Rounding half to even on the decimal text, as GB/T 8170 asks.

A float is taken by the shortest decimal that stands for it: 2.675 is a tie, whatever its bits.
Classes are made of raw values; rounding is for display, and where a table asks for it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridmap.standards.tables import Purpose, Rounding, the_one

_NEAR_A_TIE: Final = 1e-6
_EXACT_UP_TO: Final = 1e9
"""Scaled values below this are exact to less than `_NEAR_A_TIE`."""


def rounding_for(rules: Iterable[Rounding], item: str, purpose: Purpose, day: date) -> Rounding:
    """The rounding of an item for a purpose on a day.

    Raises:
        StandardError: if the table has none in force.
    """
    fitting = (rule for rule in rules if rule.item == item and rule.purpose is purpose)
    return the_one(fitting, day, f"rounding of {item} ({purpose})")


def rounded_text(text: str, decimals: int, least_digits: int | None = None) -> str:
    """A decimal number, rounded half to even (GB/T 8170).

    Args:
        text: the number as published, for instance "17.45".
        decimals: digits kept after the point.
        least_digits: where the result would be zero and the number is not, this many
            significant digits stay: "0.00025" to three decimals is "0.0002".

    Raises:
        ValueError: if the text is not a finite number.
    """
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not number.is_finite():
        raise ValueError(text)
    result = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    if not result and number and least_digits is not None:
        last = number.adjusted() - least_digits + 1
        result = number.quantize(Decimal(1).scaleb(last), ROUND_HALF_EVEN)
    return f"{result or abs(result):f}"


def rounded(value: float, decimals: int, least_digits: int | None = None) -> float:
    """The same for one float; NaN stays NaN, an infinity stays one."""
    if not np.isfinite(value):
        return value
    return float(rounded_text(repr(float(value)), decimals, least_digits))


def rounded_many(
    values: ArrayLike, decimals: int, least_digits: int | None = None
) -> NDArray[np.float64]:
    """The same for many floats, shape kept.

    Only values near a tie, near zero or very large take the slow way through decimal text; the
    others have the same result by arithmetic, because dividing by a power of ten is exact to
    the nearest float.
    """
    numbers = np.asarray(values, dtype=np.float64)
    scale = 10.0**decimals
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = numbers * scale
        nearest = np.rint(scaled)
        tie = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < _NEAR_A_TIE
        vanishing = (nearest == 0) & (numbers != 0)
        result = nearest / scale
    slow = (tie | vanishing | (np.abs(scaled) > _EXACT_UP_TO)) & np.isfinite(numbers)
    result = np.where(np.isfinite(numbers), result + 0.0, numbers)
    for place in np.argwhere(slow):
        at = tuple(place)
        result[at] = rounded(float(numbers[at]), decimals, least_digits)
    return result


def displayed(value: float, rule: Rounding) -> str:
    """A value as it is shown, with all its decimals: 6 with two decimals is "6.00"."""
    return rounded_text(repr(float(value)), rule.decimals, rule.least_digits)
