"""Who held which post on a day, and which posts were vacant.

A post is held from `valid_from` to `valid_to`, both days included; an empty
`valid_to` means that it is still held. A role that is expected for a unit or reach
and that nobody holds on the day is a vacancy, with the day since when.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from gridmap.capabilities.locate.rules.verdict import Holding, Person

_BEGINNING: Final = date.min


@dataclass(frozen=True)
class Role:
    """A role as `resources/roles.toml` declares it: where it is expected, and its rank."""

    id: str
    scope: str
    tiers: tuple[str, ...]
    rank: int
    expected: bool = True


@dataclass(frozen=True)
class Post:
    """One term of office. `person` None is a post recorded as vacant for that time."""

    role: str
    tier: str
    scope: str
    scope_code: str
    person: Person | None
    valid_from: date | None
    valid_to: date | None

    def held_on(self, day: date) -> bool:
        """Whether the term includes the day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class PostBook:
    """All posts, found by what they are for. Build it with `PostBook.of`."""

    roles: tuple[Role, ...]
    by_scope: Mapping[tuple[str, str], tuple[Post, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, roles: Sequence[Role], posts: Iterable[Post]) -> "PostBook":
        """A book of these posts."""
        found: dict[tuple[str, str], list[Post]] = defaultdict(list)
        for post in posts:
            found[post.scope, post.scope_code].append(post)
        return cls(tuple(roles), {key: tuple(terms) for key, terms in found.items()})

    @cached_property
    def epochs(self) -> npt.NDArray[np.datetime64]:
        """The days on which any post begins or has ended, rising; between them nothing changes."""
        begun = [term.valid_from for terms in self.by_scope.values() for term in terms]
        ended = [term.valid_to for terms in self.by_scope.values() for term in terms]
        starts = np.array([day for day in begun if day is not None], "datetime64[D]")
        ends = np.array([day for day in ended if day is not None], "datetime64[D]")
        return np.unique(np.concatenate([starts, ends + np.timedelta64(1, "D")]))

    @cached_property
    def begins(self) -> date | None:
        """The first day of which any post tells; None where one is held from time out of mind."""
        first = [term.valid_from for terms in self.by_scope.values() for term in terms]
        known = [day for day in first if day is not None]
        return min(known) if known and len(known) == len(first) else None

    def on(
        self, day: date, scope: str, code: str, tiers: Sequence[str] | None = None
    ) -> tuple[Holding, ...]:
        """The posts of one unit, reach or district on a day, vacancies included.

        Args:
            day: the day asked.
            scope: `unit`, `reach` or `district`.
            code: the code of that unit, reach or district.
            tiers: the tiers at which the expected roles must be filled; by default the
                tiers at which this one ever had a post.
        """
        terms = self.by_scope.get((scope, code), ())
        expected = set(tiers if tiers is not None else (term.tier for term in terms))
        wanted = {
            (role.id, tier)
            for role in self.roles
            for tier in expected
            if self._due(role, scope, tier)
        }
        wanted |= {(term.role, term.tier) for term in terms if term.held_on(day)}
        found: list[Holding] = []
        for role_id, tier in sorted(wanted, key=self._order):
            found.extend(_holdings(role_id, tier, terms, day))
        if self.begins is not None and day < self.begins:
            found = [replace(one, begins=one.begins or self.begins) for one in found]
        return tuple(found)

    def _due(self, role: Role, scope: str, tier: str) -> bool:
        return role.expected and role.scope == scope and tier in role.tiers

    def _order(self, role_and_tier: tuple[str, str]) -> tuple[int, int, str, str]:
        role_id, tier = role_and_tier
        for role in self.roles:
            if role.id == role_id:
                place = role.tiers.index(tier) if tier in role.tiers else len(role.tiers)
                return (role.rank, place, role_id, tier)
        return (len(self.roles) + 1, 0, role_id, tier)


def _holdings(role: str, tier: str, terms: Sequence[Post], day: date) -> list[Holding]:
    """Everybody in one role on the day, or its vacancy."""
    mine = [term for term in terms if (term.role, term.tier) == (role, tier)]
    held = [term for term in mine if term.held_on(day)]
    people = sorted(
        ((term.person, term.valid_from) for term in held if term.person is not None),
        key=lambda pair: (pair[1] or _BEGINNING, pair[0].name),
    )
    if people:
        return [Holding(role, tier, person, since) for person, since in people]
    ended = [
        term.valid_to for term in mine
        if term.person is not None and term.valid_to is not None and term.valid_to < day
    ]  # fmt: skip
    if ended:
        return [Holding(role, tier, None, max(ended) + timedelta(days=1))]
    later = [
        term.valid_from for term in mine
        if term.person is not None and term.valid_from is not None and term.valid_from > day
    ]  # fmt: skip
    return [Holding(role, tier, None, None, min(later, default=None))]
