"""Alerts as a sheet, as JSON, as words."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from gridmap.capabilities.alerts.report import alert_document, alerts_document
from gridmap.capabilities.alerts.rules import AlertGrade, Kind
from gridmap.capabilities.alerts.words import AlertWriting, grade_title, length_of, spoken
from gridmap.capabilities.alerts.work.records import Alert, AlertStatus, AlertStep
from gridmap.core.moments import ZONE
from gridmap.report.json import json_data
from gridmap.report.saving import save
from gridmap.report.terminal import terminal_text
from gridmap.texts import use_language

AT = datetime(2026, 11, 14, 12, tzinfo=ZONE)
POST = {"role": "river_chief", "tier": "township", "name": "示例", "phone": "13812345678"}
ALERT = Alert(
    alert_id="A-1", rule_id="water_exceedance", station="W1", item="nh3n",
    kind=Kind.EXCEEDANCE, medium="water", grade=AlertGrade.RED, start=AT,
    last=AT + timedelta(hours=8), end=AT + timedelta(hours=12), readings=3,
    peak_at=AT + timedelta(hours=4), peak_value=2.5, peak_limit=1.0, severity=1.5,
    status=AlertStatus.ASSIGNED, assignee="=HYPERLINK(1)", part_of="",
    evidence={
        "title": {"zh": "规则", "en": "Rule"}, "against": "target", "class": 3, "unit": "mg/L",
        "standard": "GB 3838-2002", "standard_day": "2026-11-14", "confidence": "low",
        "step_h": 4.0, "readings": [
            {"time": "2026-11-14T12:00:00+08:00", "value": 1.2, "class": 4, "multiple": 0.2}
        ],
    },
    verdict={
        "on": "2026-11-14", "unit": {"code": "1", "name": "东栅街道", "tier": "township"},
        "provisional": False, "chain": [], "river": {
            "code": "R", "name": "平湖塘4段", "river": "平湖塘", "distance_m": 0.0,
            "chiefs": [POST | {"since": "2024-02-01"}, POST | {"name": None, "since": None}],
        },
    },
    found_at=AT,
)  # fmt: skip
STEP = AlertStep("A-1", AT, "张三", "assign", "东栅街道", "请核查")
WORDS = AlertWriting({"W1": "水站一"})


def test_a_workbook_has_alerts_and_steps_and_runs_no_formula(tmp_path: Path) -> None:
    path = save(alerts_document([ALERT], {"A-1": [STEP]}, WORDS), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    rows = list(book.worksheets[0].values)
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["等级"] == "Ⅰ级 红色"
    assert row["站点"] == "水站一"
    assert (row["峰值"], row["单位"], row["限值"], row["超标倍数"]) == (2.5, "mg/L", 1, 1.5)
    assert "劣于断面目标（Ⅲ类）" in row["原因"]
    assert row["责任单位"] == "东栅街道"
    assert "138****5678" in row["河长"]
    assert "空缺" in row["河长"]
    cell = book.worksheets[0].cell(2, list(rows[0]).index("交办给") + 1)
    assert cell.data_type == "s"
    assert [cell.value for cell in book.worksheets[1][2]][2:] == [
        "张三",
        "交办",
        "东栅街道",
        "请核查",
    ]


def test_a_csv_and_an_empty_list(tmp_path: Path) -> None:
    path = save(alerts_document([ALERT], {}, WORDS), tmp_path / "a.csv")
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert rows[0]["交办给"] == "'=HYPERLINK(1)"
    empty = save(alerts_document([], {}, WORDS), tmp_path / "b.xlsx")
    assert openpyxl.load_workbook(empty).worksheets[0].max_row == 1


def test_json_masks_phones_unless_asked() -> None:
    masked = json_data(alerts_document([ALERT], {"A-1": [STEP]}, WORDS, example=True))
    assert masked["schema"] == "gridmap.alerts/1"
    assert masked["example"] is True
    (one,) = masked["alerts"]
    assert one["verdict"]["river"]["chiefs"][0]["phone"] == "138****5678"
    assert one["steps"][0]["by"] == "张三"
    full = json_data(alerts_document([ALERT], {}, WORDS), full_phones=True)
    assert full["alerts"][0]["verdict"]["river"]["chiefs"][0]["phone"] == "13812345678"
    assert ALERT.verdict is not None
    assert ALERT.verdict["river"]["chiefs"][0]["phone"] == "13812345678"


def test_text_for_a_terminal_is_harmless_and_complete() -> None:
    text = terminal_text(alert_document(ALERT, [], [STEP], WORDS))
    for expected in ("Ⅰ级 红色", "超标 1.50 倍", "GB 3838-2002", "东栅街道", "空缺", "张三  交办"):
        assert expected in text
    assert "仅供参考" in text
    nasty = AlertWriting({"W1": "水\x1b[31m站"})
    assert "\x1b" not in terminal_text(alerts_document([ALERT], {}, nasty))
    assert "\x1b" not in terminal_text(alert_document(ALERT, [], [], nasty))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "2.500 mg/L，超标 1.50 倍（11-14 16:00）"),
        ({"item": "dissolved_oxygen", "peak_value": 2.5, "peak_limit": 5.0}, "低于限值 50 %"),
        ({"kind": Kind.STUCK, "peak_limit": None}, "2.500 mg/L（11-14 16:00）"),
        ({"kind": Kind.MISSING, "peak_value": None}, "—"),
        ({"kind": Kind.YANGTZE, "item": "", "peak_value": 6.0}, "劣Ⅴ类"),
    ],
)
def test_the_peak_in_words(changes: dict[str, object], expected: str) -> None:
    assert expected in WORDS.peak(replace(ALERT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_kind_has_a_reason_in_both_languages(kind: Kind, language: str) -> None:
    use_language(language)
    for item in ("", "nh3n"):
        reason = WORDS.reason(replace(ALERT, kind=kind, item=item))
        assert reason
        assert "{" not in reason
        assert "  " not in reason
    for against in ("target", "class", "standard", "limit"):
        alert = replace(ALERT, evidence={**ALERT.evidence, "against": against})
        assert "1.000" in WORDS.reason(alert)


def test_lengths_of_time() -> None:
    assert spoken(length_of(ALERT)) == "12 小时"
    lasting = replace(ALERT, end=None)
    assert length_of(lasting) == timedelta(hours=12)  # one step after the latest reading
    assert length_of(lasting, AT + timedelta(days=3)) == timedelta(days=3)
    assert spoken(timedelta(days=3)) == "3 天"
    assert spoken(timedelta(days=3, hours=5)) == "3 天 5 小时"


def test_grades_carry_their_numeral() -> None:
    assert [grade_title(grade)[0] for grade in AlertGrade] == ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"]
