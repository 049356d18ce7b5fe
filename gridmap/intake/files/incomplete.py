"""Downloads that are not what was asked for: one page of several, or the page of an error.

Services say so in the file itself: `exceededTransferLimit` (ArcGIS), `numberMatched` beside
`numberReturned` (OGC), records and pages (platforms), "第 1 页 共 2 页" (prints of tables).
"""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.texts import t

_ENDS: Final = 20_000  # bytes at either end of a file in which such words stand
_LIMIT: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
_MATCHED: Final = re.compile(rb'"(?:numberMatched|totalFeatures)"\s*:\s*(\d+)')
_PAGE: Final = re.compile(
    r"第\s*(\d+)\s*页\s*[,，/、]?\s*[(（]?\s*共\s*(\d+)\s*页|\bpage\s+(\d+)\s+of\s+(\d+)\b",
    re.IGNORECASE,
)
_WEB: Final = re.compile(rb"^\s*(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_BOM: Final = b"\xef\xbb\xbf"
_LAST_ROWS: Final = 3


def refuse_web_page(path: Path, shown: Path) -> None:
    """Refuse a file of data that is a web page, such as that of a gateway that failed.

    Raises:
        IntakeError: `intake.error.web_page` with the page's title.
    """
    with path.open("rb") as stream:
        start = stream.read(_ENDS).removeprefix(_BOM)
    if _WEB.match(start):
        title = _TITLE.search(start.decode("utf-8", "replace"))
        said = " ".join(html.unescape(title[1]).split()) if title else ""
        raise IntakeError("intake.error.web_page", file=shown, title=said or "HTML")


def told(table: RawTable, file: Path) -> RawTable:
    """The table, with a finding where the file says that there is more than it holds.

    Args:
        table: as it was read.
        file: it was read from.
    """
    detail = _said_by(table, file)
    if detail is None or any(f.kind is Kind.PAGES_MISSING for f in table.findings):
        return table
    finding = Finding(Kind.PAGES_MISSING, Severity.WARNING, table.file, detail=detail)
    return replace(table, findings=(*table.findings, finding))


def of_answer(answer: Mapping[str, Any], rows: int, file: str) -> list[Finding]:
    """What a platform says of the pages of its answer.

    Args:
        answer: with `records` (rows in all) and `total` (pages), or without.
        rows: that this answer holds.
        file: to tell.
    """
    records, pages, page = (answer.get(name) for name in ("records", "total", "page"))
    more = isinstance(records, int) and records > rows
    if not more and not (isinstance(pages, int) and isinstance(page, int) and page < pages):
        return []
    known = {"rows": rows, "records": records, "page": page or 1, "pages": pages}
    key = "records" if more else "pages"
    return [Finding(Kind.PAGES_MISSING, Severity.WARNING, file, detail=_words(key, **known))]


def _said_by(table: RawTable, file: Path) -> str | None:
    suffix = file.suffix.lower()
    if suffix in {".json", ".geojson", ".csv", ".tsv", ".txt"}:
        ends = _ends(file)
        if _LIMIT.search(ends):
            return _words("limit", rows=table.rows_read)
        matched = _MATCHED.search(ends)
        if matched and int(matched[1]) > table.rows_read:
            return _words("records", rows=table.rows_read, records=int(matched[1]))
    else:
        ends = b""
    cells = table.cells.tail(_LAST_ROWS).to_numpy(object).ravel().tolist()
    text = " ".join(str(cell) for cell in [*table.cells.columns, *cells] if cell is not None)
    encoding = table.encodings[0].encoding if table.encodings else "utf-8"
    for said in (text, ends.decode(encoding, "replace")):
        found = _PAGE.search(said)
        page, pages = (int(n) for n in found.groups() if n is not None) if found else (1, 1)
        if page < pages or (found and pages > 1):
            return _words("pages", page=page, pages=pages)
    return None


def _ends(file: Path) -> bytes:
    with file.open("rb") as stream:
        start = stream.read(_ENDS)
        size = stream.seek(0, 2)
        stream.seek(max(len(start), size - _ENDS))
        return start + stream.read()


def _words(key: str, **facts: Any) -> str:
    return t(f"intake.incomplete.{key}", **facts)
