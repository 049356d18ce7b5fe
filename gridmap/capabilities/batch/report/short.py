"""The few words that a table on a screen shows of each row of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridmap.capabilities.batch.report.text import held_by, hint_of, notes_of
from gridmap.capabilities.batch.work.assigning import KINDS, NOT_FOUND, BatchResult
from gridmap.capabilities.locate.rules.verdict import Holding
from gridmap.report import wording
from gridmap.texts import t


@dataclass(frozen=True)
class ShortRow:
    """One row: what was typed, status (`KINDS`), owner, chief, how far the border is, note.

    `lon`, `lat` are degrees of EPSG:4490, NaN where no place was found.
    """

    place: str
    kind: str
    owner: str
    chief: str
    border: str
    note: str
    lon: float
    lat: float


def short_rows(result: BatchResult, rows: Sequence[int] | None = None) -> list[ShortRow]:
    """Rows in a few words, all or those named.

    The owner of a shared row stands with the next candidate; a provisional owner says how
    far it is; a row without a place says what was found short of one.
    """
    notes = notes_of(result)
    wanted = range(len(result)) if rows is None else rows
    return [_short(result, row, notes[row] or "") for row in wanted]


def _short(result: BatchResult, row: int, note: str) -> ShortRow:
    verdict, kind = result.verdict, KINDS[result.kind[row]]
    border_m = float(verdict.border_m[row])
    border = wording.distance(border_m) if np.isfinite(border_m) else ""
    if kind == NOT_FOUND:
        placed = result.where.placed[row]
        border = "" if placed is None or not placed.radius_m else _vague(placed.radius_m)
    return ShortRow(
        result.texts[row] or "", kind, _owner(result, row, kind, border),
        _chief(verdict.chiefs[row]), border, note,
        float(result.where.lon[row]), float(result.where.lat[row]),
    )  # fmt: skip


def _vague(radius_m: float) -> str:
    return f"±{wording.distance(radius_m)}"


def _owner(result: BatchResult, row: int, kind: str, border: str) -> str:
    owner, other = result.verdict.owner[row], result.verdict.other[row]
    if kind == NOT_FOUND:
        return hint_of(result.where.placed[row])
    if owner is None:
        return t("batch.nearest", unit=other.name, distance=border) if other else ""
    if kind == "unassigned":
        return t("batch.nearest", unit=owner.name, distance=border)
    if kind == "shared" and other is not None:
        return t("batch.both", owner=owner.name, other=other.name)
    finest = [column[row] for column in result.verdict.chain.values()]
    below = next((unit for unit in finest if unit is not None), owner)
    return owner.name if below == owner else t("batch.within", owner=owner.name, unit=below.name)


def _chief(chiefs: Sequence[Holding] | None) -> str:
    """The chief nearest to the ground."""
    return held_by(chiefs[:1]) if chiefs else ""
