"""`gridmap export LAYER -o FILE`: a layer, or some of it, as a file for others."""

import argparse
import sys

from gridmap.cli import values
from gridmap.report.layers import SUFFIXES, export_layer
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("layer", metavar="LAYER", help=t("cli.help.layer"))
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help=t("assign.export.output")
    )
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument(
        "--where", action="append", metavar="FIELD=VALUE", help=t("assign.export.where")
    )
    parser.add_argument("--show-personal", action="store_true", help=t("assign.export.personal"))


def run(options: argparse.Namespace) -> int:
    """Export one layer."""
    target = values.a_target(options.output, SUFFIXES)
    where: dict[str, list[str]] = {}
    for text in options.where or ():
        name, value = values.a_pair(text)
        where.setdefault(name, []).append(value)
    with values.open_for_reading(options.project) as project:
        frame = project.layer(options.layer)
        declaration = project.declarations[options.layer]
        done = export_layer(
            declaration, frame, target,
            where=where, example=project.is_example, show_personal=options.show_personal,
        )  # fmt: skip
    files = t("verdict.join.names").join(file.name for file in done.files)
    print(t("assign.export.done", rows=done.rows, files=files))
    if done.shortened:
        print(t("assign.export.shortened", count=done.shortened), file=sys.stderr)
    return 0
