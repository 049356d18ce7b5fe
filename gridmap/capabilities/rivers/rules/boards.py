"""Signboards of river chiefs (河长公示牌): whether what stands on one is still true.

A board names one chief. It is out of date if that person does not hold a post of the reach on the
day asked, or if another phone than the holder's stands on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gridmap.capabilities.locate.rules.verdict import Person
from gridmap.capabilities.rivers.rules.file import Term
from gridmap.core.workdays import Calendar


class BoardFault(StrEnum):
    """What is wrong with a board."""

    FORMER = "former"
    """It names somebody who held the post and does no more."""
    STRANGER = "stranger"
    """It names somebody who never held a post of this reach."""
    PHONE = "phone"
    """The name is right, the phone is not the holder's."""
    UNNAMED = "unnamed"
    """Nobody is named."""
    NO_REACH = "no_reach"
    """Its reach is not known."""


@dataclass(frozen=True)
class Board:
    """A signboard as it stands; `name` and `phone` are what is written on it."""

    code: str
    title: str
    reach: str
    name: str
    phone: str
    updated: date | None


@dataclass(frozen=True)
class BoardState:
    """What a board says against who holds the post.

    Attributes:
        board: as it stands.
        fault: what is wrong, None if nothing is.
        role, tier: of the post that the named one holds or held, "" if unknown.
        since: first day on which the board was wrong, None if nobody knows.
        work_days: working days from then to the day asked, that day included; None without `since`.
        limit: working days in which it has to be renewed.
        now: who holds the post on the day; None for a vacancy.
        unannounced: years among those days whose public holidays are not announced yet.
    """

    board: Board
    fault: BoardFault | None
    role: str
    tier: str
    since: date | None
    work_days: int | None
    limit: int
    now: Person | None
    unannounced: tuple[int, ...] = ()

    @property
    def overdue(self) -> bool:
        """Whether the time to renew it has passed."""
        return self.work_days is not None and self.work_days > self.limit


def judged(
    board: Board, terms: Sequence[Term], on: date, limit: int, calendar: Calendar
) -> BoardState:
    """A board against the terms of its reach on a day.

    Args:
        board: as it stands.
        terms: all terms of its reach, of all tiers, without vacancies or with them.
        on: the day asked.
        limit: working days in which a board has to be renewed.
        calendar: which days are working days.
    """

    def state(
        fault: BoardFault | None,
        term: Term | None = None,
        since: date | None = None,
        now: Person | None = None,
    ) -> BoardState:
        role, tier = ("", "") if term is None else (term.role, term.tier)
        days = None if since is None else calendar.work_days(since, on)
        guessed = () if since is None else calendar.unannounced(since, on)
        return BoardState(board, fault, role, tier, since, days, limit, now, guessed)

    if not terms:
        return state(BoardFault.NO_REACH if not board.reach else BoardFault.STRANGER)
    if not board.name.strip():
        return state(BoardFault.UNNAMED)
    named = [
        one for one in terms
        if one.person is not None and _same(one.person.name, board.name)
        and (one.first is None or one.first <= on)
    ]  # fmt: skip
    for term in named:
        if term.holds(on) and term.person is not None:
            wrong = board.phone.strip() and _digits(board.phone) != _digits(term.person.phone)
            return state(BoardFault.PHONE if wrong else None, term, None, term.person)
    if not named:
        return state(BoardFault.STRANGER)
    last = max(named, key=lambda one: one.last or date.min)
    since = None if last.last is None else last.last + timedelta(days=1)
    now = next(
        (
            one.person for one in terms
            if (one.role, one.tier) == (last.role, last.tier) and one.holds(on) and one.person
        ),
        None,
    )  # fmt: skip
    return state(BoardFault.FORMER, last, since, now)


def in_order(found: Sequence[BoardState]) -> tuple[BoardState, ...]:
    """What is wrong first, the longest wrong before the rest."""
    return tuple(
        sorted(
            found,
            key=lambda one: (one.fault is None, -(one.work_days or 0), one.board.code),
        )
    )


def _same(name: str, written: str) -> bool:
    return "".join(name.split()) == "".join(written.split())


def _digits(phone: str) -> str:
    return "".join(one for one in phone if one.isdigit())
