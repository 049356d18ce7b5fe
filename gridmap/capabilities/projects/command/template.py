"""`gridmap template TARGET -o FILE`: an empty table for others to fill in."""

import argparse

from gridmap.capabilities.projects.report.templates import template_document
from gridmap.capabilities.projects.work.templates import templates
from gridmap.cli import values
from gridmap.report.sheets import write_sheets
from gridmap.store.layer_files import read_catalogue
from gridmap.texts import GridMapError, t

_SUFFIXES = (".xlsx", ".csv")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("target", metavar="TARGET", help=t("projects.help.target"))
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=t("cli.help.output"))


def run(options: argparse.Namespace) -> int:
    """Write the table.

    Raises:
        GridMapError: `projects.error.no_template` names those there are.
    """
    declarations = read_catalogue().declarations
    known = templates(declarations)
    if options.target not in known:
        names = ", ".join(known)
        raise GridMapError("projects.error.no_template", target=options.target, known=names)
    path = values.a_target(options.output, _SUFFIXES)
    write_sheets(template_document(options.target, declarations), path)
    print(t("projects.written", file=path))
    return 0
