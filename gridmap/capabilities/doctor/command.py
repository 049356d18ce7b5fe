"""`gridmap import PROJECT FILE --layer …`: a file into a project, with every finding told."""

import argparse
import math
from typing import Any, Final

from gridmap.cli import values
from gridmap.cli.imported import lines_of, table_of
from gridmap.intake import door
from gridmap.intake.choices import ROSTERS, SERIES, Choices, Mode
from gridmap.store.project import Project
from gridmap.texts import t

_DONE, _FAULT = 0, 1
_ZONE: Final = "Asia/Shanghai"
_STATUSES: Final = ("real", "example", "synthetic", "mixed")

_LAYER_ONLY: Final = ("crs", "accuracy", "date", "source", "status")
_SERIES_ONLY: Final = ("station", "unit", "item", "station_name", "zone")
# Options that say something about one kind of import only, and the kinds they fit.
_FITS: Final = {
    **dict.fromkeys(_LAYER_ONLY, frozenset({"layer"})),
    **dict.fromkeys(_SERIES_ONLY, frozenset({"series"})),
    **dict.fromkeys(("fixed", "replace"), frozenset({"layer", *ROSTERS})),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("project", metavar="PROJECT", help=t("importing.help.project"))
    parser.add_argument("file", metavar="FILE", help=t("importing.help.file"))
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--layer", metavar="LAYER", help=t("cli.help.layer"))
    target.add_argument("--series", action="store_true", help=t("importing.help.series"))
    target.add_argument("--people", action="store_true", help=t("importing.help.people"))
    target.add_argument("--posts", action="store_true", help=t("importing.help.posts"))
    target.add_argument("--roster", action="store_true", help=t("importing.help.roster"))
    target.add_argument("--departments", action="store_true", help=t("importing.help.departments"))
    _pairs(parser, "--fixed", "FIELD=VALUE", t("cli.help.fixed"))
    _pairs(parser, "--column", "FIELD=HEADING", t("cli.help.column"))
    _pairs(parser, "--leave-out", "HEADING", t("importing.help.leave_out"))
    parser.add_argument("--sheet", metavar="NAME", help=t("importing.help.sheet"))
    parser.add_argument(
        "--header-row", type=int, metavar="ROW", help=t("importing.help.header_row")
    )
    parser.add_argument("--encoding", metavar="NAME", help=t("importing.help.encoding"))
    parser.add_argument("--replace", action="store_true", help=t("importing.help.replace"))
    parser.add_argument("--crs", metavar="CRS", help=t("cli.help.crs"))
    parser.add_argument("--accuracy", type=float, metavar="M", help=t("cli.help.accuracy"))
    parser.add_argument("--date", metavar="DATE", help=t("cli.help.date"))
    parser.add_argument("--source", metavar="TEXT", help=t("importing.help.source"))
    parser.add_argument("--status", choices=_STATUSES, help=t("importing.help.status"))
    parser.add_argument("--station", metavar="CODE", help=t("importing.help.station"))
    _pairs(parser, "--station-name", "NAME=CODE", t("importing.help.station_name"))
    _pairs(parser, "--item", "HEADING=ITEM", t("importing.help.item"))
    _pairs(parser, "--unit", "ITEM=UNIT", t("importing.help.unit"))
    parser.add_argument("--zone", metavar="ZONE", help=t("importing.help.zone"))
    parser.add_argument("--accept", action="store_true", help=t("importing.help.accept"))
    parser.add_argument("--all", action="store_true", help=t("importing.help.all"))


def run(options: argparse.Namespace) -> int:
    """Import one file and say what became of each row."""
    target = _target(options)
    _only_what_fits(options, target)
    choices = _choices(options, target)
    with Project.open(options.project) as project:
        source = door.source_of(options.file, options.sheet)
        case = door.look(source, choices, project, accept_all=options.accept)
        report = door.stored(project, case)
    print("\n".join(lines_of(report, everything=options.all)))
    return _FAULT if report.revision is None else _DONE


def _choices(options: argparse.Namespace, target: str) -> Choices:
    """What the command line says of the file."""
    read: dict[str, Any] = {
        "header_row": options.header_row, "encoding": options.encoding,
        "left_out": frozenset(options.leave_out or ()),
    }  # fmt: skip
    if target == SERIES:
        return door.choices_of(
            table_of(options.column), target=SERIES, zone=options.zone or _ZONE, **read,
            station=options.station, items=table_of(options.item), units=table_of(options.unit),
            stations=table_of(options.station_name),
        )  # fmt: skip
    mode: Mode = "replace" if options.replace else "merge"
    columns, fixed = table_of(options.column), table_of(options.fixed)
    if target != "layer":
        return Choices(target=target, columns=columns, fixed=fixed, mode=mode, **read)
    if options.accuracy is not None and not (0 <= options.accuracy < math.inf):
        raise values.UsageError("importing.error.bad_accuracy", text=options.accuracy)
    return door.choices_of(
        columns, target=options.layer, fixed=fixed, crs=options.crs, mode=mode,
        source_text=options.source or "", accuracy_m=options.accuracy,
        edition_date=values.a_day(options.date).isoformat() if options.date else None,
        data_status=options.status, **read,
    )  # fmt: skip


def _pairs(parser: argparse.ArgumentParser, name: str, metavar: str, help_text: str) -> None:
    parser.add_argument(name, action="append", metavar=metavar, help=help_text)


def _target(options: argparse.Namespace) -> str:
    kinds = (SERIES, *ROSTERS)
    return next((kind for kind in kinds if getattr(options, kind)), "layer")


def _only_what_fits(options: argparse.Namespace, target: str) -> None:
    """Refuse what would be ignored.

    Raises:
        UsageError: naming the first option that says nothing about this kind of import.
    """
    for name, kinds in _FITS.items():
        given: Any = getattr(options, name)
        if given not in (None, False) and target not in kinds:
            raise values.UsageError(
                "importing.error.not_for",
                option=f"--{name.replace('_', '-')}",
                target=f"--{target}",
                fitting=", ".join(f"--{kind}" for kind in sorted(kinds)),
            )
