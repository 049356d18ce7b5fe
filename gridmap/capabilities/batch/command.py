"""`gridmap assign IN -o OUT`: a sheet in, every row with its owner or the reason why not."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa

from gridmap.capabilities.batch.report.document import (
    BatchSummary,
    about_table,
    data_line,
    summary_document,
)
from gridmap.capabilities.batch.report.text import BatchWriting
from gridmap.capabilities.batch.work.assigning import KINDS, Assigner, AssignOptions, BatchResult
from gridmap.capabilities.batch.work.masking import masked, masked_columns
from gridmap.cli import values
from gridmap.cli.stopping import stopping
from gridmap.core.datum import Datum
from gridmap.core.moments import ZONE
from gridmap.core.zones import Zone
from gridmap.intake import door
from gridmap.intake.files.sheet_blocks import Sheet, open_sheet
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.sheet_matching import columns_in
from gridmap.report import wording
from gridmap.report.saving import FORMATS, save
from gridmap.report.sheets import TableWriter, writing
from gridmap.stopping import Job
from gridmap.store.project import Project
from gridmap.texts import t

DONE, FAULT, CANCELLED = 0, 1, 130
_MEANINGS: Final = ("lon", "lat", "coordinates", "place", "date", "problem")
_SUMMARIES: Final = (".csv", ".tsv", ".xlsx")
_LARGE: Final = 8_000_000
_EVERY_S: Final = 0.5
_DEGREES: Final = {4326, 4490}
_ZONES_PREFIXED: Final = range(4513, 4534)
_ZONES_PLAIN: Final = range(4534, 4555)
_SHOWN_BROKEN: Final = 5


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="IN", help=t("assign.help.file"))
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, help=t("assign.help.output")
    )
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument("--sheet", metavar="NAME", help=t("assign.help.sheet"))
    for meaning in _MEANINGS:
        parser.add_argument(
            f"--{meaning}-column", metavar="HEADING", help=t(f"assign.help_column.{meaning}")
        )
    parser.add_argument(
        "--datum", choices=[d.value for d in Datum], default=Datum.CGCS2000.value,
        help=t("cli.help.datum"),
    )  # fmt: skip
    parser.add_argument("--crs", metavar="CRS", help=t("assign.help.crs"))
    parser.add_argument("--on", metavar="DATE", help=t("assign.help.on"))
    parser.add_argument("--problem", metavar="TYPE", help=t("assign.help.problem"))
    parser.add_argument("--radius", metavar="M", help=t("assign.help.radius"))
    parser.add_argument("--summary", metavar="FILE", help=t("assign.help.summary"))
    parser.add_argument("--show-personal", action="store_true", help=t("assign.help.personal"))


def run(options: argparse.Namespace) -> int:
    """Assign every row of a sheet; a cancelled run leaves no file."""
    summary = BatchSummary()
    try:
        with stopping() as stop:
            return _run(options, summary, stop)
    except KeyboardInterrupt:
        text = t("assign.cancelled", rows=f"{summary.rows:,}", file=options.output)
        print(f"\n{wording.one_line(text)}", file=sys.stderr)
        return CANCELLED


def _run(options: argparse.Namespace, summary: BatchSummary, stop: Job) -> int:
    source, target = Path(options.file), values.a_target(options.output, FORMATS)
    summary_file = values.a_target(options.summary, _SUMMARIES) if options.summary else None
    _keep_the_source(source, target, summary_file)
    on = values.a_day(options.on) if options.on else datetime.now(ZONE).date()
    radius_m = values.a_radius(options.radius) if options.radius else 0.0
    zone = _zone(options.crs)
    with values.open_for_reading(options.project) as project:
        sheet = open_sheet(door.source_of(source, options.sheet))
        columns = _columns(options, sheet)
        print(_understood(columns), file=sys.stderr)
        assigner = Assigner.of(
            project, AssignOptions(columns, on, Datum(options.datum), zone, None, radius_m)
        )
        _use_problem(assigner, options.problem)
        if source.stat().st_size > _LARGE:
            assigner.rule.prepare()
            stop.check()
        with writing(target, t("batch.sheet.rows")) as writer:
            written = partial(_write, writer, BatchWriting(data_line(project)), options)
            _through(sheet, assigner, summary, written, stop)
            _further_sheets(writer, summary, project, source, on)
            if summary_file is not None:
                _write_summary(summary_file, summary, project, source, on)
    _report(sheet, summary, target, show=options.show_personal)
    return FAULT if sheet.broken else DONE


def _through(
    sheet: Sheet,
    assigner: Assigner,
    summary: BatchSummary,
    write: Callable[[pa.Table, BatchResult], None],
    stop: Job,
) -> None:
    """Block by block: while one is written, the next is answered."""
    progress = _Progress()
    none_written = True
    with _one_behind() as behind:
        for block in sheet:
            result = assigner.assign(block, lambda _done, _of: stop.check())
            summary.add(result)
            behind(partial(write, block, result))
            none_written = False
            progress.say(summary.rows)
        if none_written:
            nothing = pa.table({name: pa.array([], pa.string()) for name in sheet.names})
            write(nothing, assigner.assign(nothing))
    progress.end()
    stop.check()


def _write(
    writer: TableWriter,
    words: BatchWriting,
    options: argparse.Namespace,
    block: pa.Table,
    result: BatchResult,
) -> None:
    given = block if options.show_personal else masked(block)
    answers = words.table(result)
    titles = _apart(given.column_names, answers.column_names)
    columns = [*given.columns, *answers.columns]
    writer.write(pa.Table.from_arrays(columns, names=[*given.column_names, *titles]))


def _apart(given: list[str], added: list[str]) -> list[str]:
    """The added headings; one that the sheet has already gets a number."""
    taken, found = set(given), []
    for title in added:
        name, number = title, 2
        while name in taken:
            name, number = f"{title}#{number}", number + 1
        taken.add(name)
        found.append(name)
    return found


@contextmanager
def _one_behind() -> Iterator["_Behind"]:
    """Does jobs in order in a thread of its own, at most one waiting; all are done at the end."""
    with ThreadPoolExecutor(1) as pool:
        behind = _Behind(pool)
        yield behind
        behind.wait()


class _Behind:
    """Takes one job while the one before is done."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._last: Future[None] | None = None

    def __call__(self, job: Callable[[], None]) -> None:
        self.wait()
        self._last = self._pool.submit(job)

    def wait(self) -> None:
        if self._last is not None:
            self._last.result()


class _Progress:
    """Rows done on standard error, on one line of a terminal; nothing in a log."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._last = 0.0

    def say(self, rows: int) -> None:
        now = time.monotonic()
        if self._shown and now - self._last >= _EVERY_S:
            self._last = now
            print(
                f"\r{t('assign.progress', rows=f'{rows:,}')}", end="", file=sys.stderr, flush=True
            )

    def end(self) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _further_sheets(
    writer: TableWriter, summary: BatchSummary, project: Project, source: Path, on: date
) -> None:
    writer.add_sheet(t("batch.sheet.units"), summary.units())
    writer.add_sheet(t("batch.sheet.chiefs"), summary.chiefs())
    writer.add_sheet(t("batch.sheet.about"), about_table(project, source.name, on, summary.line))


def _write_summary(
    target: Path, summary: BatchSummary, project: Project, source: Path, on: date
) -> None:
    about = about_table(project, source.name, on, summary.line)
    save(summary_document(summary, about, single=target.suffix.lower() != ".xlsx"), target)


def _columns(options: argparse.Namespace, sheet: Sheet) -> SheetColumns:
    """The columns named on the command line, else those that the headings suggest."""
    given = {meaning: getattr(options, f"{meaning}_column") for meaning in _MEANINGS}
    for heading in given.values():
        if heading is not None and heading not in sheet.names:
            known = ", ".join(sheet.names)
            raise values.UsageError("assign.error.no_column", name=heading, known=known)
    guessed = columns_in([name for name in sheet.names if name not in given.values()]).named()
    named = {meaning: heading for meaning, heading in given.items() if heading is not None}
    if {"lon", "lat", "coordinates", "place"} & named.keys():
        # Who says where the places stand, says all of it.
        guessed = {
            key: name for key, name in guessed.items() if key in {"date", "problem", "datum"}
        }
    columns = SheetColumns(**{**guessed, **named})
    if columns.empty:
        raise values.UsageError("assign.error.no_place_column", known=", ".join(sheet.names))
    return columns


def _use_problem(assigner: Assigner, problem: str | None) -> None:
    if problem is None:
        return
    meant = assigner.problem_of.get(problem.casefold())
    if meant is None:
        known = ", ".join(sorted(assigner.rule.problems)) or "—"
        raise values.UsageError("answer.rule.unknown_problem", problem=problem, known=known)
    assigner.options = replace(assigner.options, problem=meant)


def _zone(crs: str | None) -> Zone | None:
    """The zone of metres without a zone number that a CRS names; None for degrees."""
    if crs is None:
        return None
    digits = crs.upper().removeprefix("EPSG:")
    code = int(digits) if digits.isdecimal() else 0
    if code in _ZONES_PREFIXED:
        return Zone(code - _ZONES_PREFIXED.start + 25)
    if code in _ZONES_PLAIN:
        return Zone(code - _ZONES_PLAIN.start + 25)
    if code in _DEGREES:
        return None
    raise values.UsageError("assign.error.bad_crs", text=crs)


def _keep_the_source(source: Path, *targets: Path | None) -> None:
    for target in targets:
        if target is not None and target.absolute() == source.absolute():
            raise values.UsageError("assign.error.same_file", file=target)


def _understood(columns: SheetColumns) -> str:
    join = t("verdict.join.values")
    said = [
        t("assign.column", meaning=t(f"assign.meaning.{meaning}"), heading=heading)
        for meaning, heading in columns.named().items()
    ]
    return wording.one_line(t("assign.understood", columns=join.join(said)))


def _report(sheet: Sheet, summary: BatchSummary, target: Path, *, show: bool) -> None:
    """Counts on standard output, hints on standard error."""
    for kind in KINDS:
        print(f"{t(f'batch.kind.{kind}')}\t{summary.counts[kind]:,}")
    print(summary.line)
    hidden = [] if show else masked_columns(sheet.names)
    if hidden:
        names = t("verdict.join.names").join(hidden)
        print(wording.one_line(t("assign.masked", names=names)), file=sys.stderr)
    if sheet.broken:
        numbers = ", ".join(str(number) for number, _ in sheet.broken[:_SHOWN_BROKEN])
        text = t("assign.broken", count=f"{len(sheet.broken):,}", rows=numbers)
        print(text, file=sys.stderr)
    print(t("cli.done.written", file=target), file=sys.stderr)
