"""The parts a verdict is shown in: lines, sections, the whole sheet."""

from dataclasses import dataclass
from enum import StrEnum

from gridmap.domain.verdict import Holding
from gridmap.output import wording
from gridmap.texts import has, t


class Tone(StrEnum):
    """What a line's colour says, beside its words."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Line:
    """One line: a short label, what it says, and an aside at the right; `strong` heads others."""

    label: str
    value: str
    aside: str = ""
    tone: Tone = Tone.PLAIN
    strong: bool = False


@dataclass(frozen=True)
class Section:
    """Lines under a title; `note` stands beside the title. `id` names it for tests and styles."""

    id: str
    title: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True)
class VerdictSheet:
    """A verdict in words, in the current language."""

    headline: str
    status: str
    tone: Tone
    sentence: str
    advice: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Wishes:
    """What the reader wants: phones in full (officials on duty only) or masked; item decimals."""

    full_phones: bool = False
    item_titles: tuple[tuple[str, str], ...] = ()
    item_decimals: tuple[tuple[str, int], ...] = ()
    layer_titles: tuple[tuple[str, str], ...] = ()


def named(kind: str, code: str) -> str:
    """The title of a code, or the code itself where it is the office's own."""
    key = f"verdict.{kind}.{code}"
    return t(key) if has(key) else code


def holding_line(holding: Holding, wishes: Wishes, *, tier: bool = False) -> Line:
    """One post: the holder with a phone, or the vacancy in words and colour.

    The label is the role, with its tier before it if `tier`.
    """
    role = named("role", holding.role)
    if tier:
        role = t("verdict.post.tier_role", tier=named("tier", holding.tier), role=role)
    if holding.person is None:
        text = (
            t("verdict.post.vacant_since", since=wording.day(holding.since))
            if holding.since is not None
            else t("verdict.post.vacant_never")
        )
        return Line(role, text, tone=Tone.BAD)
    phone = holding.person.phone
    aside = phone if wishes.full_phones else wording.masked_phone(phone)
    return Line(role, holding.person.name, aside)
