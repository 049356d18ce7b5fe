"""A trace as a sheet of sections: what the terminal, the page and the printed sheet show."""

from collections.abc import Sequence
from typing import Final

from gridmap.domain.tracing import MarkKind, Suspect
from gridmap.output import wording
from gridmap.output.trace_words import TraceWriting, km
from gridmap.output.verdict_lines import Line, Section, Tone, VerdictSheet
from gridmap.texts import t

MOST_SUSPECTS: Final = 20
_MOST_MARKS: Final = 12


def present_trace(
    words: TraceWriting, ordered: Sequence[Suspect] | None = None, most: int = MOST_SUSPECTS
) -> VerdictSheet:
    """A trace in words, in the current language.

    Args:
        words: of the answer.
        ordered: the suspects in another order than that of the answer.
        most: how many suspects are told in full; the rest are counted.
    """
    suspects = words.answer.found.suspects if ordered is None else tuple(ordered)
    value, length = words.event_lines()
    first = suspects[0] if suspects and not suspects[0].behind else None
    sections = [
        Section("range", t("tracing.section.range"), tuple(words.range_lines())),
        _suspects(words, suspects, most),
        Section("notice", t("tracing.section.notice"), tuple(words.notice_lines(first))),
    ]
    marks = _marks(words)
    if marks.lines:
        sections.append(marks)
    sections.append(_basis(words, suspects))
    return VerdictSheet(
        headline=words.title(),
        status=t("tracing.status"),
        tone=Tone.WARN,
        sentence=t("verdict.join.clauses").join((value, length)),
        advice=advice_of(words, first),
        sections=tuple(sections),
    )


def advice_of(words: TraceWriting, first: Suspect | None) -> str:
    """Where to look first, and what a score is not."""
    if first is None:
        return t("tracing.no_proof")
    name = first.source.firm_name or first.source.name
    return t("tracing.advice", name=name, outlet=words.outlet(first), proof=t("tracing.no_proof"))


def _suspects(words: TraceWriting, suspects: Sequence[Suspect], most: int) -> Section:
    lines: list[Line] = []
    for number, one in enumerate(suspects[:most], 1):
        told = words.suspect(number, one)
        score = t("tracing.suspect.score", score=told.score_text)
        tone = Tone.QUIET if told.excluded else Tone.PLAIN
        name = f"{told.name} {words.outlet(one)}"
        lines.append(Line(told.sign, name, score, tone=tone, strong=True))
        if told.excluded:
            joined = t("verdict.join.clauses").join((words.way(one), words.excluded(one)))
            lines.append(Line("", joined, tone=tone))
            continue
        lines += [Line("", text) for text in (*told.lines, words.window(one))]
    if len(suspects) > most:
        lines.append(Line("", t("tracing.suspect.more", count=len(suspects) - most)))
    if not suspects:
        lines.append(Line("", t("tracing.suspect.none"), tone=Tone.QUIET))
    free = sum(not one.behind for one in suspects)
    note = t("tracing.suspect.count", count=len(suspects), free=free)
    return Section("suspects", t("tracing.section.suspects"), tuple(lines), note)


def _marks(words: TraceWriting) -> Section:
    shown = [
        Line(t(f"tracing.mark.{mark.kind.value}"), mark.name, km(way.metres), tone=Tone.QUIET)
        for mark, way in words.answer.found.marks
        if mark.kind is not MarkKind.SECTION
    ]
    lines = shown[:_MOST_MARKS]
    if len(shown) > _MOST_MARKS:
        rest = t("tracing.passes.more", count=len(shown) - _MOST_MARKS)
        lines.append(Line("", rest, tone=Tone.QUIET))
    return Section("marks", t("tracing.section.marks"), tuple(lines))


def _basis(words: TraceWriting, suspects: Sequence[Suspect]) -> Section:
    lines = [Line(t("tracing.basis.data"), words.basis(), tone=Tone.QUIET)]
    if suspects:
        weights = t("tracing.dot").join(
            f"{t(f'tracing.part.{part.kind.value}')} {part.weight:g}" for part in suspects[0].parts
        )
        lines.append(Line(t("tracing.basis.weights"), weights, tone=Tone.QUIET))
    event = words.answer.found.event
    limit = words.value(event.limit)
    lines.append(Line(t("tracing.basis.limit"), limit, tone=Tone.QUIET))
    day = wording.day(words.answer.peak[1].date())
    lines.append(Line(t("tracing.basis.day"), day, tone=Tone.QUIET))
    return Section("basis", t("tracing.section.basis"), tuple(lines))
