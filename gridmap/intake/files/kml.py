"""KML and KMZ: every document in them, links to others followed once, and what is not read named.

A KML can hold nothing but a link to a server. Nothing is ever fetched: the link is named, and
what to save instead is said. Links to files beside it, or inside the same archive, are followed.
"""

import contextlib
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree import ElementTree as ET

import pyogrio

from gridmap.intake.files import archives, library, limits
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.findings import Finding, Kind, Severity

_OVERLAYS: Final = frozenset({"GroundOverlay", "ScreenOverlay", "PhotoOverlay"})
_MOST_DOCUMENTS: Final = 500
_SHOWN: Final = 20


@dataclass(frozen=True)
class Layer:
    """One folder with places: how it is called, its document on disk, its name there."""

    name: str
    file: Path
    inside: str


@dataclass
class Content:
    """What a file holds: its layers with places, and what was not read."""

    layers: list[Layer] = field(default_factory=list)
    remote: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    overlays: set[str | None] = field(default_factory=set)

    def told(self, shown: Path) -> Iterator[Finding]:
        """The findings about what was not read, the same for each layer of the file."""
        for kind, names in ((Kind.LINKS_NOT_READ, self.remote), (Kind.PARTS_NOT_READ, self.unread)):
            distinct = list(dict.fromkeys(names))
            if distinct:
                listed = ", ".join(distinct[:_SHOWN]) + (" …" if len(distinct) > _SHOWN else "")
                yield Finding(
                    kind, Severity.WARNING, shown.name, count=len(distinct), detail=listed
                )


@contextlib.contextmanager
def opened(path: Path, shown: Path) -> Iterator[Content]:
    """What a KML or KMZ holds, with its documents on disk for as long as the block lasts.

    Raises:
        IntakeError: `intake.error.unreadable`, `.wrong_content`, `.entities`, `.only_links`,
            `.nothing_drawn`.
    """
    with limits.private_folder() as folder:
        content = Content()
        if path.suffix.lower() == ".kmz":
            documents = _unpacked(path, folder, shown, content)
        else:
            documents = [(path.stem, path)]
        seen = {file.resolve() for _, file in documents}
        queue = list(documents)
        found: list[tuple[str, str, Path]] = []
        while queue:
            label, file = queue.pop(0)
            found += [(label, name, file) for name in _layers(file, shown)]
            for link in _links(file, shown, content):
                target = _beside(file, link, folder if path.suffix.lower() == ".kmz" else None)
                if target is None:
                    content.remote.append(link.shown)
                elif target.resolve() not in seen and len(seen) < _MOST_DOCUMENTS:
                    seen.add(target.resolve())
                    queue.append((target.stem, target))
        often = Counter(name for _, name, _ in found)
        content.layers = [
            Layer(name if often[name] == 1 else f"{label}/{name}", file, name)
            for label, name, file in found
        ]
        if not found:
            key = "only_links" if content.remote else "nothing_drawn"
            names = ", ".join(dict.fromkeys(content.remote))
            raise IntakeError(f"intake.error.{key}", file=shown, names=names)
        yield content


@dataclass(frozen=True)
class _Link:
    name: str
    address: str

    @property
    def shown(self) -> str:
        """Name and address, as far as they are given."""
        return f"{self.name} ({self.address})" if self.name else self.address


def _unpacked(path: Path, folder: Path, shown: Path, content: Content) -> list[tuple[str, Path]]:
    """The documents of an archive, doc.kml first; everything else in it is named."""
    names = sorted(archives.members(path), key=lambda name: (name != "doc.kml", name))
    inside = [name for name in names if name.lower().endswith(".kml")]
    if not inside:
        raise IntakeError("intake.error.wrong_content", file=shown)
    content.unread += [name for name in names if name not in inside]
    made = []
    for name in inside[:_MOST_DOCUMENTS]:
        target = folder / PurePosixPath(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        archives.unpack(path, [name], target.parent)
        made.append((PurePosixPath(name).stem, target))
    return made


def _layers(file: Path, shown: Path) -> list[str]:
    """The folders of a document that hold places."""
    checked(file, shown)
    try:
        names = library.list_layers(file)
        return [name for name in names if _has_places(file, name)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError) as error:
        raise unreadable(shown, error) from error


def _has_places(file: Path, layer: str) -> bool:
    """Whether a folder holds places; a picture laid over the map counts as a row without one."""
    meta, table = library.read_arrow(file, layer=layer, columns=[])
    shapes = table.column(meta["geometry_name"] or "wkb_geometry")
    return bool(shapes.null_count < len(shapes))


def checked(file: Path, shown: Path) -> None:
    """Refuse what is no KML, and XML that declares entities.

    Raises:
        IntakeError: `intake.error.wrong_content`, `.entities`, `.too_large`.
    """
    limits.bounded(shown, file.stat().st_size, limits.MAX_TEXT_BYTES)
    raw = file.read_bytes()
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = raw.decode("utf-16", "replace").encode() if marked else raw
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise IntakeError("intake.error.entities", file=shown)
    bare = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare.startswith(b"<") or b"kml" not in bare[:2000]:
        raise IntakeError("intake.error.wrong_content", file=shown)


def _links(file: Path, shown: Path, content: Content) -> list[_Link]:
    """The links of a document; pictures laid over the map are noted as not read."""
    found = []
    try:
        for _, element in ET.iterparse(file):  # noqa: S314  no entities, see `checked`
            kind = _local(element)
            if kind == "NetworkLink":
                address = next((e.text or "" for e in element.iter() if _local(e) == "href"), "")
                found.append(_Link(_name(element), address.strip()))
            elif kind in _OVERLAYS:
                content.unread.append(_name(element) or kind)
                content.overlays.add(_name(element) or None)
    except ET.ParseError as error:
        raise unreadable(shown, error) from error
    return found


def _beside(file: Path, link: _Link, folder: Path | None) -> Path | None:
    """The document that a link means, if it lies beside this one (or in the same archive)."""
    address = urllib.parse.urlsplit(link.address)
    if address.scheme or address.netloc or not address.path:
        return None
    target = file.parent / urllib.parse.unquote(address.path)
    root = (folder or file.parent).resolve()
    inside = target.resolve().is_relative_to(root)
    usable = inside and target.suffix.lower() == ".kml" and target.is_file()
    return target if usable else None


def _name(element: ET.Element) -> str:
    own = next((child.text or "" for child in element if _local(child) == "name"), "")
    return own.strip()


def _local(element: ET.Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]
