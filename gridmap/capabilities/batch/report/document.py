"""What a batch comes to: rows of each kind, per unit and per chief, and what it rests on."""

from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa

from gridmap.capabilities.batch.report.text import totals
from gridmap.capabilities.batch.work.assigning import KINDS, NOT_FOUND, BatchResult
from gridmap.capabilities.locate.rules.verdict import Status, UnitRef
from gridmap.report import wording
from gridmap.report.document import Document, Table
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


def about_table(project: Project, source: str, on: date, line: str) -> pa.Table:
    """A small sheet that says where the answers come from."""
    facts = {
        t("batch.about.source"): source,
        t("batch.about.project"): f"{project.title} ({project.path.name})",
        t("batch.about.data"): data_line(project),
        t("batch.about.on"): wording.day(on),
        t("batch.about.rows"): line,
    }
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
    return Document(kind="batch", headline=summary.line, tables=tables)
