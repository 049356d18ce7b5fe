"""The file of a river as tables for offices: XLSX, CSV, TSV."""

from pathlib import Path

import pyarrow as pa

from gridmap.output import wording
from gridmap.output.attainment_tables import SheetTable
from gridmap.output.river_tables import river_tables
from gridmap.output.river_text import basis_lines
from gridmap.output.river_words import RiverWriting
from gridmap.output.tables import text_table, writing
from gridmap.output.verdict_lines import Line
from gridmap.texts import t


def write_river(path: Path, words: RiverWriting) -> Path:
    """Write all tables of a river.

    A workbook has a sheet for each table and one that says what they are; for CSV and TSV the
    reaches have the name asked and the others their title added.

    Args:
        path: ends in .xlsx, .csv or .tsv.
        words: of the file; its wishes say whether phones are masked.

    Raises:
        TableError: if a file cannot be written.
    """
    sheets = [(table.title, _arrow(table)) for table in river_tables(words)]
    sheets.append((t("river.about"), text_table(_about(words))))
    if path.suffix.lower() == ".xlsx":
        with writing(path, sheets[0][0]) as writer:
            writer.write(sheets[0][1])
            for title, table in sheets[1:]:
                writer.add_sheet(title, table)
        return path
    for number, (title, table) in enumerate(sheets):
        place = path if number == 0 else path.with_name(f"{path.stem}-{title}{path.suffix}")
        with writing(place, title) as writer:
            writer.write(table)
    return path


def _arrow(table: SheetTable) -> pa.Table:
    columns = {
        title: [row[place].value for row in table.rows] for place, title in enumerate(table.columns)
    }
    if table.id == "sections":
        # A numeral is what people read; the number behind it only sorts.
        months = [name for name in table.columns if name[:2].isdigit()]
        for place, title in enumerate(table.columns):
            if title in months:
                columns[title] = [row[place].text for row in table.rows]
    return text_table(columns)


def _about(words: RiverWriting) -> dict[str, list[str]]:
    """The head and the basis as two columns."""
    river = words.file.river
    lines = [
        Line(t("river.title"), f"{river.name} {river.code}"),
        Line("", words.sentence()),
        Line(t("river.head.grade"), words.grade()),
        Line(t("river.head.goal"), words.goal()),
        Line(t("river.head.quality"), words.quality()),
        *basis_lines(words),
        Line(t("tracing.sheet.project"), words.context.project_title),
    ]
    if words.context.example:
        lines.append(Line("", t("verdict.example_note")))
    return {
        t("tracing.sheet.what"): [wording.one_line(line.label) for line in lines],
        t("tracing.sheet.value"): [wording.one_line(line.value) for line in lines],
    }
