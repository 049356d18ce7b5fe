"""The file of a river as text for a terminal."""

from collections import Counter
from typing import Final

from gridmap.domain.verdict import Holding
from gridmap.output import wording
from gridmap.output.alerts_words import AlertWriting, grade_title
from gridmap.output.river_words import (
    RiverWriting,
    class_sign,
    days_words,
    fault_words,
    kilometres,
    post_title,
    rule_words,
    unit_length,
)
from gridmap.output.verdict_lines import Line, Section, Tone, VerdictSheet
from gridmap.texts import t

_MOST: Final = 8


def present_river(words: RiverWriting) -> VerdictSheet:
    """The file as sections of lines, in the order of its tables."""
    file = words.file
    wrong = bool(file.outdated or file.vacancies)
    sections = (
        Section("head", t("river.title"), tuple(_head(words))),
        Section("reaches", t("river.table.reaches"), tuple(_reaches(words))),
        Section("chiefs", t("river.table.chiefs"), tuple(_chiefs(words))),
        Section("changes", t("river.text.changes"), tuple(_changes(words))),
        Section("sections", t("river.table.sections"), tuple(_sections(words)), _months(words)),
        Section("outlets", t("river.table.outlets"), tuple(_outlets(words))),
        Section("zones", t("river.table.zones"), tuple(_zones(words))),
        Section("alerts", t("river.table.alerts"), tuple(_alerts(words))),
        Section("boards", t("river.table.boards"), tuple(_boards(words))),
        Section("basis", t("river.basis.title"), tuple(basis_lines(words))),
    )
    return VerdictSheet(
        headline=f"{file.river.name} {file.river.code}",
        status="",
        tone=Tone.WARN if wrong else Tone.GOOD,
        sentence=words.sentence(),
        advice="",
        sections=tuple(one for one in sections if one.lines),
    )


def _head(words: RiverWriting) -> list[Line]:
    river = words.file.river
    lines = [
        Line(t("river.head.grade"), words.grade()),
        Line(t("river.head.goal"), words.goal()),
        Line(t("river.head.quality"), words.quality()),
    ]
    measured = words.file.length_m / 1000.0
    if abs(river.length_km - measured) > 0.01 * measured:
        facts = {"stated": f"{river.length_km:.2f}", "measured": f"{measured:.2f}"}
        text = t("river.head.stated", **facts)
        lines.append(Line(t("river.head.length"), text, tone=Tone.WARN))
    lines.extend(Line("", unit_length(one)) for one in words.file.units)
    return lines


def _reaches(words: RiverWriting) -> list[Line]:
    lines = []
    for number, one in enumerate(words.file.reaches, 1):
        parts = [f"{kilometres(one.length_m)} km", words.units(one.units)]
        if one.border is not None or any(unit.border_m for unit in one.units):
            parts.append(words.border(one))
        if one.patrol_per_month is not None:
            parts.append(t("river.text.patrols", count=one.patrol_per_month))
        lines.append(Line(f"{number} {one.name}", "  ".join(parts)))
    return lines


def chief_line(words: RiverWriting, held: Holding, codes: tuple[str, ...]) -> Line:
    """A post with its reaches; a vacancy in words and colour."""
    tier, role = post_title(held.tier, held.role)
    where = t("river.text.segments", numbers=words.numbers(codes))
    if held.person is None:
        text = (
            t("river.text.vacant_never")
            if held.since is None
            else t("river.text.vacant_since", first=wording.day(held.since))
        )
        return Line(t("verdict.post.tier_role", tier=tier, role=role), text, where, Tone.BAD)
    parts = [held.person.name, words.phone(held.person.phone)]
    if held.since is not None:
        parts.append(t("river.text.since", first=wording.day(held.since)))
    label = t("verdict.post.tier_role", tier=tier, role=role)
    return Line(label, "  ".join(filter(None, parts)), where)


def _chiefs(words: RiverWriting) -> list[Line]:
    return [chief_line(words, held, codes) for held, codes in words.chiefs()]


def _changes(words: RiverWriting) -> list[Line]:
    lines = []
    for reach, term in words.changes():
        tier, role = post_title(term.tier, term.role)
        first = wording.day(term.first) if term.first else t("river.text.earlier")
        last = wording.day(term.last) if term.last else t("river.text.open")
        name = t("river.vacant") if term.person is None else term.person.name
        value = f"{t('verdict.post.tier_role', tier=tier, role=role)}  {name}"
        gone = term.person is None and term.holds(words.file.on)
        span = t("river.text.term", first=first, last=last)
        lines.append(Line(reach.name, value, span, Tone.BAD if gone else Tone.PLAIN))
    return lines


def _months(words: RiverWriting) -> str:
    first, last = words.file.months[0], words.file.months[-1]
    return t("river.text.months", first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")


def _sections(words: RiverWriting) -> list[Line]:
    lines, day = [], words.file.on
    for one in words.file.sections:
        strip = " ".join(class_sign(number, day) for number in one.classes)
        target = t("river.text.target", sign=class_sign(one.target, day)) if one.target else ""
        lines.append(Line(one.name, strip if one.station else t("river.text.no_readings"), target))
    return lines


def outlet_lines(words: RiverWriting) -> list[Line]:
    """How many outlets and firms, by management."""
    outlets = words.file.outlets
    if not outlets:
        return []
    firms = {one.firm: one.management for one in outlets if one.firm}
    total = t("river.text.outlets", count=len(outlets), firms=len(firms))
    kinds = Counter(firms.values())
    parts = [
        t(
            "river.text.management",
            title=words.title_of("enterprise", "management", kind) or t("river.text.no_management"),
            count=count,
        )
        for kind, count in kinds.most_common()
    ]
    return [Line("", total, t("river.listed").join(parts))]


def _outlets(words: RiverWriting) -> list[Line]:
    outlets = words.file.outlets
    lines = outlet_lines(words)
    lines.extend(Line(words.reach_name(one.reach), one.name) for one in outlets[:_MOST])
    if len(outlets) > _MOST:
        lines.append(Line("", t("river.text.more", count=len(outlets) - _MOST)))
    return lines


def _zones(words: RiverWriting) -> list[Line]:
    lines = []
    for one in words.file.zones:
        how = (
            f"{t('river.zone.crossed')} {kilometres(one.inside_m)} km"
            if one.inside_m
            else t("river.zone.touches", distance=wording.distance(one.distance_m))
        )
        if one.disputed:
            how = f"{how}  {t('river.zone.disputed')}"
        lines.append(Line(words.title_of("zone", "kind", one.kind), one.name, how))
    return lines


def _alerts(words: RiverWriting) -> list[Line]:
    writing = AlertWriting(words.context.names)
    return [
        Line(
            grade_title(one.grade),
            f"{writing.station(one)}  {writing.item(one)}  {writing.short_peak(one)}",
            f"{one.start:%Y-%m-%d %H:%M}",
            Tone.WARN,
        )
        for one in words.file.alerts
    ]


def _boards(words: RiverWriting) -> list[Line]:
    lines = []
    for one in words.file.boards:
        value = f"{one.board.name or t('river.none')}  {fault_words(one)}"
        if one.fault is None:
            lines.append(Line(one.board.code, value, words.reach_name(one.board.reach)))
            continue
        aside = f"{words.reach_name(one.board.reach)}  {t('river.column.work_days')} "
        lines.append(Line(one.board.code, value, aside + days_words(one), Tone.BAD))
    return lines


def basis_lines(words: RiverWriting) -> list[Line]:
    """What the file rests on."""
    file = words.file
    titles = dict(words.context.wishes.layer_titles)
    data = t("river.listed").join(
        t("river.basis.undated", title=titles.get(layer_id, layer_id))
        if day is None
        else t("river.basis.dated", title=titles.get(layer_id, layer_id), date=wording.day(day))
        for layer_id, day in file.editions
    )
    until = t("river.basis.no_readings") if file.until is None else f"{file.until:%Y-%m-%d %H:%M}"
    return [
        Line(t("river.basis.day"), wording.day(file.on)),
        Line(t("river.basis.data"), data),
        Line(t("river.basis.readings"), until),
        Line(t("river.basis.boards"), rule_words(file)),
        Line("", t("river.basis.days")),
        Line("", t("river.basis.length")),
        Line("", t("river.basis.tiers")),
    ]
