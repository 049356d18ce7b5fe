"""`gridmap river`: the network, the file of a river, signboards."""

import argparse
from typing import Final

from gridmap.cli import river_list, river_net, river_show, river_signboards
from gridmap.cli.river_net import Subcommand
from gridmap.texts import t

# A new subcommand is one line here: the key of its title, and what it does.
SUBCOMMANDS: Final[dict[str, tuple[str, Subcommand]]] = {
    "show": ("river.help.show", Subcommand(river_show.add, river_show.run)),
    "list": ("river.help.list", Subcommand(river_list.add, river_list.run)),
    "signboards": (
        "river.help.signboards", Subcommand(river_signboards.add, river_signboards.run),
    ),
    "build": ("network.help.build", river_net.BUILD),
    "check": ("network.help.check", river_net.CHECK),
    "flip": ("network.help.flip", river_net.FLIP),
    "join": ("network.help.join", river_net.JOIN),
    "split": ("network.help.split", river_net.SPLIT),
    "sluice": ("network.help.sluice", river_net.SLUICE),
    "flow": ("network.help.flow", river_net.FLOW),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    children = parser.add_subparsers(dest="river_command", required=True, metavar="")
    for name, (key, command) in SUBCOMMANDS.items():
        title = t(key)
        child = children.add_parser(name, help=title, description=title, add_help=False)
        child.add_argument("-h", "--help", action="help", help=t("cli.help.help"))
        command.add(child)
        child.set_defaults(subcommand=command)


def run(options: argparse.Namespace) -> int:
    """Run the subcommand and return its exit code."""
    code: int = options.subcommand.run(options)
    return code
