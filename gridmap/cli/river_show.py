"""`gridmap river show RIVER`: the file of a river as text, JSON, tables or a printed sheet."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Final

from gridmap.cli import values
from gridmap.output.river_json import river_json
from gridmap.output.river_sheet import write_river
from gridmap.output.river_text import present_river
from gridmap.output.river_words import RiverWriting, river_context
from gridmap.output.tables import FORMATS
from gridmap.output.verdict_text import verdict_text
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.river_file import river_file
from gridmap.project.rule_figures import rules_of
from gridmap.texts import t

_PRINTS: Final = (".pdf", ".png")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("river", metavar="RIVER", help=t("river.cli.river"))
    add_common(parser)
    parser.add_argument("--sheet", metavar="FILE", help=t("river.cli.sheet"))
    parser.add_argument("--pdf", metavar="FILE", help=t("river.cli.pdf"))


def run(options: argparse.Namespace) -> int:
    """Print the file of one river."""
    sheet = values.a_target(options.sheet, FORMATS) if options.sheet else None
    paper = values.a_target(options.pdf, _PRINTS) if options.pdf else None
    on = a_day_or_today(options.on)
    with values.open_for_reading(options.project) as project:
        file = river_file(project, options.river, on)
        context = river_context(
            project, rules_of(project).owner_tier, full_phones=options.full_phones
        )
        words = RiverWriting(file, context)
        if options.json:
            print(river_json(file, context, full_phones=options.full_phones))
        else:
            print(verdict_text(present_river(words), example=project.is_example))
        if sheet is not None:
            write_river(sheet, words)
            print(t("cli.done.written", file=sheet), file=sys.stderr)
        if paper is not None:
            _print(project, words, paper, full_phones=options.full_phones)
    return 0


def add_common(parser: argparse.ArgumentParser) -> None:
    """Declare day, project, JSON and phones."""
    parser.add_argument("--on", metavar="DAY", help=t("river.cli.on"))
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.file"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))
    parser.add_argument("--full-phones", action="store_true", help=t("cli.help.phones"))


def a_day_or_today(text: str | None) -> date:
    """The day asked, today in Asia/Shanghai without one."""
    return values.a_day(text) if text else datetime.now(ZONE).date()


def _print(
    project: AnsweringProject, words: RiverWriting, target: Path, *, full_phones: bool
) -> None:
    from gridmap.cli.river_printing import print_river_sheet  # noqa: PLC0415  Qt only when needed

    print_river_sheet(project, words, target, full_phones=full_phones)
    print(t("cli.done.written", file=target), file=sys.stderr)
