"""Alerts in words: grade, station, reason, peak, duration, people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from gridmap.capabilities.alerts.rules import AlertGrade, Kind
from gridmap.capabilities.alerts.work.records import Alert
from gridmap.report import wording
from gridmap.report.document import Line, Tone
from gridmap.report.titles import (
    class_title,
    decimals_of,
    item_title,
    named,
    shown_phone,
    shown_unit,
)
from gridmap.standards.files import standards
from gridmap.standards.surface_water import has_multiple, is_at_least
from gridmap.texts import pick, t

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class AlertWriting:
    """Writes alerts in the current language.

    `names` are station codes to names; `full_phones` as in `Wishes`.
    """

    names: Mapping[str, str]
    full_phones: bool = False

    # --- single cells ---------------------------------------------------------------------

    def station(self, alert: Alert) -> str:
        """The station by name, or its code."""
        return self.names.get(alert.station, alert.station)

    def item(self, alert: Alert) -> str:
        """The item in words, or that the whole station is meant."""
        return item_title(alert.item) if alert.item else t("alerts.words.whole_station")

    def peak(self, alert: Alert) -> str:
        """The worst value with its unit, its time and the multiple of the limit."""
        if alert.peak_value is None or alert.peak_at is None:
            return t("alerts.words.none")
        facts = {
            "value": self.figure(alert, alert.peak_value),
            "unit": unit_of(alert),
            "at": wording.moment(alert.peak_at),
        }
        if alert.kind is Kind.YANGTZE:
            return class_title(round(alert.peak_value))
        if alert.kind is not Kind.EXCEEDANCE or not alert.peak_limit:
            return _tidy(t("alerts.words.peak", **facts))
        over = (alert.peak_value - alert.peak_limit) / alert.peak_limit
        water = standards().water
        if not has_multiple(water, alert.item) and not is_at_least(water, alert.item):
            return _tidy(t("alerts.words.peak", **facts))
        if over < 0:
            return t("alerts.words.peak_below", percent=f"{-100 * over:.0f}", **facts)
        return _tidy(t("alerts.words.peak_multiple", multiple=f"{over:.2f}", **facts))

    def short_peak(self, alert: Alert) -> str:
        """The worst value for a narrow column: value, unit, multiple."""
        if alert.peak_value is None or alert.kind is Kind.YANGTZE:
            return self.peak(alert)
        text = f"{self.figure(alert, alert.peak_value)} {unit_of(alert)}".strip()
        if (
            alert.kind is Kind.EXCEEDANCE
            and alert.peak_limit
            and has_multiple(standards().water, alert.item)
        ):
            over = (alert.peak_value - alert.peak_limit) / alert.peak_limit
            if over > 0:
                text = t("alerts.words.over", value=text, multiple=f"{over:.2f}")
        return text

    def figure(self, alert: Alert, value: float | None) -> str:
        """A figure with the decimals of the item; those of an index without any."""
        if value is None:
            return t("alerts.words.none")
        return wording.value(value, decimals_of(alert.item, 0))

    def duration(self, alert: Alert, until: datetime | None = None) -> str:
        """How long an event lasted, or has lasted."""
        return spoken(length_of(alert, until))

    def rule(self, alert: Alert) -> str:
        """The rule that raised the alert, by its title."""
        return pick(alert.evidence["title"])

    def reason(self, alert: Alert) -> str:
        """Why the alert was raised, as a sentence."""
        proof = alert.evidence
        facts = {
            "item": self.item(alert),
            "readings": alert.readings,
            "value": self.figure(alert, alert.peak_value),
            "limit": self.figure(alert, alert.peak_limit),
            "unit": unit_of(alert),
            "class": class_title(proof.get("class")),
        }
        if alert.kind is Kind.EXCEEDANCE:
            return _tidy(t(f"alerts.exceeds.{proof['against']}", **facts))
        if alert.kind is Kind.MISSING:
            key = "alerts.why.missing_item" if alert.item else "alerts.why.missing_station"
            return t(key, **facts)
        if alert.kind is Kind.CLASS_JUMP:
            before = self.figure(alert, alert.peak_limit)
            return t("alerts.why.class_jump", classes=round(alert.severity), before=before, **facts)
        if alert.kind is Kind.YANGTZE:
            facts["class"] = class_title(round(alert.peak_value or 0))
            target = class_title(proof.get("target"))
            return t("alerts.why.yangtze", classes=round(alert.severity), target=target, **facts)
        return _tidy(t(f"alerts.why.{alert.kind}", **facts))

    def basis(self, alert: Alert) -> str:
        """The document behind the figures, with the day for which it was looked up."""
        named_standard = str(alert.evidence.get("standard") or "")
        if not named_standard:
            return t("alerts.words.product_default")
        return t(
            "alerts.words.standard", standard=named_standard, day=alert.evidence["standard_day"]
        )

    def is_low(self, alert: Alert) -> bool:
        """Whether a screen must say that the rule is not sure."""
        return alert.evidence.get("confidence") == "low"

    # --- people ---------------------------------------------------------------------------

    def unit(self, alert: Alert) -> str:
        """The responsible unit, with a remark where it is only the nearest."""
        verdict = alert.verdict
        if verdict is None or verdict.get("unit") is None:
            return t("alerts.words.none")
        remark = t("alerts.words.provisional") if verdict.get("provisional") else ""
        return f"{verdict['unit']['name']}{remark}"

    def chain(self, alert: Alert) -> list[Line]:
        """The grid chain, a line for each post, the smallest unit first."""
        lines = []
        for link in (alert.verdict or {}).get("chain", ()):
            lines += [
                self._holder(post, f"{link['unit']['name']} {named('role', post['role'])}")
                for post in link["posts"]
            ]
        return lines

    def river(self, alert: Alert) -> tuple[str, list[Line]]:
        """The reach and its chiefs; nothing for the air, and where no river is near."""
        river = (alert.verdict or {}).get("river")
        if river is None or alert.medium != "water":
            return "", []
        lines = [
            self._holder(post, t(
                "verdict.post.tier_role", tier=named("tier", post["tier"]),
                role=named("role", post["role"]),
            ))
            for post in river["chiefs"]
        ]  # fmt: skip
        return str(river["name"]), lines

    def _holder(self, post: Mapping[str, Any], label: str) -> Line:
        if not post["name"]:
            since = post["since"]
            text = (
                t("alerts.words.vacant_since", since=since)
                if since
                else t("alerts.words.vacant_never")
            )
            return Line(label, text, tone=Tone.BAD)
        phone = shown_phone(post["phone"] or "", full=self.full_phones)
        return Line(label, post["name"], phone)


def grade_title(grade: AlertGrade) -> str:
    """A grade as a word with its numeral: colour alone is not safe for all eyes."""
    return t(f"alerts.grade.{int(grade)}")


def unit_of(alert: Alert) -> str:
    """The unit of the figures; nothing for pH and indices."""
    return shown_unit(str(alert.evidence.get("unit") or ""))


def length_of(alert: Alert, until: datetime | None = None) -> timedelta:
    """How long an event lasted: to its end, to `until`, or one step after the latest reading."""
    step = timedelta(hours=float(alert.evidence.get("step_h", 0.0)))
    last = alert.last + step
    end = alert.end or (max(until, last) if until else last)
    return end - alert.start


def spoken(length: timedelta) -> str:
    """A length of time in days and hours."""
    hours = round(length / _HOUR)
    if hours < 48:  # noqa: PLR2004  two days are still counted in hours
        return t("alerts.words.hours", hours=hours)
    if hours % 24 == 0:
        return t("alerts.words.whole_days", days=hours // 24)
    return t("alerts.words.days", days=hours // 24, hours=hours % 24)


def names_of(lines: Iterable[Line]) -> str:
    """Posts as one cell: “role name phone; …”."""
    return "; ".join(" ".join(filter(None, (x.label, x.value, x.aside))) for x in lines)


def day_of(alert: Alert) -> date | None:
    """The day on which the people held their posts."""
    on = (alert.verdict or {}).get("on")
    return date.fromisoformat(on) if on else None


def _tidy(text: str) -> str:
    """Without the spaces that an empty unit leaves."""
    for wrong, right in (
        (" （", "（"),
        ("  ", " "),
        (" ,", ","),
        (" ，", "，"),
        (" .", "."),
        (" 。", "。"),
    ):
        text = text.replace(wrong, right)
    return text
