"""The table of commands: a new command is a module and one line here."""

import argparse
from typing import Final, Protocol

from gridmap.cli import (
    alerting,
    assigning,
    exporting,
    importing,
    info,
    locate,
    new,
    readings,
    render,
    river,
    tracing,
    warning,
    window,
)


class Command(Protocol):
    """What a command module offers."""

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Do it and return the exit code."""
        ...


COMMANDS: Final[dict[str, Command]] = {
    "open": window,
    "locate": locate,
    "assign": assigning,
    "info": info,
    "render": render,
    "new": new,
    "import": importing,
    "export": exporting,
    "alerts": alerting,
    "trace": tracing,
    "warn": warning,
    "river": river,
    "readings": readings,
}
