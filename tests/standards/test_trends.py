"""Spearman's rank correlation and Mann–Kendall with Sen's slope, against values by hand."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gridmap.standards.files import standards
from gridmap.standards.tables import Confidence
from gridmap.standards.trends import Direction, monotonic_trend, rank_trend

DAY = date(2020, 12, 31)
NAN = math.nan


@pytest.fixture(scope="module")
def tables():
    return standards()


def test_rank_correlation_by_hand(tables):
    """Five years; ranks of the values 1 2 4 3 5, d² = 0 0 1 1 0, rs = 1 - 6·2/(125 - 5) = 0.9."""
    found = rank_trend(tables.critical, DAY, [2.0, 2.4, 3.1, 2.9, 3.3])
    assert found.coefficient == pytest.approx(0.9)
    assert (found.critical, found.periods) == (0.9, 5)
    assert found.direction is Direction.NONE  # 0.9 is not above 0.900
    assert found.confidence is Confidence.MEDIUM


def test_a_significant_fall(tables):
    found = rank_trend(tables.critical, DAY, [9, 8, 7, NAN, 6, 5, 4.0])
    assert (found.periods, found.coefficient) == (6, -1.0)
    assert (found.direction, found.strongly) == (Direction.FALLING, True)
    five = rank_trend(tables.critical, DAY, [1, 2, 3, 4, 5])
    assert (five.direction, five.strongly) == (Direction.RISING, False)  # Wp(0.01) is 1.000


def test_between_two_numbers_of_the_table_the_stricter_one_holds(tables):
    assert rank_trend(tables.critical, DAY, range(11)).critical == 0.564  # as for 10
    assert rank_trend(tables.critical, DAY, range(50)).critical == 0.306  # as for 30


@pytest.mark.parametrize("values", [[], [1.0], [1, 2, 3, 4], [3, 3, 3, 3, 3]])
def test_where_there_is_nothing_to_say(tables, values):
    assert rank_trend(tables.critical, DAY, values).direction is Direction.NONE


@given(st.lists(st.floats(0, 100), min_size=5, max_size=30, unique=True))
def test_without_ties_it_is_the_formula_of_the_document(values):
    count = len(values)
    d = stats.rankdata(values) - np.arange(1, count + 1)
    by_hand = 1 - 6 * (d**2).sum() / (count**3 - count)
    assert rank_trend(standards().critical, DAY, values).coefficient == pytest.approx(by_hand)


def test_mann_kendall_by_hand(tables):
    """1 3 2 4 5: nine pairs rise, one falls: S = 8. Var = 300/18 = 16.67, Z = 7/4.082 = 1.715."""
    found = monotonic_trend(tables.mann_kendall, DAY, [0, 1, 2, 3, 4], [1, 3, 2, 4, 5.0])
    assert (found.s, found.periods) == (8, 5)
    assert found.z == pytest.approx(1.7146, abs=1e-4)
    assert found.p == pytest.approx(0.0864, abs=1e-4)
    assert found.direction is Direction.NONE
    # Slopes 2 .5 1 1 / -1 .5 .667 / 2 1.5 / 1: the median is 1.
    assert found.slope == pytest.approx(1.0)
    assert found.confidence is Confidence.LOW


def test_ties_lower_the_variance(tables):
    """1 1 2 2 3: S = 8; Var = (5·4·15 - 2·2·1·9)/18 = 14.67; Z = 7/3.830 = 1.828."""
    found = monotonic_trend(tables.mann_kendall, DAY, range(5), [1, 1, 2, 2, 3.0])
    assert found.s == 8
    assert found.z == pytest.approx(1.8278, abs=1e-4)


def test_a_steady_rise_with_its_slope(tables):
    years = np.arange(2011, 2021)
    values = 0.25 * (years - 2011) + 3
    values[3] = NAN
    found = monotonic_trend(tables.mann_kendall, DAY, years, values)
    assert (found.direction, found.s, found.periods) == (Direction.RISING, 36, 9)
    assert (found.slope, found.low, found.high) == pytest.approx((0.25, 0.25, 0.25))
    falling = monotonic_trend(tables.mann_kendall, DAY, years, -values)
    assert falling.direction is Direction.FALLING
    assert falling.z == pytest.approx(-found.z)


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0], [NAN, NAN]])
def test_without_change_there_is_no_trend(tables, values):
    found = monotonic_trend(tables.mann_kendall, DAY, range(len(values)), values)
    assert (found.s, found.z, found.direction) == (0, 0.0, Direction.NONE)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=25))
def test_the_sign_of_s_is_that_of_kendall(values):
    found = monotonic_trend(standards().mann_kendall, DAY, range(len(values)), values)
    pairs = [(i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    assert found.s == sum(np.sign(values[j] - values[i]) for i, j in pairs)
    assert 0 <= found.p <= 1
