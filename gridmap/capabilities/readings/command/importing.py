"""`gridmap readings import PROJECT FILE…`: readings and notes, once or as they come."""

import argparse
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

from gridmap.cli import values
from gridmap.cli.imported import lines_of, table_of
from gridmap.cli.stopping import stopping
from gridmap.intake import ImportReport, doctor, door, memory, watch
from gridmap.intake.choices import SERIES, Choices
from gridmap.intake.files.sources import on_view
from gridmap.intake.series import notes as series_notes
from gridmap.report.wording import one_line
from gridmap.stopping import Job
from gridmap.store import Project, ProjectError
from gridmap.texts import t

_DONE, _FAULT = 0, 1
_ZONE: Final = "Asia/Shanghai"
_EVERY_S: Final = 5.0
_STEP_S: Final = 0.2


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("project", metavar="PROJECT", help=t("importing.help.project"))
    parser.add_argument("files", nargs="*", metavar="FILE", help=t("readings.help.files"))
    parser.add_argument("--accept", action="store_true", help=t("readings.help.accept"))
    parser.add_argument("--notes", action="store_true", help=t("readings.help.notes"))
    parser.add_argument("--kind", metavar="KIND", help=t("readings.help.kind"))
    parser.add_argument("--watch", metavar="FOLDER", help=t("readings.help.watch"))
    parser.add_argument(
        "--every", type=float, default=_EVERY_S, metavar="S", help=t("readings.help.every")
    )
    parser.add_argument("--station", metavar="CODE", help=t("importing.help.station"))
    parser.add_argument("--year", metavar="YEAR", help=t("readings.help.year"))
    parser.add_argument("--protocol", metavar="ID", help=t("readings.help.protocol"))
    parser.add_argument("--zone", default=_ZONE, metavar="ZONE", help=t("importing.help.zone"))
    parser.add_argument("--sheet", metavar="NAME", help=t("importing.help.sheet"))
    for name, metavar, text in (
        ("--column", "FIELD=HEADING", t("cli.help.column")),
        ("--station-name", "NAME=CODE", t("importing.help.station_name")),
        ("--item", "HEADING=ITEM", t("importing.help.item")),
        ("--unit", "ITEM=UNIT", t("importing.help.unit")),
    ):
        parser.add_argument(name, action="append", metavar=metavar, help=text)
    parser.add_argument("--all", action="store_true", help=t("importing.help.all"))


def run(options: argparse.Namespace) -> int:
    """Import and say what became of each file."""
    if not options.files and options.watch is None:
        raise values.UsageError("readings.error.no_file")
    with Project.open(options.project) as project:
        if project.read_only:
            raise ProjectError(
                "project.error.read_only", file=project.path, reason=project.read_only_reason
            )
        codes = [_import(project, Path(file), options) for file in options.files]
        if options.watch is not None:
            with stopping() as stop:
                _watch(project, Path(options.watch), options, stop)
    return max(codes, default=_DONE)


def _import(project: Project, path: Path, options: argparse.Namespace) -> int:
    if options.notes:
        report = series_notes.load_notes(
            project, path, zone=options.zone, kind=options.kind, columns=table_of(options.column),
            stations=table_of(options.station_name), layer=options.sheet,
        )  # fmt: skip
        _tell(report, options)
        return _FAULT if report.revision is None else _DONE
    sources = doctor.find_sources([path])
    if options.sheet is not None:
        sources = [source for source in sources if source.layer in {None, options.sheet}]
    else:
        sources = on_view(sources)
    if not sources:
        raise values.UsageError("readings.error.nothing_there", file=path)
    return max(_load(project, source, options) for source in sources)


def _load(project: Project, source: doctor.Source, options: argparse.Namespace) -> int:
    case = door.look(source, _choices(options), project, accept_all=options.accept)
    asked = memory.open_questions(case)
    if asked:
        print(one_line(t("readings.import.left", file=source.name)), file=sys.stderr)
        for question in asked:
            print(f"  {one_line(question)}", file=sys.stderr)
        print(t("readings.import.how"), file=sys.stderr)
        return _FAULT
    report = door.stored(project, case)
    _tell(report, options)
    return _FAULT if report.revision is None else _DONE


def _choices(options: argparse.Namespace) -> Choices:
    year = options.year
    return Choices(
        target=SERIES, layer=options.sheet, zone=options.zone, station=options.station,
        year=int(year) if year is not None and year.isdecimal() else year,
        protocol=options.protocol, columns=table_of(options.column), items=table_of(options.item),
        units=table_of(options.unit), stations=table_of(options.station_name),
    )  # fmt: skip


def _watch(project: Project, folder: Path, options: argparse.Namespace, stop: Job) -> None:
    if not folder.is_dir():
        raise values.UsageError("readings.error.no_folder", folder=folder)
    eyes = watch.FolderWatch(folder, watch.loaded_before(project))
    print(t("readings.watch.begun", folder=folder), flush=True)
    pause = threading.Event()
    while not _asked(stop):
        for file in eyes.poll():
            taken = watch.take(project, file)
            if taken.report is None:
                text = t("readings.watch.left", file=file.path.name, reason=taken.reason)
                print(one_line(text), file=sys.stderr, flush=True)
            else:
                eyes.loaded(file)
                _tell(taken.report, options)
            if _asked(stop):
                break
        waited = 0.0
        while waited < options.every and not _asked(stop):
            pause.wait(_STEP_S)
            waited += _STEP_S
    print(t("readings.watch.ended"), flush=True)


def _asked(stop: Job) -> bool:
    """Whether Ctrl-C came meanwhile: a signal sets this behind the back of the loop."""
    return stop.cancelled


def _tell(report: ImportReport, options: argparse.Namespace) -> None:
    accepted = [finding for finding in report.findings if finding.accepted]
    rest = tuple(finding for finding in report.findings if not finding.accepted)
    lines = lines_of(replace(report, findings=rest), everything=options.all)
    if accepted:
        told = dict.fromkeys(f"{finding.column}: {finding.proposal}" for finding in accepted)
        lines.append(one_line(t("readings.import.accepted", proposals="; ".join(told))))
    print("\n".join(lines), flush=True)
