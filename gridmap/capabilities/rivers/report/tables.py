"""The file of a river as tables: the same cells for the window, a workbook and the sheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from gridmap.capabilities.alerts.words import AlertWriting, grade_title
from gridmap.capabilities.rivers.rules.boards import BoardState
from gridmap.capabilities.rivers.rules.file import Term
from gridmap.capabilities.rivers.words import (
    RiverWriting,
    class_colour,
    class_sign,
    days_words,
    fault_words,
    kilometres,
    post_title,
)
from gridmap.capabilities.rivers.work.parts import OutletFile, ReachFile, SectionFile, ZoneFile
from gridmap.report import wording
from gridmap.report.document import Cell, SheetTable
from gridmap.report.titles import named
from gridmap.texts import t

BAD: Final = "#fbe3e0"
"""Ground of what needs somebody to act."""

TABLES: Final = ("reaches", "chiefs", "sections", "outlets", "zones", "alerts", "boards")


@dataclass(frozen=True)
class _Row:
    key: str
    cells: tuple[Cell, ...]


def key_of(layer_id: str, code: str) -> str:
    """What names a feature in `SheetTable.keys`."""
    return f"{layer_id}:{code}"


def place_of(key: str) -> tuple[str, str]:
    """Layer and code out of a key; ("", "") for a row without a place."""
    layer_id, _, code = key.partition(":")
    return layer_id, code


def river_tables(words: RiverWriting) -> tuple[SheetTable, ...]:
    """All tables of a river, in the order of `TABLES`."""
    makers: dict[str, Callable[[RiverWriting], tuple[tuple[str, ...], Iterator[_Row]]]] = {
        "reaches": _reaches,
        "chiefs": _chiefs,
        "sections": _sections,
        "outlets": _outlets,
        "zones": _zones,
        "alerts": _alerts,
        "boards": _boards,
    }
    found = []
    for name in TABLES:
        columns, made = makers[name](words)
        rows = tuple(made)
        found.append(
            SheetTable(
                name, t(f"river.table.{name}"), columns,
                tuple(row.cells for row in rows), tuple(row.key for row in rows),
            )
        )  # fmt: skip
    return tuple(found)


# --- the tables ---------------------------------------------------------------------------


def _reaches(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = (
        *_titles("number", "reach", "code", "length", "vacancies"),
        t("river.column.units", tier=named("tier", words.context.owner_tier)),
        *_titles("border", "patrol", "flow"),
    )

    def cells(number: int, one: ReachFile) -> tuple[Cell, ...]:
        empty = [named("tier", held.tier) for held in one.chiefs if held.vacant]
        return (
            Cell(number, str(number)),
            _text(one.name),
            _text(one.code),
            _metres(one.length_m),
            _text(t("river.listed").join(empty), BAD if empty else ""),
            _text(words.units(one.units)),
            _text(words.border(one)),
            _count(one.patrol_per_month),
            _text(t(f"river.flow.{one.flow}")),
        )

    return columns, (
        _Row(key_of(one.layer_id, one.code), cells(number, one))
        for number, one in enumerate(words.file.reaches, 1)
    )


def _chiefs(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = _titles(
        "reach", "tier", "role", "person", "organisation", "phone", "first", "last", "state"
    )

    def cells(reach: ReachFile, term: Term) -> tuple[Cell, ...]:
        tier, role = post_title(term.tier, term.role)
        now = term.holds(words.file.on)
        ground = BAD if term.person is None and now else ""
        person = term.person
        return (
            _text(reach.name),
            _text(tier),
            _text(role),
            _text(t("river.vacant") if person is None else person.name, ground),
            _text("" if person is None else person.organisation),
            _text("" if person is None else words.phone(person.phone)),
            _day(term.first),
            _day(term.last),
            _text(words.state(term), ground),
        )

    return columns, (
        _Row(key_of(reach.layer_id, reach.code), cells(reach, term))
        for reach in words.file.reaches
        for term in reach.history
    )


def _sections(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    months = tuple(f"{month:%y-%m}" for month in words.file.months)
    columns = (*_titles("section", "target"), *months,
               *_titles("section_role", "level", "reach", "chainage", "station"))  # fmt: skip
    day = words.file.on

    def cells(one: SectionFile) -> tuple[Cell, ...]:
        return (
            _text(one.name),
            _text(class_sign(one.target, day) if one.target else ""),
            *(
                Cell(number or None, class_sign(number, day), class_colour(number, day))
                for number in one.classes
            ),
            _text(words.title_of("section", "role", one.role)),
            _text(words.title_of("section", "control_level", one.control_level)),
            _text(words.reach_name(one.reach)),
            Cell(round(one.chainage_m), f"{one.chainage_m:.0f}"),
            _text(words.context.names.get(one.station, one.station)),
        )

    return columns, (_Row(key_of(o.layer_id, o.code), cells(o)) for o in words.file.sections)


def _outlets(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = _titles("outlet", "firm", "management", "reach", "chainage", "bank", "items")

    def cells(one: OutletFile) -> tuple[Cell, ...]:
        return (
            _text(one.name),
            _text(one.firm_name),
            _text(words.title_of("enterprise", "management", one.management)),
            _text(words.reach_name(one.reach)),
            Cell(round(one.chainage_m), f"{one.chainage_m:.0f}"),
            _text(t(f"river.bank.{one.bank.value}")),
            _text(one.items),
        )

    return columns, (_Row(key_of(o.layer_id, o.code), cells(o)) for o in words.file.outlets)


def _zones(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = _titles("zone", "kind", "zone_class", "state", "inside", "reaches", "disputed")

    def cells(one: ZoneFile) -> tuple[Cell, ...]:
        near = wording.distance(one.distance_m)
        inside = t("river.zone.crossed") if one.inside_m else t("river.zone.touches", distance=near)
        return (
            _text(one.name),
            _text(words.title_of("zone", "kind", one.kind)),
            _text(one.zone_class),
            _text(inside),
            _metres(one.inside_m) if one.inside_m else _text(""),
            _text(t("river.text.segments", numbers=words.numbers(one.reaches))),
            _text(t("river.zone.disputed") if one.disputed else "", BAD if one.disputed else ""),
        )

    return columns, (_Row(key_of(o.layer_id, o.code), cells(o)) for o in words.file.zones)


def _alerts(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = _titles("grade", "station", "item", "since", "peak", "status")
    writing = AlertWriting(words.context.names)
    sections = {one.station: one for one in words.file.sections if one.station}

    def rows() -> Iterator[_Row]:
        for one in words.file.alerts:
            section = sections.get(one.station)
            key = "" if section is None else key_of(section.layer_id, section.code)
            yield _Row(
                key,
                (
                    Cell(int(one.grade), grade_title(one.grade)),
                    _text(writing.station(one)),
                    _text(writing.item(one)),
                    _text(f"{one.start:%Y-%m-%d %H:%M}"),
                    _text(writing.short_peak(one)),
                    _text(t(f"alerts.status.{one.status.value}")),
                ),
            )

    return columns, rows()


def _boards(words: RiverWriting) -> tuple[tuple[str, ...], Iterator[_Row]]:
    columns = _titles(
        "code", "reach", "named", "fault", "now", "work_days", "limit", "updated"
    )  # fmt: skip

    def cells(one: BoardState) -> tuple[Cell, ...]:
        ground = BAD if one.fault is not None else ""
        now = t("river.vacant") if one.fault is not None and one.now is None and one.tier else ""
        return (
            _text(one.board.code),
            _text(words.reach_name(one.board.reach)),
            _text(one.board.name),
            _text(fault_words(one), ground),
            _text(one.now.name if one.now is not None else now),
            Cell(one.work_days, days_words(one), BAD if one.overdue else ""),
            Cell(one.limit, str(one.limit)),
            _day(one.board.updated),
        )

    return columns, (
        _Row(key_of("signboards", one.board.code), cells(one)) for one in words.file.boards
    )


# --- cells --------------------------------------------------------------------------------


def _titles(*names: str) -> tuple[str, ...]:
    return tuple(t(f"river.column.{name}") for name in names)


def _text(text: str, colour: str = "") -> Cell:
    return Cell(text or None, text or t("river.none"), colour)


def _count(value: int | None) -> Cell:
    return _text("") if value is None else Cell(value, str(value))


def _metres(metres: float) -> Cell:
    return Cell(round(metres / 1000.0, 3), kilometres(metres))


def _day(day: date | None) -> Cell:
    return _text("" if day is None else wording.day(day))
