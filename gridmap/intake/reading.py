"""Files of others as tables of text, with geometry where they have it.

Every cell is text or None first, so that no code loses a digit before somebody looks.
"""

import csv
import datetime as dt
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyogrio
import pyproj
import python_calamine
import shapely

from gridmap.intake.errors import IntakeError
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.project.geopackage import Geometries

SHEETS: Final = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})
DELIMITED: Final = frozenset({".csv", ".tsv", ".txt"})
FEATURES: Final = frozenset({".geojson", ".json", ".gpkg", ".shp"})
# Beyond 15 digits a spreadsheet has already rounded the number.
EXACT_NUMBER: Final = 1e15
_EMPTY: Final = frozenset({"", "null", "none", "nan", "<na>", "#n/a"})
_BLANK: Final = " \t\r\n\u3000\xa0\ufeff\u200b"


@dataclass(frozen=True)
class RawTable:
    """A file as it came.

    `cells` holds text or None, shape (n, columns); `rows`, shape (n,), the numbers under
    which a person finds each row; `geometry`, shape (n,), is in `crs`. `rows_read` also
    counts rows that could not be split into cells and are among the findings.
    """

    path: Path
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    rows_read: int
    geometry: Geometries | None = None
    crs: pyproj.CRS | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def file(self) -> str:
        """The name by which findings call the file."""
        return self.path.name


def read(path: Path, *, layer: str | None = None) -> RawTable:
    """Read any supported file; `layer` names the layer or sheet where there are several.

    Raises:
        IntakeError: `intake.error.missing_file`, `.unknown_format`, `.unreadable`, …
    """
    suffix = _suffix(path)
    if suffix in FEATURES:
        return read_features(path, layer=layer)
    return read_table(path, sheet=layer)


def read_table(path: Path, *, sheet: str | None = None) -> RawTable:
    """Read CSV or TSV (UTF-8, UTF-16 or GB18030; also .gz) or a sheet of a workbook.

    Raises:
        IntakeError: `intake.error.missing_file`, `.unknown_format`, `.unreadable`,
            `.encoding`, `.no_sheet`, `.no_heading`.
    """
    suffix = _suffix(path)
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=path)
    if suffix in SHEETS:
        return _read_sheet(path, sheet)
    if suffix in DELIMITED:
        return _read_delimited(path, suffix)
    known = ", ".join(sorted(SHEETS | DELIMITED | FEATURES))
    raise IntakeError("intake.error.unknown_format", file=path, known=known)


def read_features(path: Path, *, layer: str | None = None) -> RawTable:
    """Read GeoJSON, GeoPackage or Shapefile; rows are features counted from 1.

    Raises:
        IntakeError: `intake.error.missing_file`, `.unreadable`, `.which_layer`.
    """
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=path)
    encoding = _shapefile_encoding(path) if path.suffix.lower() == ".shp" else None
    try:
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if layer is None and len(names) > 1:
            raise IntakeError("intake.error.which_layer", file=path, names=", ".join(names))
        meta, table = pyogrio.read_arrow(
            path, layer=layer, encoding=encoding, datetime_as_string=True
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise IntakeError("intake.error.unreadable", file=path, reason=error) from error
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    cells = {
        name: [_text(cell) for cell in table.column(name).to_pylist()]
        for name in table.column_names
        if name != geometry_name
    }
    wkb = np.array(table.column(geometry_name).to_pylist(), dtype=object)
    findings = _encoding_finding(path, encoding) if encoding and encoding != "UTF-8" else ()
    return RawTable(
        path,
        pd.DataFrame(cells, dtype=object, index=range(table.num_rows)),
        np.arange(1, table.num_rows + 1),
        table.num_rows,
        shapely.from_wkb(wkb, on_invalid="ignore"),
        pyproj.CRS.from_user_input(meta["crs"]) if meta["crs"] else None,
        findings,
    )


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _text(cell: Any) -> str | None:  # noqa: PLR0911  one line per kind of cell
    """A cell as text, or None where it is empty; a number only where that is exact."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_NUMBER else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time() and cell.tzinfo is None:
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    text = str(cell).strip(_BLANK)
    return None if text.casefold() in _EMPTY else text


def _decoded(path: Path) -> tuple[str, tuple[Finding, ...]]:
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            position = error.start
            continue
        return text, () if encoding == "utf-8-sig" else _encoding_finding(path, encoding.upper())
    raise IntakeError("intake.error.encoding", file=path, position=position)


def _encoding_finding(path: Path, encoding: str) -> tuple[Finding, ...]:
    return (Finding(Kind.ENCODING, Severity.HINT, path.name, detail=encoding),)


def _read_delimited(path: Path, suffix: str) -> RawTable:
    try:
        text, findings = _decoded(path)
    except (OSError, EOFError) as error:
        raise IntakeError("intake.error.unreadable", file=path, reason=error) from error
    first = text.split("\n", 1)[0]
    delimiter = "\t" if suffix == ".tsv" else max(",;\t", key=first.count)
    heading = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    if not any(heading):
        raise IntakeError("intake.error.no_heading", file=path)
    names = _unique([name.strip(_BLANK) for name in heading])
    broken: list[tuple[int, str]] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        broken.append((row.number, row.text))
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(text.encode()),
            # One thread: only then does a broken row know its number.
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, column_names=names, skip_rows_after_names=1
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise IntakeError("intake.error.unreadable", file=path, reason=error) from error
    numbers = np.arange(1, table.num_rows + len(broken) + 2)
    numbers = np.setdiff1d(numbers, [number for number, _ in broken])[1:]
    columns = {name: _texts(table.column(name)) for name in names}
    cells = pd.DataFrame(columns, dtype=object)
    malformed = [
        Finding(Kind.MALFORMED_ROW, Severity.ERROR, path.name, number, value=line[:80])
        for number, line in broken
        if line.strip(_BLANK + delimiter)
    ]
    return _without_blank_rows(path, cells, numbers, (*findings, *malformed))


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    # Tables repeat themselves: clean each distinct text once.
    codes = column.combine_chunks().dictionary_encode()
    cleaned = np.array([_text(text) for text in codes.dictionary.to_pylist()] or [None], object)
    texts: list[str | None] = cleaned[codes.indices.to_numpy(zero_copy_only=False)].tolist()
    return texts


def _read_sheet(path: Path, sheet: str | None) -> RawTable:
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise IntakeError("intake.error.no_sheet", file=path, names=", ".join(names))
        grid = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as error:
        raise IntakeError("intake.error.unreadable", file=path, reason=error) from error
    filled = (i for i, row in enumerate(grid) if sum(_text(cell) is not None for cell in row) > 1)
    head = next(filled, None)  # a title above the table stands alone in its row
    if head is None:
        raise IntakeError("intake.error.no_heading", file=path)
    names = _unique([_text(cell) or "" for cell in grid[head]])
    body = [[_text(cell) for cell in row] for row in grid[head + 1 :]]
    cells = pd.DataFrame(body, columns=names, dtype=object)
    return _without_blank_rows(path, cells, np.arange(head + 2, len(grid) + 1), ())


def _without_blank_rows(
    path: Path,
    cells: pd.DataFrame,
    numbers: npt.NDArray[np.int64],
    findings: tuple[Finding, ...],
) -> RawTable:
    filled = cells.notna().any(axis=1).to_numpy()
    cells = cells[filled].reset_index(drop=True)
    malformed = sum(finding.kind is Kind.MALFORMED_ROW for finding in findings)
    return RawTable(path, cells, numbers[filled], len(cells) + malformed, findings=findings)


def _unique(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: an empty one by its position, a second one numbered."""
    found: dict[str, None] = {}
    for position, given in enumerate(names, start=1):
        name, number = given or f"#{position}", 2
        while name in found:
            name, number = f"{given}#{number}", number + 1
        found[name] = None
    return list(found)


def _shapefile_encoding(path: Path) -> str | None:
    """The encoding of a .dbf that does not state one: GDAL would read GBK as Latin-1."""
    table = path.with_suffix(".dbf")
    if path.with_suffix(".cpg").exists() or not table.exists():
        return None
    raw = table.read_bytes()
    if raw[29] not in _UNSTATED_CODE_PAGES:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            raw[32:].rstrip(b"\x1a").decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding.upper()
    return "GB18030"


# Language driver ids that say nothing, or that programs write without thinking (ANSI).
_UNSTATED_CODE_PAGES: Final = frozenset({0x00, 0x03, 0x57})
