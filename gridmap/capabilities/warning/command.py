"""`gridmap warn PLACE`: what a spill reaches downstream, when, and whom to call."""

import argparse
import math
import sys
from datetime import datetime
from typing import Final

from gridmap.capabilities.locate.work.phrases import places_of
from gridmap.capabilities.locate.work.placing import Found, coordinates_in, place_of
from gridmap.capabilities.warning.report import warning_document
from gridmap.capabilities.warning.work.warning import WarningAnswer, warning_of
from gridmap.cli import values
from gridmap.cli.drawing import print_document, visible_layers
from gridmap.core.datum import Datum
from gridmap.core.moments import ZONE
from gridmap.core.quoted_places import looks_like_coordinates
from gridmap.report import wording
from gridmap.report.document import Paint
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import t

_MOST_KM: Final = 1000.0
_SLOWEST, _FASTEST = 0.1, 10.0


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("place", metavar="PLACE", help=t("cli.help.place"))
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument("--at", metavar="TIME", help=t("warning.cli.at"))
    parser.add_argument("--km", metavar="KM", help=t("warning.cli.km"))
    parser.add_argument("--velocity", metavar="FACTOR", help=t("warning.cli.velocity"))
    parser.add_argument(
        "--turned", action="append", default=[], metavar="REACH", help=t("warning.cli.turned")
    )
    parser.add_argument(
        "--datum", type=values.a_datum, choices=[d.value for d in Datum],
        default=Datum.CGCS2000.value, help=t("cli.help.datum"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))
    parser.add_argument("--sheet", metavar="FILE", help=t("warning.cli.sheet"))
    parser.add_argument("--pdf", metavar="FILE", help=t("warning.cli.pdf"))
    parser.add_argument("--full-phones", action="store_true", help=t("cli.help.phones"))


def run(options: argparse.Namespace) -> int:
    """Warn downstream of one place."""
    start = values.a_time(options.at) if options.at else datetime.now(ZONE).replace(microsecond=0)
    limit_m = None if options.km is None else a_distance(options.km)
    factor = 1.0 if options.velocity is None else a_factor(options.velocity)
    sheet = values.a_target(options.sheet, FORMATS) if options.sheet else None
    paper = values.a_target(options.pdf, PAPERS) if options.pdf else None
    with values.open_for_reading(options.project) as project:
        place = _place(options, project).place
        answer = warning_of(
            project, place.lon, place.lat, start,
            limit_m=limit_m, factor=factor, turned=tuple(options.turned),
        )  # fmt: skip
        document = warning_document(answer, full_phones=options.full_phones)
        if options.json:
            print(json_text(document, full_phones=options.full_phones))
        else:
            print(terminal_text(document))
        if sheet is not None:
            save(document, sheet)
            print(t("cli.done.written", file=sheet), file=sys.stderr)
        if paper is not None:
            print_document(document, paper, lambda: _pictures(project, answer))
            print(t("cli.done.written", file=paper), file=sys.stderr)
    return 0


def _pictures(project: Project, answer: WarningAnswer) -> dict[str, Paint]:
    from gridmap.capabilities.warning.picture import (  # noqa: PLC0415  Qt
        warning_look,
        warning_picture,
    )

    layers = visible_layers(project)
    return {"map": lambda: warning_picture(layers, warning_look(answer))}


def _place(options: argparse.Namespace, project: Project) -> Found:
    datum = Datum(options.datum)
    if looks_like_coordinates(options.place):
        found = coordinates_in(options.place, datum=datum)
        if found.swapped:
            print(t("answer.place.swapped"), file=sys.stderr)
        return found
    places = places_of(project)
    found = place_of(options.place, places.index, datum=datum, places=places)
    if found.hit is not None:
        entry = found.hit.entry
        told = t("cli.taken_for", name=entry.name, code=entry.key)
        print(wording.one_line(told), file=sys.stderr)
    return found


def a_distance(text: str) -> float:
    """Kilometres of the command line in metres.

    Raises:
        UsageError: unless it is a number above 0, up to 1000.
    """
    metres = _number(text) * 1000.0
    if not 0 < metres <= _MOST_KM * 1000.0:
        raise values.UsageError("tracing.cli.bad_km", text=text)
    return metres


def a_factor(text: str) -> float:
    """A velocity factor of the command line.

    Raises:
        UsageError: unless it is a number from 0.1 to 10.
    """
    factor = _number(text)
    if not _SLOWEST <= factor <= _FASTEST:
        raise values.UsageError("warning.error.bad_factor", text=text)
    return factor


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
