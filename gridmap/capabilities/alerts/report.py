"""The documents of alerts: a list, and one alert with everything known of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gridmap.capabilities.alerts.words import AlertWriting, day_of, grade_title, names_of, unit_of
from gridmap.capabilities.alerts.work.records import Alert, AlertStep
from gridmap.report import wording
from gridmap.report.document import Column, Document, Line, Paragraph, Rows, Table, Word
from gridmap.report.titles import class_title
from gridmap.standards.files import standards
from gridmap.standards.surface_water import has_multiple
from gridmap.texts import pick, t

SCHEMA: Final = "gridmap.alerts/1"
_TIME: Final = "%Y-%m-%d %H:%M"
_COLUMNS: Final = 9

StepsOf = Mapping[str, Sequence[AlertStep]]
"""Steps by id of the alert."""


def alerts_document(
    alerts: Sequence[Alert], steps: StepsOf, words: AlertWriting, *, example: bool = False
) -> Document:
    """A list of alerts in the current language, one row each, in this order."""
    rows = [_cells(alert, words) for alert in alerts]
    done = [_step_cells(step) for alert in alerts for step in steps.get(alert.alert_id, ())]
    listed = Rows("alerts", "", (Column(),) * _COLUMNS, tuple(_row(one, words) for one in alerts))
    return Document(
        kind="alerts",
        body=(listed,) if alerts else (),
        tables=(
            Table.of(t("alerts.sheet.title"), _headings(), rows),
            Table.of(t("alerts.sheet.steps"), _step_headings(), done),
        ),
        data=_data(alerts, steps, example=example),
        example=example,
    )


def alert_document(
    alert: Alert,
    signs: Sequence[Alert],
    steps: Sequence[AlertStep],
    words: AlertWriting,
    *,
    example: bool = False,
) -> Document:
    """One alert in the current language: reason, evidence, people, steps; `signs` are of it."""
    return Document(
        kind="alert",
        body=(Paragraph(tuple(_told(alert, signs, steps, words))),),
        data=_data([alert], {alert.alert_id: steps}, example=example),
        example=example,
    )


# --- text ---------------------------------------------------------------------------------


def _row(alert: Alert, words: AlertWriting) -> tuple[Word, ...]:
    return tuple(map(Word, (
        alert.alert_id, grade_title(alert.grade), words.station(alert), words.item(alert),
        t(f"alerts.kind.{alert.kind}"), alert.start.strftime(_TIME), words.duration(alert),
        words.peak(alert), t(f"alerts.status.{alert.status}"),
    )))  # fmt: skip


def _told(
    alert: Alert, signs: Sequence[Alert], steps: Sequence[AlertStep], words: AlertWriting
) -> list[str]:
    until = (
        t("alerts.words.ended", end=f"{alert.end:%Y-%m-%d %H:%M}")
        if alert.end
        else t("alerts.words.lasts")
    )
    start = f"{alert.start:%Y-%m-%d %H:%M}"
    lines = [
        f"{alert.alert_id}  {grade_title(alert.grade)}  {t(f'alerts.status.{alert.status}')}",
        f"{words.station(alert)} ({alert.station})  {words.item(alert)}",
        f"{t('alerts.words.span', start=start, until=until)}  {words.duration(alert)}",
        words.reason(alert),
        words.peak(alert),
        t("alerts.cli.rule", title=pick(alert.evidence["title"])),
        t("alerts.cli.basis", standard=words.basis(alert)),
    ]
    if words.is_low(alert):
        lines.append(t("alerts.words.low"))
    if signs:
        named = ", ".join(f"{t(f'alerts.kind.{one.kind}')} {one.alert_id}" for one in signs)
        lines.append(t("alerts.words.signs", list=named))
    lines += ["", *_people(alert, words), "", *_readings(alert, words)]
    lines += [t("alerts.cli.section_steps"), *(step_text(step) for step in steps)]
    if not steps:
        lines.append(t("alerts.cli.no_steps"))
    return lines


def step_text(step: AlertStep) -> str:
    """What was done, when, by whom."""
    to = t("alerts.page.step_to", assignee=step.assignee) if step.assignee else ""
    line = t(
        "alerts.page.step_line", at=f"{step.at:%Y-%m-%d %H:%M}",
        actor=step.actor or t("alerts.words.program"), step=t(f"alerts.step.{step.step}"), to=to,
    )  # fmt: skip
    return f"{line}  {step.note}".rstrip()


def _people(alert: Alert, words: AlertWriting) -> list[str]:
    if alert.verdict is None:
        return [t("alerts.words.no_place")]
    name, chiefs = words.river(alert)
    day = day_of(alert)
    lines = [t("alerts.cli.responsible", unit=words.unit(alert))]
    if day is not None:
        lines[0] += f"  ({t('alerts.words.on_day', day=wording.day(day))})"
    lines += [t("alerts.cli.section_chain"), *map(_post, words.chain(alert))]
    if chiefs:
        lines += [t("alerts.cli.section_river", name=name), *map(_post, chiefs)]
    return lines


def _post(line: Line) -> str:
    return "  " + "  ".join(filter(None, (line.label, line.value, line.aside)))


def _readings(alert: Alert, words: AlertWriting) -> list[str]:
    rows = alert.evidence.get("readings", ())
    if not rows:
        return []
    lines = [t("alerts.cli.section_readings")]
    for row in rows:
        extra = class_title(row["class"]) if row.get("class") else ""
        if row.get("multiple", 0) > 0:
            extra += f"  +{row['multiple']:.2f}"
        line = t(
            "alerts.cli.reading", time=row["time"][:16].replace("T", " "),
            value=words.figure(alert, row["value"]), unit=unit_of(alert), extra=extra,
        )  # fmt: skip
        lines.append(f"  {line}".rstrip())
    return [*lines, ""]


# --- tables -------------------------------------------------------------------------------


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
    compared = alert.kind == "exceedance" and has_multiple(standards().water, alert.item)
    if compared and alert.peak_value is not None and alert.peak_limit:
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


# --- data ---------------------------------------------------------------------------------


def _data(alerts: Sequence[Alert], steps: StepsOf, *, example: bool) -> dict[str, Any]:
    """Alerts as JSON types (docs/alerts.md)."""
    return {
        "schema": SCHEMA,
        "example": example,
        "alerts": [_alert_data(alert, steps.get(alert.alert_id, ())) for alert in alerts],
    }


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
