"""The answers of a batch in words, for the table. Pure; not for the GUI thread."""

import math
from collections.abc import Sequence

from gridmap.app.batch_table import BatchRow
from gridmap.domain.responsibility.batch_verdict import BANKS
from gridmap.domain.verdict import Holding
from gridmap.output import wording
from gridmap.output.batch_text import notes_of
from gridmap.project.assigning import KINDS, NOT_FOUND, BatchResult
from gridmap.texts import t

_LOWEST_CHIEFS = ("village", "township", "county", "city")


def rows_of(result: BatchResult, numbers: Sequence[int]) -> list[BatchRow]:
    """One row of the table for every row of the sheet.

    Args:
        result: the answers.
        numbers: the row numbers as the sheet shows them.
    """
    notes = notes_of(result)
    return [_row(result, i, number, notes[i] or "") for i, number in enumerate(numbers)]


def _row(result: BatchResult, row: int, number: int, said: str) -> BatchRow:
    kind, verdict = KINDS[result.kind[row]], result.verdict
    lon, lat = float(result.where.lon[row]), float(result.where.lat[row])
    text = result.texts[row] or ("" if math.isnan(lon) else f"{lon:.5f}, {lat:.5f}")
    if kind == NOT_FOUND:
        return BatchRow(number, text, _unit_known(result, row), kind, "", "", said, lon, lat)
    owner, village = (
        verdict.owner[row],
        verdict.chain["village"][row] if "village" in verdict.chain else None,
    )
    names = [unit.name for unit in (owner, village) if unit is not None]
    border = float(verdict.border_m[row])
    return BatchRow(
        number=number,
        place=text,
        owner=" · ".join(dict.fromkeys(names)) or "—",
        status=kind,
        chief=_chief(verdict.chiefs[row] or ()),
        border=wording.distance(border) if math.isfinite(border) else "—",
        note=_note(result, row, said),
        lon=lon,
        lat=lat,
    )


def _chief(chiefs: Sequence[Holding]) -> str:
    """The chief nearest to the ground who is in office; a vacancy is said."""
    for tier in _LOWEST_CHIEFS:
        for holding in chiefs:
            if holding.tier == tier and holding.person is not None:
                return holding.person.name
    return t("app.batch.vacant") if chiefs else "—"


def _note(result: BatchResult, row: int, said: str) -> str:
    verdict = result.verdict
    parts = []
    other, reach = verdict.other[row], verdict.reach[row]
    if other is not None and KINDS[result.kind[row]] in {"borderline", "shared"}:
        parts.append(t("app.batch.with_other", other=other.name))
    if reach is not None:
        bank = int(verdict.bank[row])
        side = t(f"verdict.bank.{BANKS[bank]}") if bank >= 0 else ""
        parts.append(f"{reach.name} {side}".strip())
    parts += [said] if said else []
    return t("verdict.join.clauses").join(parts)


def _unit_known(result: BatchResult, row: int) -> str:
    placed = result.where.placed[row]
    if placed is None or placed.unit is None:
        return "—"
    count = len(placed.candidates)
    return t("app.batch.candidates", unit=placed.unit.name, count=count)
