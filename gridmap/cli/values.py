"""Reading the values of the command line, and the project that a command works on."""

import argparse
import math
import sys
from datetime import date, datetime, time
from pathlib import Path

from gridmap.core.datum import Datum
from gridmap.core.moments import ZONE
from gridmap.store.example import open_example
from gridmap.store.project import Project
from gridmap.texts import GridMapError, t

# What Web Mercator can show, in degrees.
_EAST, _NORTH = 180.0, 85.0


class UsageError(GridMapError):
    """A value on the command line that cannot be read."""

    exit_code = 2


def a_day(text: str) -> date:
    """A day from the command line.

    Raises:
        UsageError: if it is not written as 2026-11-22.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("answer.rule.bad_date", text=text) from None


def a_pair(text: str) -> tuple[str, str]:
    """`name=value` from the command line.

    Raises:
        UsageError: if there is no equals sign.
    """
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise UsageError("cli.error.bad_pair", text=text)
    return name.strip(), value.strip()


def a_target(text: str, suffixes: tuple[str, ...]) -> Path:
    """A file to write, with a known ending, in a folder that exists.

    Raises:
        UsageError: if the ending is unknown or the folder is missing.
    """
    path = Path(text)
    if path.suffix.lower() not in suffixes:
        raise UsageError("cli.error.bad_suffix", file=path, known=" / ".join(suffixes))
    if not path.absolute().parent.is_dir():
        raise UsageError("cli.error.no_folder", file=path)
    return path


def a_size(text: str) -> tuple[int, int]:
    """A picture size such as 1920x1080, in pixels.

    Raises:
        UsageError: if it is not two numbers between 16 and 20,000.
    """
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise UsageError("cli.error.bad_size", text=text)
    size = int(width), int(height)
    if not all(16 <= side <= 20_000 for side in size):  # noqa: PLR2004  what a picture can be
        raise UsageError("cli.error.bad_size", text=text)
    return size


def an_extent(text: str) -> tuple[float, float, float, float]:
    """An extent west,south,east,north in degrees of EPSG:4490.

    Raises:
        UsageError: if it is not four rising numbers that a map can show.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError("cli.error.bad_extent", text=text) from None
    fits = -_EAST <= west < east <= _EAST and -_NORTH <= south < north <= _NORTH
    if not fits:
        raise UsageError("cli.error.bad_extent", text=text)
    return west, south, east, north


def a_datum(text: str) -> str:
    """The name of a datum however it is written: gcj02, GCJ-02; what is unknown stays as it is."""
    plain = {datum.value.replace("-", "").lower(): datum.value for datum in Datum}
    return plain.get(text.replace("-", "").replace(" ", "").lower(), text)


def a_radius(text: str) -> float:
    """How far off a place may be, in metres.

    Raises:
        UsageError: if it is no number, negative or endless.
    """
    try:
        metres = float(text)
    except ValueError:
        raise UsageError("cli.error.bad_radius", text=text) from None
    if not 0 <= metres < math.inf:
        raise UsageError("cli.error.bad_radius", text=text)
    return metres


def add_project(parser: argparse.ArgumentParser) -> None:
    """Declare the positional project file."""
    parser.add_argument("file", nargs="?", metavar="FILE", help=t("cli.help.file"))


def open_for_reading(file: str | None, *, quiet: bool = False) -> Project:
    """The project named, or the example (said on standard error, so that data stay clean)."""
    if file is not None:
        return Project.open(file, read_only=True)
    project = open_example(read_only=True)
    if not quiet:
        print(t("cli.example_used", file=project.path.name), file=sys.stderr)
    return project


def a_time(text: str) -> datetime:
    """A day, which begins at midnight, or a moment, in Asia/Shanghai unless it says otherwise.

    Raises:
        UsageError: if it is neither.
    """
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(text), time(), ZONE)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("alerts.error.bad_time", text=text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
