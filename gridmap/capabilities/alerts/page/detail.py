"""One alert in full, as rich text: reason, evidence, people, steps. Data are escaped here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from gridmap.capabilities.alerts.page.table import grade_colours
from gridmap.capabilities.alerts.report import step_text
from gridmap.capabilities.alerts.words import AlertWriting, day_of, grade_title, unit_of
from gridmap.capabilities.alerts.work.places import suggested
from gridmap.capabilities.alerts.work.records import Alert, AlertStep
from gridmap.capabilities.alerts.work.steps import Step, steps_allowed
from gridmap.report import wording
from gridmap.report.document import Line
from gridmap.report.titles import class_title
from gridmap.shell.card_html import lines_html
from gridmap.shell.theme import tokens
from gridmap.texts import pick, t

_PEOPLE_WIDTH: Final = 170


@dataclass(frozen=True)
class AlertDetail:
    """An alert with all that is shown of it; `allowed` are the steps that can be taken."""

    alert: Alert
    html: str
    allowed: tuple[Step, ...]
    suggestions: tuple[str, ...]


def detail_of(
    alert: Alert, signs: Sequence[Alert], steps: Sequence[AlertStep], words: AlertWriting
) -> AlertDetail:
    """Put an alert into words, in the current language."""
    parts = [_head(alert, signs, words), _people(alert, words), _steps(steps)]
    readings = _readings(alert, words)
    parts[2:2] = [readings] if readings else []
    return AlertDetail(
        alert, "".join(parts), steps_allowed(alert.status),
        tuple(suggested(alert.verdict, alert.medium)),
    )  # fmt: skip


def _head(alert: Alert, signs: Sequence[Alert], words: AlertWriting) -> str:
    ground, colour = grade_colours(int(alert.grade))
    until = (
        t("alerts.words.ended", end=f"{alert.end:%m-%d %H:%M}")
        if alert.end
        else t("alerts.words.lasts")
    )
    span = t("alerts.words.span", start=f"{alert.start:%Y-%m-%d %H:%M}", until=until)
    title = f"{grade_title(alert.grade)} · {words.station(alert)} · {words.item(alert)}"
    inner = (
        f"<p style='font-size:15px;font-weight:bold;color:{colour}'>{escape(title)}</p>"
        f"<p style='margin-top:4px'>{escape(words.reason(alert))}</p>"
        f"<p style='margin-top:2px'>{escape(span)} · {escape(words.duration(alert))}</p>"
    )
    boxed = (
        "<table width='100%' cellspacing='0' cellpadding='10'>"
        f"<tr><td bgcolor='{ground}'>{inner}</td></tr></table>"
    )
    lines = [
        Line(t("alerts.column.peak"), words.peak(alert)),
        Line(t("alerts.sheet.rule"), pick(alert.evidence["title"])),
        Line(t("alerts.sheet.standard"), words.basis(alert)),
        Line(t("alerts.column.state"), _state(alert)),
    ]
    if signs:
        kinds = dict.fromkeys(t(f"alerts.kind.{one.kind}") for one in signs)
        lines.append(Line("", t("alerts.words.signs", list=t("verdict.join.names").join(kinds))))
    note = f"<p style='color:{tokens()['warn']}'>{escape(t('alerts.words.low'))}</p>"
    return boxed + lines_html(lines) + (note if words.is_low(alert) else "")


def _state(alert: Alert) -> str:
    state = t(f"alerts.status.{alert.status}")
    return f"{state} → {alert.assignee}" if alert.assignee else state


def _people(alert: Alert, words: AlertWriting) -> str:
    if alert.verdict is None:
        return _titled(t("alerts.page.responsible")) + _paragraph(t("alerts.words.no_place"))
    day = day_of(alert)
    remark = f" · {t('alerts.words.on_day', day=wording.day(day))}" if day else ""
    lines = [Line(t("alerts.sheet.unit"), words.unit(alert), strong=True), *words.chain(alert)]
    html = _titled(t("alerts.page.responsible") + remark) + lines_html(lines, _PEOPLE_WIDTH)
    name, chiefs = words.river(alert)
    if chiefs:
        html += _titled(t("alerts.cli.section_river", name=name)) + lines_html(
            chiefs, _PEOPLE_WIDTH
        )
    return html


def _readings(alert: Alert, words: AlertWriting) -> str:
    rows = alert.evidence.get("readings", ())
    if not rows:
        return ""
    unit = unit_of(alert)
    value = f"{t('alerts.page.value')} {unit}".strip()
    heads = [t("alerts.page.time"), value]
    graded = any("class" in row for row in rows)
    compared = any("multiple" in row for row in rows)
    heads += [t("alerts.page.class")] if graded else []
    heads += [t("alerts.page.multiple")] if compared else []
    cells = [[
        row["time"][5:16].replace("T", " "), words.figure(alert, row["value"]),
        *([class_title(row.get("class"))] if graded else []),
        *([f"{row['multiple']:+.2f}" if "multiple" in row else ""] if compared else []),
    ] for row in rows]  # fmt: skip
    more = ""
    if len(rows) < alert.readings:
        more = " · " + t("alerts.page.more", total=alert.readings, shown=len(rows))
    return _titled(t("alerts.page.evidence") + more) + _grid(heads, cells)


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    quiet, line, paper = (tokens()[name] for name in ("quiet", "ground", "paper"))
    top = "".join(f"<td style='color:{quiet};font-size:12px'>{escape(one)}</td>" for one in heads)
    body = "".join(
        f"<tr bgcolor='{line if number % 2 else paper}'>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for number, row in enumerate(rows)
    )
    return f"<table width='100%' cellspacing='0' cellpadding='3'><tr>{top}</tr>{body}</table>"


def _steps(steps: Sequence[AlertStep]) -> str:
    html = _titled(t("alerts.page.steps"))
    if not steps:
        return html + _paragraph(t("alerts.page.no_steps"))
    return html + "".join(f"<p>{escape(step_text(step))}</p>" for step in steps)


def _titled(text: str) -> str:
    return (
        "<p style='margin-top:10px;margin-bottom:2px;font-size:12px;font-weight:bold;"
        f"color:{tokens()['quiet']}'>{escape(text)}</p>"
    )


def _paragraph(text: str) -> str:
    return f"<p style='color:{tokens()['quiet']}'>{escape(text)}</p>"
