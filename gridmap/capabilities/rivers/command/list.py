"""`gridmap river list`: the rivers that have reaches."""

import argparse

from gridmap.capabilities.rivers.report.list import rivers_document
from gridmap.cli import values
from gridmap.report.json import json_text
from gridmap.report.terminal import terminal_text
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.file"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def run(options: argparse.Namespace) -> int:
    """Print the rivers that have reaches."""
    with values.open_for_reading(options.project) as project:
        document = rivers_document(project)
    if options.json:
        print(json_text(document, full_phones=True))
    elif text := terminal_text(document):
        print(text)
    return 0
