"""One way to save a document: the ending of the file says which renderer writes it."""

from pathlib import Path
from typing import Final

from gridmap.report.document import Document
from gridmap.report.json import json_text
from gridmap.report.terminal import terminal_text
from gridmap.report.writing import put_file, put_text

FORMATS: Final = (".csv", ".tsv", ".xlsx")
"""Endings of tables."""

PAPERS: Final = (".pdf", ".png")
"""Endings of what needs a QGuiApplication."""


def save(document: Document, path: Path, *, full_phones: bool = False) -> Path:
    """Write a document as PDF, PNG, XLSX, CSV, TSV, JSON or else as text, by the ending.

    Paper needs a QGuiApplication and may be made on any thread. A file that stood there is
    replaced as a whole.

    Args:
        document: in the language of the file.
        path: where to.
        full_phones: for JSON; in all other forms the document itself decides.

    Raises:
        WriteError: `print.error.write` if the file cannot be written.
        TableError: if the format cannot hold a table.
    """
    suffix = path.suffix.lower()
    if suffix in PAPERS:
        from gridmap.report.printing import printed  # noqa: PLC0415  Qt only for paper

        put_file(path, printed(document, suffix))
    elif suffix in FORMATS:
        from gridmap.report.sheets import write_sheets  # noqa: PLC0415  heavy: only for tables

        write_sheets(document, path)
    elif suffix == ".json":
        put_text(path, json_text(document, full_phones=full_phones) + "\n")
    else:
        put_text(path, terminal_text(document) + "\n")
    return path
