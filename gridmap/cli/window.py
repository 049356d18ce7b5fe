"""`gridmap [open] [FILE]`: the window; without a display a picture of it and a verdict."""

import argparse
import os
import tempfile
from pathlib import Path

from gridmap.capabilities import offers
from gridmap.cli import values
from gridmap.cli.commands import without_collector
from gridmap.store.example import shipped_example
from gridmap.store.schema import check
from gridmap.texts import t

# Beside a river in the example: a place whose answer shows what the program is for.
EXAMPLE_PLACE = (120.8689, 30.6730)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    values.add_project(parser)
    parser.add_argument("--screenshot", metavar="PNG", help=t("cli.help.screenshot"))


def run(options: argparse.Namespace) -> int:
    """Open the window until it is closed."""
    path = Path(options.file) if options.file else None
    if path is not None:
        check(path.absolute())  # say what is wrong before a window comes up
    if options.screenshot:
        return _without_display(path, values.a_target(options.screenshot, (".png",)))
    os.environ.setdefault("QT_AUTO_SCREEN_SCALE_FACTOR", "1")
    with without_collector():
        from gridmap.shell.start import has_display, run  # noqa: PLC0415  Qt only when needed

    if has_display():
        return run(path, options.lang)
    print(t("cli.done.no_display"))
    target = Path(tempfile.gettempdir()) / "gridmap-window.png"
    return _without_display(path, target)


def _without_display(path: Path | None, target: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with without_collector():
        from gridmap.shell.start import picture  # noqa: PLC0415

    place = EXAMPLE_PLACE if path is None else None
    picture(path, target, place)
    print(t("cli.done.picture", file=target))
    if place is not None:
        with values.open_for_reading(str(shipped_example()), quiet=True) as project:
            print(t("cli.done.verdict", place=f"{place[0]},{place[1]}"))
            for in_words in offers("answer_in_words"):
                print(in_words(project, *place))
    return 0
