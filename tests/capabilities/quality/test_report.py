"""The report of quality: sheets, words, numbers as numbers, nothing that a spreadsheet runs."""

import openpyxl
import pyarrow.csv
import pytest

from gridmap import texts
from gridmap.capabilities.quality import words
from gridmap.capabilities.quality.report import QualityReport, quality_document, shares
from gridmap.capabilities.quality.rules.checks import CHECKS
from gridmap.capabilities.quality.rules.completeness import MonthCount
from gridmap.capabilities.quality.rules.findings import Finding, Severity
from gridmap.capabilities.quality.work.figures import shipped_figures
from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude, exclusions
from gridmap.core.moments import HOUR_US, moment_of
from gridmap.report.saving import save

AT = 1_789_200_000_000_000  # 2026-09-12 16:00 Asia/Shanghai
MONTHS = (
    MonthCount("WS01", "nh3n", "2026-08", 100, 90, 80, 4),
    MonthCount("WS01", "tp", "2026-08", 100, 100, 100, 0),
    MonthCount("WS01", "nh3n", "2026-09", 50, 0, 0, 0),
    MonthCount("KQ01", "co", "2026-09", 200, 200, 200, 0),
)


def finding(check, **facts):
    return Finding(check, "WS01", "nh3n", AT, AT + 2 * HOUR_US, 3, Severity.FAULT, facts)


FACTS = {
    "gap": {"hours": 12.0, "open": 1, "serviced": 0.6, "items": 9},
    "non_detects": {"share": 0.625, "months": 2},
    "range": {"lowest": 0.0, "highest": 300.0, "value": -1.0},
    "pm_order": {"other": "pm10", "other_value": 10.0, "value": 30.0},
    "nitrogen_order": {"other": "tn", "other_value": 1.0, "value": 3.0},
    "saturation": {"percent": 241, "value": 19.5},
    "stuck": {"value": 0.512, "hours": 72.0},
    "at_limit": {"value": 0.025, "runs": 3},
    "spike": {"value": 2.268, "level": 0.1455, "beyond": 2.103, "shared": "WS02"},
    "jump": {"by": 1.2, "ratio": 1, "days": 7, "alone": 1},
    "drift": {"by": -0.9, "ratio": 0, "days": 30},
    "copied_days": {"days": 2, "like": "2026-08-01"},
    "copied_stations": {"other": "WS02"},
    "few_digits": {"share": 0.8, "months": 1},
}


@pytest.fixture
def report(project):
    spike = finding("spike", **FACTS["spike"])
    with project.change("exclude") as change:
        exclude(
            change,
            Exclusion(
                station="WS01", item="nh3n", start=moment_of(AT),
                end=moment_of(AT + 2 * HOUR_US), reason="=HYPERLINK(1)", actor="张三",
                finding_id=spike.identity,
            ),
        )  # fmt: skip
    found = tuple(finding(check, **FACTS.get(check, {})) for check in CHECKS)
    return QualityReport(
        MONTHS, found, exclusions(project), shipped_figures(), {"WS01": "+水站"}, example=True
    )


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("check", CHECKS)
def test_every_finding_and_check_is_said_in_words(check, language):
    texts.use_language(language)
    said = words.sentence(finding(check, **FACTS.get(check, {})))
    how = words.explained(check, "nh3n", shipped_figures())
    for text in (said, how):
        assert "{" not in text
        assert text[-1] in "。."
    assert not said.startswith(words.check_title(check))


def test_figures_are_said_with_their_units():
    figures = shipped_figures()
    spike = finding("spike", **FACTS["spike"])
    assert "2.268 mg/L" in words.sentence(spike)
    assert "0.3 mg/L" in words.explained("spike", "nh3n", figures)
    assert "100 %" in words.explained("spike", "nh3n", figures)
    assert "50 %" in words.explained("jump", "nh3n", figures)
    assert "0.5" in words.explained("jump", "ph", figures)
    assert "+120 %" in words.sentence(finding("jump", **FACTS["jump"]))
    assert "-0.900 mg/L" in words.sentence(finding("drift", **FACTS["drift"]))


def test_a_span_is_short_on_one_day():
    one = finding("spike")
    assert words.span(one) == "2026-09-12 16:00 – 18:00"
    assert words.span(Finding("spike", "", "", AT, AT, 1, Severity.FAULT)) == "2026-09-12 16:00"
    long = Finding("gap", "", "", AT, AT + 24 * HOUR_US, 1, Severity.FAULT)
    assert words.span(long) == "2026-09-12 16:00 – 09-13 16:00"
    longer = Finding("gap", "", "", AT, AT + 200 * 24 * HOUR_US, 1, Severity.FAULT)
    assert words.span(longer) == "2026-09-12 16:00 – 2027-03-31 16:00"


def test_shares_are_sums_over_items():
    summed = shares(MONTHS)
    assert summed.stations == ("WS01", "KQ01")
    assert summed.months == ("2026-08", "2026-09")
    assert summed.share("WS01", "2026-08") == 0.9
    assert summed.share("WS01", "2026-09") == 0.0
    assert summed.share("KQ01", "2026-08") is None
    assert summed.share("WS01") == 180 / 250
    assert summed.share("") == 380 / 450


def test_a_workbook_holds_all_sheets(report, tmp_path):
    save(quality_document(report), tmp_path / "质量.xlsx")
    book = openpyxl.load_workbook(tmp_path / "质量.xlsx")
    assert book.sheetnames == ["检查结果", "完整率", "月份", "剔除记录", "检查参数"]
    found = list(book["检查结果"].iter_rows(values_only=True))
    assert len(found) == 1 + len(CHECKS)
    head = found[0]
    spike = next(row for row in found if "尖峰" in row)
    cells = dict(zip(head, spike, strict=True))
    assert cells["读数"] == 3
    assert cells["开始"] == "2026-09-12 16:00"
    assert cells["剔除编号"].startswith("X-")
    assert cells["示例数据，不得作为依据"]
    matrix = [list(row) for row in book["完整率"].iter_rows(values_only=True)]
    assert matrix[0] == ["站点", "名称", "2026-08", "2026-09", "合计"]
    assert matrix[1][2:] == [90.0, 0.0, 72.0]
    assert matrix[2][2:] == [None, 100.0, 100.0]
    assert matrix[3][:2] == ["合计", None]
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.rows for cell in row)
    assert "=HYPERLINK(1)" in str([cell.value for cell in book["剔除记录"]["F"]])


def test_csv_holds_the_findings(report, tmp_path):
    save(quality_document(report), tmp_path / "found.csv")
    table = pyarrow.csv.read_csv(tmp_path / "found.csv")
    assert table.num_rows == len(CHECKS)
    assert table["名称"].to_pylist()[0].startswith("'+")


def test_json_is_plain(report):
    data = quality_document(report).data
    assert data["schema"] == "gridmap.quality/1"
    assert data["completeness"][0] == {
        "station": "WS01", "month": "2026-08", "expected": 200, "usable": 180,
    }  # fmt: skip
    assert data["findings"][0]["start"] == "2026-09-12T16:00:00+08:00"
    assert data["exclusions"][0]["withdrawn_at"] is None
    assert data["exclusions"][0]["actor"] == "张三"


def test_a_report_of_nothing_can_be_written(project, tmp_path):
    nothing = QualityReport((), (), exclusions(project), shipped_figures(), {})
    save(quality_document(nothing), tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book["检查结果"].max_row == 1
