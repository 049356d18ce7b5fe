"""`gridmap readings export -o FILE`: readings as a table that can be imported again."""

import argparse

from gridmap.capabilities.readings.command.wanted import add_wanted, wanted_of
from gridmap.capabilities.readings.report.export import export_readings
from gridmap.cli import values
from gridmap.report.saving import FORMATS
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help=t("readings.help.output")
    )
    add_wanted(parser)
    parser.add_argument("--wide", action="store_true", help=t("readings.help.wide"))
    parser.add_argument("--revisions", action="store_true", help=t("readings.help.revisions"))


def run(options: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    target = values.a_target(options.output, FORMATS)
    with values.open_for_reading(options.project) as project:
        wanted = wanted_of(options, project)
        done = export_readings(
            project, target, wanted, wide=options.wide, revisions=options.revisions
        )
    files = t("verdict.join.names").join(file.name for file in done.files)
    print(t("readings.export.done", readings=f"{done.readings:,}", files=files))
    if options.revisions:
        print(t("readings.export.with_revisions", count=f"{done.revisions:,}"))
    return 0
