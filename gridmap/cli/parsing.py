"""The parser of the command line."""

import argparse
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import gridmap
from gridmap.cli import commands
from gridmap.texts import LANGUAGES, t

_GLOBAL: Final = {"-h", "--help", "--version"}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the user's language and points to the help."""

    def error(self, message: str) -> NoReturn:
        print(t("cli.error.prefix", message=t("cli.error.usage", message=message)), file=sys.stderr)
        raise SystemExit(2)


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands, texts in the current language."""
    parser = _Parser(
        prog="gridmap", description=t("cli.about"), epilog=t("cli.epilog"),
        formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False,
    )  # fmt: skip
    common = _Parser(add_help=False)
    for group in (parser, common):
        group.add_argument("-h", "--help", action="help", help=t("cli.help.help"))
        group.add_argument("--lang", choices=LANGUAGES, help=t("cli.help.lang"))
    parser.add_argument(
        "--version", action="version", version=f"GridMap {gridmap.__version__}",
        help=t("cli.help.version"),
    )  # fmt: skip
    children = parser.add_subparsers(dest="command", required=True, metavar="")
    for name, command in commands.COMMANDS.items():
        child = children.add_parser(
            name, help=t(f"cli.help.{name}"), description=t(f"cli.help.{name}"),
            parents=[common], add_help=False,
        )  # fmt: skip
        command.add(child)
        child.set_defaults(run=command.run)
    return parser


def normalise(arguments: Sequence[str]) -> list[str]:
    """`gridmap FILE` and plain `gridmap` mean `gridmap open`."""
    rest = list(arguments)
    words = [a for i, a in enumerate(rest) if i == 0 or rest[i - 1] != "--lang"]
    first = next((word for word in words if not word.startswith("-")), None)
    if first in commands.COMMANDS or (first is None and _GLOBAL.intersection(rest)):
        return rest
    return ["open", *rest]
