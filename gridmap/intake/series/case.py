"""A look at a file as readings: years, units, stations, marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from gridmap.intake.cases import Outcome
from gridmap.intake.choices import Choices
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity, held_rows
from gridmap.intake.layer_case import ordered
from gridmap.intake.looks import matching, summaries, times, units
from gridmap.intake.looks.columns import ColumnMatch
from gridmap.intake.looks.matching import folded
from gridmap.intake.looks.notes import Notes, replaced
from gridmap.intake.looks.references import References
from gridmap.intake.series import (
    cells as series_cells,
)
from gridmap.intake.series import (
    files as series_files,
)
from gridmap.intake.series import (
    headings as series_headings,
)
from gridmap.intake.series import (
    spread as series_spread,
)
from gridmap.intake.series import unit_row
from gridmap.intake.series.files import Batch
from gridmap.intake.series.headings import SeriesPlan
from gridmap.standards.item_files import items as known_items
from gridmap.texts import t

_FILE_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?:[-_.年]?\d{1,2}|(?!\d))")
_SHOWN: Final = 5
_PURE: Final = "1"
# Where readings usually lie, in the stored unit: low and high for nine in ten of them.
_USUAL: Final = {
    "water_temperature": (-2, 40), "ph": (4, 11), "dissolved_oxygen": (0, 25),
    "conductivity": (20, 60_000), "turbidity": (0, 3000), "codmn": (0.2, 60),
    "nh3n": (0.005, 60), "tp": (0.002, 15), "tn": (0.05, 80), "so2": (1, 1200),
    "no2": (1, 600), "co": (0.05, 25), "o3": (1, 900), "pm10": (1, 3000), "pm25": (1, 2000),
}  # fmt: skip


@dataclass(frozen=True)
class SeriesReady:
    """Readings that can be stored, and the table they came from."""

    table: RawTable
    batches: list[Batch]
    findings: list[Finding]


def look(table: RawTable, choices: Choices, known: References) -> Outcome:
    """Everything that is found when the table becomes readings.

    Raises:
        IntakeError: for a choice that does not fit the file.
    """
    delivered = table.rows
    table = series_spread.as_rows(table, set(series_headings.item_names()))
    notes = Notes(table, choices)
    table = summaries.without(table, notes)
    plan = SeriesPlan(
        choices.zone, choices.station, {k: v for k, v in choices.columns.items() if v},
        choices.items, choices.units, choices.stations, choices.year, choices.protocol,
    )  # fmt: skip
    try:
        roles = series_headings.roles_of(table, plan)
        before = table.rows_read
        table, plan = unit_row.lifted(table, roles, plan, notes)
        heads = before - table.rows_read
        plan = _with_year(table, roles, plan, notes)
        plan = _with_units(table, roles, plan, notes)
        plan = _with_stations(table, roles, plan, known, notes)
        matches = _matches(table, roles, plan)
        told_of: dict[str, Any] = {"heading_rows": heads, "stations": _names(table, roles)}
    except IntakeError as error:
        notes.take(table.findings, {})
        notes.say(Kind.CANNOT_LOAD, Severity.ERROR, cause=error)
        return Outcome(ordered(notes.findings), frozenset())
    if any(finding.blocks for finding in notes.findings):
        notes.take(table.findings, {})
        return Outcome(ordered(notes.findings), frozenset(), matches=matches, **told_of)
    try:
        batches, findings = series_files.prepare_series(table, plan)
        # What a time likely means (24:00 is the next midnight) is proposed; the row waits for it.
        proposed = [f for f in findings if f.fix is not None and f.kind is Kind.NOT_TIME]
        accepted = notes.take(proposed, {})
        if accepted:
            table = replaced(table, accepted)
            batches, findings = series_files.prepare_series(table, plan)
    except IntakeError as error:
        notes.say(Kind.CANNOT_LOAD, Severity.ERROR, cause=error)
        return Outcome(ordered(notes.findings), frozenset(), matches=matches, **told_of)
    told = [f if f.row is None else replace(f, column=f.column or f.field) for f in findings]
    for finding in told:
        notes.add(finding)
    held = held_rows(notes.findings)
    # Rows of what is not stored (AQI) are read and told, they are not held back.
    units_row = {r for f in notes.findings if f.kind is Kind.UNIT_ROW for r in f.rows}
    good = frozenset(int(row) for row in delivered if int(row) not in held | units_row)
    found = ordered(notes.findings)
    ready = SeriesReady(table, batches, list(found))
    return Outcome(found, good, ready, matches, **told_of)


def _with_year(
    table: RawTable, roles: dict[str, str], plan: SeriesPlan, notes: Notes
) -> SeriesPlan:
    if plan.year is not None or "time" not in roles:
        return plan
    texts = table.cells[roles["time"]].tolist()
    count = times.yearless(texts)
    if not count:
        return plan
    column = _date_column(table, roles["time"])
    named = {int(year) for year in _FILE_YEAR.findall(table.path.stem)}
    fix: str | None = None
    if column is not None:
        fix, detail = column, t("doctor.evidence.year_column", column=column)
    elif len(named) == 1:
        fix = str(next(iter(named)))
        detail = t("doctor.evidence.year_file", year=fix)
    else:
        detail = t("doctor.evidence.year_unknown")
    # Where other rows have their year, only these wait.
    some = count < sum(text is not None for text in texts)
    accepted = notes.say(
        Kind.NO_YEAR, Severity.WARNING if some else Severity.ERROR, column=roles["time"],
        detail=detail, fix=fix, count=count,
        action=Action.YEAR if fix else None, mark=fix or "",
        value=next(text for text in texts if text and times.yearless([text])),
    )  # fmt: skip
    if not accepted or fix is None:
        return plan
    return replace(plan, year=column if column is not None else int(fix))


def _date_column(table: RawTable, time: str) -> str | None:
    for column in table.cells.columns:
        if column == time or folded(column) not in matching.usual("collected")["day"]:
            continue
        dates = table.cells[column].dropna().head(50).tolist()
        moments, _ = times.parse(dates, times.zone_of("Asia/Shanghai"))
        if dates and not moments.isna().any():
            return str(column)
    return None


def _with_units(
    table: RawTable, roles: dict[str, str], plan: SeriesPlan, notes: Notes
) -> SeriesPlan:
    """Units that nobody states are asked for, with the one that the values suggest.

    One that nothing suggests, or whose suggestion was refused, does not hold up the others: that
    column is left out and told.
    """
    stated = dict(plan.units or {})
    lacking = {
        heading: (item, texts)
        for heading, item, texts in _without_unit(table, roles, plan)
        if not ({heading, item, "*"} & set(stated))
    }
    open_ones: set[str] = set()
    others = _items_with_unit(table, roles, plan, set(lacking))
    for heading, (item, texts) in lacking.items():
        low, high = _range(texts)
        guess = _likely_unit(item, high)
        facts = {"low": f"{low:g}", "high": f"{high:g}"}
        unit = known_items()[item].unit
        if guess is not None:
            detail = t("doctor.evidence.unit_range", unit=guess, **facts)
        else:
            detail = t("doctor.evidence.unit_unknown", **facts)
        if unit == _PURE or np.isnan(low):  # pH has none; or nothing was measured
            stated[heading] = unit
            continue
        asks = guess is not None and not notes.refuses(Kind.NO_UNIT, heading)
        waits = asks or not others
        if not waits:
            detail = t("doctor.evidence.unit_left_out", detail=detail)
        if notes.say(
            Kind.NO_UNIT, Severity.ERROR if waits else Severity.WARNING, column=heading,
            detail=detail, fix=guess, action=Action.UNIT if guess else None, mark=guess or "",
        ):  # fmt: skip
            stated[heading] = str(guess)
        elif not waits:
            open_ones.add(heading)
    return replace(plan, units=stated, left_out=plan.left_out | open_ones)


def _items_with_unit(
    table: RawTable, roles: dict[str, str], plan: SeriesPlan, lacking: set[str]
) -> bool:
    """Whether anything else can be read, or is asked for with a unit that its values suggest."""
    if "item" in roles and "value" in roles:
        names = {str(name) for name in table.cells[roles["item"]].dropna().unique()}
    else:
        names = set(series_files.item_headings(table, plan))
    if names - lacking:
        return True
    found = {name: (item, texts) for name, item, texts in _without_unit(table, roles, plan)}
    guesses = [_likely_unit(item, _range(texts)[1]) for item, texts in found.values()]
    return any(guess is not None for guess in guesses)


def _without_unit(
    table: RawTable, roles: dict[str, str], plan: SeriesPlan
) -> Iterator[tuple[str, str, list[str | None]]]:
    """Heading or delivered name, item and cells of what has no unit of its own."""
    if not ("item" in roles and "value" in roles):
        for heading, (item, written) in series_files.item_headings(table, plan).items():
            if not written:
                yield heading, item, table.cells[heading].tolist()
        return
    if "unit" in roles:
        return
    names = table.cells[roles["item"]]
    for name, rows in names.groupby(names.to_numpy(object)).groups.items():
        if matching.is_summary(str(name)):
            continue
        known = (plan.items or {}).get(str(name)) or series_headings.item_named(str(name))
        if known is not None and series_headings.item_and_unit(str(name))[1] is None:
            yield str(name), known, table.cells[roles["value"]].loc[rows].tolist()


def _range(texts: list[str | None]) -> tuple[float, float]:
    """Where nine in ten of the numbers lie; NaN without numbers."""
    numbers, _ = series_cells.numbers_of(texts)
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size:
        return float("nan"), float("nan")
    return float(np.quantile(numbers, 0.05)), float(np.quantile(numbers, 0.95))


def _likely_unit(item: str, high: float) -> str | None:
    """The unit in which values up to `high` are usual; None where two or none are."""
    stored = known_items()[item].unit
    usual = _USUAL.get(item)
    if usual is None:
        return None
    fitting = []
    for unit in units.convertible(stored):
        by = units.factor(unit, stored)
        if by is None:
            continue
        if usual[0] <= high * float(by) <= usual[1]:
            fitting.append(unit)
    return stored if stored in fitting else fitting[0] if len(fitting) == 1 else None


def _names(table: RawTable, roles: dict[str, str]) -> tuple[str, ...]:
    """The stations as the file calls them, each once; none where it has no column for them."""
    if "station" not in roles:
        return ()
    given = dict.fromkeys(table.cells[roles["station"]])
    return tuple(name for name in given if name is not None and not matching.is_summary(name))


def _with_stations(
    table: RawTable, roles: dict[str, str], plan: SeriesPlan, known: References, notes: Notes
) -> SeriesPlan:
    if plan.station is not None or "station" not in roles:
        return plan
    stations = dict(plan.stations or {})
    codes = set(known.sites)
    unknown = []
    for name in _names(table, roles):
        if name in stations or name in codes:
            linked = stations.get(name, name)
            if linked not in codes:
                unknown.append(linked)
            elif linked != name:
                notes.say(
                    Kind.STATION_LINKED, Severity.HINT, column=roles["station"], value=name,
                    detail=f"{linked} {known.sites.get(linked, '')}".strip(), mark=name,
                )  # fmt: skip
            continue
        code = known.stations.get(name)
        if code is None:
            unknown.append(name)
        elif notes.say(
            Kind.STATION_NAMED, Severity.WARNING, column=roles["station"], value=name, detail=code,
            fix=code, action=Action.STATION, mark=name,
        ):  # fmt: skip
            stations[name] = code
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (" …" if len(unknown) > _SHOWN else "")
        notes.say(
            Kind.STATION_UNKNOWN, Severity.HINT, column=roles["station"], count=len(unknown),
            detail=shown,
        )  # fmt: skip
    return replace(plan, stations=stations)


def _matches(table: RawTable, roles: dict[str, str], plan: SeriesPlan) -> tuple[ColumnMatch, ...]:
    by_column = {column: role for role, column in roles.items()}
    if not ("item" in roles and "value" in roles):
        found = series_files.item_headings(table, plan)
        by_column |= {heading: item for heading, (item, _) in found.items()}
    return tuple(
        ColumnMatch(
            column, by_column.get(column), 1.0 if column in by_column else 0.0,
            "alias" if column in by_column else "none",
            tuple(str(one)[:60] for one in table.examples(column)),
        )
        for column in table.cells.columns
    )  # fmt: skip
