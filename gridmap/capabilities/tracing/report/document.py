"""The document of a trace: what terminal, page, JSON, tables and the printed sheet show."""

from collections.abc import Sequence
from typing import Any, Final

from gridmap.capabilities.rivers.rules.waterways import MarkKind
from gridmap.capabilities.tracing.report.data import trace_data
from gridmap.capabilities.tracing.report.words import TraceWriting, step_of
from gridmap.capabilities.tracing.rules import PartKind, Suspect
from gridmap.core.moments import moment_of
from gridmap.report import wording
from gridmap.report.document import (
    ANSWER,
    SIGNED,
    Block,
    Document,
    Line,
    PictureOf,
    Section,
    Table,
    Tone,
)
from gridmap.texts import t

MOST_SUSPECTS: Final = 20
_MOST_PRINTED: Final = 12
_MOST_MARKS: Final = 12
_PICTURE_MM: Final = 78.0


def trace_document(words: TraceWriting, ordered: Sequence[Suspect] | None = None) -> Document:
    """A trace in words, in the current language; on paper with pictures "map" and "profile".

    Args:
        words: of the answer; its wishes say whether phones are masked.
        ordered: the suspects in another order than that of the answer.
    """
    suspects = words.answer.found.suspects if ordered is None else tuple(ordered)
    value, length = words.event_lines()
    headline = words.title()
    sentence = t("verdict.join.clauses").join((value, length))
    return Document(
        kind="trace",
        headline=headline,
        status=t("tracing.status"),
        tone=Tone.WARN,
        sentence=sentence,
        advice=advice_of(words, _first(suspects)),
        body=_sections(words, suspects, MOST_SUSPECTS),
        paper=_paper(words, suspects),
        tables=(
            _suspect_table(words, suspects),
            Table(t("tracing.sheet.about"), _about(words, headline, sentence)),
        ),
        data=trace_data(words),
        heading=t("tracing.print.title"),
        project_title=words.context.project_title,
        example=words.context.example,
    )


def _first(suspects: Sequence[Suspect]) -> Suspect | None:
    """The first suspect, unless a clean section excludes even that."""
    return suspects[0] if suspects and not suspects[0].behind else None


def _sections(words: TraceWriting, suspects: Sequence[Suspect], most: int) -> tuple[Section, ...]:
    """What is told, with at most so many suspects in full; the rest are counted."""
    first, marks = _first(suspects), _marks(words)
    return (
        Section("range", t("tracing.section.range"), tuple(words.range_lines())),
        _suspects(words, suspects, most),
        Section("notice", t("tracing.section.notice"), tuple(words.notice_lines(first))),
        *((marks,) if marks.lines else ()),
        _basis(words, suspects),
    )


def _paper(words: TraceWriting, suspects: Sequence[Suspect]) -> tuple[Block, ...]:
    pictures = (
        PictureOf("map", _PICTURE_MM, noted=True, below_mm=1.0),
        PictureOf("profile", _PICTURE_MM, below_mm=2.0),
    )
    return (ANSWER, *pictures, *_sections(words, suspects, _MOST_PRINTED), SIGNED)


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
        Line(
            t(f"tracing.mark.{mark.kind.value}"),
            mark.name,
            wording.distance(way.metres),
            tone=Tone.QUIET,
        )
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
    return Section("basis", t("tracing.section.basis"), tuple(lines), small=True)


# --- tables -------------------------------------------------------------------------------


def _suspect_table(words: TraceWriting, suspects: Sequence[Suspect]) -> Table:
    """A row for each suspect."""
    rows = [_cells(words, number, one) for number, one in enumerate(suspects, 1)]
    return Table.of(t("tracing.sheet.title"), _headings(), rows)


def _headings() -> list[str]:
    return [
        t("tracing.sheet.rank"), t("tracing.sheet.firm"), t("tracing.sheet.firm_code"),
        t("tracing.sheet.outlet"), t("tracing.sheet.outlet_code"), t("tracing.sheet.score"),
        *(t(f"tracing.part.{kind.value}") for kind in PartKind),
        t("tracing.sheet.metres"), t("tracing.sheet.fast"), t("tracing.sheet.slow"),
        t("tracing.sheet.first"), t("tracing.sheet.last"), t("tracing.sheet.permit"),
        t("tracing.sheet.excluded"), t("tracing.sheet.unit"), t("tracing.sheet.people"),
        t("tracing.sheet.next"), t("tracing.sheet.lon"), t("tracing.sheet.lat"),
    ]  # fmt: skip


def _cells(words: TraceWriting, number: int, one: Suspect) -> list[Any]:
    source = one.source
    told = words.suspect(number, one)
    lon, lat = words.answer.waters.place_of(source.spot)
    parts = {part.kind: part.value for part in one.parts}
    facts = {"unit": words.unit(one), "section": one.behind}
    return [
        number, told.name, source.firm, source.name, source.code, round(one.score, 4),
        *(None if parts[kind] is None else round(float(parts[kind] or 0.0), 4)
          for kind in PartKind),
        round(one.way.metres), round(one.way.hours_fast, 2), round(one.way.hours_slow, 2),
        f"{moment_of(one.earliest):%Y-%m-%d %H:%M}", f"{moment_of(one.latest):%Y-%m-%d %H:%M}",
        words.permit(one), one.behind, words.unit(one), words.people(one),
        t(f"tracing.step.{step_of(one)}", **facts), round(lon, 6), round(lat, 6),
    ]  # fmt: skip


def _about(words: TraceWriting, headline: str, sentence: str) -> dict[str, list[str]]:
    """Everything else, as two columns."""
    sections = _sections(words, words.answer.found.suspects, 0)
    lines = [
        Line(t("tracing.sheet.event"), headline),
        Line("", sentence),
        *(line for part in sections if part.id != "suspects" for line in part.lines),
        Line("", t("tracing.no_proof")),
        Line(t("tracing.sheet.project"), words.context.project_title),
    ]
    if words.context.example:
        lines.append(Line("", t("verdict.example_note")))
    values = [" ".join(filter(None, (line.value, line.aside))) for line in lines]
    return {
        t("tracing.sheet.what"): [wording.one_line(line.label) for line in lines],
        t("tracing.sheet.value"): [wording.one_line(value) for value in values],
    }
