"""`gridmap river`: the network, the file of a river, signboards."""

import argparse
from typing import Final

from gridmap.cli.commands import Command
from gridmap.cli.parsing import add_subcommands, run_subcommand

# A new subcommand is one line here: its name, what does it, and the key of its title.
SUBCOMMANDS: Final = (
    Command("show", "gridmap.capabilities.rivers.command.show", "river.help.show"),
    Command("list", "gridmap.capabilities.rivers.command.list", "river.help.list"),
    Command(
        "signboards", "gridmap.capabilities.rivers.command.signboards", "river.help.signboards"
    ),
    Command("build", "gridmap.capabilities.rivers.command.network:BUILD", "network.help.build"),
    Command("check", "gridmap.capabilities.rivers.command.network:CHECK", "network.help.check"),
    Command("flip", "gridmap.capabilities.rivers.command.network:FLIP", "network.help.flip"),
    Command("join", "gridmap.capabilities.rivers.command.network:JOIN", "network.help.join"),
    Command("split", "gridmap.capabilities.rivers.command.network:SPLIT", "network.help.split"),
    Command("sluice", "gridmap.capabilities.rivers.command.network:SLUICE", "network.help.sluice"),
    Command("appoint", "gridmap.capabilities.rivers.command.appoint", "network.help.appoint"),
    Command("flow", "gridmap.capabilities.rivers.command.network:FLOW", "network.help.flow"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    add_subcommands(parser, "river", SUBCOMMANDS)


run = run_subcommand
