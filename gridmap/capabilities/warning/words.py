"""A downstream warning in words: windows, arrivals, calls. The other outputs are built on this."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gridmap.capabilities.locate.rules.verdict import Holding
from gridmap.capabilities.rivers.rules.dead_ends import DeadEnd
from gridmap.capabilities.warning.rules import Arrival, TargetKind
from gridmap.capabilities.warning.work.calls import DRINKING, Call, CallKind
from gridmap.capabilities.warning.work.warning import WarningAnswer
from gridmap.core.moments import moment_of
from gridmap.report import wording
from gridmap.report.document import Tone
from gridmap.report.titles import named, shown_phone
from gridmap.texts import has, t

SHOWN: Final = (
    TargetKind.INTAKE, TargetKind.SECTION, TargetKind.BORDER, TargetKind.COUNTY, TargetKind.ZONE,
)  # fmt: skip
"""What a list of arrivals names, besides the reaches passed."""

_MOST_ABOUT: Final = 4
_FEW_H: Final = 9.95
_SOON: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class ArrivalWords:
    """One arrival: kind, name, metres of water, hours at mean velocity, window; drinking water."""

    kind: str
    name: str
    distance: str
    hours: str
    window: str
    urgent: bool


@dataclass(frozen=True)
class CallWords:
    """One call.

    Attributes:
        order: from 1 on.
        kind: intake, chief or neighbour, as a word.
        post: the post with its tier, the unit across a border, or the intake.
        name: the person, the vacancy, or the unit where nobody is known.
        organisation: where they work.
        phone: masked unless asked; empty where there is none.
        detail: use of an intake, what of theirs is reached, where they work.
        before: until when to call, as words; by: the same below a heading that says so.
        window: when the water may be there.
        tone: WARN where no telephone is known, BAD for a vacancy.
    """

    order: int
    kind: str
    post: str
    name: str
    organisation: str
    phone: str
    detail: str
    before: str
    by: str
    window: str
    tone: Tone


def arrival_words(answer: WarningAnswer, one: Arrival) -> ArrivalWords:
    """An arrival in the current language."""
    uses = {intake.code: intake.facts.get("use") for intake in answer.waters.intakes}
    urgent = one.target.kind is TargetKind.INTAKE and uses.get(one.target.code) == DRINKING
    return ArrivalWords(
        kind=t(f"warning.kind.{one.target.kind.value}"),
        name=one.target.name,
        distance=wording.distance(one.way.metres),
        hours=t("warning.hours", hours=hours_text(one.way.hours)),
        window=window(moment_of(one.earliest), moment_of(one.latest)),
        urgent=urgent,
    )


def call_words(answer: WarningAnswer, call: Call, *, full_phones: bool = False) -> CallWords:
    """A call in the current language."""
    tone = Tone.PLAIN
    name = call.name
    if call.who is not None and call.who.vacant:
        name, tone = _vacancy(call.who), Tone.BAD
    elif not call.phone:
        name, tone = name or t("warning.no_phone"), Tone.WARN
    phone = shown_phone(call.phone, full=full_phones)
    soon = call.earliest - answer.start < _SOON
    at = wording.moment(call.earliest)
    return CallWords(
        order=call.order,
        kind=t(f"warning.call.{call.kind.value}"),
        post=post_of(call),
        name=name,
        organisation=call.organisation,
        phone=phone,
        detail=_detail(call),
        before=t("warning.now") if soon else t("warning.before", at=at),
        by=t("warning.now") if soon else at,
        window=window(call.earliest, call.latest),
        tone=tone,
    )


def post_of(call: Call) -> str:
    """The post with its tier; before it the unit across a border; the name of an intake."""
    if call.kind is CallKind.INTAKE:
        return call.unit
    role = "" if call.who is None else _role(call.who)
    if call.kind is CallKind.NEIGHBOUR:
        unit = t("warning.across", unit=call.unit)
        return t("warning.dot").join(filter(None, (unit, role)))
    return role


def about_of(call: Call, most: int = _MOST_ABOUT) -> str:
    """What of theirs is reached, shortened."""
    shown = t("warning.list").join(call.about[:most])
    if len(call.about) <= most:
        return shown
    return t("warning.and_more", shown=shown, count=len(call.about))


def _detail(call: Call) -> str:
    use = t(f"warning.use.{call.use}") if has(f"warning.use.{call.use}") else call.use
    people = t("warning.supplied", people=call.supplied) if call.supplied else ""
    # Of an intake or a county the name says it all.
    of = "" if call.about == (call.unit,) else t("warning.about", about=about_of(call))
    return t("warning.dot").join(filter(None, (use, people, of, call.organisation)))


def headline(answer: WarningAnswer) -> str:
    """Which water."""
    reach = next(r for r in answer.waters.ways.reaches if r.code == answer.found.place.reach)
    whole = reach.name if reach.name.startswith(reach.river) else f"{reach.river} {reach.name}"
    return t("warning.headline", reach=whole.strip() or reach.code)


def sentence(answer: WarningAnswer) -> str:
    """When, how far, and how many of what it reaches."""
    parts = [t("warning.entered", at=wording.moment(answer.start))]
    if answer.offset_m >= 1.0:
        parts.append(t("warning.off_water", distance=wording.distance(answer.offset_m)))
    limit = wording.distance(answer.limit_m)
    water = sum(abs(piece.to_m - piece.from_m) for piece in answer.pieces)
    parts.append(
        t("warning.reaches", limit=limit, count=len(answer.found.reaches),
          water=wording.distance(water))
    )  # fmt: skip
    counts = [
        t("warning.count_of", kind=t(f"warning.kind.{kind.value}"), count=len(found))
        for kind in SHOWN
        if (found := answer.found.of(kind))
    ]
    listed = t("warning.list").join(counts)
    parts.append(t("warning.reached", list=listed) if counts else t("warning.none", limit=limit))
    return t("verdict.join.clauses").join(parts)


def advice(answer: WarningAnswer, *, full_phones: bool = False) -> str:
    """Whom to call first, and what stops the water."""
    parts = []
    if answer.calls:
        call = answer.calls[0]
        told = call_words(answer, call, full_phones=full_phones)
        if call.kind is CallKind.INTAKE:
            at = wording.moment(call.earliest)
            parts.append(t("warning.advice_intake", name=call.unit, at=at))
        else:
            parts.append(t("warning.advice_call", who=told.post, name=told.name))
    if answer.found.stopped_by:
        names = t("warning.list").join(one.target.name for one in answer.found.stopped_by)
        parts.append(t("warning.stopped", names=names))
    parts += [dead_end_words(one) for one in answer.dead_ends]
    return t("verdict.join.clauses").join(parts)


def dead_end_words(one: DeadEnd) -> str:
    """Where the water arrives and no reach leaves: directions may be drawn wrong there."""
    return t("warning.dead_end", reaches=t("warning.list").join(one.reaches))


def basis_of(answer: WarningAnswer) -> list[tuple[str, str]]:
    """What it rests on: (title, words)."""
    velocities = answer.waters.ways.velocities
    speed = [t("warning.basis_velocity", default=f"{velocities.default_m_s:g}")]
    if answer.factor != 1.0:
        speed.append(t("warning.basis_factor", factor=f"{answer.factor:.2g}"))
    speed.append(
        t("warning.basis_window", slow=f"{velocities.slow:g}", fast=f"{velocities.fast:g}")
    )
    turned = ", ".join(sorted(answer.waters.ways.turned))
    if turned:
        speed.append(t("warning.basis_turned", codes=turned))
    clauses = t("verdict.join.clauses")
    limit = t("warning.basis_limit", limit=wording.distance(answer.limit_m))
    day = wording.day(answer.verdict.on)
    return [
        (t("warning.basis.velocity"), clauses.join(speed)),
        (t("warning.basis.limit"), limit),
        (t("warning.basis.people"), t("warning.chiefs_on", date=day)),
        (t("warning.basis.caution"), t("warning.basis_moment")),
    ]


def window(first: datetime, last: datetime) -> str:
    """A window of arrival; its day is said once if it is the same."""
    end = f"{last:%H:%M}" if first.date() == last.date() else wording.moment(last)
    return t("warning.window", **{"from": wording.moment(first), "to": end})


def hours_text(value: float) -> str:
    """Hours, with a decimal while they are few."""
    return f"{value:.1f}" if value < _FEW_H else f"{value:.0f}"


def _role(held: Holding) -> str:
    tier, role = named("tier", held.tier), named("role", held.role)
    return t("verdict.post.tier_role", tier=tier, role=role)


def _vacancy(held: Holding) -> str:
    if held.since is None:
        return t("warning.vacant")
    return t("warning.vacant_since", since=wording.day(held.since))
