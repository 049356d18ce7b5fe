"""Readings of a table into series: long (one reading a row) or wide (a column per item)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.intake import matching, times, units
from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.matching import folded
from gridmap.intake.tables import RawTable
from gridmap.project.tables import items as known_items

_ROLES: Final = {
    "station": ("station_code", "站点编码", "监测点编码", "站点编号", "站号", "station", "断面编码",
                "站点名称", "站点", "断面名称", "断面", "监测点名称", "监测点"),
    "time": ("time", "datetime", "监测时间", "时间", "日期时间", "采样时间", "date", "日期"),
    "year": ("year", "年"),
    "month": ("month", "月"),
    "day": ("day", "日"),
    "hour": ("hour", "时", "小时"),
    "item": ("item", "项目", "监测项目", "指标", "因子", "监测因子"),
    "value": ("value", "值", "监测值", "浓度", "数值"),
    "unit": ("unit", "单位"),
    "flag": ("flag", "标记", "标识", "状态", "站点情况"),
}  # fmt: skip
_HEADING = re.compile(r"^(.*?)\s*[(（\[]([^()（）\[\]]+)[)）\]]$")
# Signs of published tables: no data, item not measured, not monitored, missing (HJ 633).
_MARKS: Final = frozenset({"*", "--", "-", "—", "——", "/", "NA"})
_NORMAL: Final = frozenset({"正常", "N"})
_ANY: Final = "*"


@dataclass(frozen=True)
class SeriesPlan:
    """What the reader of a file knows and the file does not say; see `series_loading.load_series`.

    `year` of times that state none: a number, or the heading of a column of full dates.
    """

    zone: str
    station: str | None = None
    columns: Mapping[str, str] | None = None
    items: Mapping[str, str] | None = None
    units: Mapping[str, str] | None = None
    stations: Mapping[str, str] | None = None
    year: int | str | None = None


@dataclass(frozen=True)
class Batch:
    """Readings of one station and item in the item's own unit: index time, value, flag."""

    station: str
    item: str
    unit: str
    frame: pd.DataFrame


def prepare_series(table: RawTable, plan: SeriesPlan) -> tuple[list[Batch], list[Finding]]:
    """Match, convert and check; changes neither the table nor any project."""
    roles = roles_of(table, plan)
    findings = list(table.findings)
    stations = _stations(table, plan, roles, findings)
    moments = _moments(table, plan, roles, findings)
    good = ~np.isin(table.rows, list(held_rows(findings)))
    sheet = _Sheet(table, plan, roles, stations, moments)
    used = set(roles.values())
    if "item" in roles and "value" in roles:
        batches = list(sheet.long(good, findings))
    else:
        headings = sheet.headings()
        used |= set(headings) | {m for h in headings if (m := _mark_column(table, h))}
        batches = list(sheet.wide(headings, good, findings))
    findings += matching.left_out(table.file, table.cells.columns, used)
    return batches, findings


@dataclass(frozen=True)
class _Sheet:
    table: RawTable
    plan: SeriesPlan
    roles: Mapping[str, str]
    stations: npt.NDArray[np.object_]
    moments: pd.DatetimeIndex

    def headings(self) -> dict[str, str]:
        """Heading → item id, for the columns that are items."""
        found = {
            heading: item
            for heading in self.table.cells.columns
            if heading not in self.roles.values() and (item := self.item(heading)) is not None
        }
        if not found:
            have = ", ".join(self.table.cells.columns)
            raise IntakeError("intake.error.no_items", file=self.table.file, have=have)
        twice = sorted({item for item in found.values() if [*found.values()].count(item) > 1})
        if twice:
            listed = ", ".join(heading for heading, item in found.items() if item == twice[0])
            raise IntakeError(
                "intake.error.item_twice", file=self.table.file, item=twice[0], have=listed
            )
        return found

    def item(self, name: str) -> str | None:
        """The item that a heading or a delivered name means."""
        stated = (self.plan.items or {}).get(name)
        if stated is not None:
            return stated
        return _names().get(folded(_split(name)[0]))

    def wide(
        self, headings: Mapping[str, str], good: npt.NDArray[np.bool_], findings: list[Finding]
    ) -> Iterator[Batch]:
        states = self._states()
        groups = _groups(self.stations, good)
        for heading, item in headings.items():
            unit = self._unit(item, heading, _split(heading)[1])
            texts = self.table.cells[heading].tolist()
            numbers, marks = _numbers(self.table, heading, texts, findings)
            numbers = self._converted(item, heading, unit, numbers)
            flags = np.where(marks == "", self._item_marks(heading, states), marks)
            for station, rows in groups:
                yield self._batch(station, item, rows, numbers, flags)

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
        numbers, marks = _numbers(self.table, self.roles["value"], texts, findings)
        flags = np.where(marks == "", self._states(), marks)
        written = np.full(len(texts), None, dtype=object)
        if "unit" in self.roles:
            written = self.table.cells[self.roles["unit"]].to_numpy(object)
        pairs = list(zip(names.tolist(), written.tolist(), strict=True))
        for name, unit_text in dict.fromkeys(pairs[i] for i in np.flatnonzero(good).tolist()):
            where = good & np.array([pair == (name, unit_text) for pair in pairs])
            unit = self._unit(str(ids[name]), name, unit_text)
            numbers[where] = self._converted(str(ids[name]), name, unit, numbers[where])
        items = np.array([ids[name] or "" for name in names], dtype=object)
        for item in dict.fromkeys(items[good]):
            for station, rows in _groups(self.stations, good & (items == item)):
                yield self._batch(station, item, rows, numbers, flags)

    def _batch(
        self,
        station: str,
        item: str,
        rows: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.float64],
        flags: npt.NDArray[np.object_],
    ) -> Batch:
        frame = pd.DataFrame(
            {"value": numbers[rows], "flag": pd.Series(flags[rows], dtype=object).to_numpy()},
            index=self.moments[rows],
        )
        return Batch(station, item, known_items()[item].unit, frame)

    def _states(self) -> npt.NDArray[np.object_]:
        if "flag" not in self.roles:
            return np.full(len(self.table.rows), "", dtype=object)
        cells = self.table.cells[self.roles["flag"]]
        return np.array([c if c and c not in _NORMAL else "" for c in cells], dtype=object)

    def _item_marks(self, heading: str, states: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Marks of one item in a column of their own (氨氮_标记), else the row's state."""
        column = _mark_column(self.table, heading)
        if column is None:
            return states
        cells = self.table.cells[column].tolist()
        return np.array([c or s for c, s in zip(cells, states, strict=True)], dtype=object)

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
        self, item: str, heading: str, unit: str, numbers: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        target = known_items()[item].unit
        by = units.factor(unit, target)
        if by is None:
            raise IntakeError(
                "intake.error.unit_conversion",
                file=self.table.file, field=heading, unit=unit, target=target,
            )  # fmt: skip
        return units.scaled(numbers, by)


def roles_of(table: RawTable, plan: SeriesPlan) -> dict[str, str]:
    """Role → heading.

    Raises:
        IntakeError: `intake.error.no_time`, `.no_station`, `.stated_field`, `.stated_column`.
    """
    stated = dict(plan.columns or {})
    plain = {folded(column): column for column in reversed(list(table.cells.columns))}
    have = ", ".join(table.cells.columns)
    for role, column in stated.items():
        if role not in _ROLES:
            raise IntakeError(
                "intake.error.stated_field", file=table.file, field=role, have=", ".join(_ROLES)
            )
        if column not in table.cells:
            raise IntakeError(
                "intake.error.stated_column", file=table.file, column=column, have=have
            )
    for role, usual in _ROLES.items():
        free = (plain[name] for name in map(folded, usual) if name in plain)
        fitting = next((c for c in free if c not in stated.values()), None)
        if role not in stated and fitting is not None:
            stated[role] = fitting
    if "time" not in stated and not {"year", "month", "day"} <= set(stated):
        raise IntakeError("intake.error.no_time", file=table.file, have=have)
    if plan.station is None and "station" not in stated:
        raise IntakeError("intake.error.no_station", file=table.file, have=have)
    return stated


def _stations(
    table: RawTable, plan: SeriesPlan, roles: Mapping[str, str], findings: list[Finding]
) -> npt.NDArray[np.object_]:
    if plan.station is not None:
        return np.full(len(table.rows), plan.station, dtype=object)
    cells = table.cells[roles["station"]].tolist()
    findings += [
        Finding(Kind.MISSING, Severity.ERROR, table.file, int(row), roles["station"])
        for row, cell in zip(table.rows, cells, strict=True)
        if cell is None
    ]
    renamed = plan.stations or {}
    return np.array([None if c is None else renamed.get(c, c) for c in cells], dtype=object)


def _moments(
    table: RawTable, plan: SeriesPlan, roles: Mapping[str, str], findings: list[Finding]
) -> pd.DatetimeIndex:
    zone = times.zone_of(plan.zone)
    if "time" in roles:
        column = roles["time"]
        texts = table.cells[column].tolist()
    else:
        parts = [roles[part] for part in ("year", "month", "day", "hour") if part in roles]
        column = ", ".join(parts)
        texts = [_together(row) for row in table.cells[parts].itertuples(index=False)]
    if isinstance(plan.year, int):
        texts = times.with_year(texts, plan.year)
    elif plan.year is not None and plan.year in table.cells:
        texts = times.with_year_of(texts, table.cells[plan.year].tolist())
    moments, fixes = times.parse(texts, zone)
    for i in np.flatnonzero(moments.isna()).tolist():
        row, text = int(table.rows[i]), texts[i] or ""
        kind = Kind.NOT_TIME if text else Kind.MISSING
        findings.append(Finding(kind, Severity.ERROR, table.file, row, column, text, fixes.get(i)))
    return moments


def likeness(table: RawTable) -> float:
    """How much a table looks like readings (0–1): a time, a station, and items."""
    plain = {folded(column) for column in table.cells.columns}
    there = {role for role, usual in _ROLES.items() if plain & set(map(folded, usual))}
    timed = "time" in there or {"year", "month", "day"} <= there
    if not timed:
        return 0.0
    if {"item", "value"} <= there:
        return 0.9
    known = _names()
    count = sum(folded(_split(column)[0]) in known for column in table.cells.columns)
    return min(0.95, 0.5 + 0.1 * count) if count and "station" in there else 0.4 * bool(count)


def item_headings(table: RawTable, plan: SeriesPlan) -> dict[str, tuple[str, str | None]]:
    """Heading → (item, unit as written), for the columns of a wide table that are items.

    Raises:
        IntakeError: `intake.error.no_items`, `.item_twice`, and those of `roles_of`.
    """
    sheet = _Sheet(table, plan, roles_of(table, plan), np.empty(0, object), pd.DatetimeIndex([]))
    return {heading: (item, _split(heading)[1]) for heading, item in sheet.headings().items()}


def _mark_column(table: RawTable, heading: str) -> str | None:
    name = f"{_split(heading)[0]}_标记"
    return name if name in table.cells else None


def _together(parts: tuple[Any, ...]) -> str | None:
    if any(part is None for part in parts):
        return None
    whole = [str(part).removesuffix(".0") for part in parts]
    return "-".join(whole[:3]) + (f" {whole[3]}:00" if len(whole) > 3 else "")  # noqa: PLR2004


def _numbers(
    table: RawTable, column: str, texts: list[str | None], findings: list[Finding]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Numbers (NaN where there is none) and the marks that stand in their place."""
    numbers, marks = numbers_of(texts)
    for mark in dict.fromkeys(marks[marks != ""]):
        severity = Severity.HINT if mark in _MARKS else Severity.WARNING
        count = int((marks == mark).sum())
        findings.append(
            Finding(Kind.MARK, severity, table.file, field=column, value=mark, count=count)
        )
    return numbers, marks


def numbers_of(
    texts: Sequence[str | None],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Numbers, NaN where there is none, and the texts that stand in their place."""
    outcome: dict[str | None, tuple[float, str]] = {None: (np.nan, "")}
    for text in dict.fromkeys(texts):
        if text is not None:
            outcome[text] = _number(text)
    numbers = np.array([outcome[text][0] for text in texts], dtype=np.float64)
    return numbers, np.array([outcome[text][1] for text in texts], dtype=object)


def _number(text: str) -> tuple[float, str]:
    try:
        number = float(text)
    except ValueError:
        return np.nan, text
    return (number, "") if np.isfinite(number) else (np.nan, text)


def _groups(
    stations: npt.NDArray[np.object_], good: npt.NDArray[np.bool_]
) -> list[tuple[str, npt.NDArray[np.int64]]]:
    names = dict.fromkeys(stations[good])
    return [(name, np.flatnonzero(good & (stations == name))) for name in names]


def _split(heading: str) -> tuple[str, str | None]:
    """氨氮(mg/L) → 氨氮, mg/L; what stands in the brackets may be something else than a unit."""
    found = _HEADING.match(heading)
    return (found[1], found[2]) if found else (heading, None)


def _names() -> dict[str, str]:
    return {
        folded(name): item.id
        for item in known_items().values()
        for name in (item.id, item.title.zh, item.title.en, *item.aliases)
    }
