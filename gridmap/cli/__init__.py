"""The command line: the same answers without a window.

Each command is one module with `add(parser)` and `run(options) -> int`, loaded when it is
asked for. Exit codes: 0 done; an error carries its own (`GridMapError.exit_code`): 1 a file
or its data is at fault, 2 the command is wrong, 3 the place is unknown or ambiguous.
"""

import sys
from collections.abc import Sequence

from gridmap.cli.parsing import build_parser, normalise
from gridmap.report import wording
from gridmap.texts import GridMapError, language_of_system, t, use_language


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    _write_utf8()
    use_language(_language_asked(arguments) or language_of_system())
    options = build_parser().parse_args(normalise(arguments))
    try:
        return int(options.run(options))
    except GridMapError as error:
        # Without obeying what a name in a file may hold.
        print(wording.one_line(t("cli.error.prefix", message=error)), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _language_asked(arguments: Sequence[str]) -> str | None:
    """`--lang`, read before the parser exists because the help is in that language too."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            asked = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
            return asked if asked in {"zh_CN", "en"} else None
    return None


def _write_utf8() -> None:
    """Chinese must not end a program whose terminal is set to ASCII."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
