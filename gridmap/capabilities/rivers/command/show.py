"""`gridmap river show RIVER`: the file of a river as text, JSON, tables or a printed sheet."""

import argparse
import sys
from datetime import date, datetime

from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.report.file import river_document
from gridmap.capabilities.rivers.words import RiverWriting, river_context, signboard_lines
from gridmap.capabilities.rivers.work.boards import signboard_text
from gridmap.capabilities.rivers.work.file import river_file
from gridmap.cli import values
from gridmap.cli.drawing import print_document, visible_layers
from gridmap.core.moments import ZONE
from gridmap.report.document import Paint
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("river", metavar="RIVER", help=t("river.cli.river"))
    add_common(parser)
    parser.add_argument("--sheet", metavar="FILE", help=t("river.cli.sheet"))
    parser.add_argument("--pdf", metavar="FILE", help=t("river.cli.pdf"))


def run(options: argparse.Namespace) -> int:
    """Print the file of one river."""
    sheet = values.a_target(options.sheet, FORMATS) if options.sheet else None
    paper = values.a_target(options.pdf, PAPERS) if options.pdf else None
    on = a_day_or_today(options.on)
    with values.open_for_reading(options.project) as project:
        file = river_file(project, options.river, on)
        context = river_context(
            project, rules_of(project).owner_tier, full_phones=options.full_phones
        )
        words = RiverWriting(file, context)
        reach = board_reach(words)
        document = river_document(words, _board(project, words, reach) if paper and reach else ())
        if options.json:
            print(json_text(document, full_phones=options.full_phones))
        else:
            print(terminal_text(document))
        if sheet is not None:
            save(document, sheet)
            print(t("cli.done.written", file=sheet), file=sys.stderr)
        if paper is not None:
            print_document(document, paper, lambda: _pictures(project, words))
            print(t("cli.done.written", file=paper), file=sys.stderr)
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


def _board(project: Project, words: RiverWriting, reach: str) -> list[str]:
    """The text of the signboard of a reach."""
    context = words.context
    return signboard_lines(
        signboard_text(project, reach, words.file.on),
        full_phones=context.wishes.full_phones, example=context.example,
    )  # fmt: skip


def _pictures(project: Project, words: RiverWriting) -> dict[str, Paint]:
    from gridmap.capabilities.rivers.picture.river import (  # noqa: PLC0415  Qt only when needed
        river_picture,
    )
    from gridmap.map.state import FeatureRef  # noqa: PLC0415

    codes = {(one.layer_id, one.code) for one in words.file.reaches}
    refs = [
        FeatureRef(layer_id, row)
        for layer_id in {layer_id for layer_id, _ in codes}
        for row, code in project.layer(layer_id)["code"].items()
        if (layer_id, str(code)) in codes
    ]
    layers = visible_layers(project)
    return {"map": lambda: river_picture(layers, refs)}


def board_reach(words: RiverWriting) -> str:
    """The reach whose signboard is most in need of a new text, "" if none is drawn."""
    wrong = [one.board.reach for one in words.file.outdated if one.board.reach]
    reaches = [one.code for one in words.file.reaches]
    return next(iter((*wrong, *reaches)), "")
