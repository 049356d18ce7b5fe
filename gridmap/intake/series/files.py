"""Readings of a table into series: long (one reading a row) or wide (a column per item)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.looks import matching, units
from gridmap.intake.series import rows as series_rows
from gridmap.intake.series.cells import (
    ORIGINAL,
    flags_of,
    numbers_of,
    raw_and_shown,
    rows_told,
    told_numbers,
)
from gridmap.intake.series.headings import (
    SeriesPlan,
    item_and_unit,
    item_named,
    roles_of,
    split_heading,
)
from gridmap.standards.item_files import items as known_items
from gridmap.texts import pick

# Columns by which the tables of the national real-time site are known.
_CNEMC: Final = frozenset({"水质类别", "站点情况"})
_CNEMC_PROTOCOL: Final = "cnemc"  # as in resources/standards/data_flags.csv
_NORMAL: Final = frozenset({"正常", "N"})
_ANY: Final = "*"
_MARK: Final = "_标记"


@dataclass(frozen=True)
class Batch:
    """Readings of one station and item in the item's own unit, in the order of the file.

    `frame` is what `Change.append_series` takes: index time; value, flag, protocol and, where
    the source gives raw and displayed values, shown.
    """

    station: str
    item: str
    unit: str
    frame: pd.DataFrame


def prepare_series(table: RawTable, plan: SeriesPlan) -> tuple[list[Batch], list[Finding]]:
    """Match, convert and check; changes neither the table nor any project."""
    roles = roles_of(table, plan)
    findings = list(table.findings)
    stations = series_rows.stations_of(table, plan, roles, findings)
    moments = series_rows.moments_of(table, plan, roles, findings)
    good = ~np.isin(table.rows, list(held_rows(findings)))
    sheet = _Sheet(table, plan, roles, stations, moments)
    used = set(roles.values())
    if "item" in roles and "value" in roles:
        batches = list(sheet.long(good, findings))
    else:
        headings = sheet.headings(findings)
        used |= plan.left_out | {c for c in table.cells.columns if sheet.item(c) is not None}
        used |= set(headings) | {c for h in headings for c in _beside(table, h)}
        batches = list(sheet.wide(headings, good, findings))
    if sheet.repeats:
        there = sorted(set(sheet.repeats))
        findings.append(
            Finding(
                Kind.DUPLICATE_TIME, Severity.WARNING, table.file, count=len(sheet.repeats),
                detail=rows_told(there), rows=tuple(there),
            )
        )  # fmt: skip
    findings += matching.left_out(table.file, table.cells.columns, used)
    return batches, findings


@dataclass(frozen=True)
class _Sheet:
    table: RawTable
    plan: SeriesPlan
    roles: Mapping[str, str]
    stations: npt.NDArray[np.object_]
    moments: pd.DatetimeIndex
    repeats: list[int] = field(default_factory=list)

    def headings(self, findings: list[Finding]) -> dict[str, str]:
        """Heading → item id, for the columns that are items.

        Where two columns mean one item, the one that a person chose counts; else neither does,
        which is told, unless there is nothing else.

        Raises:
            IntakeError: `intake.error.no_items`, `.item_twice`.
        """
        found = {
            heading: item
            for heading in self.table.cells.columns
            if heading not in self.roles.values()
            and heading not in self.plan.left_out
            and (item := self.item(heading)) is not None
        }
        if not found:
            have = ", ".join(self.table.cells.columns)
            raise IntakeError("intake.error.no_items", file=self.table.file, have=have)
        by_item: dict[str, list[str]] = {}
        for heading, item in found.items():
            by_item.setdefault(item, []).append(heading)
        stated = self.plan.items or {}
        for item, several in by_item.items():
            chosen = [heading for heading in several if heading in stated]
            if len(several) == 1:
                continue
            left = [h for h in several if h not in chosen] if len(chosen) == 1 else several
            if len(left) == len(found):
                raise IntakeError(
                    "intake.error.item_twice",
                    file=self.table.file, item=item, have=", ".join(several),
                )  # fmt: skip
            told = Finding(
                Kind.ITEM_TWICE, Severity.WARNING, self.table.file, field=item,
                value=", ".join(left), detail=", ".join(several), count=len(left),
            )  # fmt: skip
            findings.append(told)
            found = {h: one for h, one in found.items() if h not in left}
        return found

    def item(self, name: str) -> str | None:
        """The item that a heading or a delivered name means."""
        stated = (self.plan.items or {}).get(name)
        if stated is not None:
            return stated
        return item_named(name)

    def wide(
        self, headings: Mapping[str, str], good: npt.NDArray[np.bool_], findings: list[Finding]
    ) -> Iterator[Batch]:
        states, protocols = self._states(), self._protocols()
        groups = _groups(self.stations, good)
        readable = self._readable(headings, findings)
        for heading, (item, unit) in readable.items():
            texts = self.table.cells[heading].tolist()
            signed = np.full(len(texts), item in matching.usual("not_readings")["signed"])
            numbers, marks = told_numbers(self.table, heading, texts, findings, signed)
            shown, raw = np.full(len(texts), np.nan), _beside_of(self.table, heading, ORIGINAL)
            if raw is not None:
                originals, _ = told_numbers(
                    self.table, raw, self.table.cells[raw].tolist(), findings, signed
                )
                numbers, shown, marks = raw_and_shown(originals, numbers, marks)
            numbers = self._converted(item, heading, unit, numbers, findings)
            shown = self._converted(item, heading, unit, shown)
            own = _beside_of(self.table, heading, _MARK)
            flags = flags_of(None if own is None else self._text(own), marks, states)
            values = _Values(numbers, flags, protocols, shown)
            for station, rows in groups:
                yield self._batch(station, item, rows, values, findings)

    def _readable(
        self, headings: Mapping[str, str], findings: list[Finding]
    ) -> dict[str, tuple[str, str]]:
        """Heading → item and unit; one whose unit is no such thing is told, the others load."""
        found: dict[str, tuple[str, str]] = {}
        bad: list[tuple[str, IntakeError]] = []
        for heading, item in headings.items():
            try:
                unit = self._unit(item, heading, self.unit_beside(heading))
                self._factor(item, heading, unit)
                found[heading] = item, unit
            except IntakeError as error:
                bad.append((heading, error))
        if bad and not found:
            raise bad[0][1]
        findings += [
            Finding(
                Kind.COLUMN_REFUSED, Severity.WARNING, self.table.file, field=heading, cause=error
            )
            for heading, error in bad
        ]  # fmt: skip
        return found

    def unit_beside(self, heading: str) -> str | None:
        """The unit of a column: in its heading, else that of all rows in a column of units."""
        written = item_and_unit(heading)[1]
        if written is not None or "unit" not in self.roles:
            return written
        distinct = self.table.cells[self.roles["unit"]].dropna().unique().tolist()
        return str(distinct[0]) if len(distinct) == 1 else None

    def long(self, good: npt.NDArray[np.bool_], findings: list[Finding]) -> Iterator[Batch]:
        names = self.table.cells[self.roles["item"]].to_numpy(object)
        ids = {name: self.item(name) if name is not None else None for name in set(names)}
        column = self.roles["item"]
        for i in np.flatnonzero(good):
            if ids[names[i]] is None:
                good[i] = False
                row = int(self.table.rows[i])
                findings.append(
                    Finding(
                        Kind.UNKNOWN_ITEM, Severity.ERROR, self.table.file, row, column,
                        names[i] or "",
                    )
                )  # fmt: skip
        texts = self.table.cells[self.roles["value"]].tolist()
        items = np.array([ids[name] or "" for name in names], dtype=object)
        signed = np.isin(items.astype(str), matching.usual("not_readings")["signed"])
        numbers, marks = told_numbers(self.table, self.roles["value"], texts, findings, signed)
        shown = np.full(len(texts), np.nan)
        if "shown" in self.roles:
            shown = numbers_of(self.table.cells[self.roles["shown"]].tolist())[0]
        flags = flags_of(None, marks, self._states())
        written = np.full(len(texts), None, dtype=object)
        if "unit" in self.roles:
            written = self.table.cells[self.roles["unit"]].to_numpy(object)
        pairs = list(zip(names.tolist(), written.tolist(), strict=True))
        known = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
        numbered = np.array([known[pair] for pair in pairs], np.int64)
        for name, unit_text in dict.fromkeys(pairs[i] for i in np.flatnonzero(good).tolist()):
            where = good & (numbered == known[name, unit_text])
            item = str(ids[name])
            try:
                unit = self._unit(item, name, unit_text or item_and_unit(str(name))[1])
                self._factor(item, name, unit)
            except IntakeError:
                if unit_text is None and len(set(names[good])) == 1:
                    raise
                # The file says in which unit: what cannot be converted waits, the rest loads.
                findings += self._refused(where, item, unit_text)
                good &= ~where
                continue
            numbers[where] = self._converted(item, name, unit, numbers[where], findings)
            shown[where] = self._converted(item, name, unit, shown[where])
        values = _Values(numbers, flags, self._protocols(), shown)
        for item in dict.fromkeys(items[good]):
            for station, rows in _groups(self.stations, good & (items == item)):
                yield self._batch(station, item, rows, values, findings)

    def _refused(self, where: npt.NDArray[np.bool_], item: str, unit: str | None) -> list[Finding]:
        kind = Kind.UNIT_LACKS if unit is None else Kind.UNIT_REFUSED
        column = self.roles.get("unit") or self.roles["item"]
        return [
            Finding(
                kind, Severity.ERROR, self.table.file, int(row), column,
                unit or pick(known_items()[item].title.as_dict()), detail=known_items()[item].unit,
            )
            for row in self.table.rows[where]
        ]  # fmt: skip

    def _batch(
        self,
        station: str,
        item: str,
        rows: npt.NDArray[np.int64],
        values: "_Values",
        findings: list[Finding],
    ) -> Batch:
        again = self.moments[rows].duplicated(keep="last")
        self.repeats.extend(self.table.rows[rows][again].tolist())
        conflict = series_rows.conflicting(self.moments[rows], values.numbers[rows])
        if conflict.any():
            there = self.table.rows[rows][conflict].tolist()
            findings.append(
                Finding(
                    Kind.CONFLICTING_TIME, Severity.WARNING, self.table.file, field=item,
                    value=f"{self.moments[rows][conflict][0]:%Y-%m-%d %H:%M}", rows=tuple(there),
                    detail=rows_told(there), count=len(there), mark=station,
                )
            )  # fmt: skip
        columns: dict[str, Any] = {"value": values.numbers[rows]}
        for name, texts in (("flag", values.flags), ("protocol", values.protocols)):
            columns[name] = pd.Series(texts[rows], dtype=object).to_numpy()
        if not np.isnan(values.shown[rows]).all():
            columns["shown"] = values.shown[rows]
        frame = pd.DataFrame(columns, index=self.moments[rows])
        return Batch(station, item, known_items()[item].unit, frame)

    def _states(self) -> npt.NDArray[np.object_]:
        states = self._text(self.roles.get("flag"))
        return np.where(np.isin(states.astype(str), list(_NORMAL)), "", states)

    def _protocols(self) -> npt.NDArray[np.object_]:
        """What the file says of each row, else what a person says, else what the file is."""
        known = self.plan.protocol
        if known is None:
            known = _CNEMC_PROTOCOL if set(self.table.cells.columns) >= _CNEMC else ""
        given = self._text(self.roles.get("protocol"))
        return np.where(given == "", known, given)

    def _text(self, column: str | None) -> npt.NDArray[np.object_]:
        """The cells of a column as text, "" where they are empty or there is no column."""
        if column is None:
            return np.full(len(self.table.rows), "", dtype=object)
        return np.array([cell or "" for cell in self.table.cells[column]], dtype=object)

    def _unit(self, item: str, heading: str, written: str | None) -> str:
        stated = self.plan.units or {}
        text = stated.get(heading) or stated.get(item) or written or stated.get(_ANY)
        facts = {"file": self.table.file, "field": heading}
        if text is None:
            stored = known_items()[item].unit
            raise IntakeError("intake.error.no_unit", stored=stored, **facts)
        unit = units.unit_of(text)
        if unit is None:
            raise IntakeError("intake.error.unit_unknown", unit=text, **facts)
        return unit

    def _converted(
        self,
        item: str,
        heading: str,
        unit: str,
        numbers: npt.NDArray[np.float64],
        findings: list[Finding] | None = None,
    ) -> npt.NDArray[np.float64]:
        """Numbers in the unit in which the item is stored; told where that is another."""
        target, by = known_items()[item].unit, self._factor(item, heading, unit)
        count = int(np.isfinite(numbers).sum())
        if findings is not None and by != 1 and count:
            findings.append(
                Finding(
                    Kind.UNIT_CONVERTED, Severity.HINT, self.table.file, field=heading,
                    detail=f"{unit} → {target}", count=count, mark=unit,
                )
            )  # fmt: skip
        return units.scaled(numbers, by)

    def _factor(self, item: str, heading: str, unit: str) -> Fraction:
        target = known_items()[item].unit
        by = units.factor(unit, target)
        if by is None:
            raise IntakeError(
                "intake.error.unit_conversion",
                file=self.table.file, field=heading, unit=unit, target=target,
            )  # fmt: skip
        return by


@dataclass(frozen=True)
class _Values:
    """Values of a column with what stands beside them, all of shape (n,)."""

    numbers: npt.NDArray[np.float64]
    flags: npt.NDArray[np.object_]
    protocols: npt.NDArray[np.object_]
    shown: npt.NDArray[np.float64]


def item_headings(table: RawTable, plan: SeriesPlan) -> dict[str, tuple[str, str | None]]:
    """Heading → (item, unit as written), for the columns of a wide table that are items.

    Raises:
        IntakeError: `intake.error.no_items`, `.item_twice`, and those of `roles_of`.
    """
    sheet = _Sheet(table, plan, roles_of(table, plan), np.empty(0, object), pd.DatetimeIndex([]))
    return {
        heading: (item, sheet.unit_beside(heading)) for heading, item in sheet.headings([]).items()
    }


def _beside_of(table: RawTable, heading: str, ending: str) -> str | None:
    """The column of raw values or of marks that belongs to the column of an item."""
    name = f"{split_heading(heading)[0]}{ending}"
    return name if name in table.cells else None


def _beside(table: RawTable, heading: str) -> list[str]:
    found = (_beside_of(table, heading, ending) for ending in (ORIGINAL, _MARK))
    return [column for column in found if column is not None]


def _groups(
    stations: npt.NDArray[np.object_], good: npt.NDArray[np.bool_]
) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """The good rows of each station, in the order in which the stations come."""
    rows = np.flatnonzero(good)
    if not len(rows):
        return []
    numbers, names = pd.factorize(stations[rows])
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(names)))[:-1]
    return list(zip(names.tolist(), (rows[part] for part in np.split(order, ends)), strict=True))
