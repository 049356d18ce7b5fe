"""The answers of a batch, by column."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gridmap.capabilities.locate.rules.coded import Coded
from gridmap.capabilities.locate.rules.control import Zone
from gridmap.capabilities.locate.rules.reaches import BANKS, Reach
from gridmap.capabilities.locate.rules.verdict import (
    BorderKind,
    Duty,
    Holding,
    Reason,
    Status,
    UnitRef,
)
from gridmap.core.plane import Floats

__all__ = ["BANKS", "BORDER_KINDS", "REASONS", "STATUSES", "BatchVerdict", "ZonesOfKind"]

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

STATUSES: Final = tuple(Status)
REASONS: Final = tuple(Reason)
BORDER_KINDS: Final = tuple(BorderKind)


@dataclass(frozen=True)
class ZonesOfKind:
    """Where n places stand to the control zones of one kind; shapes (n,).

    `inside` are the zones that cover the place; `edge_m` is the distance to the nearest
    edge of any zone of the kind (infinite if none counts), `uncertain` whether it is
    nearer than the data is accurate.
    """

    inside: Coded[tuple[Zone, ...]]
    edge_m: Floats
    uncertain: Flags


@dataclass(frozen=True)
class BatchVerdict:
    """What `Verdict` says, for n places, by column; all of shape (n,).

    `status`, `reason`, `bank` and `border` are positions in `STATUSES`, `REASONS`,
    `BANKS` and `BORDER_KINDS` (−1: none). `owner` is the primary owner, `other` the first
    candidate beside it (outside the territory the nearest unit), `other_m` how far its
    border is. `chain` and `heads` are by tier, `chiefs`
    are all chiefs of the nearest reach. Distances are metres, infinite where there is
    nothing to measure to. `tolerance_m` is the accuracy of the grid plus the radius.
    """

    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]
    owner: Coded[UnitRef]
    provisional: Flags
    border_m: Floats
    tolerance_m: Floats
    other: Coded[UnitRef]
    other_m: Floats
    chain: Mapping[str, Coded[UnitRef]]
    heads: Mapping[str, Coded[tuple[Holding, ...]]]
    reach: Coded[Reach]
    river_m: Floats
    chainage_m: Floats
    bank: npt.NDArray[np.int8]
    border: npt.NDArray[np.int8]
    chiefs: Coded[tuple[Holding, ...]]
    zones: Mapping[str, ZonesOfKind]
    districts: Coded[tuple[UnitRef, ...]]
    duty: Coded[Duty]
    fingerprint: npt.NDArray[np.bytes_]

    def __len__(self) -> int:
        return len(self.status)

    @classmethod
    def empty(cls, count: int, like: "BatchVerdict") -> "BatchVerdict":
        """Rows that were not answered: nothing in any column; values as in `like`."""
        return cls(**{one.name: _nothing(getattr(like, one.name), count) for one in fields(cls)})

    def with_rows(self, rows: npt.NDArray[np.intp], answers: "BatchVerdict") -> "BatchVerdict":
        """A copy in which these rows have the answers given."""
        return BatchVerdict(**{
            one.name: _put(getattr(self, one.name), rows, getattr(answers, one.name))
            for one in fields(self)
        })  # fmt: skip

    def without_people(self, rows: npt.NDArray[np.intp]) -> "BatchVerdict":
        """A copy in which these rows name nobody: of a day that is not known nothing is said.

        Their fingerprint, which is that of a day, is empty too.
        """
        heads = {tier: _without(held, rows) for tier, held in self.heads.items()}
        marks = self.fingerprint.copy()
        marks[rows] = b""
        return replace(self, heads=heads, chiefs=_without(self.chiefs, rows), fingerprint=marks)


def _without(column: Coded[Any], rows: npt.NDArray[np.intp]) -> Coded[Any]:
    codes = column.codes.copy()
    codes[rows] = -1
    return Coded(codes, column.values)


def _nothing(column: Any, count: int) -> Any:
    """A column of `count` rows without anything in them, of the same kind."""
    if isinstance(column, Mapping):
        return {name: _nothing(inner, count) for name, inner in column.items()}
    if isinstance(column, Coded):
        return Coded(np.full(count, -1, np.int32), column.values)
    if isinstance(column, ZonesOfKind):
        inside, edges = _nothing(column.inside, count), np.full(count, np.inf)
        return ZonesOfKind(inside, edges, np.zeros(count, bool))
    if column.dtype.kind == "f":
        return np.full(count, np.inf)
    return np.full(count, -1 if column.dtype == np.int8 else column.dtype.type(), column.dtype)


def _put(column: Any, rows: npt.NDArray[np.intp], answers: Any) -> Any:
    if isinstance(column, Mapping):
        return {name: _put(inner, rows, answers[name]) for name, inner in column.items()}
    if isinstance(column, Coded):
        return Coded(_put(column.codes, rows, answers.codes), answers.values)
    if isinstance(column, ZonesOfKind):
        return ZonesOfKind(*(
            _put(getattr(column, one.name), rows, getattr(answers, one.name))
            for one in fields(column)
        ))  # fmt: skip
    changed = column.copy()
    changed[rows] = answers
    return changed
