"""The import doctor: what is wrong with a file, what could be done, and loading the rest.

The window needs nothing else:

- `find_sources(paths)` → sources, each one table (file × sheet or layer); `from_text(paste)`.
- `examine(source, choices, project, before=case)` → a frozen `Case`. Every decision is a new
  `Choices` and a new look; undo is the former `Choices`. With `before`, a file whose reading
  did not change is not read again. May run in any thread; `watch` tells progress and cancels.
- `case.counts` (read = loadable + to_confirm + to_fill), `case.groups` and `case.findings`
  (each with id, severity, row, column, cell, value, `message`, `proposal`, `accepted`),
  `case.matches`, `case.place` (guesses with evidence, before and after), `case.targets`,
  `case.encodings`, `case.preview()`, `case.changes`, `case.blocked`.
- `choices.accept(id or group)`, `.refuse(…)`, `.accept_all(case.findings)`, or `settled(case)`,
  which accepts proposals until none is left.
- `load_case(project, case)` → `ImportReport`: one change of the project, undoable, in the log
  and the catalogue; what was decided about columns is remembered for the next time.
- `findings_table(case)` → the findings as a table of plain values.

Nothing is changed without being accepted: without answers a case loads what is sound as it
is and holds back the rest. Rows read = rows loaded + rows held back, always.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from gridmap.core.declaration import FieldDeclaration
from gridmap.intake import layer_case, loading, memory, roster_case, rosters
from gridmap.intake.cases import Case, Counts, Group, Outcome
from gridmap.intake.choices import ROSTERS, SERIES, Choices
from gridmap.intake.files import sources
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.sources import Reading, Source, find_sources, from_text
from gridmap.intake.files.tables import RawTable, ReadOptions
from gridmap.intake.findings import Action, Finding, Kind, Severity, Told, titled
from gridmap.intake.findings_sheet import findings_table
from gridmap.intake.looks import targets
from gridmap.intake.looks.matching import folded
from gridmap.intake.looks.notes import Notes
from gridmap.intake.looks.references import REFERENCE_READS, References
from gridmap.intake.looks.targets import TargetGuess
from gridmap.intake.progress import Watch
from gridmap.intake.report import ImportReport
from gridmap.intake.series import (
    case as series_case,
)
from gridmap.intake.series import (
    loading as series_loading,
)
from gridmap.store import Edition, Project
from gridmap.store.change import Change
from gridmap.store.changes import Reads, settings, tables
from gridmap.texts import pick, t

__all__ = [
    "Case", "Choices", "Counts", "Group", "Source", "examine", "find_sources", "findings_table",
    "from_text", "load_case", "settled", "undecided",
]  # fmt: skip

CATALOGUE: Final = "intake.catalogue."
TOLERATED: Final = "intake.tolerated."
_ROUNDS: Final = 6
_KEPT: Final = 50


def examine(
    source: Source,
    choices: Choices,
    project: Project,
    *,
    before: Case | None = None,
    watch: Watch | None = None,
) -> Case:
    """Look a source over. Changes nothing.

    Args:
        source: of `find_sources` or `from_text`.
        choices: what was decided so far; `Choices()` at first.
        project: to compare with; its layers decide what the file can be.
        before: a former case of the same source, to save reading file and project again.
        watch: progress ("read", "check") and cancelling.

    Raises:
        IntakeError: for a file that cannot be read at all, or a choice that does not fit it.
        Cancelled: if somebody asked the watch's job to stop.
    """
    watch = watch or Watch()
    watch.step("read", 0, 1)
    reading = _read(source, choices, before)
    known = before.references if before is not None else None
    if known is None or project.touched_since(known.revision, REFERENCE_READS):
        known = References.of(project)
    watch.step("check", 0, 5)
    guesses = _targets(source, reading, project, before)
    guessed = targets.plain(guesses)
    target = choices.target or guessed
    shape = _shape(source, reading, before)
    if target is None:
        outcome = _unclassified(reading)
    else:
        seen = reading
        if choices.recalled:
            other = title_of(target, project) if target != guessed else ""
            seen = replace(reading, table=_with_recalled(reading.table, choices, other))
        outcome = _look(seen, source, target, choices, project, known, watch)
    counts = _counts(reading, outcome)
    watch.step("check", 5, 5)
    return Case(source, choices, reading, known, guesses, target, outcome, counts, shape)


def fields_of(target: str | None, project: Project) -> tuple[FieldDeclaration, ...]:
    """The fields that a file of a target can fill; none for readings and where it is open."""
    if target in ROSTERS:
        return rosters.fields()[target]
    declaration = project.declarations.get(target or "")
    return () if declaration is None else declaration.fields


def title_of(target: str, project: Project) -> str:
    """How people call what a file is loaded into, in the current language."""
    declaration = project.declarations.get(target)
    if declaration is not None:
        return pick(declaration.title.as_dict())
    return t(f"app.doctor.target.{target or 'unknown'}")


def reads_of(target: str | None) -> Reads:
    """What a case of a target reads of the project: another change leaves it as it is."""
    reads = REFERENCE_READS | settings(f"{targets.MAPPINGS}{target}", f"{TOLERATED}{target}")
    if target == SERIES:
        reads |= settings(memory.LINKS)
    return reads | tables("people", "posts", "departments") if target in ROSTERS else reads


def settled(
    source: Source,
    choices: Choices,
    project: Project,
    *,
    before: Case | None = None,
    watch: Watch | None = None,
) -> Case:
    """Examine, accept every proposal, and look again until no new ones come up.

    What makes it worse is left open: fewer rows that can be loaded, or more that must be decided.
    """
    case = examine(source, choices, project, before=before, watch=watch)
    left: set[str] = set()
    for _ in range(_ROUNDS):
        asked = [f for f in case.findings if f.id not in left]
        accepted = case.choices.accept_all(asked)
        if accepted == case.choices:
            break
        after = examine(source, accepted, project, before=case, watch=watch)
        if not _worse(case, after):
            case = after
            continue
        # One of them is to blame: each kind by itself, in the order of the list.
        for group in case.groups:
            one = case.choices.accept_all(f for f in group.findings if f.id not in left)
            if one == case.choices:
                continue
            after = examine(source, one, project, before=case, watch=watch)
            if _worse(case, after):
                left |= {finding.id for finding in group.findings}
            else:
                case = after
    return case


def _worse(before: Case, after: Case) -> bool:
    """Whether answers left fewer rows to load, or more to decide, than there were."""
    doubts = [
        sum(f.kind is Kind.COLUMN_DOUBTED for f in case.findings) for case in (before, after)
    ]  # fmt: skip
    if doubts[1] > doubts[0]:
        return True
    if before.blocked:
        return len(after.blocked) > len(before.blocked)
    return bool(after.blocked) or after.counts.loadable < before.counts.loadable


def load_case(
    project: Project, case: Case, *, actor: str = "", watch: Watch | None = None
) -> ImportReport:
    """Load what can be loaded of a case: one change of the project.

    What is loaded is what was examined, also if the file has changed since.

    Raises:
        IntakeError: `intake.error.undecided` while something blocks, `.stale` if what it read
            of the project changed since.
        ProjectError: for a project that cannot be written.
        Cancelled: if somebody asked the watch's job to stop; nothing is written then.
    """
    ready, target = case.outcome.ready, case.target
    if case.blocked or ready is None or target is None:
        raise undecided(case)
    if project.touched_since(case.references.revision, reads_of(target)):
        raise IntakeError("intake.error.stale", file=case.source.name)
    extra = partial(_written_beside, project, case)
    choices = case.choices
    if target == SERIES:
        report = series_loading.store(
            project, ready.table, ready.batches, ready.findings, actor=actor, watch=watch,
            extra=extra,
        )  # fmt: skip
    elif target in ROSTERS:
        report = rosters.store(
            project, target, ready, replace_all=choices.mode == "replace", actor=actor,
            watch=watch, extra=extra,
        )  # fmt: skip
    else:
        report = loading.store(
            project, target, ready, _edition(case, ready), mode=choices.mode, actor=actor,
            watch=watch, extra=extra,
        )  # fmt: skip
    if report.rows_loaded != case.counts.loadable:
        raise RuntimeError(f"{report.rows_loaded} rows loaded, {case.counts.loadable} promised")
    return report


def undecided(case: Case) -> IntakeError:
    """The error that says what must be decided before anything of a case can be loaded."""
    return IntakeError(
        "intake.error.undecided", file=case.source.name, reason=Told(case.blocked)
    )  # fmt: skip


def _read(source: Source, choices: Choices, before: Case | None) -> Reading:
    options = replace(choices.reading, layer=choices.reading.layer or source.layer)
    same = before is not None and before.source == source and before.reading.options == options
    return before.reading if same and before is not None else sources.read(source, options)


def _targets(
    source: Source, reading: Reading, project: Project, before: Case | None
) -> tuple[TargetGuess, ...]:
    """What the file may be; of the same reading looked at before, that is known."""
    if (
        before is not None
        and reading is before.reading
        and not project.touched_since(before.references.revision, settings(targets.MAPPINGS))
    ):
        return before.targets
    return targets.ranked(reading.table, source.name, project)


def _shape(source: Source, reading: Reading, before: Case | None) -> str:
    """The signature of the headings as they are found where nobody says how to read the file."""
    if before is not None and before.source == source:
        return before.shape
    if reading.options == replace(ReadOptions(), layer=reading.options.layer):
        return memory.signature(reading.table)
    try:
        unasked = sources.read(source, ReadOptions(layer=reading.options.layer))
    except IntakeError:  # it can only be read as somebody said
        return memory.signature(reading.table)
    return memory.signature(unasked.table)


def _unclassified(reading: Reading) -> Outcome:
    """What is known of a table of which nobody knows what it holds: a person has to say."""
    notes = Notes(reading.table, Choices())
    notes.take(reading.table.findings, {})
    notes.say(Kind.NO_TARGET, Severity.ERROR)
    return Outcome(layer_case.ordered(notes.findings), frozenset())


def _look(
    reading: Reading,
    source: Source,
    target: str,
    choices: Choices,
    project: Project,
    known: References,
    watch: Watch,
) -> Outcome:
    table = reading.table.without(choices.left_out)
    if target == SERIES:
        # Stations that were linked by hand are linked in every file.
        linked = {**memory.links_of(project), **choices.stations}
        outcome = series_case.look(table, replace(choices, stations=linked), known)
    elif target in ROSTERS:
        outcome = roster_case.look(table, source.name, target, choices, project)
    else:
        declaration = loading.declared(project, target)
        tolerated = frozenset(project.settings.get(f"{TOLERATED}{target}", []))
        choices = replace(choices, accepted=choices.accepted | (tolerated - choices.refused))
        outcome = layer_case.look(
            table, source.name, declaration, choices, project, known, watch
        )  # fmt: skip
    return _named(outcome, fields_of(target, project))


def _with_recalled(table: RawTable, choices: Choices, target: str) -> RawTable:
    """The table, and as a finding what was decided about a former file, if anything was.

    Args:
        table: the file.
        choices: recalled ones.
        target: title of what it was taken for, where that is not what it looks like.
    """
    words = [("target", target)] if target else []
    words += memory.in_words(choices)
    if not words:
        return table
    told = Finding(
        Kind.RECALLED, Severity.HINT, table.file, value=choices.recalled,
        detail=t("verdict.join.clauses").join(
            t(f"intake.recalled.{what}", value=value) for what, value in words
        ),
    )  # fmt: skip
    return replace(table, findings=(*table.findings, told))


def _named(outcome: Outcome, fields: tuple[FieldDeclaration, ...]) -> Outcome:
    """The outcome, its findings speaking of fields as people call them, also when it is loaded."""
    found, ready = titled(outcome.findings, fields), outcome.ready
    if ready is not None:
        ready = replace(ready, findings=type(ready.findings)(found))
    return replace(outcome, findings=found, ready=ready)


def _counts(reading: Reading, outcome: Outcome) -> Counts:
    """Rows that are loaded, that wait for an answer, that wait for the file to be completed."""
    read = reading.table.rows_read - outcome.heading_rows
    blocked = any(finding.blocks for finding in outcome.findings) or outcome.ready is None
    open_rows: dict[int, bool] = {}
    for finding in outcome.findings:
        if finding.holds_back and finding.row is not None:
            answerable = finding.proposes
            open_rows[finding.row] = open_rows.get(finding.row, True) and answerable
    to_fill = sum(not answerable for answerable in open_rows.values())
    if blocked:
        return Counts(read, 0, read - min(to_fill, read), min(to_fill, read))
    loadable = len(outcome.good_rows)
    to_confirm = read - loadable - to_fill
    return Counts(read, loadable, to_confirm, to_fill)


def _edition(case: Case, ready: loading.Prepared) -> Edition:
    choices = case.choices
    date = dt.date.fromisoformat(choices.edition_date) if choices.edition_date else None
    return Edition(
        str(case.target),
        date,
        choices.source_text or case.source.name,
        math.nan if choices.accuracy_m is None else choices.accuracy_m,
        ready.crs_of_source,
        choices.data_status or loading.status_of(ready.frame),
    )


def _written_beside(project: Project, case: Case, change: Change, report: ImportReport) -> None:
    """Catalogue, log, remembered columns and tolerated faults, in the same change."""
    fingerprint, target = case.reading.fingerprint, str(case.target)
    place = case.place
    facts = {
        "file": case.source.name,
        "path": str(case.source.path),
        "sheet": case.reading.table.sheet,
        "sha256": fingerprint.sha256 if fingerprint else None,
        "crs": place.chosen if place else None,
        "read": report.rows_read,
        "loaded": report.rows_loaded,
        "held_back": report.rows_held_back,
    }
    change.detail["import"] |= {
        **facts,
        "mode": case.choices.mode,
        "accepted": sorted(f.id for f in case.findings if f.accepted),
    }
    entry = {
        **facts,
        "source": case.choices.source_text or case.source.name,
        "date": case.choices.edition_date,
        "loaded_at": change.at.isoformat(),
        "revision": change.revision,
    }
    former = project.settings.get(f"{CATALOGUE}{target}", [])
    kept = [] if case.choices.mode == "replace" else list(former)[-_KEPT:]
    change.set_setting(f"{CATALOGUE}{target}", [*kept, entry])
    name, decided = memory.learned(case)
    if target == SERIES or project.settings.get(name) is not None or memory.decided(case):
        change.set_setting(name, decided)
    if target == SERIES:
        change.set_setting(memory.LINKS, memory.linked(project, case) or None)
    if target != SERIES:
        learned = {**targets.remembered(project, target), **_learned(case)}
        change.set_setting(f"{targets.MAPPINGS}{target}", learned)
    tolerated = sorted(
        f.id for f in case.findings if f.accepted and f.action is Action.TOLERATE
    )  # fmt: skip
    if tolerated:
        known = set(project.settings.get(f"{TOLERATED}{target}", []))
        change.set_setting(f"{TOLERATED}{target}", sorted(known | set(tolerated)))


def _learned(case: Case) -> Mapping[str, str]:
    """Folded heading → field: what a person said or accepted, not what was plain anyway."""
    stated = {
        folded(column): field for field, column in case.choices.columns.items() if column
    }  # fmt: skip
    guessed = {
        folded(f.column): f.field
        for f in case.findings
        if f.accepted and f.action is Action.MAP and f.column
    }
    left_out = {folded(column): "" for column in case.choices.left_out}
    return {**guessed, **stated, **left_out}
