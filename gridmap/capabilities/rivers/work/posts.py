"""Reaches whose posts are not in order: nobody, two at once, or a term that has ended."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gridmap.capabilities.locate.rules.posts import PostBook
from gridmap.capabilities.locate.rules.verdict import Holding
from gridmap.capabilities.locate.work.answering import evidence_of
from gridmap.store.project import Project


class PostGapKind(StrEnum):
    """What may be wrong.

    NOBODY: a reach that never had a post. EXPIRED: the last term has ended, or the post is
    recorded as vacant. DOUBLE: two people hold one post of one tier.
    """

    NOBODY = "nobody"
    EXPIRED = "expired"
    DOUBLE = "double"


@dataclass(frozen=True)
class PostGap:
    """One thing to mend.

    Attributes:
        kind: see `PostGapKind`.
        reach, name: code and name of the reach.
        role, tier: of the post, "" where there never was one.
        people: names of those who hold it.
        since: the day from which on nobody holds it, if known.
        lon, lat: middle of the reach, degrees of EPSG:4490.
    """

    kind: PostGapKind
    reach: str
    name: str
    role: str
    tier: str
    people: tuple[str, ...]
    since: date | None
    lon: float
    lat: float


def gaps_in_posts(project: Project, on: date) -> tuple[PostGap, ...]:
    """What is not in order about the posts of reaches on a day, in the order of codes."""
    evidence = evidence_of(project)
    shapes = {
        reach.code: (reach, shape)
        for reach, shape in zip(evidence.reaches, evidence.reach_shapes, strict=True)
        if shape is not None and not shape.is_empty
    }
    found = []
    for code, (reach, shape) in sorted(shapes.items()):
        middle = shape.interpolate(0.5, normalized=True)
        for kind, role, tier, people, since in _of_reach(evidence.posts, code, on):
            found.append(
                PostGap(kind, code, reach.name, role, tier, people, since, middle.x, middle.y)
            )
    return tuple(found)


_Told = tuple[PostGapKind, str, str, tuple[str, ...], date | None]


def _of_reach(posts: PostBook, code: str, on: date) -> Iterator[_Told]:
    held = posts.on(on, "reach", code)
    if not held:
        yield PostGapKind.NOBODY, "", "", (), None
    by_post: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for one in held:
        by_post[one.role, one.tier].append(one)
    for (role, tier), holdings in by_post.items():
        people = _names(holdings)
        if not people:
            yield PostGapKind.EXPIRED, role, tier, (), holdings[0].since
        elif len(people) > 1:
            yield PostGapKind.DOUBLE, role, tier, people, None


def _names(holdings: Sequence[Holding]) -> tuple[str, ...]:
    return tuple(one.person.name for one in holdings if one.person is not None)
