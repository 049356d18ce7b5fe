"""Further formats: those that the library reads, and those that are only known by name.

FlatGeobuf, GPX, MapInfo TAB and MIF, TopoJSON and File Geodatabases (a folder) are read. Of the
others a person is told what it is and what to save instead. As for every format, the first bytes
are compared with the name before the library is asked, and nothing is opened but the file with
what belongs to it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gridmap.intake.files import library, limits
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import BLANK, RawTable, ReadOptions
from gridmap.intake.files.vectors import LIBRARY_ERRORS, table_of

GEODATABASE: Final = ".gdb"
TOPOLOGY: Final = ".topojson"
READ: Final = frozenset({".fgb", ".gpx", ".tab", ".mif", TOPOLOGY, GEODATABASE})
PARTS: Final = {
    ".tab": (".tab", ".dat", ".map", ".id", ".ind", ".cpg"),
    ".mif": (".mif", ".mid", ".cpg"),
}
"""What belongs to a file of several parts, by its ending."""

# Known and not read: what they are called, in every language the same.
NAMED: Final = {
    ".parquet": "GeoParquet", ".geoparquet": "GeoParquet", ".dwg": "AutoCAD DWG", ".dgn": "DGN",
    ".gml": "GML", ".osm": "OpenStreetMap XML", ".pbf": "OpenStreetMap PBF", ".mdb": "Access",
    ".accdb": "Access", ".e00": "ArcInfo E00", ".mpk": "ArcGIS MPK", ".wl": "MapGIS WL",
    ".wp": "MapGIS WP", ".wt": "MapGIS WT", ".skp": "SketchUp", ".rvt": "Revit", ".pdf": "PDF",
    ".docx": "Word", ".doc": "Word", ".wps": "WPS", ".et": "WPS ET", ".rar": "RAR", ".7z": "7-Zip",
    ".tif": "GeoTIFF", ".tiff": "GeoTIFF", ".ovkml": "OVKML", ".ovobj": "OVOBJ",
}  # fmt: skip
HJ212: Final = "HJ 212"
_PACKET: Final = re.compile(rb"^\s*##\d{4}(?:QN|ST|CN|MN)=")
_START: Final = 4_096
_TABLES: Final = "*.gdbtable"


def layers(path: Path, shown: Path) -> list[str]:
    """The layers that hold any features.

    Raises:
        IntakeError: `intake.error.unreadable`, `.wrong_content`, `.entities`.
    """
    with _opened(path, shown) as file:
        return _names(file)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read one layer; rows are features counted from 1.

    Raises:
        IntakeError: as `layers`; `.which_layer`, `.no_layer`.
    """
    shown = shown or path
    with _opened(path, shown) as file:
        names = _names(file)
        layer = options.layer or (names[0] if len(names) == 1 else None)
        if layer is None or layer not in names:
            key = "which_layer" if options.layer is None and names else "no_layer"
            raise IntakeError(f"intake.error.{key}", file=shown, names=", ".join(names) or "—")
        return table_of(file, shown, layer)


def is_read(path: Path) -> bool:
    """Whether a path is of one of these formats; a File Geodatabase is a folder."""
    suffix = path.suffix.lower()
    return path.is_dir() if suffix == GEODATABASE else suffix in READ and path.is_file()


def refuse_named(path: Path, shown: Path) -> None:
    """Refuse a file whose format is known and not read, with its name.

    Raises:
        IntakeError: `intake.error.known_format`.
    """
    name = NAMED.get(path.suffix.lower())
    if name is None and path.suffix.lower() in {".txt", ".log", ".dat"} and path.is_file():
        with path.open("rb") as stream:
            name = HJ212 if _PACKET.match(stream.read(_START)) else None
    if name is not None:
        key = "intake.error.packets" if name == HJ212 else "intake.error.known_format"
        raise IntakeError(key, file=shown, name=name)


@contextmanager
def _opened(path: Path, shown: Path) -> Iterator[Path]:
    """The file to open, after a look at its first bytes; errors of the library in words."""
    if path.is_dir():
        if not any(path.glob(_TABLES)):
            raise IntakeError("intake.error.wrong_content", file=shown)
    else:
        limits.bounded(shown, path.stat().st_size, limits.MAX_FILE_BYTES)
        with path.open("rb") as stream:
            start = stream.read(_START)
        if not _fits(path.suffix.lower(), start, path, shown):
            raise IntakeError("intake.error.wrong_content", file=shown)
    try:
        yield path
    except LIBRARY_ERRORS as error:
        raise unreadable(shown, error) from error


def _names(file: Path) -> list[str]:
    found = library.list_layers(file)
    if file.suffix.lower() != ".gpx":
        return found
    # The format has five layers always, most of them empty.
    held = [name for name in found if library.count(file, name)]
    return held or found[:1]


def _fits(suffix: str, start: bytes, path: Path, shown: Path) -> bool:
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip(BLANK[:4].encode()).lower()
    if suffix == ".fgb":
        return start.startswith(b"fgb")
    if suffix == ".mif":
        return bare.startswith((b"version", b"charset"))
    if suffix == ".tab":  # a table of the format's own, none that leads to other files
        return bare.startswith(b"!table") and b"type native" in b" ".join(bare.split())
    limits.bounded(shown, path.stat().st_size, limits.MAX_TEXT_BYTES)
    if suffix == TOPOLOGY:
        return bare.startswith(b"{") and b'"topology"' in bare
    raw = path.read_bytes()
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise IntakeError("intake.error.entities", file=shown)
    return bare.startswith(b"<") and b"<gpx" in bare
