"""GB/T 8170: half to even on the decimal text; raw and shown values of the national platform."""

import csv
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gridmap.standards.files import standards
from gridmap.standards.rounding import displayed, rounded, rounded_many, rounded_text, rounding_for
from gridmap.standards.tables import Purpose, StandardError

DAY = date(2020, 9, 1)
ITEMS = {
    "wt": "water_temperature",
    "ph": "ph",
    "do": "dissolved_oxygen",
    "ec": "conductivity",
    "ntu": "turbidity",
    "codmn": "codmn",
    "nh3n": "nh3n",
    "tp": "tp",
    "tn": "tn",
    "chla": "chlorophyll_a",
}


@pytest.mark.parametrize(
    ("text", "decimals", "result"),
    [
        ("17.45", 1, "17.4"),  # a tie goes to the even digit
        ("17.55", 1, "17.6"),
        ("2.675", 2, "2.68"),  # binary arithmetic would say 2.67
        ("11.59685", 2, "11.60"),
        ("0.00025", 3, "0.0002"),
        ("0.00088", 3, "0.001"),  # not zero, so no further digit is kept
        ("0.0005", 3, "0.0005"),  # a tie that would become zero
        ("0", 3, "0.000"),
        ("-0.0004", 3, "-0.0004"),
        ("6", 2, "6.00"),
        ("3e-7", 3, "0.0000003"),
        ("39999", 0, "39999"),
    ],
)
def test_rounding_by_hand(text, decimals, result):
    assert rounded_text(text, decimals, 1) == result


def test_without_least_digits_what_vanishes_is_zero():
    assert rounded_text("0.00025", 3) == "0.000"
    assert rounded_text("-0.4", 0) == "0"


@pytest.mark.parametrize("text", ["--", "nan", "inf", "1,5"])
def test_what_is_no_number_is_told(text):
    with pytest.raises(ValueError, match=text):
        rounded_text(text, 2)


@given(st.decimals(-10000, 10000, places=6), st.integers(0, 5))
def test_the_text_agrees_with_the_definition(number, decimals):
    wanted = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    assert Decimal(rounded_text(str(number), decimals)) == wanted


VALUES = st.one_of(
    st.floats(-1e5, 1e5),
    st.decimals(-1000, 1000, places=5).map(float),
    st.integers(-20000, 20000).map(lambda n: n / 2000),  # ties
    st.sampled_from([float("nan"), float("inf"), -float("inf"), 0.0, 1e17, 5e-324, -1e-9]),
)


@given(st.lists(VALUES, max_size=30), st.integers(0, 5), st.sampled_from([None, 1, 2]))
@example([0.285, 1.005, 2.675, 0.00025], 2, 1)
def test_many_at_once_agree_with_one_by_one(values, decimals, least):
    many = rounded_many(np.array(values), decimals, least)
    single = np.array([rounded(value, decimals, least) for value in values], dtype=float)
    np.testing.assert_array_equal(many, single)


def test_shape_is_kept():
    assert rounded_many(np.full((3, 4), 0.125), 2).tolist() == [[0.12] * 4] * 3
    assert rounded_many(1.25, 1).shape == ()


def test_a_value_is_shown_with_all_its_decimals():
    rule = rounding_for(standards().rounding, "ph", Purpose.DISPLAYED, DAY)
    assert displayed(5.998, rule) == "6.00"
    assert displayed(8, rule) == "8.00"
    with pytest.raises(StandardError, match="luck"):
        rounding_for(standards().rounding, "luck", Purpose.DISPLAYED, DAY)


@pytest.mark.shared
def test_every_value_of_the_national_platform_is_rounded_as_published(shared):
    path = shared / "vectors" / "cnemc_realtime_rounding.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    misses, kinds = [], []
    for row in rows:
        item, nominal = ITEMS[row["item"]], int(row["nominal_decimals"])
        rule = rounding_for(standards().rounding, item, Purpose.DISPLAYED, DAY)
        raw, decimals, shift = row["raw"], rule.decimals, 0
        if item == "chlorophyll_a":
            # The platform shows mg/L with three decimals, the table mg/m³ with none: the same.
            raw, shift = str(Decimal(raw) * 1000), 3
        assert decimals + shift == nominal
        shown = rounded_text(raw, decimals, rule.least_digits)
        if Decimal(shown).scaleb(-shift) != Decimal(row["published"]):
            misses.append((row["item"], row["raw"], shown, row["published"]))
        if not shift:
            assert shown == row["published"]  # to the last zero
        kinds.append(row["kind"])
    assert misses == []
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "tie": 49, "plain": 33, "rounds_to_zero": 15,
    }  # fmt: skip
