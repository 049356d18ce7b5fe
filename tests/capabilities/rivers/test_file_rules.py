"""Order of the water, pieces of a reach, terms of office, signboards and working days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gridmap.capabilities.locate.rules.verdict import Person, UnitRef
from gridmap.capabilities.rivers.rules.boards import Board, BoardFault, Calendar, in_order, judged
from gridmap.capabilities.rivers.rules.file import (
    Node,
    Piece,
    Term,
    by_unit,
    history_of,
    in_order_of_water,
    joined,
    pieces_of,
)

A, B = UnitRef("a", "甲镇", "township"), UnitRef("b", "乙镇", "township")
OLD, NEW = Person("张三", phone="138 0000 0001"), Person("李四", phone="13800000002")
DAY = date(2026, 11, 22)


def term(person: Person | None, first: date | None, last: date | None) -> Term:
    return Term("R1", "river_chief", "township", person, first, last)


def board(name: str = "张三", phone: str = "", reach: str = "R1") -> Board:
    return Board("GS1", "牌", reach, name, phone, None)


# --- order --------------------------------------------------------------------------------


def codes(*reaches: Node) -> list[str]:
    return [reaches[place].code for place in in_order_of_water(reaches)]


def test_water_comes_before_what_it_flows_into() -> None:
    assert codes(Node("c", "2", "3"), Node("a", "3", "4"), Node("b", "1", "2")) == ["b", "c", "a"]


def test_a_braid_is_followed_to_its_end_before_the_other_is_begun() -> None:
    braid = (
        Node("1", "a", "b"), Node("2", "b", "c"), Node("3", "c", "d"),
        Node("4", "b", "e"), Node("5", "e", "d"), Node("6", "d", "f"),
    )  # fmt: skip
    found = codes(*braid)
    assert found[0] == "1"
    assert found[-1] == "6"
    assert found.index("2") < found.index("3")
    assert found.index("4") < found.index("5")


def test_a_loop_is_entered_at_its_lowest_code() -> None:
    assert codes(Node("y", "b", "a"), Node("x", "a", "b")) == ["x", "y"]


def test_reaches_without_nodes_stand_by_code() -> None:
    assert codes(Node("2", "", ""), Node("1", "", "")) == ["1", "2"]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_every_reach_stands_once(ends: list[tuple[int, int]]) -> None:
    reaches = [Node(f"{n:02}", str(a), str(b)) for n, (a, b) in enumerate(ends)]
    assert sorted(in_order_of_water(reaches)) == list(range(len(reaches)))


# --- lengths ------------------------------------------------------------------------------


@given(
    st.floats(1.0, 5000.0),
    st.lists(st.floats(-10.0, 5010.0), max_size=20),
    st.integers(1, 700),
)
def test_pieces_follow_without_gap(length: float, cuts: list[float], step: int) -> None:
    def owner(chainage: float) -> tuple[UnitRef | None, UnitRef | None]:
        return (A, None) if int(chainage / step) % 2 else (B, A)

    found = pieces_of(length, cuts, owner)
    assert found[0].start_m == 0.0
    assert found[-1].end_m == length
    assert all(a.end_m == b.start_m for a, b in pairwise(found))
    assert abs(sum(one.metres for one in by_unit(found)) - length) < 1e-6


def test_lengths_by_unit_keep_the_border_apart() -> None:
    found = by_unit(
        [Piece(0, 100, A), Piece(100, 150, A, B), Piece(150, 400, B), Piece(400, 401, None)]
    )
    assert [(one.unit, one.metres, one.border_m, one.with_units) for one in found] == [
        (A, 150, 50, (B,)), (B, 250, 0, ()), (None, 1, 0, ()),
    ]  # fmt: skip
    twice = joined([*found, *found])
    assert [(one.metres, one.border_m) for one in twice] == [(300, 100), (500, 0), (2, 0)]


# --- terms --------------------------------------------------------------------------------


def test_gaps_between_terms_are_vacancies_with_days() -> None:
    found = history_of(
        [
            term(NEW, date(2026, 3, 1), date(2026, 8, 31)),
            term(OLD, date(2025, 1, 1), date(2025, 12, 31)),
        ],
        DAY,
    )
    assert [(one.person, one.first, one.last) for one in found] == [
        (OLD, date(2025, 1, 1), date(2025, 12, 31)),
        (None, date(2026, 1, 1), date(2026, 2, 28)),
        (NEW, date(2026, 3, 1), date(2026, 8, 31)),
        (None, date(2026, 9, 1), None),
    ]


def test_a_seamless_change_has_no_vacancy_and_the_future_is_left_out() -> None:
    terms = [
        term(OLD, None, date(2026, 10, 14)),
        term(NEW, date(2026, 10, 15), None),
        term(OLD, date(2027, 1, 1), None),
    ]
    assert [one.person for one in history_of(terms, DAY)] == [OLD, NEW]


def test_two_at_once_leave_no_gap() -> None:
    terms = [term(OLD, date(2020, 1, 1), None), term(NEW, date(2021, 1, 1), date(2022, 1, 1))]
    assert all(one.person for one in history_of(terms, DAY))


def test_a_post_never_held_is_one_vacancy() -> None:
    (only,) = history_of([term(None, date(2026, 1, 1), None)], DAY)
    assert (only.person, only.first, only.last) == (None, date(2026, 1, 1), None)
    (later,) = history_of([term(NEW, date(2027, 1, 1), None)], DAY)
    assert (later.person, later.first) == (None, None)


# --- signboards ---------------------------------------------------------------------------

TERMS = (term(OLD, None, date(2026, 10, 14)), term(NEW, date(2026, 10, 15), None))


def test_a_board_that_names_the_former_chief() -> None:
    found = judged(board(), TERMS, DAY, 15, Calendar())
    assert (found.fault, found.since, found.now) == (BoardFault.FORMER, date(2026, 10, 15), NEW)
    assert found.work_days == 26
    assert found.overdue
    assert not judged(board(), TERMS, DAY, 30, Calendar()).overdue


def test_a_board_is_right_as_long_as_the_term_lasts() -> None:
    assert judged(board(), TERMS, date(2026, 10, 14), 15, Calendar()).fault is None
    assert judged(board(), TERMS, date(2026, 10, 15), 15, Calendar()).work_days == 0


def test_other_faults() -> None:
    def fault(one: Board) -> BoardFault | None:
        return judged(one, TERMS, DAY, 15, Calendar()).fault

    assert fault(board("李四", "138-0000-0002")) is None
    assert fault(board("李 四", "13800000001")) is BoardFault.PHONE
    assert fault(board("王五")) is BoardFault.STRANGER
    assert fault(board("")) is BoardFault.UNNAMED
    assert judged(board(reach=""), (), DAY, 15, Calendar()).fault is BoardFault.NO_REACH


def test_who_comes_later_is_no_chief_yet() -> None:
    assert judged(board("李四"), TERMS, date(2026, 1, 1), 15, Calendar()).fault is (
        BoardFault.STRANGER
    )


def test_the_longest_wrong_stands_first() -> None:
    right = judged(board("李四"), TERMS, DAY, 15, Calendar())
    wrong = judged(board(), TERMS, DAY, 15, Calendar())
    assert in_order([right, wrong]) == (wrong, right)


def test_working_days_go_by_the_calendar() -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert Calendar().work_days(friday, monday) == 1
    assert Calendar(extra={friday + timedelta(days=1)}).work_days(friday, monday) == 2
    assert Calendar(holidays={monday}).work_days(friday, monday) == 0
    assert Calendar().work_days(monday, friday) == 0
