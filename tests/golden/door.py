"""The ways into the program that outlast a move of its modules, and writing down what it said."""

import contextlib
import importlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sheets

REPOSITORY = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh_CN", "en")
# Durations are the machine's, not the program's.
_SECONDS = re.compile(r"\d+(?:\.\d+)? ?(?=秒|s\b|seconds?\b)")


@dataclass(frozen=True)
class Said:
    """What a run gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Said:
    """One command line in this process; current folder and clock are those of `pinned`."""
    from gridmap.cli import run as command_line  # noqa: PLC0415  the clock comes first

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command_line([str(one) for one in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        except Exception as error:  # noqa: BLE001  that it falls is an answer too
            return Said(-1, out.getvalue(), f"{err.getvalue()}{type(error).__name__}: {error}\n")
    return Said(code, out.getvalue(), err.getvalue())


def done(*arguments: object) -> Said:
    """The same for a step that must succeed.

    Raises:
        RuntimeError: if it does not.
    """
    said = run(*arguments)
    if said.code:
        raise RuntimeError(f"gridmap {' '.join(map(str, arguments))}\n{said.err}")
    return said


def named(name: str) -> Any:
    """A class or function of gridmap by its name, wherever it stands today.

    Raises:
        LookupError: if nothing of that name is defined at the top of a module.
    """
    wanted = re.compile(rf"^(?:class|def) {name}\b", re.MULTILINE)
    for path in sorted((REPOSITORY / "gridmap").rglob("*.py")):
        if wanted.search(path.read_text(encoding="utf-8")):
            parts = path.relative_to(REPOSITORY).with_suffix("").parts
            return getattr(importlib.import_module(".".join(parts)), name)
    raise LookupError(f"gridmap defines no {name}")


class Answers:
    """One file per answer in a folder; `a/b` becomes the file b in the folder a."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._folder, self._work = folder, str(work)
        self.names: list[str] = []

    def path(self, name: str) -> Path:
        """The file of an answer that is to be written.

        Raises:
            ValueError: if there is one of this name already.
        """
        if name in self.names:
            raise ValueError(f"two answers are called {name}")
        self.names.append(name)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def text(self, name: str, text: str) -> None:
        """Write a text; durations and the folder of this run are no part of the answer."""
        plain = _SECONDS.sub("# ", text.replace(self._work, "WORK"))
        self.path(name).write_text(plain, encoding="utf-8")

    def said(self, name: str, *arguments: object) -> Said:
        """Write what one command line says."""
        got = run(*arguments)
        self.text(f"{name}.txt", told(arguments, got))
        return got

    def both(self, name: str, *arguments: object) -> None:
        """Write what one command line says in each language."""
        for language in LANGUAGES:
            self.said(f"{name}.{language}", "--lang", language, *arguments)

    def file(self, name: str, path: Path) -> None:
        """Write what a person reads in a file that a command made: cells, text, pixels."""
        if path.suffix == ".png":
            self.path(f"{name}.png").write_bytes(path.read_bytes())
        elif path.exists():
            self.text(f"{name}{path.suffix}.txt", sheets.read(path))
        else:
            self.text(f"{name}{path.suffix}.txt", "no file\n")

    def with_file(self, name: str, target: str, *arguments: object) -> None:
        """Write what a command says, and the file `target` that it made."""
        path = Path(target)
        path.unlink(missing_ok=True)
        self.said(name, *arguments)
        self.file(name, path)


def told(arguments: tuple[object, ...], said: Said) -> str:
    """A run as one text."""
    line = " ".join(map(str, arguments))
    return f"$ gridmap {line}\n[{said.code}]\n--- out\n{said.out}--- err\n{said.err}"
