"""What can be imported: one source is one table – a file, a sheet, a layer, a paste."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from gridmap.intake.files import (
    archives,
    delimited,
    further,
    geopackages,
    limits,
    reading,
    vectors,
    workbooks,
    wrapped,
)
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.limits import Fingerprint
from gridmap.intake.files.tables import RawTable, ReadOptions
from gridmap.texts import GridMapError

CLIPBOARD: Final = "clipboard.tsv"
_SHAPE_PARTS: Final = (".shp", ".dbf", ".shx", ".prj", ".cpg", ".qix")
# In a folder they are no data that somebody forgot to convert.
_PAPERS: Final = frozenset({".pdf", ".doc", ".docx", ".wps"})
_SEVERAL_LAYERS: Final = frozenset({".kml", ".kmz", ".dxf"})


@dataclass(frozen=True)
class Source:
    """One table that can be examined.

    `layer` is the sheet or layer, where the file can have several; `member` the name in a zip
    archive; `hidden` marks a hidden sheet, `plain` a table without places in a file of places;
    `data` holds the bytes of a paste. `problem` says why the source cannot be opened at all.
    """

    path: Path
    layer: str | None = None
    member: str | None = None
    hidden: bool = False
    plain: bool = False
    data: bytes | None = None
    problem: GridMapError | None = None

    @property
    def name(self) -> str:
        """How people call it: 名录.xlsx · 企业."""
        file = PurePosixPath(self.member).name if self.member else self.path.name
        stem = PurePosixPath(file).stem
        return f"{file} · {self.layer}" if self.layer and self.layer != stem else file


@dataclass(frozen=True)
class Reading:
    """A source as it was read, and the fingerprint of the file it was read from."""

    source: Source
    options: ReadOptions
    table: RawTable
    fingerprint: Fingerprint | None


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """All sources in files, archives and folders, in the order of their names.

    A file that was named and cannot be opened is a source with a `problem`; in a folder or
    an archive, files of unknown formats are passed over.
    """
    found: list[Source] = []
    for given in paths:
        path = Path(given)
        if path.is_dir() and not further.is_read(path):
            found += [source for file in _inside(path) for source in _of_file(file)]
        else:
            found += _of_file(path)
    return found


def on_view(sources: Iterable[Source]) -> list[Source]:
    """Sources without the hidden sheets, which are only read where somebody asks for them.

    Where everything is hidden, everything stays.
    """
    found = list(sources)
    return [source for source in found if not source.hidden] or found


def from_text(text: str, name: str = CLIPBOARD) -> Source:
    """A source from pasted text, as spreadsheets put it on the clipboard."""
    return Source(Path(name), data=text.encode("utf-8", "replace"))


def read(source: Source, options: ReadOptions, *, as_written: bool = False) -> Reading:
    """Read a source; what changes meanwhile is refused.

    Args:
        source: of `find_sources` or `from_text`.
        options: how a person wants it read.
        as_written: leave cells as a program wrapped them (`="000101"`).

    Raises:
        IntakeError: as `gridmap.intake.read`; `intake.error.changed`; the source's `problem`.
    """
    if source.problem is not None:
        raise source.problem
    options = replace(options, layer=options.layer or source.layer)
    if source.data is not None:
        limits.bounded(source.path, len(source.data), limits.MAX_TEXT_BYTES)
        table = delimited.parse(source.path, source.data, options)
        return Reading(source, options, _unwrapped(table, as_written), None)
    with limits.unchanged(source.path) as fingerprint, _on_disk(source) as file:
        shown = source.path / source.member if source.member else source.path
        table = reading.read(file, options=options, shown=shown)
    return Reading(source, options, _unwrapped(table, as_written), fingerprint)


def _unwrapped(table: RawTable, as_written: bool) -> RawTable:
    return table if as_written else wrapped.unwrapped(table)


def _inside(folder: Path) -> list[Path]:
    # What is known by name and not read is told, too; any other file is passed over.
    known = reading.KNOWN | {".zip"} | (further.NAMED.keys() - _PAPERS)
    found = []
    for path in folder.rglob("*"):
        whole = path.is_file() and reading.suffix_of(path) in known
        if not path.is_symlink() and (whole or further.is_read(path)):
            found.append(path)
        if len(found) > limits.MAX_FILES:
            raise IntakeError("intake.error.too_many_files", file=folder, limit=limits.MAX_FILES)
    return sorted(found)


def _of_file(path: Path) -> list[Source]:
    suffix = reading.suffix_of(path)
    try:
        if suffix == ".zip":
            return _of_archive(path)
        if path.is_file() or further.is_read(path):
            return _tables(Source(path), path)
        raise IntakeError("intake.error.missing_file", file=path)
    except GridMapError as error:
        return [Source(path, problem=error)]
    except OSError as error:
        problem = unreadable(path, error)
        return [Source(path, problem=problem)]


def _of_archive(path: Path) -> list[Source]:
    names = archives.members(path)
    formats = reading.KNOWN | (further.NAMED.keys() - _PAPERS)
    found = []
    for name in sorted({_geodatabase(name) or name for name in names}):
        if reading.suffix_of(Path(name)) not in formats or "__MACOSX" in name:
            continue
        source = Source(path, member=name)
        try:
            with _on_disk(source) as file:
                found += _tables(source, file)
        except GridMapError as error:
            found.append(replace(source, problem=error))
    if not found:
        known = ", ".join(sorted(reading.KNOWN))
        raise IntakeError("intake.error.unknown_format", file=path, known=known)
    return found


def _tables(source: Source, file: Path) -> list[Source]:
    suffix = reading.suffix_of(file)
    if suffix in reading.SHEETS and not reading.is_plain_text(file):
        sheets = workbooks.sheets(file, shown=source.path)
        found = [replace(source, layer=sheet.name, hidden=sheet.hidden) for sheet in sheets]
        return sorted(found, key=lambda one: one.hidden)  # what is on view comes first
    if suffix == ".gpkg":
        tables = geopackages.layers(file, shown=source.path)
        places = any(table.geometry is not None for table in tables)
        return [
            replace(source, layer=table.name, plain=places and table.geometry is None)
            for table in tables
        ] or [source]
    if suffix in _SEVERAL_LAYERS:
        names = vectors.layers(file, shown=source.path)
        return [replace(source, layer=name) for name in names] or [source]
    reading.reader_of(file, source.path)
    if suffix in further.READ:
        return [replace(source, layer=name) for name in further.layers(file, source.path)]
    return [source]


def _geodatabase(name: str) -> str | None:
    """The folder of a File Geodatabase in which a member lies, None for any other member."""
    parents = [p for p in PurePosixPath(name).parents if p.suffix.lower() == further.GEODATABASE]
    return str(parents[-1]) if parents else None


@contextlib.contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """The file to read: the source's own, or a member unpacked with what belongs to it."""
    if source.member is None:
        yield source.path
        return
    wanted = PurePosixPath(source.member)
    names = [source.member]
    parts = {".shp": _SHAPE_PARTS, **further.PARTS}.get(wanted.suffix.lower())
    if parts is not None:
        names = [
            name
            for name in archives.members(source.path)
            if PurePosixPath(name).with_suffix("") == wanted.with_suffix("")
            and PurePosixPath(name).suffix.lower() in parts
        ]
    elif wanted.suffix.lower() == ".gpkg":  # with what was written and not yet merged
        log = source.member + geopackages.LOG
        names += [log] if log in archives.members(source.path) else []
    elif wanted.suffix.lower() == further.GEODATABASE:
        names = [n for n in archives.members(source.path) if _geodatabase(n) == source.member]
        with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
            whole = Path(folder) / wanted.name
            whole.mkdir()
            archives.unpack(source.path, names, whole)
            yield whole
        return
    with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
        files = archives.unpack(source.path, names, Path(folder))
        yield next(file for file in files if file.name == wanted.name)
