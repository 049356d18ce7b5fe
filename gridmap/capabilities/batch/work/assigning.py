"""A sheet of places → a verdict for every row, or the reason why not.

Pure over columns of text: who reads the sheet and who writes the answers is the business
of the rooms above. `Assigner` holds what is the same for all rows and all blocks of a
long file; `assign` answers a block, `rerun` only the rows that changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntFlag, StrEnum
from functools import cached_property, partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.capabilities.locate.rules import Responsibility, Verdict
from gridmap.capabilities.locate.rules.batch_verdict import STATUSES, BatchVerdict
from gridmap.capabilities.locate.rules.verdict import Status
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.latest import with_latest
from gridmap.capabilities.locate.work.phrases import Placed, Places, places_of
from gridmap.core.datum import Datum, stated_in
from gridmap.core.notation import Written
from gridmap.core.place import Place
from gridmap.core.plane import Floats
from gridmap.core.zones import Zone
from gridmap.intake.looks import sheet_values
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.sheet_values import DATUMS
from gridmap.store.project import Project

NOT_FOUND: Final = "not_found"
UNDATED: Final = "undated"
KINDS: Final = (*(str(status) for status in STATUSES), NOT_FOUND, UNDATED)
BY_HAND: Final = frozenset(KINDS) - {str(Status.CERTAIN)}
"""The kinds of rows that need a person."""
_LOST: Final = KINDS.index(NOT_FOUND)
_NO_DAY: Final = KINDS.index(UNDATED)
_STEP: Final = 100_000
_WORDS_STEP: Final = 50

Progress = Callable[[int, int], None]


class Note(IntFlag):
    """What should be said of a row beside its verdict."""

    SWAPPED = 1
    BY_NAME = 2
    BAD_DATE = 4
    BAD_PROBLEM = 8
    CORRECTED = 16
    NUMBERED = 32
    NO_DATE = 64
    NO_DATUM = 128


_OF_CELLS: Final = Note.BAD_DATE | Note.BAD_PROBLEM | Note.NUMBERED | Note.NO_DATE


class DatumSource(StrEnum):
    """Where the datum of a sheet is from: a person, its headings, or nowhere."""

    GIVEN = "given"
    HEADING = "heading"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class AssignOptions:
    """How the cells of a sheet are to be read.

    All of it is a property of the sheet. `columns` says what stands where; `on`, `problem` and
    `datum` serve rows that name none, and `source` tells where that datum is from; `zone` is
    that of metres without a zone number; `radius_m` is added to no place in words.
    """

    columns: SheetColumns
    on: date
    datum: Datum = Datum.CGCS2000
    source: DatumSource = DatumSource.GIVEN
    zone: Zone | None = None
    problem: str | None = None
    radius_m: float = 0.0


@dataclass(frozen=True)
class Correction:
    """A row put right by hand: a place in degrees of EPSG:4490, or another text for it."""

    lon: float | None = None
    lat: float | None = None
    text: str | None = None
    radius_m: float = 0.0


@dataclass(frozen=True)
class Whereabouts:
    """Where n rows are; all of shape (n,).

    `lon`, `lat` are degrees of EPSG:4490, NaN where the place is not known; then `trouble`
    says why (`batch.lost.*`), and `placed` what a search by words found. `datum` are positions
    in `DATUMS`: in which the figures of a row were read, −1 where it gives no degrees.
    """

    lon: Floats
    lat: Floats
    radius_m: Floats
    notes: npt.NDArray[np.int16]
    trouble: list[str | None]
    placed: list[Placed | None]
    datum: npt.NDArray[np.int8]


@dataclass(frozen=True)
class BatchResult:
    """The answers of n rows, in the order of the sheet.

    `kind` (n,) are positions in `KINDS`: the status, place not found, or date unreadable.
    `on` is NaT where the date of a row cannot be read. `verdict` has n rows too; a row whose
    place is not known has nothing in it, one whose day is not known nobody who holds a post.
    """

    kind: npt.NDArray[np.int8]
    where: Whereabouts
    on: npt.NDArray[np.datetime64]
    problems: Sequence[str | None]
    texts: Sequence[str | None]
    verdict: BatchVerdict

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind; their sum is the number of rows."""
        found = np.bincount(self.kind, minlength=len(KINDS)).tolist()
        return dict(zip(KINDS, found, strict=True))

    def place(self, row: int) -> Place | None:
        """The place of a row, None if it is not known."""
        lon, lat = float(self.where.lon[row]), float(self.where.lat[row])
        if np.isnan(lon):
            return None
        read_in = int(self.where.datum[row])
        datum = DATUMS[read_in] if read_in >= 0 else None
        return Place(lon, lat, float(self.where.radius_m[row]), self.texts[row], datum)


@dataclass
class Assigner:
    """One project's rule and places, with the options for one sheet."""

    rule: Responsibility
    make_places: Callable[[], Places]
    options: AssignOptions
    complete: Callable[[Verdict], Verdict]
    problem_of: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        """The names of the project; read when the first row names a place in words."""
        return self.make_places()

    @classmethod
    def of(cls, project: Project, options: AssignOptions) -> "Assigner":
        """For a project as it is now. Not for the GUI thread."""
        rule = responsibility_of(project)
        names = {
            title.casefold(): duty.problem
            for duty in rule.problems.values()
            for title in (duty.title_zh, duty.title_en, duty.problem)
            if title
        }
        return cls(rule, lambda: places_of(project), options, partial(with_latest, project), names)

    def assign(self, table: pa.Table, watch: Progress | None = None) -> BatchResult:
        """Answer every row of a block.

        Args:
            table: the sheet; every column text.
            watch: called with rows done and all rows, first while places in words are looked
                for (up to the half), then answered; what it raises stops the work.
        """
        where = self._whereabouts(table, watch)
        on = self._days(table, where.notes)
        problems, bad_problem = self._problems(table)
        where.notes[bad_problem] |= Note.BAD_PROBLEM
        texts = sheet_values.places_written(table, self.options.columns)
        return self._answered(where, on, problems, texts, watch)

    def rerun(self, result: BatchResult, corrections: Mapping[int, Correction]) -> BatchResult:
        """The result with some rows put right; no other row is computed again."""
        where, texts = _copy(result.where), list(result.texts)
        rows = sorted(corrections)
        for row in rows:
            self._correct(where, row, corrections[row])
            texts[row] = corrections[row].text or texts[row]
        return self._again(result, where, texts, rows)

    def as_written(self, result: BatchResult, table: pa.Table, rows: Sequence[int]) -> BatchResult:
        """The result with some rows, rising, where the sheet has them: corrections taken back."""
        where, texts = _copy(result.where), list(result.texts)
        part = table.take(pa.array(rows, pa.int64()))
        fresh = self._whereabouts(part)
        for name in ("lon", "lat", "radius_m", "datum"):
            getattr(where, name)[rows] = getattr(fresh, name)
        where.notes[rows] = where.notes[rows] & _OF_CELLS | fresh.notes
        written = sheet_values.places_written(part, self.options.columns)
        for place, row in enumerate(rows):
            where.trouble[row], where.placed[row] = fresh.trouble[place], fresh.placed[place]
            texts[row] = written[place]
        return self._again(result, where, texts, rows)

    def _again(
        self, result: BatchResult, where: Whereabouts, texts: list[str | None], of: Sequence[int]
    ) -> BatchResult:
        """The result with some rows answered where they are now."""
        rows = np.array(of, np.intp)
        part = Whereabouts(
            where.lon[rows], where.lat[rows], where.radius_m[rows], where.notes[rows],
            [where.trouble[row] for row in of], [where.placed[row] for row in of],
            where.datum[rows],
        )  # fmt: skip
        problems = [result.problems[row] for row in of]
        fresh = self._answered(part, result.on[rows], problems, [texts[row] for row in of], None)
        kind = result.kind.copy()
        kind[rows] = fresh.kind
        verdict = result.verdict.with_rows(rows, fresh.verdict)
        return replace(result, kind=kind, where=where, texts=texts, verdict=verdict)

    def verdict(self, result: BatchResult, row: int) -> Verdict | None:
        """The whole verdict of one row, None if its place or its day is not known."""
        place = result.place(row)
        if place is None or np.isnat(result.on[row]):
            return None
        found = self.rule.locate(place, result.on[row].item(), result.problems[row])
        return self.complete(found)

    # ------------------------------------------------------------------------------------

    def _answered(
        self,
        where: Whereabouts,
        on: npt.NDArray[np.datetime64],
        problems: Sequence[str | None],
        texts: Sequence[str | None],
        watch: Progress | None,
    ) -> BatchResult:
        count = len(where.lon)
        known = np.flatnonzero(np.isfinite(where.lon))
        undated = np.isnat(on)
        days = np.where(undated, np.datetime64(self.options.on), on)
        kind = np.full(count, _LOST, np.int8)
        verdict: BatchVerdict | None = None
        for begin in range(0, max(len(known), 1), _STEP):
            rows = known[begin : begin + _STEP]
            asked = problems if len(rows) == count else [problems[row] for row in rows.tolist()]
            part = self.rule.many(
                where.lon[rows], where.lat[rows], where.radius_m[rows], days[rows], asked
            )
            kind[rows] = part.status
            if len(rows) == count:
                verdict = part
            else:
                whole = BatchVerdict.empty(count, part) if verdict is None else verdict
                verdict = whole.with_rows(rows, part)
            if watch is not None:
                watch(begin + len(rows), count)
        assert verdict is not None  # noqa: S101  the loop runs at least once
        if undated.any():
            kind[undated & (kind != _LOST)] = _NO_DAY
            verdict = verdict.without_people(np.flatnonzero(undated))
        return BatchResult(kind, where, on, problems, texts, verdict)

    def _whereabouts(self, table: pa.Table, watch: Progress | None = None) -> Whereabouts:
        options, count = self.options, table.num_rows
        written = sheet_values.coordinates(table, options.columns, options.datum, options.zone)
        where = Whereabouts(
            written.lon, written.lat, np.full(count, options.radius_m),
            np.where(written.swapped, int(Note.SWAPPED), 0).astype(np.int16),
            written.trouble, [None] * count, written.datum,
        )  # fmt: skip
        texts = sheet_values.texts_of(table, options.columns.place)
        if options.columns.datum is not None:
            silent = sheet_values.empty_cells(table, options.columns.datum) & (where.datum >= 0)
            where.notes[silent] |= Note.NO_DATUM
        lost = np.flatnonzero(~np.isfinite(where.lon)).tolist()
        own = sheet_values.datum_of_row(table, options.columns.datum, options.datum)
        for done, row in enumerate(lost):
            if watch is not None and done % _WORDS_STEP == 0:
                watch(count * done // (2 * len(lost)), count)
            text = texts[row]
            if text and where.trouble[row] != "datum":
                self._by_words(where, row, text, own[row])
        return where

    def _by_words(self, where: Whereabouts, row: int, text: str, own: Datum | None) -> None:
        """A place out of a text: coordinates somewhere in it, else a place in words."""
        datum = stated_in(text) or own
        found = sheet_values.coordinates_within(text, datum or Datum.CGCS2000, self.options.zone)
        if isinstance(found, Written) and datum is None:
            where.trouble[row] = "datum"
            return
        if isinstance(found, Written):
            where.datum[row] = -1 if found.zone else DATUMS.index(datum or Datum.CGCS2000)
            where.lon[row], where.lat[row], where.trouble[row] = found.lon, found.lat, None
            where.notes[row] |= Note.SWAPPED if found.swapped else 0
            return
        if found is not None:
            where.trouble[row] = str(found)
            return
        placed = where.placed[row] = self.places.find(text)
        if placed.place is None:
            where.trouble[row] = str(placed.trouble)
            return
        place = placed.place
        where.lon[row], where.lat[row], where.radius_m[row] = place.lon, place.lat, place.radius_m
        where.notes[row] |= Note.BY_NAME
        where.trouble[row] = None

    def _correct(self, where: Whereabouts, row: int, correction: Correction) -> None:
        where.lon[row] = where.lat[row] = np.nan
        where.radius_m[row] = correction.radius_m
        where.placed[row], where.trouble[row], where.datum[row] = None, "missing", -1
        where.notes[row] &= ~(Note.SWAPPED | Note.BY_NAME)
        if correction.lon is not None and correction.lat is not None:
            where.lon[row], where.lat[row] = correction.lon, correction.lat
            where.trouble[row] = None
        elif correction.text:
            self._by_words(where, row, correction.text, self.options.datum)
        where.notes[row] |= Note.CORRECTED

    def _days(self, table: pa.Table, notes: npt.NDArray[np.int16]) -> npt.NDArray[np.datetime64]:
        """The day of each row, NaT where it cannot be read; what is to be said goes to `notes`."""
        column = self.options.columns.date
        if column is None:
            return np.full(table.num_rows, np.datetime64(self.options.on))
        days = sheet_values.days(table.column(column), self.options.on)
        notes[np.isnat(days.on)] |= Note.BAD_DATE
        notes[days.numbered] |= Note.NUMBERED
        notes[days.empty] |= Note.NO_DATE
        return days.on

    def _problems(self, table: pa.Table) -> tuple[list[str | None], npt.NDArray[np.bool_]]:
        count, column = table.num_rows, self.options.columns.problem
        default = self.options.problem
        if column is None:
            return [default] * count, np.zeros(count, np.bool_)
        texts = sheet_values.texts_of(table, column)
        meant = {text: self._problem(text.casefold()) for text in set(texts) if text}
        bad = np.array([text is not None and meant[text] is None for text in texts], np.bool_)
        return [meant[text] if text else default for text in texts], bad

    def _problem(self, text: str) -> str | None:
        """The problem type that a cell names: its code or title, or part of one title only."""
        exact = self.problem_of.get(text)
        if exact is not None:
            return exact
        alike = {
            problem
            for title, problem in self.problem_of.items()
            if not title.isascii() and (title in text or (len(text) > 1 and text in title))
        }
        return alike.pop() if len(alike) == 1 else None


def _copy(where: Whereabouts) -> Whereabouts:
    return Whereabouts(
        where.lon.copy(), where.lat.copy(), where.radius_m.copy(), where.notes.copy(),
        list(where.trouble), list(where.placed), where.datum.copy(),
    )  # fmt: skip
