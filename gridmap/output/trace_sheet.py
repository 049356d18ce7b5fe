"""A trace as a table for offices: XLSX, CSV, TSV."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gridmap.domain.tracing import PartKind, Suspect
from gridmap.output import wording
from gridmap.output.tables import text_table, writing
from gridmap.output.trace_text import present_trace
from gridmap.output.trace_words import TraceWriting, moment_of, step_of
from gridmap.output.verdict_lines import Line
from gridmap.texts import t


def write_trace(path: Path, words: TraceWriting, ordered: Sequence[Suspect] | None = None) -> Path:
    """Write the suspects, one row each; a workbook has the event and the basis on a second sheet.

    Args:
        path: ends in .xlsx, .csv or .tsv.
        words: of the answer; its wishes say whether phones are masked.
        ordered: the suspects in another order than that of the answer.

    Raises:
        TableError: if the file cannot be written.
    """
    suspects = words.answer.found.suspects if ordered is None else tuple(ordered)
    rows = [_cells(words, number, one) for number, one in enumerate(suspects, 1)]
    columns = {title: [row[place] for row in rows] for place, title in enumerate(_headings())}
    with writing(path, t("tracing.sheet.title")) as writer:
        writer.write(text_table(columns))
        writer.add_sheet(t("tracing.sheet.about"), text_table(_about(words)))
    return path


def _headings() -> list[str]:
    return [
        t("tracing.sheet.rank"), t("tracing.sheet.firm"), t("tracing.sheet.firm_code"),
        t("tracing.sheet.outlet"), t("tracing.sheet.outlet_code"), t("tracing.sheet.score"),
        *(t(f"tracing.part.{kind.value}") for kind in PartKind),
        t("tracing.sheet.metres"), t("tracing.sheet.fast"), t("tracing.sheet.slow"),
        t("tracing.sheet.first"), t("tracing.sheet.last"), t("tracing.sheet.permit"),
        t("tracing.sheet.excluded"), t("tracing.sheet.unit"), t("tracing.sheet.people"),
        t("tracing.sheet.next"), t("tracing.sheet.lon"), t("tracing.sheet.lat"),
    ]  # fmt: skip


def _cells(words: TraceWriting, number: int, one: Suspect) -> list[Any]:
    source = one.source
    told = words.suspect(number, one)
    lon, lat = words.answer.waters.place_of(source.spot)
    parts = {part.kind: part.value for part in one.parts}
    facts = {"unit": words.unit(one), "section": one.behind}
    return [
        number, told.name, source.firm, source.name, source.code, round(one.score, 4),
        *(None if parts[kind] is None else round(float(parts[kind] or 0.0), 4)
          for kind in PartKind),
        round(one.way.metres), round(one.way.hours_fast, 2), round(one.way.hours_slow, 2),
        f"{moment_of(one.earliest):%Y-%m-%d %H:%M}", f"{moment_of(one.latest):%Y-%m-%d %H:%M}",
        words.permit(one), one.behind, words.unit(one), words.people(one),
        t(f"tracing.step.{step_of(one)}", **facts), round(lon, 6), round(lat, 6),
    ]  # fmt: skip


def _about(words: TraceWriting) -> dict[str, list[str]]:
    """Everything else, as two columns."""
    sheet = present_trace(words, most=0)
    lines = [
        Line(t("tracing.sheet.event"), sheet.headline),
        Line("", sheet.sentence),
        *(line for part in sheet.sections if part.id != "suspects" for line in part.lines),
        Line("", t("tracing.no_proof")),
        Line(t("tracing.sheet.project"), words.context.project_title),
    ]
    if words.context.example:
        lines.append(Line("", t("verdict.example_note")))
    values = [" ".join(filter(None, (line.value, line.aside))) for line in lines]
    return {
        t("tracing.sheet.what"): [wording.one_line(line.label) for line in lines],
        t("tracing.sheet.value"): [wording.one_line(value) for value in values],
    }
