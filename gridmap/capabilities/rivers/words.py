"""The file of a river in words: places, borders, terms, boards, the text of a signboard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gridmap.capabilities.locate.rules.verdict import BorderKind, Holding, UnitRef
from gridmap.capabilities.rivers.rules.boards import BoardFault, BoardState
from gridmap.capabilities.rivers.rules.file import Term, UnitLength
from gridmap.capabilities.rivers.work.boards import ReachEnd, SignboardText
from gridmap.capabilities.rivers.work.parts import ReachFile, RiverFile
from gridmap.capabilities.stations.work.facts import series_names
from gridmap.report import wording
from gridmap.report.titles import Wishes, class_look, named, shown_phone, wishes_for
from gridmap.store.project import Project
from gridmap.texts import current_language, has, pick, t

_FIELDS: Final = (
    ("river", "grade"),
    ("section", "role"),
    ("section", "control_level"),
    ("enterprise", "management"),
    ("zone", "kind"),
)
_KM: Final = 1000.0


@dataclass(frozen=True)
class RiverContext:
    """What the words need besides the file.

    Attributes:
        wishes: how items, layers and phones are shown.
        project_title: of the project; example: whether it is one.
        owner_tier: the tier that answers.
        titles: role of a layer and field to the titles of its values.
        names: station codes to names.
    """

    wishes: Wishes
    project_title: str
    example: bool
    owner_tier: str
    titles: Mapping[tuple[str, str], Mapping[str, str]]
    names: Mapping[str, str]


def river_context(project: Project, owner_tier: str, *, full_phones: bool = False) -> RiverContext:
    """What the words about rivers of a project need, in the current language. Any thread."""
    titles = {
        (str(role), name): {
            value: pick(title.as_dict())
            for value, title in declaration.field(name).value_titles.items()
        }
        for role, name in _FIELDS
        for declaration in project.declarations.values()
        if declaration.role == role and name in {one.name for one in declaration.fields}
    }
    return RiverContext(
        wishes_for(project, full_phones=full_phones), project.title, project.is_example,
        owner_tier, titles, series_names(project),
    )  # fmt: skip


class RiverWriting:
    """Writes one file in the current language."""

    def __init__(self, file: RiverFile, context: RiverContext) -> None:
        self.file, self.context = file, context
        self._number = {reach.code: place for place, reach in enumerate(file.reaches, 1)}

    # --- small things ---------------------------------------------------------------------

    def title_of(self, role: str, field: str, value: str) -> str:
        """The title of a value of a layer's field, or the value itself."""
        return self.context.titles.get((role, field), {}).get(value, value)

    def phone(self, phone: str) -> str:
        """A phone, masked unless the reader wants it in full."""
        return shown_phone(phone, full=self.context.wishes.full_phones)

    def reach_name(self, code: str) -> str:
        """The name of a reach of this river, or its code."""
        place = self._number.get(code)
        return code if place is None else self.file.reaches[place - 1].name

    def numbers(self, codes: Iterable[str]) -> str:
        """Reaches by their numbers along the water: 1–4、6."""
        places = sorted(self._number[code] for code in codes if code in self._number)
        runs: list[list[int]] = []
        for place in places:
            if runs and runs[-1][1] == place - 1:
                runs[-1][1] = place
            else:
                runs.append([place, place])
        return t("river.listed").join(
            t("river.text.number", first=first)
            if first == last
            else t("river.text.range", first=first, last=last)
            for first, last in runs
        )

    # --- the head -------------------------------------------------------------------------

    def sentence(self) -> str:
        """Length, reaches, units."""
        units = t("river.listed").join(unit_name(one.unit) for one in self.file.units)
        return t(
            "river.head.sentence", length=wording.distance(self.file.length_m),
            reaches=len(self.file.reaches), units=units,
        )  # fmt: skip

    def grade(self) -> str:
        """Grade and basin."""
        river = self.file.river
        grade = self.title_of("river", "grade", river.grade)
        if grade and river.basin:
            return t("river.head.facts", grade=grade, basin=river.basin)
        return grade or river.basin or t("river.unknown")

    def goal(self) -> str:
        """The goal, or that there is none."""
        return self.file.river.goal or t("river.head.no_goal")

    def quality(self) -> str:
        """The worst class of the latest month."""
        latest = self.file.latest_class
        if latest is None:
            return t("river.head.no_class")
        number, month = latest
        sign = class_sign(number, self.file.on)
        return t("river.head.class", month=f"{month:%Y-%m}", sign=sign)

    def chips(self) -> list[tuple[str, str]]:
        """Sums as (text, "good" | "warn" | "bad" | "quiet")."""
        file = self.file
        empty, wrong, live = len(file.vacancies), len(file.outdated), len(file.alerts)
        boards = (
            (t("river.head.boards", count=wrong), "bad")
            if wrong
            else (t("river.head.boards_good", count=len(file.boards)), "good")
        )
        return [
            (t("river.head.vacancies", count=empty), "bad")
            if empty
            else (t("river.head.no_vacancy"), "good"),
            boards if file.boards else (t("river.head.no_boards"), "quiet"),
            (t("river.head.alerts", count=live), "warn")
            if live
            else (t("river.head.no_alerts"), "good"),
        ]

    # --- reaches --------------------------------------------------------------------------

    def units(self, lengths: Sequence[UnitLength]) -> str:
        """Length per unit."""
        return t("river.listed").join(
            t("river.unit.length", unit=unit_name(one.unit), km=kilometres(one.metres))
            for one in lengths
        )

    def border(self, reach: ReachFile) -> str:
        """How a reach meets borders, with both sides."""
        if reach.border is None:
            border = sum(one.border_m for one in reach.units)
            if not border:
                return t("river.none")
            own = [one for one in reach.units if one.border_m]
            across = dict.fromkeys(unit.name for one in own for unit in one.with_units)
            others = t("river.listed").join(across)
            return t("river.border.partly", km=kilometres(border), others=others)
        if reach.border is BorderKind.UP_DOWN:
            units = t("river.border.arrow").join(unit_name(one.unit) for one in reach.units)
            return t("river.border.up_down", units=units)
        left, right = (
            t("river.listed").join(unit_name(one) for one in side) or t("river.nobody")
            for side in reach.sides
        )
        if reach.border is BorderKind.LEFT_RIGHT:
            return t("river.border.left_right", left=left, right=right)
        return t("river.border.interlocked", left=left, right=right)

    # --- chiefs ---------------------------------------------------------------------------

    def chiefs(self) -> list[tuple[Holding, tuple[str, ...]]]:
        """Who holds posts on the day with the reaches, highest tier first, then along the water.

        A person who holds several reaches is one line, with the earliest day of all.
        """
        found: dict[tuple[object, ...], tuple[Holding, list[str]]] = {}
        for reach in self.file.reaches:
            for one in reach.chiefs:
                # Vacancies of different age are different vacancies.
                own = one.person if one.person is not None else one.since
                held, codes = found.setdefault((one.tier, one.role, own), (one, []))
                codes.append(reach.code)
                if one.since is not None and (held.since is None or one.since < held.since):
                    found[one.tier, one.role, own] = (one, codes)
        lines = [(held, tuple(codes)) for held, codes in found.values()]
        order = _by_height([held.tier for held, _ in lines])
        return sorted(lines, key=lambda line: order.index(line[0].tier))

    def changes(self) -> list[tuple[ReachFile, Term]]:
        """Terms that have ended and vacancies, the latest first."""
        ended = [
            (reach, term)
            for reach in self.file.reaches
            for term in reach.history
            if term.person is None or (term.last is not None and term.last < self.file.on)
        ]
        return sorted(ended, key=lambda pair: pair[1].first or date.min, reverse=True)

    def state(self, term: Term) -> str:
        """In post, former, vacant or was vacant."""
        now = term.holds(self.file.on)
        if term.person is None:
            return t("river.state.vacant") if now else t("river.state.was_vacant")
        return t("river.state.holds") if now else t("river.state.former")


# --- words that need no file --------------------------------------------------------------


def kilometres(metres: float) -> str:
    """Kilometres with two decimals."""
    return f"{metres / _KM:.2f}"


def unit_name(unit: UnitRef | None) -> str:
    """A unit by name."""
    return t("river.nobody") if unit is None else unit.name


def unit_length(one: UnitLength) -> str:
    """A unit and its length; the part along a border with the other bank."""
    facts = {"unit": unit_name(one.unit), "km": kilometres(one.metres)}
    if not one.border_m:
        return t("river.unit.length", **facts)
    others = t("river.listed").join(unit.name for unit in one.with_units)
    return t("river.unit.border", border=kilometres(one.border_m), others=others, **facts)


def class_sign(number: int, day: date) -> str:
    """A class as its numeral, a dash for none."""
    look = class_look(number, day) if number else None
    return look[0] if look else t("river.none")


def class_colour(number: int, day: date) -> str:
    """The ground of a class, "" for none."""
    look = class_look(number, day) if number else None
    return look[1] if look else ""


def fault_words(state: BoardState) -> str:
    """What is wrong with a board."""
    if state.fault is None:
        return t("river.fault.none")
    tier = named("tier", state.tier)
    if state.fault is BoardFault.FORMER:
        if state.since is None:
            return t("river.fault.former_unknown", tier=tier)
        return t("river.fault.former", tier=tier, since=wording.day(state.since))
    return t(f"river.fault.{state.fault.value}", tier=tier)


def days_words(state: BoardState) -> str:
    """Working days since a board is wrong, whether that is too long, and what is a guess in it."""
    if state.work_days is None:
        return t("river.none")
    key = "river.fault.overdue" if state.overdue else "river.fault.within"
    text = t(key, days=state.work_days)
    if state.unannounced:
        years = t("verdict.join.names").join(str(year) for year in state.unannounced)
        text += t("river.fault.unannounced", years=years)
    return text


def post_title(tier: str, role: str) -> tuple[str, str]:
    """Tier and role as titles."""
    return named("tier", tier), named("role", role)


def rule_words(file: RiverFile) -> str:
    """The rule for signboards that was used."""
    rule = file.rules.board
    if not rule.province:
        return t("river.basis.rule_own", days=rule.work_days)
    title = rule.title_en if current_language() == "en" else rule.title_zh
    key = f"attainment.confidence.{rule.confidence.value}"
    sure = t(key) if has(key) else rule.confidence.value
    return t("river.basis.rule", days=rule.work_days, title=title, confidence=sure)


def signboard_lines(board: SignboardText, *, full_phones: bool, example: bool) -> list[str]:
    """The text of a signboard, line by line, in the current language."""
    english = current_language() == "en"
    lines = [
        t("river.board.heading", river=board.river_name),
        t("river.board.reach", reach=board.reach_name, code=board.reach_code),
        t("river.board.start", place=_end_words(board.start)),
        t("river.board.end", place=_end_words(board.end)),
        t("river.board.length", length=wording.distance(board.length_m)),
    ]
    lines.extend(_chief_line(one, full=full_phones) for one in board.chiefs)
    for one in board.chiefs:
        duty = board.duties.get(one.tier)
        if duty is not None:
            tier, role = post_title(one.tier, one.role)
            lines.append(t("river.board.duty", tier=tier, role=role, duty=duty[int(english)]))
    lines.append(t("river.board.goal", goal=board.goal or t("river.board.to_fill")))
    lines.append(t("river.board.phone", phone=board.supervision_phone or t("river.board.to_fill")))
    lines.append(t("river.board.dated", on=wording.day(board.on)))
    if example:
        lines.append(t("river.board.example"))
    return lines


def _chief_line(one: Holding, *, full: bool) -> str:
    tier, role = post_title(one.tier, one.role)
    if one.person is None:
        if one.begins is not None:
            begins = t("verdict.post.before_roster", begins=wording.day(one.begins))
            return t("river.board.before_roster", tier=tier, role=role, begins=begins)
        if one.since is None:
            return t("river.board.vacant_never", tier=tier, role=role)
        return t("river.board.vacant", tier=tier, role=role, since=wording.day(one.since))
    if not one.person.phone:
        return t("river.board.chief_without", tier=tier, role=role, name=one.person.name)
    phone = shown_phone(one.person.phone, full=full)
    return t("river.board.chief", tier=tier, role=role, name=one.person.name, phone=phone)


def _end_words(end: ReachEnd) -> str:
    units = "".join(one.name for one in reversed(end.units))
    if current_language() == "en":
        units = ", ".join(one.name for one in end.units)
    facts = {
        "units": units or t("river.nobody"),
        "lon": wording.degrees(end.lon),
        "lat": wording.degrees(end.lat),
    }
    if not end.meets:
        return t("river.board.place", **facts)
    meets = t("river.board.meets", rivers=t("river.listed").join(end.meets))
    return t("river.board.place_meets", meets=meets, **facts)


def _by_height(tiers: Sequence[str]) -> list[str]:
    known = ("province", "city", "county", "township", "village")
    return sorted(tiers, key=lambda tier: known.index(tier) if tier in known else len(known))
