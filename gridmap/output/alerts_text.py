"""Alerts as text for a terminal: a list, and one alert with everything known of it."""

import unicodedata
from collections.abc import Sequence

from gridmap.output import wording
from gridmap.output.alerts_words import AlertWriting, class_title, day_of, grade_title, unit_of
from gridmap.output.verdict_lines import Line
from gridmap.project.alert_tables import Alert, AlertStep
from gridmap.texts import pick, t


def alerts_text(alerts: Sequence[Alert], words: AlertWriting) -> str:
    """A line for each alert, in columns."""
    rows = [
        (
            alert.alert_id, grade_title(alert.grade), words.station(alert), words.item(alert),
            t(f"alerts.kind.{alert.kind}"), alert.start.strftime("%Y-%m-%d %H:%M"),
            words.duration(alert), words.peak(alert), t(f"alerts.status.{alert.status}"),
        )
        for alert in alerts
    ]  # fmt: skip
    return "\n".join(wording.one_line(line) for line in _columns(rows))


def alert_text(
    alert: Alert, signs: Sequence[Alert], steps: Sequence[AlertStep], words: AlertWriting
) -> str:
    """One alert: reason, evidence, people, steps."""
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
    return "\n".join(wording.one_line(line) for line in lines)


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


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells under each other; a Chinese character is two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text)
