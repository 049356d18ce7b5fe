"""`gridmap site`: where the next stations go, and what each buys."""

import argparse
import math
import sys
from pathlib import Path
from typing import Final

from gridmap.capabilities.siting.report.instance import instance_document
from gridmap.capabilities.siting.report.proposal import siting_document
from gridmap.capabilities.siting.rules.siting import Means
from gridmap.capabilities.siting.work.ground import Medium
from gridmap.capabilities.siting.work.instance import read_instance, solve_instance
from gridmap.capabilities.siting.work.siting import Asked, SitingAnswer, siting_of
from gridmap.capabilities.siting.work.solver import OwnProcess
from gridmap.cli import values
from gridmap.cli.drawing import print_document, visible_layers
from gridmap.report.document import Document, Paint
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import t

_LIMIT_S: Final = 60.0
_MOST: Final = 100_000
_HUNDRED: Final = 100.0
_ONLY_PROJECT: Final = (
    "project", "medium", "share", "moves", "movable", "backup", "points", "without",
    "complaints", "weight", "curve",
)  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("project", nargs="?", metavar="PROJECT", help=t("cli.help.file"))
    parser.add_argument(
        "--for", dest="medium", choices=[one.value for one in Medium], help=t("siting.cli.medium")
    )
    parser.add_argument("-k", dest="count", metavar="N", help=t("siting.cli.count"))
    parser.add_argument("--share", metavar="PERCENT", help=t("siting.cli.share"))
    parser.add_argument("--radius", metavar="M", help=t("siting.cli.radius"))
    parser.add_argument("--move", dest="moves", metavar="M", help=t("siting.cli.moves"))
    for name in ("movable", "points", "without", "complaints"):
        metavar = "CODE" if name == "movable" else "LAYER"
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=metavar, help=t(f"siting.cli.{name}")
        )
    parser.add_argument("--backup", action="store_true", help=t("siting.cli.backup"))
    parser.add_argument(
        "--weight", action="append", default=[], metavar="KIND=2", help=t("siting.cli.weight")
    )
    parser.add_argument("--curve", action="store_true", help=t("siting.cli.curve"))
    parser.add_argument("--seconds", metavar="S", help=t("siting.cli.seconds"))
    parser.add_argument("--instance", metavar="FILE", help=t("siting.cli.instance"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))
    parser.add_argument("--sheet", metavar="FILE", help=t("siting.cli.sheet"))
    parser.add_argument("--pdf", metavar="FILE", help=t("siting.cli.pdf"))


def run(options: argparse.Namespace) -> int:
    """Propose sites of a project, or solve a published instance."""
    sheet = values.a_target(options.sheet, (*FORMATS, ".json")) if options.sheet else None
    paper = values.a_target(options.pdf, PAPERS) if options.pdf else None
    if options.instance is not None:
        if paper is not None:
            raise values.UsageError("siting.cli.no_paper")
        _told(_instance(options), options, sheet)
        return 0
    asked = asked_of(options)
    with values.open_for_reading(options.project) as project:
        answer = siting_of(project, asked)
        document = siting_document(answer)
        _told(document, options, sheet)
        if paper is not None:
            print_document(document, paper, lambda: _pictures(project, answer))
            print(t("cli.done.written", file=paper), file=sys.stderr)
    return 0


def asked_of(options: argparse.Namespace) -> Asked:
    """The question of the command line.

    Raises:
        UsageError: for a value that cannot be read.
    """
    if options.share is not None and (options.count is not None or options.moves is not None):
        raise values.UsageError("siting.cli.share_and_count")
    moves = 0 if options.moves is None else a_count(options.moves, "--move")
    least = 0 if moves else 1
    if options.share is None and options.count is None and not moves:
        raise values.UsageError("siting.cli.no_count")
    count = 0 if options.count is None else a_count(options.count, "-k", least)
    return Asked(
        medium=Medium(options.medium or Medium.WATER.value),
        count=count,
        share=None if options.share is None else a_share(options.share),
        distance_m=None if options.radius is None else above_zero(options.radius, "--radius"),
        moves=moves,
        movable=tuple(options.movable),
        backup=options.backup,
        weights=tuple(a_weight(text) for text in options.weight),
        points=tuple(options.points),
        without=tuple(options.without),
        complaints=tuple(options.complaints),
        curve=options.curve,
        limit_s=None if options.seconds is None else above_zero(options.seconds, "--seconds"),
    )


def a_count(text: str, name: str, least: int = 1) -> int:
    """A whole number of sites.

    Raises:
        UsageError: naming the option.
    """
    try:
        found = int(text)
    except ValueError:
        found = -1
    if not least <= found <= _MOST:
        raise values.UsageError("siting.cli.bad_count", option=name, text=text, least=least)
    return found


def above_zero(text: str, name: str) -> float:
    """A number above 0: metres or seconds.

    Raises:
        UsageError: naming the option.
    """
    found = _number(text)
    if not 0 < found < math.inf:
        raise values.UsageError("siting.cli.not_above_zero", option=name, text=text)
    return found


def a_share(text: str) -> float:
    """Per cent as a share.

    Raises:
        UsageError: unless above 0, up to 100.
    """
    found = _number(text.removesuffix("%"))
    if not 0 < found <= _HUNDRED:
        raise values.UsageError("siting.cli.bad_share", text=text)
    return found / _HUNDRED


def a_weight(text: str) -> tuple[str, float]:
    """`outlet=2` as a kind of demand and its weight.

    Raises:
        UsageError: for what is no pair, or no number from 0 up.
    """
    name, value = values.a_pair(text)
    found = _number(value)
    if not 0 <= found < math.inf:
        raise values.UsageError("siting.cli.bad_weight", text=text)
    return name, found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _instance(options: argparse.Namespace) -> Document:
    given = [name for name in _ONLY_PROJECT if getattr(options, name)]
    if given:
        raise values.UsageError("siting.cli.only_project", options=", ".join(given))
    if options.radius is None or options.count is None:
        raise values.UsageError("siting.cli.instance_needs")
    radius, count = above_zero(options.radius, "--radius"), a_count(options.count, "-k")
    limit_s = _LIMIT_S if options.seconds is None else above_zero(options.seconds, "--seconds")
    instance = read_instance(Path(options.instance))
    return instance_document(solve_instance(instance, radius, count, Means(OwnProcess(), limit_s)))


def _told(document: Document, options: argparse.Namespace, sheet: Path | None) -> None:
    print(json_text(document) if options.json else terminal_text(document))
    if sheet is not None:
        save(document, sheet)
        print(t("cli.done.written", file=sheet), file=sys.stderr)


def _pictures(project: Project, answer: SitingAnswer) -> dict[str, Paint]:
    from gridmap.capabilities.siting.picture import (  # noqa: PLC0415  Qt
        curve_picture,
        siting_look,
        siting_picture,
    )

    layers = visible_layers(project)
    return {
        "map": lambda: siting_picture(layers, siting_look(answer)),
        "curve": lambda: curve_picture(answer),
    }
