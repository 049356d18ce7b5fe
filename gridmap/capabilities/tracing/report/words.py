"""A trace in words: the event, the range, the bracket, each suspect, whom to tell, the basis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from gridmap.capabilities.alerts.words import spoken
from gridmap.capabilities.locate.rules.verdict import Holding, Verdict
from gridmap.capabilities.locate.words import holding_line
from gridmap.capabilities.rivers.rules.waterways import MarkKind
from gridmap.capabilities.tracing.report.course import Course, course_of
from gridmap.capabilities.tracing.report.profile import level_of
from gridmap.capabilities.tracing.rules import Bracket, PartKind, State, Suspect
from gridmap.capabilities.tracing.work.tracing import TraceAnswer
from gridmap.core.moments import moment_of
from gridmap.report import wording
from gridmap.report.document import Line, Tone
from gridmap.report.titles import (
    Wishes,
    class_title,
    decimals_of,
    item_title,
    shown_unit,
    wishes_for,
)
from gridmap.standards.files import standards
from gridmap.standards.sequences import rhythm_at
from gridmap.standards.surface_water import has_multiple
from gridmap.store.project import Project
from gridmap.store.roles import layers_of
from gridmap.texts import pick, t

_ROLES: Final = ("reach", "outlet", "enterprise", "section")
_CIRCLED: Final = 10
_FIRST_CIRCLE: Final = 0x2460


@dataclass(frozen=True)
class TraceContext:
    """What the words need besides the answer.

    Attributes:
        wishes: how items, layers and phones are shown.
        project_title: of the project; example: whether it is one.
        editions: title and date of the layers that the answer rests on.
        until: latest reading at the section.
    """

    wishes: Wishes
    project_title: str
    example: bool
    editions: tuple[tuple[str, date | None], ...]
    until: datetime | None


@dataclass(frozen=True)
class SuspectWords:
    """A suspect as a card shows it; `lines` stand below the heading, in order."""

    code: str
    number: int
    sign: str
    name: str
    score: float
    score_text: str
    lines: tuple[str, ...]
    excluded: bool
    emits: bool | None

    @property
    def heading(self) -> str:
        """Number and firm."""
        return f"{self.sign} {self.name}"


def context_of(project: Project, answer: TraceAnswer, *, full_phones: bool = False) -> TraceContext:
    """What the words about an answer need of its project. Any thread."""
    present = project.editions()
    editions = tuple(
        (pick(project.declarations[layer_id].title.as_dict()), present[layer_id].edition_date)
        for role in _ROLES
        for layer_id in layers_of(project, role)
    )
    own = next((one for one in answer.trails if one.code == answer.facts.code), None)
    until = moment_of(own.times[-1]) if own is not None and len(own.times) else None
    return TraceContext(
        wishes_for(project, full_phones=full_phones), project.title, project.is_example,
        editions, until,
    )  # fmt: skip


class TraceWriting:
    """Writes one answer in the current language."""

    def __init__(self, answer: TraceAnswer, context: TraceContext) -> None:
        self.answer, self.context = answer, context
        self.course: Course = course_of(answer)
        self._decimals = decimals_of(answer.asked.item)
        self._unit = shown_unit(answer.unit)

    # --- the event ------------------------------------------------------------------------

    @property
    def item(self) -> str:
        """The item by name."""
        return item_title(self.answer.asked.item)

    def title(self) -> str:
        """Section and item."""
        return t("tracing.event.title", station=self.answer.facts.name, item=self.item)

    def value(self, number: float) -> str:
        """A value with its unit."""
        return f"{wording.value(number, self._decimals)} {self._unit}".rstrip()

    def event_lines(self) -> tuple[str, ...]:
        """Worst value with class and target; multiple and how long."""
        answer = self.answer
        value, at = answer.peak
        level = level_of(answer, value, at)
        sign = "" if level is None else class_title(level.number)
        target = answer.facts.target
        facts = {"at": wording.moment(at), "value": self.value(value), "sign": sign}
        if target is not None:
            first = t("tracing.event.peak_target", target=class_title(int(target)), **facts)
        else:
            limit = self.value(answer.found.event.limit)
            first = t("tracing.event.peak", limit=limit, **facts)
        return first, self._how_much()

    def _how_much(self) -> str:
        answer, event = self.answer, self.answer.found.event
        length = spoken(timedelta(microseconds=event.end - event.start) + self.step())
        lasts = self.context.until is not None and moment_of(event.end) >= self.context.until
        span = t("tracing.event.lasting" if lasts else "tracing.event.lasted", hours=length)
        if event.at_least or not event.limit:
            below = t("tracing.event.below", limit=self.value(event.limit))
            return t("verdict.join.clauses").join((below, span))
        if has_multiple(standards().water, event.item):
            multiple = (answer.peak[0] - event.limit) / event.limit
            over = t("tracing.event.over", multiple=f"{multiple:.2f}")
        else:
            over = t("tracing.event.beyond", limit=self.value(event.limit))
        return t("verdict.join.clauses").join((over, span))

    def step(self) -> timedelta:
        """The time between two readings of the section while the event ended."""
        own = next((o for o in self.answer.trails if o.code == self.answer.facts.code), None)
        if own is None:
            return timedelta(0)
        found = rhythm_at(own.times.astype(float), self.answer.found.event.end)
        return timedelta(microseconds=found or 0)

    # --- range ----------------------------------------------------------------------------

    def range_lines(self) -> list[Line]:
        """How far was walked, how fast water runs, what the sections above say."""
        answer = self.answer
        walked = t(
            "tracing.range.walked", limit=wording.distance(answer.rules.limit_m), **self._walked()
        )
        speeds = self.speeds()
        return [
            Line(t("tracing.range.upstream"), walked),
            *self._dead_end_lines(),
            Line(t("tracing.range.velocity"), speeds),
            *self.bracket_lines(),
        ]

    def _dead_end_lines(self) -> list[Line]:
        """Nodes where the walk ends though water leaves them: directions may be drawn wrong."""
        return [
            Line("", t("tracing.range.dead_end", reaches="、".join(one.reaches)), tone=Tone.WARN)
            for one in self.answer.dead_ends
        ]

    def caption(self) -> str:
        """What is drawn upstream, for the legend of the map."""
        return t("tracing.legend.caption", **self._walked())

    def _walked(self) -> dict[str, object]:
        reaches = self.answer.found.reaches
        total = sum(far - near for near, far in reaches.values())
        return {
            "reaches": len(reaches), "length": wording.distance(total), "firms": self.firms(),
            "outlets": len(self.answer.found.suspects),
        }  # fmt: skip

    def firms(self) -> int:
        """How many firms the suspects belong to; outlets of nobody known belong to none."""
        firms = {one.source.firm for one in self.answer.found.suspects}
        return len(firms - {""})

    def speeds(self) -> str:
        """The velocities used, from the slowest reach at its slowest to the fastest."""
        ways = self.answer.waters.ways
        v = ways.velocities
        by_code = {reach.code: reach.velocity_m_s for reach in ways.reaches}
        walked = [by_code[code] for code in self.answer.found.reaches]
        used = [speed or v.default_m_s for speed in walked]
        low, high = min(used) * v.slow, max(used) * v.fast
        guessed = sum(not speed for speed in walked)
        text = t("tracing.range.speed", low=f"{low:.2f}", high=f"{high:.2f}")
        if guessed:
            text += t("tracing.range.guessed", count=guessed, speed=f"{v.default_m_s:g}")
        return text

    def bracket_lines(self) -> list[Line]:
        """What each section above says; those on the course with their kilometres."""
        label = t("tracing.range.bracket")
        found = [
            Line("", self._bracket(one), tone=_TONES[one.state])
            for one in self.answer.found.sections
        ]
        if not found:
            return [Line(label, t("tracing.bracket.none"), tone=Tone.QUIET)]
        return [replace(found[0], label=label), *found[1:]]

    def _bracket(self, one: Bracket) -> str:
        metres = self.course.metres(one.spot)
        facts = {"section": one.name, "metres": wording.distance(one.way.metres)}
        if one.state is State.CLEAN and metres is not None:
            return t(
                "tracing.bracket.clean", first=f"{self.course.km(metres):.1f}",
                last=f"{self.course.km(self._beyond_from(metres)):.1f}", **facts,
            )  # fmt: skip
        if one.state is State.CLEAN:
            return t("tracing.bracket.clean_side", **facts)
        if one.state is State.BEYOND:
            return t("tracing.bracket.beyond", value=self.value(one.worst), **facts)
        return t("tracing.bracket.silent", **facts)

    def _beyond_from(self, clean_m: float) -> float:
        """Metres of the uppermost section below a clean one that was beyond the limit."""
        beyond = [
            metres
            for one in self.answer.found.sections
            if one.state is State.BEYOND
            and (metres := self.course.metres(one.spot)) is not None
            and metres < clean_m
        ]
        return max(beyond, default=0.0)

    # --- suspects -------------------------------------------------------------------------

    def suspects(self, ordered: Sequence[Suspect] | None = None) -> list[SuspectWords]:
        """The suspects, in the order of the answer or in another one."""
        shown = self.answer.found.suspects if ordered is None else ordered
        return [self.suspect(number, one) for number, one in enumerate(shown, 1)]

    def suspect(self, number: int, one: Suspect) -> SuspectWords:
        """One suspect: way, permit and own readings, exclusion, town and chief, next step."""
        if one.behind:
            lines = [self.way(one), self.excluded(one), self.people(one)]
        else:
            lines = [self.way(one), self.permit(one), self.people(one), self.next_step(one)]
        source = one.source
        return SuspectWords(
            code=source.code, number=number, sign=circled(number),
            name=source.firm_name or source.name, score=one.score,
            score_text=f"{one.score:.2f}", lines=tuple(lines), excluded=bool(one.behind),
            emits=None if source.items is None else self.answer.asked.item in source.items,
        )  # fmt: skip

    def way(self, one: Suspect) -> str:
        """Distance and time of travel, with their range; when the water left."""
        return t(
            "tracing.suspect.way", distance=wording.distance(one.way.metres),
            fast=hours(one.way.hours_fast), slow=hours(one.way.hours_slow),
        )  # fmt: skip

    def window(self, one: Suspect) -> str:
        """When the water of the event passed the outlet."""
        first, last = moment_of(one.earliest), moment_of(one.latest)
        return t("tracing.suspect.window", first=wording.moment(first), last=wording.moment(last))

    def excluded(self, one: Suspect) -> str:
        """Which clean section excludes it."""
        return t("tracing.suspect.behind", section=self._section(one.behind))

    def permit(self, one: Suspect) -> str:
        """What the permit names, own readings, size."""
        allowed, item = one.source.items, self.item
        if allowed is None:
            first = t("tracing.permit.unknown")
        elif self.answer.asked.item in allowed:
            first = t("tracing.permit.named", item=item)
        else:
            first = t("tracing.permit.other", item=item)
        own = one.part(PartKind.OWN).value
        if own is None:
            second = t("tracing.own.unknown")
        else:
            second = t("tracing.own.beyond") if own else t("tracing.own.calm")
        kind = str(self.answer.firms.get(one.source.firm, {}).get("management") or "")
        size = [t(f"tracing.size.{kind}")] if kind in {"key", "simplified", "registered"} else []
        return t("tracing.dot").join((first, second, *size))

    def people(self, one: Suspect) -> str:
        """Township and the chief of its reach, or the vacancy."""
        verdict = self.answer.verdicts.get(one.source.code)
        unit = self.unit(one)
        chief = _chief(verdict)
        if chief is None:
            return t("tracing.suspect.unit", unit=unit)
        line = holding_line(chief, self.context.wishes, tier=True)
        who = " ".join(filter(None, (line.label, line.value, line.aside)))
        return t("tracing.suspect.people", unit=unit, chief=who)

    def unit(self, one: Suspect) -> str:
        """The unit that answers for the outlet."""
        verdict = self.answer.verdicts.get(one.source.code)
        if verdict is None or verdict.owner is None:
            return t("tracing.suspect.no_unit")
        return verdict.owner.name

    def outlet(self, one: Suspect) -> str:
        """The outlet without the name of its firm."""
        source = one.source
        return source.name.removeprefix(source.firm_name).strip() or source.name

    def next_step(self, one: Suspect) -> str:
        """What to do about it."""
        code = step_of(one)
        facts = {"unit": self.unit(one), "section": self._section(one.behind)}
        return t("tracing.suspect.next", step=t(f"tracing.step.{code}", **facts))

    def _section(self, code: str) -> str:
        names = {one.code: one.name for one in self.answer.found.sections}
        return names.get(code, code)

    # --- whom to tell ---------------------------------------------------------------------

    def notice_lines(self, one: Suspect | None) -> list[Line]:
        """Chiefs of the reach of a suspect by tier, and the next unit downstream."""
        found: list[Line] = []
        verdict = None if one is None else self.answer.verdicts.get(one.source.code)
        if verdict is not None and verdict.river is not None:
            found += [
                holding_line(chief, self.context.wishes, tier=True)
                for chief in verdict.river.chiefs
            ]
        if not found:
            found.append(Line("", t("verdict.river.no_chiefs"), tone=Tone.BAD))
        below = self._border_below()
        return [*found, *([below] if below is not None else [])]

    def _border_below(self) -> Line | None:
        """The first border that the water of the event reaches, and when."""
        waters = self.answer.waters
        borders = [one for one in waters.marks if one.kind is MarkKind.BORDER]
        ways = waters.ways.downstream(self.answer.found.event.spot, [b.spot for b in borders])
        for number, way in ways.items():
            mark = borders[number]
            # "A | B" is crossed once, from A to B; "A / B" has the river itself as its border.
            unit = mark.name.rpartition(" | ")[2]
            text = t("tracing.notice.border", unit=unit, hours=f"{way.hours:.1f}")
            return Line(t("tracing.notice.downstream"), text)
        return None

    # --- basis ----------------------------------------------------------------------------

    def basis(self) -> str:
        """Editions and how far the readings reach."""
        parts = [
            t("tracing.basis.edition", layer=title, date=wording.day(day) if day else "—")
            for title, day in self.context.editions
        ]
        if self.context.until is not None:
            parts.append(t("tracing.basis.until", at=wording.moment(self.context.until)))
        return t("tracing.dot").join(parts)


_TONES: Final = {State.CLEAN: Tone.GOOD, State.BEYOND: Tone.WARN, State.SILENT: Tone.QUIET}


def step_of(one: Suspect) -> str:
    """Code of the next step: excluded, hand_over, permit, online, inspect."""
    own = one.part(PartKind.OWN).value
    if one.behind:
        return "excluded"
    if own:
        return "hand_over"
    if one.source.items is None:
        return "permit"
    return "inspect" if own is None else "online"


def circled(number: int) -> str:
    """① to ⑩, then (11)."""
    return chr(_FIRST_CIRCLE + number - 1) if number <= _CIRCLED else f"({number})"


def hours(value: float) -> str:
    """Hours, with a decimal while they are few."""
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"  # noqa: PLR2004  else 10.0


def _chief(verdict: Verdict | None) -> Holding | None:
    """The chief of the township, else of the lowest tier that has any."""
    if verdict is None or verdict.river is None or not verdict.river.chiefs:
        return None
    chiefs = verdict.river.chiefs
    return next((one for one in chiefs if one.tier == "township"), chiefs[-1])
