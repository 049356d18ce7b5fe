"""`gridmap river list`: the rivers that have reaches."""

import argparse

from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.words import river_context
from gridmap.capabilities.rivers.work.rivers import rivers_of
from gridmap.capabilities.rivers.work.waters import present_waters
from gridmap.cli import values
from gridmap.report import wording
from gridmap.report.json import as_json
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.file"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def run(options: argparse.Namespace) -> int:
    """Print the rivers that have reaches."""
    with values.open_for_reading(options.project) as project:
        rivers = rivers_of(project)
        index = present_waters(project).index
        context = river_context(project, rules_of(project).owner_tier)
    lengths = {
        reach.code: float(metres)
        for reach, metres in zip(index.reaches, index.lengths_m, strict=True)
    }
    titles = context.titles.get(("river", "grade"), {})
    rows = []
    for one in rivers:
        metres = sum(lengths.get(code, 0.0) for code in one.reaches)
        rows.append((one, metres))
    if options.json:
        data = [
            {"code": one.code, "codes": list(one.codes), "name": one.name,
             "grade": one.grade or None, "length_m": round(metres, 1), "reaches": list(one.reaches)}
            for one, metres in rows
        ]  # fmt: skip
        print(as_json({"schema": "gridmap.rivers/1", "rivers": data}))
        return 0
    for one, metres in rows:
        text = t(
            "river.list.row", code=one.code, name=one.name, reaches=len(one.reaches),
            length=wording.distance(metres), grade=titles.get(one.grade, one.grade),
        )  # fmt: skip
        print(wording.one_line(text.rstrip()))
        if len(one.codes) > 1:
            print(wording.one_line(t("river.list.codes", codes="、".join(one.codes))))
    return 0
