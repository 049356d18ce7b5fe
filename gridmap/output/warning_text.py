"""A downstream warning as a sheet of sections: what the terminal and the page show."""

from gridmap.domain.warning import TargetKind
from gridmap.output.verdict_lines import Line, Section, Tone, VerdictSheet
from gridmap.output.warning_words import (
    SHOWN,
    advice,
    arrival_words,
    basis_of,
    call_words,
    headline,
    sentence,
)
from gridmap.project.warning import WarningAnswer
from gridmap.texts import t


def present_warning(answer: WarningAnswer, *, full_phones: bool = False) -> VerdictSheet:
    """A warning in words, in the current language; phones masked unless asked."""
    sections = [
        _stops(answer),
        _arrivals(answer),
        _calls(answer, full_phones=full_phones),
        _reaches(answer),
        _basis(answer),
    ]
    return VerdictSheet(
        headline=headline(answer),
        status=t("warning.status"),
        tone=Tone.WARN,
        sentence=sentence(answer),
        advice=advice(answer, full_phones=full_phones),
        sections=tuple(section for section in sections if section.lines),
    )


def _stops(answer: WarningAnswer) -> Section:
    lines = []
    for one in answer.found.stopped_by:
        told = arrival_words(answer, one)
        aside = t("warning.dot").join((told.distance, told.window))
        lines.append(Line(told.kind, told.name, aside, tone=Tone.WARN))
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
    return Section("basis", t("warning.section.basis"), tuple(lines))
