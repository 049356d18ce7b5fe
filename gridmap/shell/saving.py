"""Saving to a file: one dialog that remembers its folder, the work off the GUI thread, a word."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtWidgets import QFileDialog, QWidget

from gridmap.shell.jobs import Jobs
from gridmap.shell.preferences import Preferences
from gridmap.stopping import Job
from gridmap.texts import t

_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_FOLDER: Final = "saving/folder"
_T = TypeVar("_T")


class Saver:
    """Asks where to, writes, and says what was written. GUI thread.

    Args:
        parent: over which the dialog opens.
        jobs: for the writing.
        preferences: remember the folder.
        tell: says that a file was written, such as in the status bar.
    """

    def __init__(
        self,
        parent: QWidget,
        jobs: Jobs,
        preferences: Preferences,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._parent, self._jobs, self._preferences, self._tell = parent, jobs, preferences, tell

    def ask(self, title: str, name: str, kinds: str, suffixes: Sequence[str]) -> Path | None:
        """Ask for a file to be written; None if nobody wants one.

        Args:
            title: of the dialog.
            name: proposed, with or without its ending; what a file name cannot hold becomes "_".
            kinds: the filters, as Qt writes them.
            suffixes: the endings that can be written, with the dot, the usual one first.
        """
        proposed = with_suffix(Path(_FORBIDDEN.sub("_", name)), suffixes)
        folder = Path(self._preferences.text(_FOLDER))
        start = folder / proposed if folder.is_dir() else proposed
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(start), kinds)
        if not chosen:
            return None
        path = with_suffix(Path(chosen), suffixes)
        self._preferences.put(_FOLDER, str(path.parent))
        return path

    def write(
        self,
        path: Path,
        write: Callable[[Path], _T],
        *,
        label: str = "",
        owner: str = "",
        written: Callable[[Path, _T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Write a file off the GUI thread, then say so.

        Args:
            path: where to.
            write: writes it; touches no widget.
            label: what the status bar says meanwhile.
            owner: whose file it is.
            written: called with the file and what `write` answered, in place of a word.
            failed: called with an error, in place of a message.
        """

        def work(job: Job) -> _T:
            job.check()
            return write(path)

        def done(answer: _T) -> None:
            if written is None:
                self._tell(t("app.dialog.done", file=path))
            else:
                written(path, answer)

        self._jobs.run(
            f"write {path}", work, done, failed=failed, label=label or t("app.job.writing"),
            owner=owner, stopped=lambda: self._tell(t("app.job.stopped")), writes=True,
        )  # fmt: skip


def with_suffix(path: Path, suffixes: Sequence[str]) -> Path:
    """The path with an ending that can be written: its own, else the usual one after it."""
    if not suffixes or path.suffix.lower() in suffixes:
        return path
    return path.with_name(path.name + suffixes[0])
