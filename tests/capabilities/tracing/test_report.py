"""A trace in words, as data, as a table, and along the river."""

import csv
import json
from datetime import timedelta

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.capabilities.rivers.rules.waterways import MarkKind
from gridmap.capabilities.rivers.work.waters import waters_of
from gridmap.capabilities.tracing.report.course import course_of
from gridmap.capabilities.tracing.report.document import trace_document
from gridmap.capabilities.tracing.report.labels import Wanted, placed
from gridmap.capabilities.tracing.report.profile import lines_between, profile_of
from gridmap.capabilities.tracing.report.weights import reweighed
from gridmap.capabilities.tracing.report.words import TraceWriting, circled, context_of
from gridmap.capabilities.tracing.rules import PartKind
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.report.document import Section
from gridmap.report.json import json_data, json_text
from gridmap.report.saving import save
from gridmap.store.example import open_example
from gridmap.texts import LANGUAGES, use_language

TRUTH = "91330402EXAM00019H-DW001"  # docs/example.md


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def waters(example):
    return waters_of(example)


@pytest.fixture(scope="module")
def answer(example, waters):
    return trace_of(example, Asked("WS03", "nh3n"), waters=waters)


@pytest.fixture(scope="module")
def below(example, waters):
    return trace_of(example, Asked("WS05", "nh3n"), waters=waters)


@pytest.fixture
def words(example, answer):
    return TraceWriting(answer, context_of(example, answer))


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh_CN")
    yield
    use_language("zh_CN")


# --- words --------------------------------------------------------------------------------


def printed(document):
    """The suspects as they stand on paper."""
    return next(one for one in document.paper if isinstance(one, Section) and one.id == "suspects")


def told(sheet, section):
    found = next(one for one in sheet.sections if one.id == section)
    return "\n".join(f"{line.label} {line.value} {line.aside}" for line in found.lines)


def test_event_bracket_and_suspects_are_told(words):
    sheet = trace_document(words)
    assert sheet.headline == "示例水站03 平湖塘东栅 · 氨氮"
    assert "劣Ⅴ类，目标 Ⅲ类" in sheet.sentence
    assert "超标 2.66 倍" in sheet.sentence
    assert "不是结论" in sheet.advice
    assert "此前达标 → 仅 16.0–20.0 km" in told(sheet, "range")
    suspects = told(sheet, "suspects")
    assert suspects.index("示例印染有限公司001") < suspects.index("示例印染有限公司021")
    for expected in ("上游 1.8 km · 传播 1.6–4.1 h", "许可含氨氮", "东栅街道", "102****", "下一步",
                     "示例水站02 平湖塘对照 此前达标，排除"):  # fmt: skip
        assert expected in suspects
    assert "河段 2026-" in told(sheet, "basis")
    assert "监测至" in told(sheet, "basis")
    assert "约 0.2 h 后到界" in told(sheet, "notice")


def test_the_bracket_ends_at_the_uppermost_section_that_was_beyond(example, below):
    lines = TraceWriting(below, context_of(example, below)).bracket_lines()
    texts = [line.value for line in lines]
    assert any("已超标" in text for text in texts)
    profile = profile_of(below)
    clean = next(text for text in texts if "达标" in text)
    assert f"仅 {profile.clean_km:.1f}–{profile.until_km:.1f} km" in clean
    assert profile.until_km < profile.here_km


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_and_phones(example, answer, language):
    use_language(language)
    masked = TraceWriting(answer, context_of(example, answer))
    full = TraceWriting(answer, context_of(example, answer, full_phones=True))
    assert "****" in told(trace_document(masked), "suspects")
    assert "****" not in told(trace_document(full), "suspects")
    many = trace_document(masked, answer.found.suspects * 2)
    assert len(printed(many).lines) < len(many.sections[1].lines)


def test_dissolved_oxygen_has_no_multiple(example, waters):
    found = trace_of(example, Asked("WS03", "dissolved_oxygen"), waters=waters)
    lines = TraceWriting(found, context_of(example, found)).event_lines()
    assert "低于限值 5.00 mg/L" in lines[1]
    assert "倍" not in lines[1]


def test_numbers():
    assert [circled(number) for number in (1, 10, 11)] == ["①", "⑩", "(11)"]


# --- data and tables ----------------------------------------------------------------------


def test_json_is_masked_complete_and_finite(words, answer):
    data = json_data(trace_document(words))
    assert data["schema"] == "gridmap.trace/1"
    assert data["example"] is True
    assert len(data["suspects"]) == len(answer.found.suspects)
    first = data["suspects"][0]
    assert first["rank"] == 1
    assert {part["kind"] for part in first["parts"]} == {part.value for part in PartKind}
    phones = [
        chief["phone"] for one in data["suspects"] for chief in one["chiefs"] if chief["phone"]
    ]
    assert phones
    assert all("****" in phone for phone in phones)
    assert any(one["excluded_by"] == "WS02" for one in data["suspects"])
    assert json.loads(json_text(trace_document(words))) == json.loads(
        json.dumps(data, allow_nan=False)
    )
    full = json_data(trace_document(words), full_phones=True)
    assert "*" not in full["suspects"][0]["chiefs"][0]["phone"]


def test_the_table_has_a_row_for_each_suspect(words, answer, tmp_path):
    book = openpyxl.load_workbook(save(trace_document(words), tmp_path / "a.xlsx"))
    rows = list(book.worksheets[0].values)
    assert len(rows) == 1 + len(answer.found.suspects)
    assert rows[1][4] == answer.found.suspects[0].source.code
    about = "\n".join(str(row) for row in book.worksheets[1].values)
    for expected in ("氨氮", "不是结论", "示例数据", "此前达标"):
        assert expected in about
    path = save(trace_document(words, answer.found.suspects[::-1]), tmp_path / "a.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[1][4] == answer.found.suspects[-1].source.code


# --- weights ------------------------------------------------------------------------------


def test_weights_of_the_project_change_nothing(answer):
    weights = {kind: answer.rules.weight(kind) for kind in PartKind}
    again = reweighed(answer.found.suspects, weights)
    assert [one.source.code for one in again] == [one.source.code for one in answer.found.suspects]


@given(st.fixed_dictionaries({kind: st.floats(0, 1) for kind in PartKind}))
def test_scores_stay_between_0_and_1_and_sorted(answer, weights):
    found = reweighed(answer.found.suspects, weights)
    scores = [round(one.score, 9) for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_without_the_bracket_nothing_is_excluded_by_score(answer):
    found = reweighed(answer.found.suspects, {PartKind.BRACKET: 0.0})
    assert min(one.score for one in found) > 0


# --- along the river ----------------------------------------------------------------------


def test_the_course_agrees_with_the_network(answer, waters):
    course = course_of(answer)
    here = answer.found.event.spot
    assert course.metres(here) == pytest.approx(0.0)
    for one in answer.found.suspects:
        metres = course.metres(one.source.spot)
        if metres is not None:
            assert metres == pytest.approx(one.way.metres, abs=1.0)
    spots = [one.spot for one in waters.sections]
    down = waters.ways.downstream(here, spots)
    seen = 0
    for number, way in down.items():
        metres = course.metres(spots[number])
        if metres is not None and metres < 0:
            assert -metres == pytest.approx(way.metres, abs=1.0)
            seen += 1
    assert seen >= 2


def test_a_course_leads_through_the_place_named(below):
    for one in below.found.suspects[::7]:
        course = course_of(below, one.source.spot)
        assert course.metres(one.source.spot) == pytest.approx(one.way.metres, abs=1.0)


def test_measured_points_and_what_lies_between(answer):
    profile = profile_of(answer)
    points = profile.at(answer.peak[1], travelling=False)
    assert [point.post.km for point in points] == sorted(point.post.km for point in points)
    here = next(point for point in points if point.post.here)
    assert here.value == answer.peak[0]
    assert here.beyond
    assert here.level.number == 6
    # A line only between neighbours that both were measured, none beyond the outermost.
    assert len(lines_between(points)) == len(points) - 1
    assert profile.values[1] > answer.peak[0]
    assert {sign.kind for sign in profile.signs} <= {MarkKind.BORDER, MarkKind.MOUTH}


def test_the_same_water_is_seen_later_below_and_earlier_above(answer):
    profile = profile_of(answer)
    for point in profile.at(answer.peak[1], travelling=True):
        shift = (answer.peak[1] - point.wanted) / timedelta(hours=1)
        assert shift == pytest.approx(point.post.hours)
        assert (shift > 0) == (point.post.km < profile.here_km) or point.post.here
    below = [p for p in profile.at(answer.peak[1], travelling=True) if p.post.km > profile.here_km]
    assert all(point.beyond for point in below)  # the plume passed them later


def test_a_silent_section_breaks_the_line(answer):
    profile = profile_of(answer)
    # WS04 was silent from 2026-11-09 16:00 on for 56 h (docs/example.md).
    moment = answer.peak[1].replace(day=10, hour=16)
    points = profile.at(moment, travelling=False)
    silent = next(point for point in points if point.post.code == "WS04")
    assert silent.silent
    assert np.isnan(silent.value)
    assert all(not (one.silent or two.silent) for one, two in lines_between(points))
    assert len(lines_between(points)) < len(points) - 1


# --- labels -------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0, 5), st.integers(1, 20)), max_size=30),
    st.integers(1, 3),
)
def test_labels_never_overlap_and_the_first_always_stands(wanted, rows):
    labels = [Wanted(x, rank, ("名" * length, "名")) for x, rank, length in wanted]
    found = placed(labels, lambda text: 10.0 * len(text), (0.0, 500.0), rows)
    for one in found:
        assert one.left >= 0
        assert one.left + one.width <= 500
        for two in found:
            if one is not two and one.row == two.row:
                apart = one.left + one.width <= two.left or two.left + two.width <= one.left
                assert apart
    if labels:
        first = min(labels, key=lambda label: (label.rank, label.x))
        assert any(one.wanted is first for one in found)
