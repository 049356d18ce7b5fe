"""The call list of a downstream warning as a table for offices: XLSX, CSV, TSV."""

from pathlib import Path
from typing import Any

from gridmap.domain.warning import Arrival
from gridmap.output import wording
from gridmap.output.tables import text_table, writing
from gridmap.output.warning_words import (
    advice,
    basis_of,
    call_words,
    headline,
    moment_of,
    sentence,
)
from gridmap.project.warning import WarningAnswer
from gridmap.project.warning_calls import Call
from gridmap.texts import t


def write_warning(path: Path, answer: WarningAnswer, *, full_phones: bool = False) -> Path:
    """Write the calls, one row each, with empty columns to note what was said.

    A workbook has the arrivals and the basis on further sheets.

    Args:
        path: ends in .xlsx, .csv or .tsv.
        answer: the warning.
        full_phones: whether phones are written in full.

    Raises:
        TableError: if the file cannot be written.
    """
    calls = [_call(answer, call, full_phones=full_phones) for call in answer.calls]
    arrivals = [_arrival(answer, one) for one in answer.found.arrivals]
    with writing(path, t("warning.sheet.calls")) as writer:
        writer.write(text_table(_columns(_call_headings(), calls)))
        writer.add_sheet(
            t("warning.sheet.arrivals"), text_table(_columns(_arrival_headings(), arrivals))
        )
        writer.add_sheet(t("warning.sheet.about"), text_table(_about(answer, full=full_phones)))
    return path


def _columns(headings: list[str], rows: list[list[Any]]) -> dict[str, list[Any]]:
    return {title: [row[place] for row in rows] for place, title in enumerate(headings)}


def _call_headings() -> list[str]:
    return [
        t("warning.sheet.order"), t("warning.sheet.why"), t("warning.sheet.post"),
        t("warning.sheet.name"), t("warning.sheet.organisation"), t("warning.sheet.phone"),
        t("warning.sheet.concerns"), t("warning.sheet.before"), t("warning.sheet.first"),
        t("warning.sheet.last"), t("warning.sheet.done"), t("warning.sheet.called"),
        t("warning.sheet.remark"),
    ]  # fmt: skip


def _call(answer: WarningAnswer, call: Call, *, full_phones: bool) -> list[Any]:
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


def _arrival(answer: WarningAnswer, one: Arrival) -> list[Any]:
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
