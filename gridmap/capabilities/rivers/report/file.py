"""The document of a river: 一河一档 as text, tables, JSON form, and on one or two pages of A4."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from gridmap.capabilities.alerts.words import AlertWriting, grade_title
from gridmap.capabilities.locate.rules.verdict import Holding
from gridmap.capabilities.rivers.report.data import river_data
from gridmap.capabilities.rivers.report.tables import river_tables
from gridmap.capabilities.rivers.words import (
    RiverWriting,
    class_sign,
    days_words,
    fault_words,
    kilometres,
    post_title,
    rule_words,
    unit_length,
)
from gridmap.capabilities.rivers.work.parts import River
from gridmap.report import wording
from gridmap.report.document import (
    Block,
    Callout,
    Column,
    Document,
    Line,
    Paragraph,
    PictureOf,
    Rows,
    Section,
    SheetTable,
    Strip,
    Strips,
    Table,
    Tone,
    Word,
)
from gridmap.texts import t

_MOST: Final = 8
_MOST_OUTLETS: Final = 6
_MAP_MM: Final = 56.0

# Table to the columns that are printed and their share of the width.
_PRINTED: Final = {
    "reaches": ((0, 1, 3, 5, 6, 7, 4), (0.05, 0.13, 0.09, 0.33, 0.23, 0.08, 0.09)),
    "outlets": ((0, 2, 3, 5, 6), (0.36, 0.13, 0.15, 0.09, 0.27)),
    "zones": ((0, 1, 3, 4, 5), (0.34, 0.2, 0.14, 0.1, 0.22)),
    "alerts": ((0, 1, 2, 3, 4, 5), (0.1, 0.27, 0.13, 0.18, 0.2, 0.12)),
    "boards": ((0, 1, 2, 3, 4, 5), (0.09, 0.14, 0.2, 0.25, 0.16, 0.16)),
}


def river_document(words: RiverWriting, board: Sequence[str] = ()) -> Document:
    """The file of a river in words, in the current language; on paper with the picture "map".

    Args:
        words: of the file; its wishes say whether phones are masked.
        board: lines of a signboard text to print.
    """
    file, context = words.file, words.context
    prepared = river_tables(words)
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
        _basis(words),
    )
    return Document(
        kind="river",
        headline=river_title(file.river),
        tone=Tone.WARN if file.outdated or file.vacancies else Tone.GOOD,
        sentence=words.sentence(),
        body=tuple(one for one in sections if one.lines),
        paper=_paper(words, prepared, board),
        tables=(*map(_written, prepared), Table(t("river.about"), _about(words))),
        spread=True,
        data=river_data(file, context),
        heading=f"{t('river.title')} · {file.river.name}",
        project_title=context.project_title,
        example=context.example,
        dense=True,
    )


def _written(table: SheetTable) -> Table:
    """What goes into a file; of classes the numeral, which is what people read."""
    plain = table.values()
    if table.id != "sections":
        return plain
    columns = dict(plain.columns)
    for place, title in enumerate(table.columns):
        if title[:2].isdigit():
            columns[title] = [row[place].text for row in table.rows]
    return Table(plain.title, columns)


def _about(words: RiverWriting) -> dict[str, list[str]]:
    """The head and the basis as two columns."""
    river = words.file.river
    lines = [
        Line(t("river.title"), river_title(river)),
        Line("", words.sentence()),
        *head_lines(words),
        *basis_lines(words),
        Line(t("tracing.sheet.project"), words.context.project_title),
    ]
    if words.context.example:
        lines.append(Line("", t("verdict.example_note")))
    return {
        t("tracing.sheet.what"): [wording.one_line(line.label) for line in lines],
        t("tracing.sheet.value"): [wording.one_line(line.value) for line in lines],
    }


def river_title(river: River) -> str:
    """The name with the code; of a river under several codes the name, which its codes follow."""
    return river.name if len(river.codes) > 1 else f"{river.name} {river.code}"


def head_lines(words: RiverWriting) -> list[Line]:
    """Grade, goal and quality."""
    codes = words.file.river.codes
    several = [Line(t("river.head.codes"), "、".join(codes))] if len(codes) > 1 else []
    return [
        *several,
        Line(t("river.head.grade"), words.grade()),
        Line(t("river.head.goal"), words.goal()),
        Line(t("river.head.quality"), words.quality()),
    ]


def _head(words: RiverWriting) -> list[Line]:
    river = words.file.river
    lines = head_lines(words)
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
        if held.begins is not None:
            text = t("verdict.post.before_roster", begins=wording.day(held.begins))
        elif held.since is None:
            text = t("river.text.vacant_never")
        else:
            text = t("river.text.vacant_since", first=wording.day(held.since))
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


def _basis(words: RiverWriting) -> Section:
    lines = tuple(basis_lines(words))
    return Section("basis", t("river.basis.title"), lines, small=True)


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


# --- paper --------------------------------------------------------------------------------


def _paper(
    words: RiverWriting, prepared: Sequence[SheetTable], board: Sequence[str]
) -> tuple[Block, ...]:
    """Head, map, reaches, posts, classes, boards that are wrong, alerts, outlets, zones, basis."""
    tables = {table.id: table for table in prepared}
    chiefs = tuple(_chiefs(words))
    few = len(words.file.outlets) <= _MOST_OUTLETS
    sums = " · ".join(text for text, _ in words.chips())
    bad = any(tone == "bad" for _, tone in words.chips())
    blocks: list[Block] = [
        Paragraph((words.sentence(),), strong=True),
        Section("head", "", tuple(head_lines(words))),
        Paragraph((sums,), Tone.BAD if bad else Tone.PLAIN),
        PictureOf("map", _MAP_MM, noted=True),
        _rows(tables["reaches"]),
        Section("chiefs", t("river.table.chiefs"), chiefs),
        _strips(words, tables["sections"]),
        # The table has those that are wrong first.
        _rows(tables["boards"], most=len(words.file.outdated)),
        _rows(tables["alerts"]),
        Section("outlets", t("river.table.outlets"), tuple(outlet_lines(words))),
        *((_rows(tables["outlets"], headed=False),) if few else ()),
        _rows(tables["zones"]),
        *((Callout(board[0], tuple(board[1:])),) if board else ()),
        _basis(words),
    ]
    return tuple(blocks)


def _rows(table: SheetTable, most: int | None = None, *, headed: bool = True) -> Rows:
    """Some columns of a table; how many rows it has stands in the title."""
    places, shares = _PRINTED[table.id]
    rows = table.rows[:most]
    return Rows(
        table.id,
        f"{table.title} {len(rows)}" if headed else "",
        tuple(Column(s, table.columns[p]) for p, s in zip(places, shares, strict=True)),
        tuple(
            tuple(Word(row[p].text, Tone.BAD if row[p].colour else Tone.PLAIN) for p in places)
            for row in rows
        ),
        ruled=False,
    )


def _strips(words: RiverWriting, table: SheetTable) -> Strips:
    """A strip of classes for each section."""
    end = 2 + len(words.file.months)
    return Strips(
        table.id,
        f"{table.title} {len(table.rows)}",
        table.columns[:end],
        tuple(
            Strip(row[0].text, row[1].text, tuple((one.text, one.colour) for one in row[2:end]))
            for row in table.rows
        ),
    )
