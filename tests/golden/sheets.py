"""What a person finds in a file: cell values of sheets, text of paper, rows of layers."""

import math
import subprocess
from pathlib import Path
from typing import Any


def read(path: Path) -> str:
    """The content of a file as text, one line per cell, row or line."""
    reader = _READERS.get(path.suffix.lower(), _plain)
    return reader(path)


def _plain(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _workbook(path: Path) -> str:
    import openpyxl  # noqa: PLC0415  only where a workbook is read

    lines = []
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        lines.append(f"== {sheet.title} {sheet.dimensions}")
        lines += [
            f"{cell.coordinate}\t{type(cell.value).__name__}\t{cell.value!r}"
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    book.close()
    return "\n".join(lines) + "\n"


def _paper(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def _geopackage(path: Path) -> str:
    import pyogrio  # noqa: PLC0415  only where layers are read

    lines = []
    for layer, kind in pyogrio.list_layers(path):
        frame = pyogrio.read_dataframe(path, layer=layer)
        lines.append(f"== {layer} {kind} {getattr(frame, 'crs', None)} {list(frame.columns)}")
        lines += ["\t".join(map(_cell, row)) for row in frame.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, float) and math.isnan(value):
        return "-"
    return value.wkt if hasattr(value, "wkt") else repr(value)


_READERS = {".xlsx": _workbook, ".pdf": _paper, ".gpkg": _geopackage}
