"""Columns of a million rows that hold few different things: codes into a list of values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from gridmap.core.plane import Positions

Codes = npt.NDArray[np.int32]
T = TypeVar("T")

# Up to here a table of flags is faster than sorting.
_FLAGS: Final = 8_000_000


@dataclass(frozen=True)
class Coded(Generic[T]):
    """A column of shape (n,): `codes` are positions in `values`, −1 for nothing.

    `values` may grow from one batch to the next; what stands in it stays where it is.
    """

    codes: Codes
    values: Sequence[T]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> T | None:
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]


class Table(Generic[T]):
    """Values made once for each distinct key, over many batches.

    Args:
        make: the value of a key: a whole number from 0 on, or several.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._code_of: dict[Any, int] = {}
        self.values: list[T] = []

    def code_of(self, key: int | tuple[int, ...]) -> int:
        """The code of one key."""
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self.values)
            self.values.append(self._make(key))
        return code

    def coded(self, keys: Positions) -> Coded[T]:
        """The column of these keys, shape (n,); a negative key is nothing."""
        distinct, inverse = distinct_of(keys)
        codes = np.full(len(distinct) + 1, -1, np.int32)
        for place, key in enumerate(distinct.tolist()):
            codes[place] = self.code_of(key)
        return Coded(codes[inverse], self.values)


def distinct_of(keys: Positions) -> tuple[Positions, Positions]:
    """Distinct keys from 0 on, rising, and the place of each key among them (else −1)."""
    known = keys >= 0
    size = int(keys.max(initial=-1)) + 1
    if size > max(_FLAGS, 4 * len(keys)):
        found, inverse = np.unique(keys[known], return_inverse=True)
        places = np.full(len(keys), -1, np.int64)
        places[known] = inverse
        return found, places
    place_of = np.full(size + 1, -1, np.int64)
    place_of[keys[known]] = 0
    found = np.flatnonzero(place_of[:size] == 0)
    place_of[found] = np.arange(len(found))
    return found, place_of[np.where(known, keys, size)]
