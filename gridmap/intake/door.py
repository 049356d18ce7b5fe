"""The one door for files of others: what is known of a file, and what became of its rows.

Window, command line and watched folder examine a file with `doctor.examine`; whoever cannot
ask a person in between says all at once what he knows (`Choices`) and gets every finding back:

- `source_of(path, layer)` → the one table that is meant;
- `look(source, choices, project)` → the case, with what was decided about such readings before;
- `stored(project, case)` → the report; while something blocks, nothing is loaded.

`load`, `load_people`, `load_posts`, `load_departments` and `load_series` do all three, and raise
what blocks.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from gridmap.intake import doctor, memory
from gridmap.intake.cases import Case
from gridmap.intake.choices import SERIES, Choices, Mode
from gridmap.intake.files import reading, sources
from gridmap.intake.files.errors import IntakeError
from gridmap.intake.files.sources import Source
from gridmap.intake.looks import geometry
from gridmap.intake.looks.matching import folded
from gridmap.intake.progress import Watch
from gridmap.intake.report import ImportReport
from gridmap.store import Edition, Project

_PLACES: Final = ("lon", "lat")


def source_of(path: str | os.PathLike[str], layer: str | None = None) -> Source:
    """The table that is meant by a file, and the name of a sheet, layer or member in it.

    Without a name it is the only one, or the first sheet of a workbook that is not hidden.

    Raises:
        IntakeError: `intake.error.which_layer` where there are several.
    """
    file = Path(path)
    found = sources.find_sources([file])
    if layer is not None:
        named = [one for one in found if layer in {one.layer, one.member, one.name}]
        return named[0] if len(named) == 1 else Source(file, layer=layer)
    if reading.suffix_of(file) in reading.SHEETS:
        found = [one for one in found if not one.hidden][:1] or found[:1]
    # Where there are places, a table beside them is only meant where it is named.
    found = [one for one in found if not one.plain] or found
    if len(found) != 1:
        names = ", ".join(str(one.layer or one.member or one.name) for one in found)
        raise IntakeError("intake.error.which_layer", file=file, names=names)
    return found[0]


def choices_of(columns: Mapping[str, str | None] | None = None, **more: Any) -> Choices:
    """Choices in which the columns of coordinates stand among the others as lon and lat."""
    stated = dict(columns or {})
    if more.get("target") == SERIES:
        return Choices(columns=stated, **more)
    places: dict[str, Any] = {name: stated.pop(name) for name in _PLACES if name in stated}
    return Choices(columns=stated, **places, **more)


def look(
    source: Source,
    choices: Choices,
    project: Project,
    *,
    accept_all: bool = False,
    watch: Watch | None = None,
) -> Case:
    """Examine a source with what is said now, and with what was decided about its shape before.

    Args:
        source: of `source_of` or `doctor.find_sources`.
        choices: what is said of it; it outweighs what was decided before.
        project: to compare with.
        accept_all: accept every proposal until none is left.
        watch: progress and cancelling.

    Raises:
        IntakeError: as `doctor.examine`; `intake.error.two_crs` where the file states another
            reference system than `choices`.
    """
    choices = _by_ids(choices, project)
    case = doctor.examine(source, choices, project, watch=watch)
    known = memory.recalled(project, case.shape)
    if known is not None and choices.target in {None, known.target}:
        if case.reading.table.crs is not None:  # the file's own word outweighs what another said
            known = replace(known, crs=None)
        said = memory.over(known, choices)
        case = doctor.examine(source, said, project, before=case, watch=watch)
    if choices.crs is not None and case.reading.table.geometry is not None:
        geometry.agreeing(case.reading.table, choices.crs)
    if accept_all:
        case = doctor.settled(source, case.choices, project, before=case)
    return case


def _by_ids(choices: Choices, project: Project) -> Choices:
    """The choices with fields by their ids, where somebody calls them by their titles."""
    ids: dict[str, str] = {}
    for field in doctor.fields_of(choices.target, project):
        for name in (field.name, field.title.zh, field.title.en):
            ids.setdefault(folded(name), field.name)
    return replace(
        choices,
        columns={ids.get(folded(name), name): column for name, column in choices.columns.items()},
        fixed={ids.get(folded(name), name): value for name, value in choices.fixed.items()},
    )


def stored(
    project: Project, case: Case, *, actor: str = "", watch: Watch | None = None
) -> ImportReport:
    """Load what can be loaded of a case: one change of the project, or none while it is blocked.

    Raises:
        IntakeError: `intake.error.stale` if the project changed since the case was examined.
        ProjectError: for a project that cannot be written.
        CancelledError: if the watch's token asks; nothing is written then.
    """
    if case.blocked or case.outcome.ready is None:
        read = case.counts.read
        return ImportReport(
            case.reading.table.file, str(case.target), read, 0, read, case.findings
        )  # fmt: skip
    return doctor.load_case(project, case, actor=actor, watch=watch)


def load(  # noqa: PLR0913  each argument is one decision of the user, all but three optional
    project: Project,
    path: str | os.PathLike[str],
    layer_id: str,
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    edition: Edition | None = None,
    mode: Mode = "merge",
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import a file into a layer: one change of the project.

    Args:
        project: open for writing.
        path: GeoJSON, GeoPackage, Shapefile, …, or a table with coordinate columns.
        layer_id: the layer to fill.
        fixed: field → value of every row; `{row}` in a text becomes the row's number.
        columns: field (also "lon", "lat") → heading, where the declaration does not decide.
        crs: reference system, if the file states none: a pyproj name, "GCJ-02" or "BD-09".
        layer: layer or sheet, where the file has several.
        edition: source, date, accuracy; by default the file's name and the layer's accuracy.
        mode: "merge" adds rows and updates those with a known key; "replace" makes the file
            the whole layer.
        actor: who imports, for the log.
        watch: progress and cancelling.

    Raises:
        IntakeError: for a file that cannot be read as this layer; `intake.error.undecided`
            while something must be decided first.
        ProjectError: for a project that cannot be written.
        CancelledError: if the watch's token asks; nothing is written then.
    """
    said: dict[str, Any] = {}
    if edition is not None:
        day = edition.edition_date
        said = {
            "source_text": edition.source, "accuracy_m": edition.accuracy_m,
            "edition_date": None if day is None else day.isoformat(),
            "data_status": edition.data_status,
        }  # fmt: skip
    choices = choices_of(
        columns, target=layer_id, fixed=dict(fixed or {}), crs=crs, mode=mode, **said
    )  # fmt: skip
    return _loaded(project, path, layer, choices, actor, watch)


def load_people(  # noqa: PLR0913  each argument is one decision of the user, all but two optional
    project: Project,
    path: str | os.PathLike[str],
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    replace_all: bool = False,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import people; one with a known `person_id` takes the former's place.

    Without a `person_id` a person gets one made of name, organisation and phone, the same at
    every import. Arguments and errors are those of `load`; `replace_all` makes the file the
    whole table.
    """
    choices = _of_roster("people", fixed, columns, replace_all=replace_all)
    return _loaded(project, path, layer, choices, actor, watch)


def load_posts(  # noqa: PLR0913  as load_people
    project: Project,
    path: str | os.PathLike[str],
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    replace_all: bool = False,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import posts with their dates; one with a known `post_id` takes the former's place.

    A person is found by `person_id`, or by a name that exactly one person of the project
    bears. The scope follows from the role where it is not given; a post without `post_id` gets
    one made of person, role, scope and first day.
    """
    choices = _of_roster("posts", fixed, columns, replace_all=replace_all)
    return _loaded(project, path, layer, choices, actor, watch)


def load_roster(  # noqa: PLR0913  as load_people
    project: Project,
    path: str | os.PathLike[str],
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    replace_all: bool = False,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import people with their posts from one sheet, a row for each person and post: one change.

    The same name and phone (or `person_id`) is one person; units, reaches and districts are given
    by code or by name. `replace_all` makes the file the whole of people and posts.
    """
    choices = _of_roster("roster", fixed, columns, replace_all=replace_all)
    return _loaded(project, path, layer, choices, actor, watch)


def load_departments(  # noqa: PLR0913  as load_people
    project: Project,
    path: str | os.PathLike[str],
    *,
    fixed: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    replace_all: bool = False,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import departments; one with a known `problem_type` takes the former's place."""
    choices = _of_roster("departments", fixed, columns, replace_all=replace_all)
    return _loaded(project, path, layer, choices, actor, watch)


def load_series(  # noqa: PLR0913  each argument is one decision of the user, most are optional
    project: Project,
    path: str | os.PathLike[str],
    *,
    zone: str,
    station: str | None = None,
    columns: Mapping[str, str] | None = None,
    items: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    stations: Mapping[str, str] | None = None,
    year: int | str | None = None,
    protocol: str | None = None,
    layer: str | None = None,
    actor: str = "",
    watch: Watch | None = None,
) -> ImportReport:
    """Import readings: one change of the project. Cells without number become NaN.

    Args:
        project: open for writing.
        path: CSV, TSV (also .gz), workbook, or JSON of a national platform.
        zone: time zone of the times that state none, such as "Asia/Shanghai".
        station: code of the station, where the file has no column for it.
        columns: role → heading for station, time (or year, month, day, hour), item, value,
            unit, flag, where the usual headings do not decide.
        items: heading (wide) or delivered name (long) → id of the item.
        units: item id or heading → unit of the delivered values; "*" speaks for all that the
            file leaves open. A unit in the heading, as in 氨氮(mg/L), need not be stated.
            Nothing is guessed: an item whose unit nobody states is refused.
        stations: delivered name → code of the station.
        year: of times that state none, or the heading of a column of full dates.
        protocol: whose flags these are, an id of `resources/standards/data_flags.csv`; None
            leaves it to the file.
        layer: the sheet, where there are several.
        actor: who imports, for the log.
        watch: progress and cancelling.

    Raises:
        IntakeError: for a file that cannot be read as readings; `intake.error.undecided`
            while something must be decided first.
        ProjectError: for a project that cannot be written.
        CancelledError: if the watch's token asks; nothing is written then.
    """
    choices = choices_of(
        columns, target=SERIES, zone=zone, station=station, items=dict(items or {}),
        units=dict(units or {}), stations=dict(stations or {}), year=year, protocol=protocol,
    )  # fmt: skip
    return _loaded(project, path, layer, choices, actor, watch)


def _of_roster(
    target: str,
    fixed: Mapping[str, Any] | None,
    columns: Mapping[str, str] | None,
    *,
    replace_all: bool,
) -> Choices:
    mode: Mode = "replace" if replace_all else "merge"
    return Choices(target=target, fixed=dict(fixed or {}), columns=dict(columns or {}), mode=mode)


def _loaded(
    project: Project,
    path: str | os.PathLike[str],
    layer: str | None,
    choices: Choices,
    actor: str,
    watch: Watch | None,
) -> ImportReport:
    case = look(source_of(path, layer), choices, project, watch=watch)
    if case.blocked:
        cause = next((f.cause for f in case.blocked if f.cause is not None), None)
        raise cause or doctor.undecided(case)
    return stored(project, case, actor=actor, watch=watch)
