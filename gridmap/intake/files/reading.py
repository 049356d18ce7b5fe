"""Files of others as tables of text, with geometry where they have it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gridmap.intake.files import (
    delimited,
    disguised,
    further,
    incomplete,
    platform_json,
    vectors,
    workbooks,
)
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.tables import RawTable, ReadOptions

SHEETS: Final = frozenset({".xlsx", ".xls", ".xlsb", ".xlsm", ".ods"})
DELIMITED: Final = frozenset({".csv", ".tsv", ".txt"})
FEATURES: Final = frozenset({".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz", ".dxf"})
_JSON: Final = frozenset({".json", ".geojson"})
KNOWN: Final = SHEETS | DELIMITED | FEATURES | further.READ


def read(
    path: Path,
    *,
    layer: str | None = None,
    options: ReadOptions | None = None,
    shown: Path | None = None,
) -> RawTable:
    """Read any supported file.

    Args:
        path: the file.
        layer: the layer or sheet where there are several.
        options: how to read it; `layer` may stand there, too.
        shown: the path to tell, where it is not the one that is read.

    Raises:
        IntakeError: `intake.error.missing_file`, `.unknown_format`, `.unreadable`, …
    """
    if not path.is_file() and not further.is_read(path):
        raise IntakeError("intake.error.missing_file", file=shown or path)
    options = options or ReadOptions(layer=layer)
    if suffix_of(path) in DELIMITED | _JSON:
        incomplete.refuse_web_page(path, shown or path)
    table = reader_of(path, shown or path)(path, options, shown=shown or path)
    return incomplete.told(table, path)


def read_table(path: Path, *, sheet: str | None = None) -> RawTable:
    """Read CSV or TSV (also .gz) or a sheet of a workbook, as `read` does.

    Raises:
        IntakeError: as `read`; `.unknown_format` also for a file with geometry.
    """
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=path)
    if suffix_of(path) not in SHEETS | DELIMITED:
        raise _unknown(path)
    return read(path, layer=sheet)


def read_features(path: Path, *, layer: str | None = None) -> RawTable:
    """Read a file with geometry; rows are features counted from 1.

    Raises:
        IntakeError: as `read`.
    """
    if not path.is_file():
        raise IntakeError("intake.error.missing_file", file=path)
    return vectors.read(path, ReadOptions(layer=layer))


def reader_of(path: Path, shown: Path) -> Callable[..., RawTable]:
    """The function that reads a file, by its name and, for JSON, its content.

    Raises:
        IntakeError: `intake.error.unknown_format`.
    """
    further.refuse_named(path, shown)
    suffix = suffix_of(path)
    if suffix in further.READ:
        return further.read
    if suffix in SHEETS:
        return delimited.read if is_plain_text(path) else workbooks.read
    if suffix in DELIMITED:
        return delimited.read
    if suffix == ".json" and platform_json.is_platform(_start(path)):
        return platform_json.read
    if suffix in FEATURES:
        return vectors.read
    raise _unknown(shown)


def is_plain_text(path: Path) -> bool:
    """Whether a file that is called a workbook is text with delimiters."""
    return disguised.nature(path) == "text"


def suffix_of(path: Path) -> str:
    """The ending of a name in lower case, without .gz."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _unknown(path: Path) -> IntakeError:
    return IntakeError("intake.error.unknown_format", file=path, known=", ".join(sorted(KNOWN)))


def _start(path: Path) -> Any:
    with path.open("rb") as stream:
        return stream.read(64_000_000)
