"""How figures, phones and foreign texts are written."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.report import wording

STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("metres", "written"),
    [
        (0.0, "0 m"),
        (0.04, "0 m"),
        (0.06, "0.1 m"),
        (3.24, "3.2 m"),
        (9.94, "9.9 m"),
        (9.96, "10 m"),
        (38.4, "38 m"),
        (999.4, "999 m"),
        (999.6, "1.0 km"),
        (1000.0, "1.0 km"),
        (1249.0, "1.2 km"),
        (99_940.0, "99.9 km"),
        (99_960.0, "100 km"),
        (1_994_321.0, "1994 km"),
    ],
)
def test_distances(metres: float, written: str) -> None:
    assert wording.distance(metres) == written


def test_a_fine_distance_keeps_a_decimal_below_a_kilometre() -> None:
    assert wording.distance(49.96, fine=True) == "50.0 m"
    assert wording.distance(50.04, fine=True) == "50.0 m"
    assert wording.distance(50.4, fine=True) == "50.4 m"
    assert wording.distance(1500.0, fine=True) == "1.5 km"


@given(st.floats(0, 5e6), st.floats(0, 5e6))
def test_a_longer_distance_is_never_written_shorter(one: float, other: float) -> None:
    def metres(text: str) -> float:
        figure, unit = text.split(" ")
        return float(figure) * (1000 if unit == "km" else 1)

    shorter, longer = sorted((one, other))
    assert metres(wording.distance(shorter)) <= metres(wording.distance(longer))
    assert metres(wording.distance(one)) == pytest.approx(one, rel=0.06, abs=0.06)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800000001", "138****0001"),
        (" 13800000001 ", "138****0001"),
        ("0573-1234567", "057****4567"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_masked_phone_hides_its_middle(phone: str, masked: str) -> None:
    assert wording.masked_phone(phone) == masked


@given(st.text(alphabet="0123456789-+ ", min_size=0, max_size=20))
def test_a_masked_phone_never_shows_everything(phone: str) -> None:
    masked = wording.masked_phone(phone)
    assert not phone.strip() or "*" in masked


@given(st.text())
def test_one_line_is_one_harmless_line(text: str) -> None:
    line = wording.one_line(text)
    assert not STEERING.search(line)
    assert len(line.splitlines()) <= 1
    assert len(line) == len(text)
    assert wording.one_line(line) == line


def test_one_line_keeps_every_readable_character() -> None:
    kept = "新丰镇 𠮷 ① Ⅲ类 μg/m³ é (示例) \ue000"
    assert wording.one_line(kept) == kept
    assert unicodedata.category("\ue000") == "Co"  # private use: rare characters in names


@given(st.dictionaries(st.text(), st.text()))
def test_escaped_json_says_the_same_without_control_characters(data: dict[str, str]) -> None:
    text = wording.escaped(json.dumps(data, ensure_ascii=False, indent=2))
    assert json.loads(text) == data
    assert not STEERING.search(text.replace("\n", ""))
