"""The figures of the river-chief system and of moving water, and what a project sets of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from gridmap.capabilities.rivers.rules.waterways import Velocities
from gridmap.core.workdays import Calendar
from gridmap.standards.mistakes import Reason
from gridmap.standards.tables import Confidence
from gridmap.store import figures
from gridmap.store.figures import Figures
from gridmap.store.project import Project


@dataclass(frozen=True)
class BoardRule:
    """In how many working days after a change a signboard has to be renewed.

    `province` is "" for a figure that the project sets itself.
    """

    province: str
    title_zh: str
    title_en: str
    work_days: int
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class ChiefRules:
    """What offices differ in.

    Attributes:
        board: the rule for signboards that counts here.
        boards: all known ones.
        calendar: which days are working days.
        duties: tier to duties in Chinese and English.
        supervision_phone: for the signboard text, "" if none is set.
    """

    board: BoardRule
    boards: tuple[BoardRule, ...]
    calendar: Calendar
    duties: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    supervision_phone: str = ""


class _Title(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str


class _Board(BaseModel):
    model_config = ConfigDict(extra="forbid")
    province: str
    title: _Title
    work_days: Annotated[int, Field(ge=1, le=365)]
    source: str
    confidence: Confidence


class _Duties(_Title):
    confidence: Confidence = Confidence.LOW


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid")
    province: str = ""
    board_work_days: Annotated[int, Field(ge=1, le=365)] | None = None
    supervision_phone: str = ""
    holidays: list[date] = []
    extra_work_days: list[date] = []
    board: Annotated[list[_Board], Field(min_length=1)]
    duties: dict[str, _Duties] = {}


CHIEFS: Final = Figures(_Figures, "river_chief", "river_chief")


@dataclass(frozen=True)
class _Table:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    velocity: Velocities


VELOCITY: Final = Figures(_Table, "tracing_rules", "rules.tracing", only=("velocity",))


def velocities_of(project: Project) -> Velocities:
    """How fast water runs where nobody measured; settings `rules.tracing.velocity.<name>` win.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, VELOCITY).velocity


def chief_rules_of(project: Project) -> ChiefRules:
    """The figures; settings `river_chief.<name>` of the project win.

    Raises:
        FigureError: for a setting that does not fit.
    """
    found = figures.read(project, CHIEFS)
    boards = tuple(
        BoardRule(o.province, o.title.zh, o.title.en, o.work_days, o.source, o.confidence)
        for o in found.board
    )
    return ChiefRules(
        board=_the_rule(found, boards, project),
        boards=boards,
        calendar=Calendar(frozenset(found.holidays), frozenset(found.extra_work_days)),
        duties={tier: (one.zh, one.en) for tier, one in found.duties.items()},
        supervision_phone=found.supervision_phone,
    )


def _the_rule(found: _Figures, boards: tuple[BoardRule, ...], project: Project) -> BoardRule:
    """A figure of the project's own, else that of its province, else the shortest."""
    if found.board_work_days is not None:
        return BoardRule("", "", "", found.board_work_days, "", Confidence.HIGH)
    if not found.province:
        return min(boards, key=lambda one: one.work_days)
    for one in boards:
        if one.province == found.province:
            return one
    known = Reason("figures.reason.enum", {"expected": ", ".join(one.province for one in boards)})
    raise figures.refused(project, CHIEFS.prefix, ("province",), found.province, known)
