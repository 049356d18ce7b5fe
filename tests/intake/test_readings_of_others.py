"""Readings as laboratories, downloads and offices write them: nothing is lost without a word."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gridmap.intake.looks import times
from gridmap.intake.series.cells import numbers_of
from tests.fixtures.importing import Office

WIDE = "站点,时间,氨氮(mg/L)\n"


@pytest.mark.parametrize(
    ("text", "value", "mark"),
    [
        ("1,200", 1200, ""), ("1,200.5", 1200.5, ""), ("2.4×10^4", 24_000, ""),
        ("9.2×10³", 9200, ""), ("2.4*10^-2", 0.024, ""), ("1.2E-1", 0.12, ""),
        ("０．１１", 0.11, ""), ("0.00", 0, ""), ("-0.4", -0.4, ""), ("<0.01", 0.01, "<"),
        ("＜0.01", 0.01, "<"), ("0.01 L", 0.01, "L"), (">24000", 24_000, ">"),
        ("≥24000", 24_000, ">"), ("1.08*", 1.08, "n*"), ("ND<0.04", np.nan, "ND"),
        ("<DL", np.nan, "ND"), ("-999", np.nan, "-999"), ("9.999", np.nan, "9.999"),
        ("<0.000", np.nan, "<0.000"), ("L", np.nan, "L"), ("1,20", np.nan, "1,20"),
        ("7.3(23.1℃)", np.nan, "7.3(23.1℃)"), ("约0.5", np.nan, "约0.5"),
    ],
)  # fmt: skip
def test_what_a_cell_says(text: str, value: float, mark: str) -> None:
    numbers, marks = numbers_of([text])
    assert np.array_equal(numbers, [value], equal_nan=True)
    assert marks.tolist() == [mark]


def test_every_text_that_is_no_number_is_told_with_its_rows(office: Office) -> None:
    cells = ["/", "约0.5", "约0.5", "1,201", "浑浊", "-999"]
    rows = [f'S,2024-06-30 {hour:02d}:00,"{cell}"\n' for hour, cell in enumerate(cells)]
    said = office.readings(office.write("a.csv", WIDE + "".join(rows)))
    assert "1 处以“/”代替数值" in said.out
    assert "2 处以“约0.5”代替数值" in said.out
    assert "第 3, 4 行" in said.out
    assert "1 处以“浑浊”代替数值" in said.out
    assert "1 处是代码 -999" in said.out
    stored = office.series("S", "nh3n")["value"].to_numpy()
    nan = np.nan
    assert np.array_equal(stored, [nan, nan, nan, 1201, nan, nan], equal_nan=True)


def test_more_texts_than_can_be_listed_are_counted_all(office: Office) -> None:
    rows = [f"S,2024-06-{1 + n // 24:02d} {n % 24:02d}:00,甲{n}\n" for n in range(60)]
    said = office.readings(office.write("a.csv", WIDE + "".join(rows)))
    assert said.out.count("代替数值") == 40
    assert "还有 20 处不是数值（如“甲40”" in said.out


def test_minus_one_is_a_temperature_and_no_concentration(office: Office) -> None:
    text = "站点,时间,水温(℃),氨氮(mg/L)\nS,2024-01-30 00:00,-1,-1\n"
    said = office.readings(office.write("a.csv", text))
    assert office.series("S", "water_temperature")["value"].tolist() == [-1]
    assert np.isnan(office.series("S", "nh3n")["value"]).all()
    assert "1 处是代码 -1" in said.out


def test_rows_of_means_and_totals_are_no_stations(office: Office) -> None:
    rows = "S,2024-06-30 00:00,0.4\n平均值,2024-06-30 00:00,0.4\n注：仅供参考,2024-06-30 00:00,\n"
    said = office.readings(office.write("a.csv", WIDE + rows))
    assert "“平均值”是汇总或注释" in said.out
    assert "读入 3 行，载入 1 行，暂扣 2 行" in said.out
    assert office.series("S", "nh3n")["value"].tolist() == [0.4]
    assert office.series("平均值", "nh3n").empty


@pytest.mark.parametrize("heading", ["单位", "计量单位", "浓度单位", "units", "uom"])
def test_a_column_of_units_is_used(office: Office, heading: str) -> None:
    text = f"站点,时间,项目,值,{heading}\nS,2024-06-30 00:00,氨氮,8,μg/L\n"
    said = office.readings(office.write("a.csv", text), "--accept")
    assert office.series("S", "nh3n")["value"].tolist() == [0.008]
    assert "没有注明单位" not in said.out + said.err


def test_a_column_of_units_serves_a_wide_table(office: Office) -> None:
    text = "站点,时间,氨氮,计量单位\nS,2024-06-30 00:00,8,μg/L\n"
    office.readings(office.write("a.csv", text), "--accept")
    assert office.series("S", "nh3n")["value"].tolist() == [0.008]


def test_a_unit_that_cannot_be_converted_holds_its_rows_back(office: Office) -> None:
    text = (
        "站点,时间,项目,值,units\nS,2024-06-30 00:00,no2,0.021,ppm\n"
        "S,2024-06-30 01:00,no2,40.2,µg/m³\n"
    )
    said = office.readings(office.write("a.csv", text))
    assert office.series("S", "no2")["value"].tolist() == [40.2]
    assert "第 2 行：“units”写的是“ppm”，不能换算为" in said.out


def test_midnight_as_24_00_loads_once_accepted(office: Office) -> None:
    rows = "S,2024-06-30 24:00,1\nS,2024-06-30 24:10,2\nS,2024-02-30 01:00,3\n"
    file = office.write("a.csv", WIDE + rows)
    assert "读入 3 行，载入 0 行，暂扣 3 行" in office.readings(file).out
    said = office.readings(file, "--accept")
    assert "读入 3 行，载入 1 行，暂扣 2 行" in said.out
    frame = office.series("S", "nh3n")
    assert [str(moment) for moment in frame.index] == ["2024-07-01 00:00:00+08:00"]


def test_a_row_without_year_waits_alone(office: Office) -> None:
    rows = "S,2024-06-30 23:00,1\nS,7-1 5:00,2\n"
    said = office.readings(office.write("a.csv", WIDE + rows))
    assert "读入 2 行，载入 1 行，暂扣 1 行" in said.out
    assert "没有年份" in said.out


def test_one_year_over_new_year(office: Office) -> None:
    rows = "S,12-31 20:00,1\nS,01-01 00:00,2\n"
    said = office.readings(office.write("读数_20250101.csv", WIDE + rows), "--accept")
    moments = office.series("S", "nh3n").index
    assert str(moments[0]) == "2024-12-31 20:00:00+08:00"
    assert (moments[1] - moments[0]).total_seconds() == 4 * 3600
    assert "跨年，1 个年末的时间记作 2024 年，其余记作 2025 年" in said.out


def test_a_whole_year_is_no_turn() -> None:
    texts, before = times.with_year(["01-01 00:00", "06-01 00:00", "12-31 00:00", None], 2024)
    assert before == 0
    assert texts == ["2024-01-01 00:00", "2024-06-01 00:00", "2024-12-31 00:00", None]


def test_two_values_of_one_moment_are_told_with_their_rows(office: Office) -> None:
    rows = "".join(f"S,2024-06-30 0{h}:00,{v}\n" for h, v in [(1, 38), (1, 38), (2, 41), (2, 44)])
    said = office.readings(office.write("a.csv", WIDE + rows))
    assert "共 2 个读数（第 4, 5 行，如 2024-06-30 02:00）" in said.out


def test_the_case_of_a_download(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("22-openaq-sentinel")
    said = office.readings(
        folder / "openaq_measurements.csv", "--column", "station=location", "--accept"
    )
    frame = office.series("示例站A", "pm25")["value"]
    assert frame.notna().sum() == 6
    assert (frame.min(), frame.iloc[2], frame.iloc[4]) == (-0.4, -0.4, 44)
    assert office.series("示例站A", "no2")["value"].tolist() == [40.2]
    for code in ("-999",):
        assert f"代码 {code}" in said.out
    assert said.out.count("“ppm”") == 3
    assert office.series("示例站B", "pm25")["value"].tolist() == [52]
    office.readings(folder / "计量单位.csv", "--accept")
    assert office.series("示例站", "nh3n")["value"].tolist() == [0.008, 0.009, 0.01, 0.011, 0.012]


def test_the_case_of_a_laboratory(office: Office, case: Callable[[str], Path]) -> None:
    folder = case("21-lims-nondetect")
    office.readings(folder / "实验室导出_LIMS.csv", "--accept")
    frame = office.series("示例断面一", "nh3n")
    nan = np.nan
    assert np.array_equal(frame["value"], [0.42, 0.025, 1.08, nan, 0, 0.38], equal_nan=True)
    said = office.readings(folder / "斜杠在先.csv", "--accept")
    stored = office.series("示例站", "nh3n")["value"]
    assert (stored.notna().sum(), stored.isna().sum()) == (19, 5)
    assert "4 处以“约0.5”" in said.out


def test_the_case_of_24_00(office: Office, case: Callable[[str], Path]) -> None:
    office.readings(case("23-hour24-dst") / "氨氮_24点.csv", "--accept")
    moments = [f"{moment:%m-%d %H:%M}" for moment in office.series("示例站", "nh3n").index]
    assert "07-01 00:00" in moments
    assert "07-01 04:00" in moments
    assert "07-02 06:00" in moments
    assert len(moments) == 8
    office.readings(case("23-hour24-dst") / "氨氮_混合时区.csv", "--accept")
    frame = office.series("S1", "nh3n")
    assert [f"{moment:%H:%M}" for moment in frame.index] == [
        "23:00", "00:00", "01:00", "02:00", "03:00",
    ]  # fmt: skip
    assert frame["value"].tolist() == [1, 3, 4, 6, 7]


def test_summer_time_is_called_so(office: Office) -> None:
    rows = "S,1988-04-17 01:00,1\nS,1988-04-17 02:00,2\nS,1988-04-17 02:00+08:00,3\n"
    said = office.readings(office.write("a.csv", WIDE + rows), "--accept")
    assert "正逢夏令时换时" in said.out
    assert "不是时间" not in said.out
    assert "载入 2 行" in said.out


def test_seconds_since_1970_load_once_accepted(office: Office) -> None:
    rows = "S,2024-07-01 01:00,1\nS,1719770400,2\n"
    office.readings(office.write("a.csv", WIDE + rows), "--accept")
    frame = office.series("S", "nh3n")
    assert [f"{moment:%m-%d %H:%M}" for moment in frame.index] == ["07-01 01:00", "07-01 02:00"]
