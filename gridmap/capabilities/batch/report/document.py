"""What a batch comes to: rows of each kind, per unit and per chief, and what it rests on."""

from collections import Counter

import numpy as np
import pyarrow as pa

from gridmap.capabilities.batch.report.text import totals
from gridmap.capabilities.batch.work.assigning import (
    KINDS,
    NOT_FOUND,
    AssignOptions,
    BatchResult,
    Note,
)
from gridmap.capabilities.batch.work.datum import DatumDoubt
from gridmap.capabilities.locate.rules.verdict import Status, UnitRef
from gridmap.report import wording
from gridmap.report.document import Column, Document, Line, Rows, Section, Table, Word
from gridmap.report.sheets import text_table
from gridmap.report.titles import named
from gridmap.store.project import Project
from gridmap.texts import pick, t

_SHOWN_ROLES = ("grid", "reach")
# Only these have an owner to whom rows count.
_OWNED = tuple(kind for kind in KINDS if kind not in {str(Status.OUTSIDE), NOT_FOUND})


class BatchSummary:
    """Counts that grow from block to block."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.numbered = 0
        """Rows whose date was the day number of a spreadsheet."""
        self._units: dict[UnitRef, Counter[str]] = {}
        self._chiefs: dict[tuple[str, str], Counter[str]] = {}

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return sum(self.counts.values())

    @property
    def line(self) -> str:
        """The sum in one line, as in 5,000 = 4,612 + 203 + …, all kinds in their order."""
        return totals(self.counts)

    def add(self, result: BatchResult) -> None:
        """Count one block."""
        for kind, count in result.counts.items():
            self.counts[kind] += count
        self.numbered += int(np.count_nonzero(result.where.notes & Note.NUMBERED))
        owner, chiefs = result.verdict.owner, result.verdict.chiefs
        for unit, kind, count in _pairs(owner.codes, result.kind):
            self._units.setdefault(owner.values[unit], Counter())[kind] += count
        for code, kind, count in _pairs(chiefs.codes, result.kind):
            holders = {
                (one.person.name if one.person else t("batch.vacant"), one.tier)
                for one in chiefs.values[code]
            }
            for holder in holders:
                self._chiefs.setdefault(holder, Counter())[kind] += count

    def units(self) -> pa.Table:
        """Rows per owner, most first; provisional owners of gaps count as unassigned."""
        found = sorted(self._units.items(), key=lambda one: (-one[1].total(), one[0].code))
        return text_table({
            t("batch.column.unit_of_row"): [unit.code for unit, _ in found],
            t("batch.column.name"): [unit.name for unit, _ in found],
            t("batch.column.tier"): [named("tier", unit.tier) for unit, _ in found],
            t("batch.column.total"): [counts.total() for _, counts in found],
            **{t(f"batch.kind.{kind}"): [counts[kind] for _, counts in found] for kind in _OWNED},
        })  # fmt: skip

    def chiefs(self) -> pa.Table:
        """Rows per chief of the nearest reach, most first; a vacancy counts as one per tier."""
        found = sorted(self._chiefs.items(), key=lambda one: (-one[1].total(), one[0]))
        return text_table({
            t("batch.column.person"): [name for (name, _), _ in found],
            t("batch.column.tier"): [named("tier", tier) for (_, tier), _ in found],
            t("batch.column.total"): [counts.total() for _, counts in found],
            **{t(f"batch.kind.{kind}"): [counts[kind] for _, counts in found] for kind in KINDS},
        })  # fmt: skip

    def together(self) -> pa.Table:
        """Both summaries in one table, for a file that holds one only."""
        units, chiefs = self.units(), self.chiefs()
        group = [t("batch.column.owner")] * units.num_rows
        group += [t("batch.column.person")] * chiefs.num_rows
        units = units.rename_columns({t("batch.column.name"): t("batch.column.person")})
        both = pa.concat_tables([units, chiefs], promote_options="default")
        both = both.rename_columns({t("batch.column.person"): t("batch.column.name")})
        return both.add_column(0, t("batch.column.group"), pa.array(group, pa.string()))


def _pairs(codes: np.ndarray, kinds: np.ndarray) -> list[tuple[int, str, int]]:
    """How often each code stands with each kind; rows without a code do not count."""
    known = codes >= 0
    width = len(KINDS)
    counted = np.bincount(codes[known].astype(np.int64) * width + kinds[known])
    return [
        (place // width, KINDS[place % width], int(counted[place]))
        for place in np.flatnonzero(counted).tolist()
    ]


def data_line(project: Project) -> str:
    """The editions that owners and reaches stem from, in one line; example data say so."""
    editions = project.editions()
    shown = [
        t(
            "verdict.basis.edition" if edition.edition_date else "verdict.basis.edition_undated",
            layer=pick(project.declarations[layer_id].title.as_dict()),
            date=wording.day(edition.edition_date) if edition.edition_date else "",
            accuracy=wording.distance(edition.accuracy_m),
        )
        for layer_id, edition in editions.items()
        if project.declarations[layer_id].role in _SHOWN_ROLES
    ]
    label = [t("batch.example.label")] if project.is_example else []
    return t("verdict.join.clauses").join([*label, t("verdict.join.values").join(shown)])


def reading_facts(options: AssignOptions, doubt: DatumDoubt | None = None) -> dict[str, str]:
    """How the sheet was read: its datum and where that is from, its columns, its day."""
    columns = options.columns.named()
    join = t("verdict.join.values")
    said = join.join(
        t("assign.column", meaning=t(f"assign.meaning.{meaning}"), heading=heading)
        for meaning, heading in columns.items()
    )
    facts = {
        t("batch.about.datum"): datum_line(options),
        t("batch.about.columns"): said,
        t("batch.about.on"): wording.day(options.on),
    }
    if options.zone is not None:
        facts[t("batch.about.zone")] = t("batch.about.zone_of", number=options.zone.number)
    if doubt is not None:
        facts[t("batch.about.doubt")] = doubt_line(doubt)
    return facts


def datum_line(options: AssignOptions) -> str:
    """In which datum the rows are read, and where that is from."""
    text = t(f"batch.datum.{options.source}", datum=options.datum.value)
    column = options.columns.datum
    return text if column is None else t("batch.datum.by_row", column=column, datum=text)


def doubt_line(doubt: DatumDoubt) -> str:
    """What speaks for another datum."""
    return t(
        "batch.datum.doubt", column=doubt.column, rows=f"{doubt.rows:,}",
        used=doubt.used.value, in_used=f"{doubt.in_used:,}",
        better=doubt.better.value, in_better=f"{doubt.in_better:,}",
    )  # fmt: skip


def about_table(
    project: Project,
    source: str,
    options: AssignOptions,
    summary: BatchSummary,
    doubt: DatumDoubt | None = None,
) -> pa.Table:
    """A small sheet that says where the answers come from and how the sheet was read."""
    facts = {
        t("batch.about.source"): source,
        t("batch.about.project"): f"{project.title} ({project.path.name})",
        t("batch.about.data"): data_line(project),
        **reading_facts(options, doubt),
        t("batch.about.rows"): summary.line,
    }
    if summary.numbered:
        facts[t("batch.about.numbered")] = t("batch.about.rows_of", count=f"{summary.numbered:,}")
    return text_table(
        {t("batch.about.what"): list(facts), t("batch.about.value"): list(facts.values())}
    )


def summary_document(summary: BatchSummary, about: pa.Table, *, single: bool) -> Document:
    """The summaries as a document for a file.

    Args:
        summary: the counts.
        about: where the answers come from.
        single: the file holds one table only, which then has units and chiefs together.
    """
    made = (
        [(t("batch.sheet.units"), summary.together())]
        if single
        else [
            (t("batch.sheet.units"), summary.units()),
            (t("batch.sheet.chiefs"), summary.chiefs()),
            (t("batch.sheet.about"), about),
        ]
    )
    tables = tuple(Table(title, table.to_pydict()) for title, table in made)
    facts = tuple(Line(*pair) for pair in zip(*about.to_pydict().values(), strict=True))
    paper = (
        Section("about", t("batch.sheet.about"), facts),
        _rows("units", t("batch.sheet.units"), summary.units()),
        _rows("chiefs", t("batch.sheet.chiefs"), summary.chiefs()),
    )
    return Document(
        kind="batch", headline=summary.line, heading=t("batch.sheet.rows"), paper=paper,
        tables=tables,
    )  # fmt: skip


def _rows(name: str, title: str, table: pa.Table) -> Rows:
    """A table for paper: the name wide, numbers at the right."""
    heads = table.column_names
    columns = tuple(
        Column(2.0 if place < 2 else 1.0, head, float(place > 2))  # noqa: PLR2004
        for place, head in enumerate(heads)
    )
    cells = zip(*(map(str, column) for column in table.to_pydict().values()), strict=True)
    return Rows(name, title, columns, tuple(tuple(map(Word, row)) for row in cells))
