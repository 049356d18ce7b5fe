"""`gridmap river`: the network, the file of a river, signboards."""

import argparse
from types import ModuleType
from typing import Final

from gridmap.cli import river_list, river_show, river_signboards
from gridmap.texts import t

# A new subcommand is a module with `add` and `run` and one line here.
SUBCOMMANDS: Final[dict[str, ModuleType]] = {
    "show": river_show,
    "list": river_list,
    "signboards": river_signboards,
}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    children = parser.add_subparsers(dest="river_command", required=True, metavar="")
    for name, command in SUBCOMMANDS.items():
        title = t(f"river.help.{name}")
        child = children.add_parser(name, help=title, description=title, add_help=False)
        child.add_argument("-h", "--help", action="help", help=t("cli.help.help"))
        command.add(child)
        child.set_defaults(subcommand=command)


def run(options: argparse.Namespace) -> int:
    """Run the subcommand and return its exit code."""
    code: int = options.subcommand.run(options)
    return code
