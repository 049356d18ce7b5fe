"""`gridmap new FILE --title …`: an empty project."""

import argparse

from gridmap.store.project import Project
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument("--title", required=True, help=t("cli.help.title"))


def run(options: argparse.Namespace) -> int:
    """Make the project."""
    with Project.create(options.file, title=options.title) as project:
        print(t("cli.done.created", file=project.path))
    return 0
