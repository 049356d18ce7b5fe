import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.core.workdays import Calendar, announced

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


def published(shared: Path) -> dict[date, bool]:
    """Day → whether it is off, as published for 2023–2026."""
    found = {}
    for path in sorted((shared / "vectors" / "workdays").glob("*.json")):
        for day in json.loads(path.read_text(encoding="utf-8"))["days"]:
            found[date.fromisoformat(day["date"])] = day["isOffDay"]
    return found


@pytest.mark.shared
def test_every_day_of_four_years_is_as_published(shared: Path) -> None:
    told, calendar, day = published(shared), Calendar(), date(2023, 1, 1)
    assert len(told) > 100
    wrong = []
    while day <= date(2026, 12, 31):
        off = told.get(day, day.weekday() >= 5)
        if calendar.is_work_day(day) == off:
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@given(DAYS, DAYS)
def test_the_count_of_a_span_is_the_count_day_by_day(first: date, last: date) -> None:
    calendar = Calendar(holidays=[date(2024, 3, 5)], extra=[date(2024, 3, 9), date(2025, 10, 2)])
    by_day = sum(
        calendar.is_work_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1)
    )
    assert calendar.work_days(first, last) == by_day


@given(DAYS, st.integers(1, 40))
def test_the_deadline_is_the_day_on_which_the_count_is_reached(since: date, wanted: int) -> None:
    calendar = Calendar()
    last = calendar.deadline(since, wanted)
    assert calendar.work_days(since, last) == wanted
    assert calendar.work_days(since, last - timedelta(days=1)) == wanted - 1


def test_national_day_2024() -> None:
    # 2024: 1–7 October off, 29 September and 12 October worked.
    assert Calendar().work_days(date(2024, 9, 27), date(2024, 10, 12)) == 7
    assert Calendar().is_work_day(date(2024, 9, 29))


def test_an_office_wins_over_the_announcement() -> None:
    own = Calendar(holidays=[date(2024, 9, 29)], extra=[date(2024, 10, 1)])
    assert not own.is_work_day(date(2024, 9, 29))
    assert own.is_work_day(date(2024, 10, 1))


def test_a_year_not_announced_is_told() -> None:
    last = max(announced().years)
    found = Calendar().unannounced(date(last, 12, 1), date(last + 2, 1, 3))
    assert found == (last + 1, last + 2)
    assert Calendar().unannounced(date(2023, 1, 1), date(2024, 1, 1)) == ()
