"""`gridmap river signboards`: boards that are out of date, or the text of one."""

import argparse

from gridmap.capabilities.rivers.command.show import a_day_or_today, add_common
from gridmap.capabilities.rivers.report.data import board_data
from gridmap.capabilities.rivers.words import days_words, fault_words, signboard_lines
from gridmap.capabilities.rivers.work.boards import signboard_text, signboards_of
from gridmap.cli import values
from gridmap.report import wording
from gridmap.report.document import Document
from gridmap.report.json import json_text, plain
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_common(parser)
    parser.add_argument("--text", metavar="REACH", help=t("river.cli.text"))


def run(options: argparse.Namespace) -> int:
    """Print the boards that are out of date, or the text of one."""
    on = a_day_or_today(options.on)
    with values.open_for_reading(options.project) as project:
        if options.text:
            board = signboard_text(project, options.text, on)
            lines = signboard_lines(
                board, full_phones=options.full_phones, example=project.is_example
            )
            print("\n".join(wording.one_line(line) for line in lines))
            return 0
        states = signboards_of(project, on)
        example = project.is_example
    wrong = [one for one in states if one.fault is not None]
    if options.json:
        data = {
            "schema": "gridmap.signboards/1", "example": example, "on": on,
            "checked": len(states), "signboards": [board_data(one) for one in wrong],
        }  # fmt: skip
        document = Document(kind="signboards", data=plain(data))
        print(json_text(document, full_phones=options.full_phones))
        return 0
    day = wording.day(on)
    print(t("river.list.boards", all=len(states), wrong=len(wrong), on=day))
    for one in wrong:
        now = (
            t("river.list.board_vacant")
            if one.now is None
            else t("river.list.board_now", now=one.now.name)
        )
        text = t(
            "river.list.board", code=one.board.code, reach=one.board.reach,
            named=one.board.name, fault=fault_words(one),
        )  # fmt: skip
        days = f"{t('river.column.work_days')} {days_words(one)}"
        print(wording.one_line("  ".join((text, days, now if one.tier else ""))).rstrip())
    return 0
