"""A watched folder: new files of readings are taken in as they come.

`FolderWatch.poll` only looks: it gives the files that are new and complete. `take` loads one with
what the office decided about such headings before; what needs a decision is left where it is,
and told. What is loaded once is never loaded again: its content is in the project's log.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridmap.intake import doctor, door, memory
from gridmap.intake.choices import SERIES, Choices
from gridmap.intake.files import reading, sources
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.progress import Watch
from gridmap.intake.report import ImportReport
from gridmap.store import Project
from gridmap.texts import t

SUFFIXES: Final = reading.SHEETS | reading.DELIMITED | {".json"}
_UNFINISHED: Final = (".part", ".partial", ".tmp", ".crdownload")
_ATTEMPTS: Final = 3
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class NewFile:
    """A file that is complete and was not loaded before; `sha256` of its content."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Taken:
    """What became of a file: its report, or why it was left where it is (in words)."""

    path: Path
    report: ImportReport | None
    reason: str = ""


class FolderWatch:
    """Looks into one folder; not below it. One thread at a time."""

    def __init__(self, folder: Path, loaded: Collection[str] = ()) -> None:
        """Watch `folder`; files whose content hash is in `loaded` are passed over."""
        self.folder = folder
        self._loaded = set(loaded)
        self._seen: dict[Path, tuple[int, int]] = {}
        self._told: dict[Path, tuple[int, int]] = {}

    def poll(self) -> list[NewFile]:
        """The files that are new and complete since the last poll, by name.

        A file is complete when its size and time did not change between two polls. Each is
        given once, and again only if it changes. A folder that cannot be read holds nothing.
        """
        states = self._states()
        ready = [
            path
            for path, state in states.items()
            if state == self._seen.get(path) and state != self._told.get(path) and state[0]
        ]
        self._seen = states
        self._told = {path: state for path, state in self._told.items() if path in states}
        found = []
        for path in sorted(ready):
            digest = _digest(path)
            if digest is None:  # gone or locked meanwhile: perhaps at the next poll
                continue
            self._told[path] = states[path]
            if digest not in self._loaded:
                found.append(NewFile(path, digest))
        return found

    def loaded(self, file: NewFile) -> None:
        """Pass over this content from now on, under whatever name."""
        self._loaded.add(file.sha256)

    def _states(self) -> dict[Path, tuple[int, int]]:
        """Size and time of each file that could be meant."""
        found = {}
        try:
            for path in self.folder.iterdir():
                name = path.name
                if name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
                    continue
                if reading.suffix_of(path) in SUFFIXES and path.is_file():
                    status = path.stat()
                    found[path] = (status.st_size, status.st_mtime_ns)
        except OSError:
            return found
        return found


def loaded_before(project: Project) -> set[str]:
    """The content hashes of all files that were ever imported, also of imports taken back."""
    details = project.log()["detail"]
    hashes = (detail.get("import", {}).get("sha256") for detail in details)
    return {digest for digest in hashes if digest}


def take(project: Project, file: NewFile, *, actor: str = "", watch: Watch | None = None) -> Taken:
    """Load a file if nobody has to decide anything about it: one change of the project.

    Raises:
        ProjectError: for a project that cannot be written.
        Cancelled: if somebody asked the watch's job to stop; nothing is written then.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _take(project, file, actor, watch)
        except IntakeError as error:
            # If only the project changed between the look and the loading, look again.
            if error.key != "intake.error.stale" or attempt == _ATTEMPTS:
                return Taken(file.path, None, str(error))
        except OSError as error:
            return Taken(file.path, None, str(error))
    return Taken(file.path, None)


def _take(project: Project, file: NewFile, actor: str, watch: Watch | None) -> Taken:
    source = sources.on_view(doctor.find_sources([file.path]))
    if len(source) != 1:
        return Taken(file.path, None, t("readings.watch.several", count=len(source)))
    case = door.look(source[0], Choices(target=SERIES), project, watch=watch)
    asked = memory.open_questions(case)
    if asked:
        return Taken(file.path, None, " ".join(asked))
    if not case.counts.loadable:
        return Taken(file.path, None, t("readings.watch.nothing"))
    return Taken(file.path, doctor.load_case(project, case, actor=actor, watch=watch))


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()
