"""The document of a downstream warning: sections, call list, tables, JSON form."""

from dataclasses import asdict
from typing import Any, Final

from gridmap.capabilities.warning.rules import Arrival, TargetKind
from gridmap.capabilities.warning.words import (
    SHOWN,
    advice,
    arrival_words,
    basis_of,
    call_words,
    dead_end_words,
    headline,
    sentence,
)
from gridmap.capabilities.warning.work.calls import Call
from gridmap.capabilities.warning.work.warning import WarningAnswer
from gridmap.core.moments import moment_of
from gridmap.report import wording
from gridmap.report.document import (
    ANSWER,
    Block,
    Column,
    Document,
    Line,
    PictureOf,
    Rows,
    Section,
    Table,
    Task,
    Tasks,
    Tone,
    Word,
)
from gridmap.texts import t

SCHEMA: Final = "gridmap.warning/1"
_MAP_MM: Final = 96.0
_WIDTH: Final = 174.0  # shares of columns are told in mm of a sheet


def warning_document(answer: WarningAnswer, *, full_phones: bool = False) -> Document:
    """A warning in words, in the current language; on paper with the picture "map"."""
    stops, arrivals, calls, reaches, basis = (
        _stops(answer), _arrivals(answer), _calls(answer, full_phones=full_phones),
        _reaches(answer), _basis(answer),
    )  # fmt: skip
    return Document(
        kind="warning",
        headline=headline(answer),
        status=t("warning.status"),
        tone=Tone.WARN,
        sentence=sentence(answer),
        advice=advice(answer, full_phones=full_phones),
        body=tuple(one for one in (stops, arrivals, calls, reaches, basis) if one.lines),
        paper=_paper(answer, full_phones=full_phones),
        tables=_tables(answer, full_phones=full_phones),
        data=_data(answer),
        heading=t("warning.print.title"),
        project_title=answer.title,
        example=answer.example,
    )


# --- sections -----------------------------------------------------------------------------


def _stops(answer: WarningAnswer) -> Section:
    lines = []
    for one in answer.found.stopped_by:
        told = arrival_words(answer, one)
        aside = t("warning.dot").join((told.distance, told.window))
        lines.append(Line(told.kind, told.name, aside, tone=Tone.WARN))
    lines += [
        Line(t("warning.kind.dead_end"), dead_end_words(one), tone=Tone.WARN)
        for one in answer.dead_ends
    ]
    return Section("stops", t("warning.section.stops"), tuple(lines))


def _arrivals(answer: WarningAnswer) -> Section:
    lines = []
    for one in answer.found.of(*SHOWN):
        told = arrival_words(answer, one)
        aside = t("warning.dot").join((told.window, told.hours, told.distance))
        tone = Tone.BAD if told.urgent else Tone.PLAIN
        lines.append(Line(told.kind, told.name, aside, tone=tone))
    return Section(
        "arrivals", t("warning.section.arrivals"), tuple(lines), t("warning.note.arrivals")
    )


def _calls(answer: WarningAnswer, *, full_phones: bool) -> Section:
    lines = []
    for call in answer.calls:
        told = call_words(answer, call, full_phones=full_phones)
        tone = told.tone
        who = t("warning.dot").join(filter(None, (told.post, told.name)))
        lines.append(Line(str(told.order), who, told.phone, tone=tone, strong=True))
        about = t("warning.dot").join(filter(None, (told.before, told.detail)))
        lines.append(Line("", about, tone=Tone.QUIET))
    if not lines:
        lines.append(Line("", t("warning.no_chiefs"), tone=Tone.BAD))
    return Section("calls", t("warning.section.calls"), tuple(lines), t("warning.note.calls"))


def _reaches(answer: WarningAnswer) -> Section:
    lines = []
    for one in answer.found.of(TargetKind.REACH):
        told = arrival_words(answer, one)
        aside = t("warning.dot").join((told.window, told.hours))
        lines.append(Line(one.target.code, told.name, aside, tone=Tone.QUIET))
    return Section("reaches", t("warning.section.reaches"), tuple(lines))


def _basis(answer: WarningAnswer) -> Section:
    lines = [Line(title, text, tone=Tone.QUIET) for title, text in basis_of(answer)]
    return Section("basis", t("warning.section.basis"), tuple(lines), small=True)


# --- paper --------------------------------------------------------------------------------


def _paper(answer: WarningAnswer, *, full_phones: bool) -> tuple[Block, ...]:
    """Map, what stops the water, calls with boxes to tick, arrivals, basis."""
    picture = PictureOf("map", _MAP_MM, noted=True)
    calls = _tasks(answer, full_phones=full_phones)
    return ANSWER, picture, _stop_rows(answer), calls, _arrival_rows(answer), _basis_rows(answer)


def _stop_rows(answer: WarningAnswer) -> Rows:
    columns = (
        Column(34 / _WIDTH, quiet=True),
        Column(72 / _WIDTH),
        Column(68 / _WIDTH, align=1, small=True),
    )
    told = [arrival_words(answer, one) for one in answer.found.stopped_by]
    rows = tuple(
        (Word(one.kind), Word(one.name, Tone.WARN), Word(f"{one.window} · {one.distance}"))
        for one in told
    ) + tuple(
        (Word(t("warning.kind.dead_end")), Word(dead_end_words(one), Tone.WARN), Word(""))
        for one in answer.dead_ends
    )
    return Rows("stops", t("warning.section.stops"), columns, rows)


def _tasks(answer: WarningAnswer, *, full_phones: bool) -> Tasks:
    told = [call_words(answer, call, full_phones=full_phones) for call in answer.calls]
    dot = t("warning.dot")
    return Tasks(
        "calls",
        t("warning.section.calls"),
        (t("warning.print.tick"), t("warning.print.call"), t("warning.sheet.phone"),
         t("warning.sheet.before")),
        tuple(
            Task(str(one.order), dot.join(filter(None, (one.post, one.name))), one.phone, one.by,
                 one.detail, one.tone)
            for one in told
        ),
        t("warning.no_chiefs"),
        (t("warning.print.caller"), t("warning.print.at")),
        t("warning.note.calls"),
    )  # fmt: skip


def _arrival_rows(answer: WarningAnswer) -> Rows:
    columns = (
        Column(28 / _WIDTH, quiet=True), Column(64 / _WIDTH), Column(50 / _WIDTH),
        Column(16 / _WIDTH, align=1, quiet=True, small=True),
        Column(16 / _WIDTH, align=1, quiet=True, small=True),
    )  # fmt: skip
    told = [arrival_words(answer, one) for one in answer.found.of(*SHOWN)]
    rows = tuple(
        (Word(one.kind), Word(one.name, Tone.BAD if one.urgent else Tone.PLAIN),
         Word(one.window), Word(one.hours), Word(one.distance))
        for one in told
    )  # fmt: skip
    title, note = t("warning.section.arrivals"), t("warning.note.arrivals")
    return Rows("arrivals", title, columns, rows, note)


def _basis_rows(answer: WarningAnswer) -> Rows:
    rows = tuple((Word(title), Word(text)) for title, text in basis_of(answer))
    columns = (Column(28 / _WIDTH, quiet=True), Column(146 / _WIDTH))
    return Rows("basis", t("warning.section.basis"), columns, rows, ruled=False)


# --- tables -------------------------------------------------------------------------------


def _tables(answer: WarningAnswer, *, full_phones: bool) -> tuple[Table, ...]:
    """The calls, one row each, with empty columns to note what was said; arrivals; basis."""
    calls = [_call_cells(answer, call, full_phones=full_phones) for call in answer.calls]
    arrivals = [_arrival_cells(answer, one) for one in answer.found.arrivals]
    return (
        Table.of(t("warning.sheet.calls"), _call_headings(), calls),
        Table.of(t("warning.sheet.arrivals"), _arrival_headings(), arrivals),
        Table(t("warning.sheet.about"), _about(answer, full=full_phones)),
    )


def _call_headings() -> list[str]:
    return [
        t("warning.sheet.order"), t("warning.sheet.why"), t("warning.sheet.post"),
        t("warning.sheet.name"), t("warning.sheet.organisation"), t("warning.sheet.phone"),
        t("warning.sheet.concerns"), t("warning.sheet.before"), t("warning.sheet.first"),
        t("warning.sheet.last"), t("warning.sheet.done"), t("warning.sheet.called"),
        t("warning.sheet.remark"),
    ]  # fmt: skip


def _call_cells(answer: WarningAnswer, call: Call, *, full_phones: bool) -> list[Any]:
    told = call_words(answer, call, full_phones=full_phones)
    return [
        told.order, told.kind, told.post, told.name, told.organisation, told.phone,
        t("warning.list").join(call.about), told.by,
        f"{call.earliest:%Y-%m-%d %H:%M}", f"{call.latest:%Y-%m-%d %H:%M}", "", "", "",
    ]  # fmt: skip


def _arrival_headings() -> list[str]:
    return [
        t("warning.sheet.kind"), t("warning.sheet.code"), t("warning.sheet.target"),
        t("warning.sheet.metres"), t("warning.sheet.mean_h"), t("warning.sheet.first"),
        t("warning.sheet.last"), t("warning.sheet.lon"), t("warning.sheet.lat"),
    ]  # fmt: skip


def _arrival_cells(answer: WarningAnswer, one: Arrival) -> list[Any]:
    lon, lat = answer.waters.place_of(one.target.spot)
    return [
        t(f"warning.kind.{one.target.kind.value}"), one.target.code, one.target.name,
        round(one.way.metres), round(one.way.hours, 2),
        f"{moment_of(one.earliest):%Y-%m-%d %H:%M}", f"{moment_of(one.latest):%Y-%m-%d %H:%M}",
        round(lon, 6), round(lat, 6),
    ]  # fmt: skip


def _about(answer: WarningAnswer, *, full: bool) -> dict[str, list[str]]:
    """Everything else, as two columns."""
    rows = [
        (t("warning.title"), headline(answer)),
        ("", sentence(answer)),
        ("", advice(answer, full_phones=full)),
        *basis_of(answer),
        (t("warning.sheet.project"), answer.title),
    ]
    if not full:
        rows.append((t("warning.sheet.mask"), t("warning.sheet.masked")))
    if answer.example:
        rows.append(("", t("verdict.example_note")))
    return {
        t("warning.sheet.what"): [wording.one_line(label) for label, _ in rows],
        t("warning.sheet.value"): [wording.one_line(value) for _, value in rows],
    }


# --- data ---------------------------------------------------------------------------------


def _data(answer: WarningAnswer) -> dict[str, Any]:
    """A warning as JSON types.

    Distances are metres, times of travel hours, coordinates degrees of EPSG:4490, moments ISO 8601
    with offset. What does not exist is null.
    """
    spot, velocities = answer.found.place, answer.waters.ways.velocities
    lon, lat = answer.lonlat
    verdict = answer.verdict
    return {
        "schema": SCHEMA,
        "crs": "EPSG:4490",
        "example": answer.example,
        "place": {
            "lon": round(verdict.place.lon, 7),
            "lat": round(verdict.place.lat, 7),
            "water_lon": round(lon, 7),
            "water_lat": round(lat, 7),
            "offset_m": _metres(answer.offset_m),
            "reach": spot.reach,
            "chainage_m": _metres(spot.chainage_m),
            "owner": None if verdict.owner is None else asdict(verdict.owner),
        },
        "start": answer.start.isoformat(),
        "limit_m": answer.limit_m,
        "velocity": {
            "factor": answer.factor,
            "default_m_s": velocities.default_m_s,
            "slow": velocities.slow,
            "fast": velocities.fast,
            "turned": sorted(answer.waters.ways.turned),
        },
        "water_m": _metres(sum(abs(one.to_m - one.from_m) for one in answer.pieces)),
        "dead_ends": ["、".join(one.reaches) for one in answer.dead_ends],
        "stopped": bool(answer.found.stopped_by),
        "arrivals": [_arrival_data(answer, one) for one in answer.found.arrivals],
        "calls": [_call_data(one) for one in answer.calls],
    }


def _arrival_data(answer: WarningAnswer, one: Arrival) -> dict[str, Any]:
    lon, lat = answer.waters.place_of(one.target.spot)
    return {
        "kind": one.target.kind.value,
        "code": one.target.code,
        "name": one.target.name,
        "reach": one.target.spot.reach,
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "river_m": _metres(one.way.metres),
        "hours": round(one.way.hours, 3),
        "hours_fast": round(one.way.hours_fast, 3),
        "hours_slow": round(one.way.hours_slow, 3),
        "earliest": moment_of(one.earliest).isoformat(timespec="seconds"),
        "latest": moment_of(one.latest).isoformat(timespec="seconds"),
    }


def _call_data(one: Call) -> dict[str, Any]:
    held = one.who
    return {
        "order": one.order,
        "kind": one.kind.value,
        "unit": one.unit or None,
        "role": None if held is None else held.role,
        "tier": None if held is None else held.tier,
        "vacant": held is not None and held.vacant,
        "since": None if held is None or held.since is None else held.since.isoformat(),
        "begins": None if held is None or held.begins is None else held.begins.isoformat(),
        "name": one.name or None,
        "organisation": one.organisation or None,
        "phone": one.phone or None,
        "about": list(one.about),
        "use": one.use or None,
        "supplied": one.supplied or None,
        "call_before": one.earliest.isoformat(timespec="seconds"),
        "latest": one.latest.isoformat(timespec="seconds"),
    }


def _metres(value: float) -> float:
    return round(float(value), 1)
