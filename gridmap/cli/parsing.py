"""The parser of the command line."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import gridmap
from gridmap.cli.commands import Command, commands
from gridmap.texts import LANGUAGES, t

_GLOBAL: Final = {"-h", "--help", "--version"}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in the user's language and points to the help."""

    def error(self, message: str) -> NoReturn:
        print(t("cli.error.prefix", message=t("cli.error.usage", message=message)), file=sys.stderr)
        raise SystemExit(2)


class _Version(argparse.Action):
    """Says which version this is; it is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        print(f"GridMap {gridmap.__version__}")
        parser.exit()


class _CommandParser(_Parser):
    """Loads its command, and asks it for its arguments, when there is something to parse."""

    def __init__(self, *args: Any, command: Command, dest: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._command: Command | None = command
        self._dest = dest

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._command is not None:
            loaded, self._command = self._command.load(), None
            loaded.add(self)
            self.set_defaults(**{self._dest: loaded.run})
        return super().parse_known_args(args, namespace)


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands, texts in the current language."""
    parser = _Parser(
        prog="gridmap", description=t("cli.about"), epilog=t("cli.epilog"),
        formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False,
    )  # fmt: skip
    common = _Parser(add_help=False)
    for group in (parser, common):
        _add_help(group)
        group.add_argument("--lang", choices=LANGUAGES, help=t("cli.help.lang"))
    parser.add_argument(
        "--version", action=_Version, nargs=0, default=argparse.SUPPRESS,
        dest=argparse.SUPPRESS, help=t("cli.help.version"),
    )  # fmt: skip
    _add_commands(parser, commands(), "command", "run", parents=[common])
    return parser


def add_subcommands(parser: argparse.ArgumentParser, name: str, own: Sequence[Command]) -> None:
    """Give a command commands of its own; the one that was typed is `run_subcommand`'s.

    Args:
        parser: that of the command.
        name: of the command.
        own: its own ones.
    """
    for child in _add_commands(parser, own, f"{name}_command", "run_asked"):
        _add_help(child)


def run_subcommand(options: argparse.Namespace) -> int:
    """Run the subcommand that was typed and return its exit code."""
    return int(options.run_asked(options))


def _add_commands(
    parser: argparse.ArgumentParser, known: Sequence[Command], dest: str, run: str, **kwargs: Any
) -> list[argparse.ArgumentParser]:
    children = parser.add_subparsers(
        dest=dest, required=True, metavar="", parser_class=_CommandParser
    )
    return [
        children.add_parser(
            command.name, help=command.does, description=command.does,
            add_help=False, command=command, dest=run, **kwargs,
        )
        for command in known
    ]  # fmt: skip


def _add_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help=t("cli.help.help"))


def normalise(arguments: Sequence[str]) -> list[str]:
    """`gridmap FILE` and plain `gridmap` mean `gridmap open`."""
    rest = list(arguments)
    words = [a for i, a in enumerate(rest) if i == 0 or rest[i - 1] != "--lang"]
    first = next((word for word in words if not word.startswith("-")), None)
    known = {command.name for command in commands()}
    if first in known or (first is None and _GLOBAL.intersection(rest)):
        return rest
    return ["open", *rest]
