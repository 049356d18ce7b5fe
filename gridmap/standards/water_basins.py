"""Assessment of a river, a basin or a lake from its sections; change between two periods.

环办〔2011〕22号. A river is graded by the shares of its sections' classes; with few sections, and
in lakes, each item is averaged over the sections first.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gridmap.standards.statistics import mean_of
from gridmap.standards.surface_water import ItemResult, SectionResult, assess_section, grade_of
from gridmap.standards.tables import Confidence, in_force, least_sure, the_one
from gridmap.standards.water_standards import (
    BasinGrade,
    Body,
    ChangeBy,
    Degree,
    WaterClass,
    WaterTables,
)


@dataclass(frozen=True)
class ItemShare:
    """An item worse than Ⅲ in `sections` sections, `percent` of those assessed."""

    item: str
    sections: int
    percent: float


@dataclass(frozen=True)
class BasinResult:
    """The assessment of a river or basin.

    Attributes:
        sections: the assessment of each section by name.
        without_class: sections that have no value; they are in no share.
        shares: percent of the assessed sections in each class.
        good, bad: percent of Ⅰ–Ⅲ and of 劣Ⅴ.
        grade, colour_name: None if no section has a class.
        by_shares: graded by shares; else by the means of the items, which are in `mean`.
        main_pollutants: graded by shares, the items that exceed in the most sections; with
            fewer sections the document names them section by section.
        confidence: of the weakest rule that was used.
    """

    sections: Mapping[str, SectionResult]
    without_class: tuple[str, ...]
    shares: Mapping[WaterClass, float]
    good: float
    bad: float
    grade: str | None
    colour_name: str | None
    by_shares: bool
    mean: SectionResult | None
    main_pollutants: tuple[ItemShare, ...]
    confidence: Confidence

    @property
    def main_by_section(self) -> dict[str, tuple[ItemResult, ...]]:
        """Section to its main pollutants, of those that have any."""
        every = {name: one.main_pollutants for name, one in self.sections.items()}
        return {name: items for name, items in every.items() if items}


@dataclass(frozen=True)
class Change:
    """A change between two periods: `amount` > 0 is better (grades or percentage points)."""

    amount: float
    degree: Degree
    confidence: Confidence

    @property
    def better(self) -> bool | None:
        """Whether it became better; None where the change is none to speak of."""
        return None if self.degree is Degree.NONE else self.amount > 0


def assess_basin(
    tables: WaterTables, day: date, sections: Mapping[str, Mapping[str, float]]
) -> BasinResult:
    """Assess a river or basin.

    Args:
        tables: the tables of surface water.
        day: a day of the period; it decides which rules are in force.
        sections: name of the section to item to the mean of the period, raw.

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    method = the_one(tables.basin, day, "basin")
    results = {name: assess_section(tables, day, Body.RIVER, one) for name, one in sections.items()}
    classed = {n: r.water_class for n, r in results.items() if r.water_class is not None}
    count = len(classed)
    each = Counter(classed.values())
    shares = {one: _percent(each[one], count) for one in WaterClass}
    good = _percent(sum(c <= method.good_to_class for c in classed.values()), count)
    bad = _percent(sum(c >= method.bad_from_class for c in classed.values()), count)
    by_shares = count >= method.shares_from
    sure = [one.confidence for one in results.values()]
    grade, colour, mean = None, None, None
    if by_shares:
        row = basin_grade(tables, day, good, bad)
        grade, colour = row.grade, row.colour_name
        sure += [row.confidence] + [method.confidence] * (count == method.shares_from)
    elif count:
        mean = assess_lake(tables, day, sections, body=Body.RIVER)
        grade = mean.grade.grade if mean.grade else None
        colour = mean.grade.colour_name if mean.grade else None
        sure.append(mean.confidence)
    return BasinResult(
        sections=results,
        without_class=tuple(name for name in results if name not in classed),
        shares=shares,
        good=good,
        bad=bad,
        grade=grade,
        colour_name=colour,
        by_shares=by_shares,
        mean=mean,
        main_pollutants=_item_shares(tables, day, results, count) if by_shares else (),
        confidence=least_sure(sure),
    )


def basin_grade(tables: WaterTables, day: date, good: float, bad: float) -> BasinGrade:
    """The grade of a river from its shares of Ⅰ–Ⅲ and of 劣Ⅴ, in percent, not rounded.

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    the_one(tables.basin_grade, day, "grade of a river")
    rows = sorted(in_force(tables.basin_grade, day), key=lambda row: row.order)
    fitting = (
        row
        for row in rows
        if good >= row.good_at_least and (row.bad_below is None or bad < row.bad_below)
    )
    return next(fitting, rows[-1])


def assess_lake(
    tables: WaterTables,
    day: date,
    points: Mapping[str, Mapping[str, float]],
    body: Body = Body.LAKE,
) -> SectionResult:
    """Assess a lake, or a zone of it: items averaged over its points, then as one section.

    Values of several times are averaged for each point first.

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    return assess_section(tables, day, body, mean_over(tables, day, points))


def mean_over(
    tables: WaterTables, day: date, sections: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """The mean of each item over the sections that have it; pH as hydrogen ions."""
    items = dict.fromkeys(item for one in sections.values() for item in one)
    hydrogen = {item for row in in_force(tables.hydrogen_mean, day) for item in row.items}
    return {
        item: mean_of(
            [one[item] for one in sections.values() if item in one], hydrogen=item in hydrogen
        )
        for item in items
    }


def change_of_classes(
    tables: WaterTables, day: date, before: WaterClass, after: WaterClass
) -> Change:
    """Change of a section between two periods, by its grade (Ⅰ and Ⅱ are one grade).

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    rows = [grade_of(tables, day, one) for one in WaterClass]
    steps = list(dict.fromkeys(row.grade for row in rows))
    place = {row.water_class: steps.index(row.grade) for row in rows}
    return _change(tables, day, ChangeBy.GRADES, float(place[before] - place[after]))


def change_of_shares(
    tables: WaterTables,
    day: date,
    before: tuple[float, float],
    after: tuple[float, float],
) -> Change:
    """Change of a river between two periods.

    Args:
        tables: the tables of surface water.
        day: a day of the later period.
        before: shares of Ⅰ–Ⅲ and of 劣Ⅴ in percent.
        after: the same for the later period.

    Returns:
        ΔG - ΔD in percentage points; above zero is better.

    Raises:
        StandardError: on a day before 环办〔2011〕22号.
    """
    amount = (after[0] - before[0]) - (after[1] - before[1])
    return _change(tables, day, ChangeBy.SHARES, amount)


def _change(tables: WaterTables, day: date, by: ChangeBy, amount: float) -> Change:
    rows = [row for row in in_force(tables.change, day) if row.by is by]
    the_one(rows, day, f"change by {by}")
    sure = []
    for row in sorted(rows, key=lambda row: -row.above):
        sure.append(row.confidence)
        if abs(amount) > row.above:
            return Change(amount, row.degree, least_sure(sure))
    return Change(amount, Degree.NONE, least_sure(sure))


def _item_shares(
    tables: WaterTables, day: date, results: Mapping[str, SectionResult], count: int
) -> tuple[ItemShare, ...]:
    """The items that exceed Ⅲ in the most sections; equal ones in the order of table 1."""
    above = the_one(tables.pollutants, day, "main pollutants").above_class
    found = Counter(
        one.item for r in results.values() for one in r.items if one.water_class > above
    )
    place = list(tables.on(day, Body.RIVER).items)
    ordered = sorted(found, key=lambda item: (-found[item], place.index(item)))
    most = the_one(tables.basin, day, "basin").most
    return tuple(
        ItemShare(item, found[item], _percent(found[item], count)) for item in ordered[:most]
    )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0
