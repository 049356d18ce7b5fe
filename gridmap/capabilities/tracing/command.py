"""`gridmap trace STATION ITEM`: where an exceedance may have come from."""

import argparse
import math
import sys
from dataclasses import replace
from typing import Final

from gridmap.capabilities.tracing.report.document import trace_document
from gridmap.capabilities.tracing.report.words import TraceWriting, context_of
from gridmap.capabilities.tracing.rules import PartKind, TraceRules
from gridmap.capabilities.tracing.work.figures import trace_rules_of
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.cli import values
from gridmap.cli.drawing import print_document, visible_layers
from gridmap.report.document import Paint
from gridmap.report.json import json_text
from gridmap.report.saving import FORMATS, PAPERS, save
from gridmap.report.terminal import terminal_text
from gridmap.standards.item_files import items
from gridmap.store.project import Project
from gridmap.texts import t

_MOST_KM: Final = 1000.0


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("project", nargs="?", metavar="PROJECT", help=t("cli.help.file"))
    parser.add_argument("station", metavar="STATION", help=t("tracing.cli.station"))
    parser.add_argument("item", metavar="ITEM", help=t("tracing.cli.item"))
    parser.add_argument("--from", dest="start", metavar="TIME", help=t("tracing.cli.start"))
    parser.add_argument("--to", dest="end", metavar="TIME", help=t("tracing.cli.end"))
    parser.add_argument("--limit", metavar="VALUE", help=t("tracing.cli.limit"))
    parser.add_argument("--km", metavar="KM", help=t("tracing.cli.km"))
    parser.add_argument(
        "--weight", action="append", default=[], metavar="PART=0.3", help=t("tracing.cli.weight")
    )
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))
    parser.add_argument("--sheet", metavar="FILE", help=t("tracing.cli.sheet"))
    parser.add_argument("--print", dest="paper", metavar="FILE", help=t("tracing.cli.print"))
    parser.add_argument("--full-phones", action="store_true", help=t("cli.help.phones"))


def run(options: argparse.Namespace) -> int:
    """Trace one exceedance."""
    asked = Asked(
        options.station,
        an_item(options.item),
        values.a_time(options.start) if options.start else None,
        values.a_time(options.end) if options.end else None,
        a_limit(options.limit) if options.limit else None,
    )
    sheet = values.a_target(options.sheet, FORMATS) if options.sheet else None
    paper = values.a_target(options.paper, PAPERS) if options.paper else None
    with values.open_for_reading(options.project) as project:
        rules = weighed(trace_rules_of(project), options.km, options.weight)
        answer = trace_of(project, asked, rules)
        words = TraceWriting(answer, context_of(project, answer, full_phones=options.full_phones))
        document = trace_document(words)
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


def _pictures(project: Project, words: TraceWriting) -> dict[str, Paint]:
    from gridmap.capabilities.tracing.picture.sheet import profile_picture  # noqa: PLC0415
    from gridmap.capabilities.tracing.picture.upstream import (  # noqa: PLC0415  Qt
        upstream_look,
        upstream_picture,
    )

    layers, look = visible_layers(project), upstream_look(words.answer, words.caption())
    return {
        "map": lambda: upstream_picture(layers, look),
        "profile": lambda: profile_picture(words),
    }


def an_item(text: str) -> str:
    """The id of an item by its id, a title or an alias; what is unknown stays as it is."""
    plain = text.strip().casefold()
    for item in items().values():
        names = {item.id, item.title.zh, item.title.en, *item.aliases}
        if plain in {name.casefold() for name in names}:
            return item.id
    return text


def a_limit(text: str) -> float:
    """A limit in the unit of the item.

    Raises:
        UsageError: if it is no number.
    """
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise values.UsageError("tracing.cli.bad_limit", text=text)
    return found


def weighed(rules: TraceRules, km: str | None, weights: list[str]) -> TraceRules:
    """The rules of the project with what the command line says instead.

    Raises:
        UsageError: for a distance or a weight that does not fit.
    """
    if km is not None:
        try:
            metres = float(km) * 1000.0
        except ValueError:
            metres = math.nan
        if not 0 < metres <= _MOST_KM * 1000.0:
            raise values.UsageError("tracing.cli.bad_km", text=km)
        rules = replace(rules, limit_m=metres)
    parts = {part.value for part in PartKind}
    for text in weights:
        name, value = values.a_pair(text)
        try:
            weight = float(value)
        except ValueError:
            weight = math.nan
        if name not in parts or not 0 <= weight <= 1:
            raise values.UsageError(
                "tracing.cli.bad_weight", text=text, known=" / ".join(sorted(parts))
            )
        rules = replace(rules, **{name: weight})
    return rules
