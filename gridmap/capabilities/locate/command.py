"""`gridmap locate PLACE`: the verdict as text, as JSON, as a printed sheet."""

import argparse
import sys
from dataclasses import replace
from datetime import date, datetime

from gridmap.capabilities.locate.report import document_of
from gridmap.capabilities.locate.rules import UnknownProblemError, Verdict
from gridmap.capabilities.locate.work.answering import answer, responsibility_of
from gridmap.capabilities.locate.work.placing import Found, coordinates_in, place_of
from gridmap.cli import values
from gridmap.cli.drawing import print_document, visible_layers
from gridmap.core.datum import Datum
from gridmap.core.moments import ZONE
from gridmap.core.place import Place
from gridmap.core.quoted_places import looks_like_coordinates
from gridmap.core.search import Hit
from gridmap.report import wording
from gridmap.report.document import Paint
from gridmap.report.json import json_text
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("place", metavar="PLACE", help=t("cli.help.place"))
    parser.add_argument("--project", metavar="FILE", help=t("cli.help.project"))
    parser.add_argument("--on", metavar="DATE", help=t("cli.help.on"))
    parser.add_argument("--problem", metavar="TYPE", help=t("cli.help.problem"))
    parser.add_argument(
        "--datum", type=values.a_datum, choices=[d.value for d in Datum],
        default=Datum.CGCS2000.value, help=t("cli.help.datum"),
    )  # fmt: skip
    parser.add_argument("--radius", metavar="M", help=t("cli.help.radius"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))
    parser.add_argument("--pdf", metavar="FILE", help=t("cli.help.pdf"))
    parser.add_argument("--full-phones", action="store_true", help=t("cli.help.phones"))


def run(options: argparse.Namespace) -> int:
    """Answer one place."""
    on = values.a_day(options.on) if options.on else None
    target = values.a_target(options.pdf, (".pdf",)) if options.pdf else None
    radius = values.a_radius(options.radius) if options.radius else None
    with values.open_for_reading(options.project) as project:
        found = _place(options, project)
        radius_m = found.place.radius_m if radius is None else radius
        try:
            place = replace(found.place, radius_m=radius_m, text=options.place)
            verdict = answer(project, place, on or _today(), options.problem)
        except UnknownProblemError:
            known = ", ".join(sorted(responsibility_of(project).problems)) or "—"
            raise values.UsageError(
                "answer.rule.unknown_problem", problem=options.problem, known=known
            ) from None
        document = document_of(project, verdict, full_phones=options.full_phones)
        if found.hit is not None:
            print(_taken_for(found.hit), file=sys.stderr)
        if found.swapped:
            print(t("answer.place.swapped"), file=sys.stderr)
        if options.json:
            print(json_text(document, full_phones=options.full_phones))
        else:
            print(terminal_text(document))
        if target is not None:
            print_document(document, target, lambda: _pictures(project, verdict))
            print(t("cli.done.written", file=target), file=sys.stderr)
    return 0


def in_words(project: Project, lon: float, lat: float) -> str:
    """Who is responsible today at a place in degrees of EPSG:4490, as text."""
    return terminal_text(document_of(project, answer(project, Place(lon, lat), _today())))


def _today() -> date:
    return datetime.now(ZONE).date()


def _pictures(project: Project, verdict: Verdict) -> dict[str, Paint]:
    from gridmap.capabilities.locate.picture import (  # noqa: PLC0415  Qt only when needed
        map_of_place,
    )

    layers, place = visible_layers(project), verdict.place
    tolerance_m = verdict.basis.tolerance_m
    return {"map": lambda: map_of_place(layers, place.lon, place.lat, tolerance_m)}


def _taken_for(hit: Hit) -> str:
    """Which feature a name was taken for: part of a name is enough to be understood."""
    return wording.one_line(t("cli.taken_for", name=hit.entry.name, code=hit.entry.key))


def _place(options: argparse.Namespace, project: Project) -> Found:
    datum = Datum(options.datum)
    if looks_like_coordinates(options.place):
        return coordinates_in(options.place, datum=datum)
    from gridmap.capabilities.locate.work.phrases import (  # noqa: PLC0415  only names need the index
        places_of,
    )

    places = places_of(project)
    return place_of(options.place, places.index, datum=datum, places=places)
