"""CWQI for the ranking of cities, TLI for lakes."""

import csv
import math
from datetime import date

import numpy as np
import pytest

from gridmap.standards.files import standards
from gridmap.standards.rounding import rounded
from gridmap.standards.tables import Confidence, StandardError
from gridmap.standards.water_indices import (
    cwqi_change,
    cwqi_of,
    cwqi_of_city,
    cwqi_of_sections,
    trophic_index,
    trophic_state,
    trophic_state_of,
)
from gridmap.standards.water_standards import Body

DAY = date(2020, 9, 30)


@pytest.fixture(scope="module")
def water():
    return standards().water


def test_single_indices_by_hand(water):
    """CWQI(i) = C/Cs (Ⅲ); CWQI(DO) = Cs/C; pH by its distance from 7: 7 - 6 below, 9 - 7 above."""
    values = {"ph": 8.0, "dissolved_oxygen": 4.0, "codmn": 3.0, "nh3n": 0.5, "tp": 0.1, "tn": 9}
    found = cwqi_of(water, DAY, Body.RIVER, values)
    assert found.singles == pytest.approx({
        "ph": 0.5,  # (8 - 7) / (9 - 7)
        "dissolved_oxygen": 1.25,  # 5 / 4
        "codmn": 0.5,  # 3 / 6
        "nh3n": 0.5,  # 0.5 / 1.0
        "tp": 0.5,  # 0.1 / 0.2
    })  # fmt: skip
    assert found.value == pytest.approx(3.25)
    assert len(found.missing) == 16
    assert found.confidence is Confidence.LOW  # the chapter on missing data is not known
    acid = cwqi_of(water, DAY, Body.RIVER, {"ph": 6.6})
    assert acid.value == pytest.approx(0.4)  # (7 - 6.6) / (7 - 6)
    assert cwqi_of(water, DAY, Body.LAKE, {"tp": 0.1}).value == pytest.approx(2.0)  # / 0.05


def test_all_21_items_at_their_limit_make_21(water):
    limits = water.on(DAY, Body.RIVER).limits
    values = {item: rows[0].of_class(3) for item, rows in limits.items()}
    found = cwqi_of(water, DAY, Body.RIVER, {**values, "ph": 9.0})
    assert found.value == pytest.approx(21.0)
    assert (found.missing, found.confidence) == ((), Confidence.HIGH)


def test_a_city_weighs_rivers_and_lakes_by_their_number(water):
    sections = {"甲": {"codmn": 3.0}, "乙": {"codmn": 9.0}, "丙": {"codmn": math.nan}}
    rivers = cwqi_of_sections(water, DAY, Body.RIVER, sections)
    assert rivers.value == pytest.approx(1.0)  # mean 6 / 6
    lakes = cwqi_of_sections(water, DAY, Body.LAKE, {"湖": {"codmn": 12.0}})
    assert cwqi_of_city(rivers, 3, lakes, 1) == pytest.approx((1.0 * 3 + 2.0) / 4)
    assert cwqi_of_city(rivers, 3, None, 0) == pytest.approx(1.0)
    assert math.isnan(cwqi_of_city(None, 0, None, 0))


def test_change_of_cwqi_is_negative_when_better():
    assert cwqi_change(4.5, 5.0) == pytest.approx(-10.0)


def test_before_the_document_there_is_no_index(water):
    with pytest.raises(StandardError):
        cwqi_of(water, date(2016, 12, 31), Body.RIVER, {"codmn": 3.0})
    assert math.isnan(cwqi_of(water, DAY, Body.RIVER, {}).value)


def test_no_oxygen_at_all_is_infinitely_bad(water):
    assert cwqi_of(water, DAY, Body.RIVER, {"dissolved_oxygen": 0.0}).value == math.inf


# --- trophic state ------------------------------------------------------------------------


def test_trophic_indices_by_hand(water):
    """TLI(chla) = 10 (2.5 + 1.086 ln chla), TLI(SD) = 10 (5.118 - 1.94 ln SD), …"""
    found = trophic_state(
        water, DAY,
        {"chlorophyll_a": 10.0, "tp": 0.05, "tn": 1.0, "transparency": 1.0, "codmn": 4.0},
    )  # fmt: skip
    assert found.parts == pytest.approx(
        {
            "chlorophyll_a": 50.0061,  # 25 + 10.86 × 2.302585
            "tp": 45.7087,  # 94.36 - 16.24 × 2.995732
            "tn": 54.53,
            "transparency": 51.18,
            "codmn": 37.9793,  # 1.09 + 26.61 × 1.386294
        },
        abs=1e-3,
    )
    # Weights r²/Σr², Σ = 3.7558: 0.2663 0.1879 0.1790 0.1834 0.1834, as published.
    weights = {"chlorophyll_a": 0.2663, "tp": 0.1879, "tn": 0.1790, "transparency": 0.1834,
               "codmn": 0.1834}  # fmt: skip
    by_hand = sum(found.parts[item] * weight for item, weight in weights.items())
    assert found.value == pytest.approx(by_hand, abs=0.01)
    assert found.level == "中营养"


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (29.99, "贫营养"), (30.0, "中营养"), (50.0, "中营养"), (50.01, "轻度富营养"),
        (60.0, "轻度富营养"), (70.0, "中度富营养"), (70.01, "重度富营养"),
    ],
)  # fmt: skip
def test_levels_at_their_edges(water, value, level):
    assert trophic_state_of(water, DAY, {"tp": value}).level == level


def test_what_has_no_logarithm_does_not_count(water):
    parameter = water.trophic_parameter[0]
    assert np.isnan(trophic_index(parameter, [0.0, -1.0, np.nan])).all()
    found = trophic_state(water, DAY, {"tp": 0.0})
    assert (found.level, found.parts) == (None, {})


@pytest.mark.shared
def test_the_published_years_of_hulun_lake(shared, water):
    path = shared / "vectors" / "tli_hulun_lake.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    names = {"chlorophyll_a": "tli_chla", "tp": "tli_tp", "tn": "tli_tn", "transparency": "tli_sd"}
    for row in rows:
        parts = {item: float(row[name]) for item, name in names.items()}
        found = trophic_state_of(water, date(int(row["year"]), 7, 1), parts)
        assert rounded(found.value, 3) == float(row["tli_sum_published"])
        assert found.level == row["class_published"]
    assert len(rows) == 2
