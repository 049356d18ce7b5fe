"""`gridmap checklist FILE`: what a project holds and what it lacks."""

import argparse

from gridmap.capabilities.projects.report.checklist import checklist_document
from gridmap.capabilities.projects.work.checklist import checklist_of
from gridmap.cli import values
from gridmap.report.json import json_text
from gridmap.report.terminal import terminal_text
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    values.add_project(parser)
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def run(options: argparse.Namespace) -> int:
    """Print the checklist."""
    with values.open_for_reading(options.file, quiet=options.json) as project:
        document = checklist_document(
            project.title, checklist_of(project), example=project.is_example
        )
    print(json_text(document) if options.json else terminal_text(document).strip("\n"))
    return 0
