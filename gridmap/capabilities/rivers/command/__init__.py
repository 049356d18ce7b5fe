"""`gridmap river`: the network, the file of a river, signboards."""

import argparse
from typing import Final

from gridmap.cli.commands import Command
from gridmap.cli.parsing import add_subcommands, run_subcommand

# A new subcommand is one line here: its name, what does it, and the key of its title.
SUBCOMMANDS: Final = (
    Command("show", "gridmap.cli.river_show", "river.help.show"),
    Command("list", "gridmap.cli.river_list", "river.help.list"),
    Command("signboards", "gridmap.cli.river_signboards", "river.help.signboards"),
    Command("build", "gridmap.cli.river_net:BUILD", "network.help.build"),
    Command("check", "gridmap.cli.river_net:CHECK", "network.help.check"),
    Command("flip", "gridmap.cli.river_net:FLIP", "network.help.flip"),
    Command("join", "gridmap.cli.river_net:JOIN", "network.help.join"),
    Command("split", "gridmap.cli.river_net:SPLIT", "network.help.split"),
    Command("sluice", "gridmap.cli.river_net:SLUICE", "network.help.sluice"),
    Command("flow", "gridmap.cli.river_net:FLOW", "network.help.flow"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    add_subcommands(parser, "river", SUBCOMMANDS)


run = run_subcommand
