"""`gridmap readings`: import, export, figures and checks of readings."""

import argparse
from typing import Final

from gridmap.cli.commands import Command
from gridmap.cli.parsing import add_subcommands, run_subcommand

# A new subcommand is a module with `add` and `run` and one line here.
SUBCOMMANDS: Final = (
    Command("import", "gridmap.capabilities.readings.command.importing", "readings.help.import"),
    Command("export", "gridmap.capabilities.readings.command.export", "readings.help.export"),
    Command("stats", "gridmap.capabilities.readings.command.stats", "readings.help.stats"),
    Command("check", "gridmap.capabilities.readings.command.check", "readings.help.check"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    add_subcommands(parser, "readings", SUBCOMMANDS)


run = run_subcommand
