"""One person is appointed to many reaches at once: one change, logged, and can be undone.

Who held the post until then holds it to the day before; a term that begins later is never touched.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

ROLE: Final = "river_chief"
_DIGITS: Final = 12


@dataclass(frozen=True)
class Appointment:
    """Who is appointed to what, from which day on (included).

    Attributes:
        name: of the person.
        tier: of the post, such as `township`.
        since: first day in office, Asia/Shanghai.
        phone, organisation: of the person, "" where not known; a person of the same name and phone
            who is in the project already is the one meant.
        role: of the post.
    """

    name: str
    tier: str
    since: date
    phone: str = ""
    organisation: str = ""
    role: str = ROLE


@dataclass(frozen=True)
class Appointed:
    """What was done: codes of the reaches with a new term, and of those that had it already."""

    reaches: tuple[str, ...]
    already: tuple[str, ...]
    ended: int
    revision: int | None


def appoint(
    project: Project, reaches: Collection[str], wanted: Appointment, *, actor: str = ""
) -> Appointed:
    """Appoint a person to a post of each of these reaches.

    Args:
        project: where they are.
        reaches: their codes.
        wanted: who, to what, since when.
        actor: for the log.

    Raises:
        ProjectError: `network.error.no_reach` for a code that is not there, `.nobody_named`,
            `.later_term` naming reach, person and day; those of `Project.change`.
    """
    if not wanted.name.strip():
        raise ProjectError("network.error.nobody_named")
    known = {str(code) for _, frame in frames_of(project, "reach") for code in frame["code"]}
    for code in reaches:
        if code not in known:
            raise ProjectError("network.error.no_reach", reach=code)
    people, posts = project.people(), project.posts()
    person, is_new = _person(people, wanted)
    ended, added, already = [], [], []
    for code in dict.fromkeys(reaches):
        held = posts[
            (posts["scope"] == "reach") & (posts["scope_code"] == code)
            & (posts["role"] == wanted.role) & (posts["tier"] == wanted.tier)
        ]  # fmt: skip
        now = held[held["valid_to"].isna() | (held["valid_to"] >= wanted.since)]
        if (now["person_id"] == person["person_id"]).any():
            already.append(code)
            continue
        _no_later(held, people, code, wanted)
        ended.append(now.assign(valid_to=wanted.since - timedelta(days=1)))
        added.append(_term(code, person["person_id"], wanted))
    if not added:
        return Appointed((), tuple(already), 0, None)
    closed = pd.concat(ended)
    with project.change("appoint_chief", actor=actor, note=wanted.name) as change:
        if is_new:
            change.put_people(pd.DataFrame([person]))
        change.put_posts(pd.concat([closed, pd.DataFrame(added)], ignore_index=True))
        change.detail["appoint"] = {
            "person": person["person_id"], "tier": wanted.tier, "role": wanted.role,
            "since": wanted.since.isoformat(), "reaches": [one["scope_code"] for one in added],
        }  # fmt: skip
        revision = change.revision
    codes = tuple(str(one["scope_code"]) for one in added)
    return Appointed(codes, tuple(already), len(closed), revision)


def _person(people: pd.DataFrame, wanted: Appointment) -> tuple[dict[str, Any], bool]:
    """The person of this name and phone, or a new one; without a phone the only one so named."""
    same = people[people["name"] == wanted.name.strip()]
    if wanted.phone.strip():
        same = same[same["phone"].fillna("") == wanted.phone.strip()]
    if len(same) == 1:
        return dict(same.iloc[0]), False
    parts = (wanted.name.strip(), wanted.organisation.strip(), wanted.phone.strip())
    if len(same) > 1:
        raise ProjectError("network.error.namesakes", name=parts[0], count=len(same))
    return {
        "person_id": _digest("P", *parts), "name": parts[0], "organisation": parts[1] or None,
        "phone": parts[2] or None, "data_status": "real",
    }, True  # fmt: skip


def _no_later(held: pd.DataFrame, people: pd.DataFrame, code: str, wanted: Appointment) -> None:
    """Two people would hold one post: that is for somebody to decide."""
    later = held[held["valid_from"].notna()]
    later = later[later["valid_from"] >= wanted.since]
    later = later[later["person_id"].notna()]
    if len(later):
        first = later.iloc[0]
        names = people.loc[people["person_id"] == first["person_id"], "name"]
        raise ProjectError(
            "network.error.later_term", reach=code, day=first["valid_from"].isoformat(),
            person=names.iloc[0] if len(names) else first["person_id"],
        )  # fmt: skip


def _term(code: str, person: str, wanted: Appointment) -> dict[str, Any]:
    return {
        "post_id": _digest("D", person, wanted.role, wanted.tier, code, wanted.since.isoformat()),
        "person_id": person, "role": wanted.role, "tier": wanted.tier, "scope": "reach",
        "scope_code": code, "valid_from": wanted.since, "valid_to": None, "data_status": "real",
    }  # fmt: skip


def _digest(prefix: str, *parts: str) -> str:
    return prefix + hashlib.sha256("|".join(parts).encode()).hexdigest()[:_DIGITS]
