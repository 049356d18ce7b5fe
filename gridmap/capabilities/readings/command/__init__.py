"""`gridmap readings`: import, export, figures and checks of readings."""

import argparse
from typing import Final

from gridmap.cli.commands import Command
from gridmap.cli.parsing import add_subcommands, run_subcommand

# A new subcommand is a module with `add` and `run` and one line here.
SUBCOMMANDS: Final = (
    Command("import", "gridmap.cli.readings_import", "readings.help.import"),
    Command("export", "gridmap.cli.readings_export", "readings.help.export"),
    Command("stats", "gridmap.cli.readings_stats", "readings.help.stats"),
    Command("check", "gridmap.cli.readings_check", "readings.help.check"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    add_subcommands(parser, "readings", SUBCOMMANDS)


run = run_subcommand
