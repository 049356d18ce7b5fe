"""Alerts as a table for offices and as data: XLSX, CSV, JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gridmap.output import wording
from gridmap.output.alerts_words import AlertWriting, grade_title, names_of, unit_of
from gridmap.output.tables import text_table, writing
from gridmap.output.verdict_json import masked_phones
from gridmap.project.alert_tables import Alert, AlertStep
from gridmap.texts import pick, t

SCHEMA: Final = "gridmap.alerts/1"
_TIME: Final = "%Y-%m-%d %H:%M"


def write_alerts(
    path: Path,
    alerts: Sequence[Alert],
    steps: Mapping[str, Sequence[AlertStep]],
    words: AlertWriting,
) -> Path:
    """Write alerts to a file; a workbook has the steps on a second sheet.

    Args:
        path: ends in .xlsx, .csv or .tsv.
        alerts: one row each, in this order.
        steps: by id of the alert.
        words: how names and phones are written.

    Raises:
        TableError: if the file cannot be written.
    """
    rows = [_cells(alert, words) for alert in alerts]
    done = [_step_cells(step) for alert in alerts for step in steps.get(alert.alert_id, ())]
    with writing(path, t("alerts.sheet.title")) as writer:
        writer.write(_table(_headings(), rows))
        writer.add_sheet(t("alerts.sheet.steps"), _table(_step_headings(), done))
    return path


def alerts_data(
    alerts: Sequence[Alert],
    steps: Mapping[str, Sequence[AlertStep]],
    *,
    full_phones: bool = False,
    example: bool = False,
) -> dict[str, Any]:
    """Alerts as JSON types (docs/alerts.md); phones masked unless asked."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "example": example,
        "alerts": [_alert_data(alert, steps.get(alert.alert_id, ())) for alert in alerts],
    }
    return data if full_phones else masked_phones(data)


def _alert_data(alert: Alert, steps: Sequence[AlertStep]) -> dict[str, Any]:
    return {
        "id": alert.alert_id,
        "rule": alert.rule_id,
        "kind": alert.kind.value,
        "medium": alert.medium,
        "station": alert.station,
        "item": alert.item or None,
        "grade": int(alert.grade),
        "status": alert.status.value,
        "start": alert.start.isoformat(),
        "last": alert.last.isoformat(),
        "end": alert.end.isoformat() if alert.end else None,
        "readings": alert.readings,
        "peak": {
            "time": alert.peak_at.isoformat() if alert.peak_at else None,
            "value": alert.peak_value,
            "limit": alert.peak_limit,
        },
        "assignee": alert.assignee or None,
        "part_of": alert.part_of or None,
        "evidence": dict(alert.evidence),
        "verdict": None if alert.verdict is None else dict(alert.verdict),
        "steps": [
            {
                "at": step.at.isoformat(),
                "by": step.actor or None,
                "step": step.step,
                "assignee": step.assignee or None,
                "note": step.note or None,
            }
            for step in steps
        ],
    }


def _headings() -> list[str]:
    return [
        t("alerts.sheet.alert"), t("alerts.sheet.grade"), t("alerts.sheet.status"),
        t("alerts.sheet.station"), t("alerts.sheet.station_name"), t("alerts.sheet.item"),
        t("alerts.sheet.kind"), t("alerts.sheet.rule"), t("alerts.sheet.start"),
        t("alerts.sheet.last"), t("alerts.sheet.end"), t("alerts.sheet.readings"),
        t("alerts.sheet.peak"), t("alerts.sheet.unit_of_value"), t("alerts.sheet.limit"),
        t("alerts.sheet.multiple"), t("alerts.sheet.reason"), t("alerts.sheet.standard"),
        t("alerts.sheet.confidence"), t("alerts.sheet.unit"), t("alerts.sheet.heads"),
        t("alerts.sheet.chiefs"), t("alerts.sheet.assignee"),
    ]  # fmt: skip


def _cells(alert: Alert, words: AlertWriting) -> list[Any]:
    multiple = None
    if alert.kind == "exceedance" and alert.peak_value is not None and alert.peak_limit:
        multiple = round((alert.peak_value - alert.peak_limit) / alert.peak_limit, 4)
    return [
        alert.alert_id, grade_title(alert.grade), t(f"alerts.status.{alert.status}"),
        alert.station, words.station(alert), words.item(alert),
        t(f"alerts.kind.{alert.kind}"), pick(alert.evidence["title"]),
        alert.start.strftime(_TIME), alert.last.strftime(_TIME),
        alert.end.strftime(_TIME) if alert.end else "", alert.readings,
        alert.peak_value, unit_of(alert), alert.peak_limit, multiple,
        words.reason(alert), words.basis(alert),
        t(f"alerts.confidence.{alert.evidence['confidence']}"), words.unit(alert),
        names_of(words.chain(alert)), names_of(words.river(alert)[1]), alert.assignee,
    ]  # fmt: skip


def _step_headings() -> list[str]:
    return [
        t("alerts.sheet.alert"), t("alerts.sheet.at"), t("alerts.sheet.actor"),
        t("alerts.sheet.step"), t("alerts.sheet.assignee"), t("alerts.sheet.note"),
    ]  # fmt: skip


def _step_cells(step: AlertStep) -> list[Any]:
    return [
        step.alert_id, step.at.strftime(_TIME), step.actor or t("alerts.words.program"),
        t(f"alerts.step.{step.step}"), step.assignee, wording.one_line(step.note),
    ]  # fmt: skip


def _table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    columns = zip(*rows, strict=True) if rows else ([] for _ in headings)
    return text_table({name: list(cells) for name, cells in zip(headings, columns, strict=True)})
