"""Readings as offices deliver them: rows of units, names with remarks, one bad column, links."""

import openpyxl
import pytest

from gridmap.intake.series.headings import item_and_unit
from gridmap.store import Project
from tests.fixtures.importing import Office

AIR = "站点名称,监测时间,细颗粒物,可吸入颗粒物,臭氧,备注\n"


@pytest.mark.parametrize(
    ("heading", "item", "unit"),
    [
        ("细颗粒物", "pm25", None),
        ("细颗粒物（PM2.5）", "pm25", None),
        ("细颗粒物(PM2.5)(μg/m³)", "pm25", "μg/m³"),
        ("颗粒物（粒径小于等于2.5μm）", "pm25", None),
        ("PM₂.₅", "pm25", None),
        ("PM10浓度（微克/立方米）", "pm10", "微克/立方米"),
        ("可吸入颗粒物_μg/m3", "pm10", "μg/m3"),
        ("二氧化硫(SO₂)", "so2", None),
        ("臭氧1小时平均", "o3", None),
        ("氨氮（NH3-N）", "nh3n", None),
        ("氨氮浓度 mg/L", "nh3n", "mg/L"),
        ("氨氮/mg/L", "nh3n", "mg/L"),
        ("总磷（以P计，mg/L）", "tp", "mg/L"),
        ("总磷（以P计）(mg/L)", "tp", "mg/L"),
        ("高锰酸盐指数（CODMn）", "codmn", None),
        ("氨氮(mol)", "nh3n", "mol"),
        # A mean of another length is another thing, and is no hourly value.
        ("臭氧8小时", None, None),
        ("PM2.5 24小时平均", None, None),
        ("首要污染物(PM2.5)", None, None),
    ],
)
def test_what_a_heading_means(heading: str, item: str | None, unit: str | None) -> None:
    assert item_and_unit(heading) == (item, unit)


def test_a_row_of_units_says_the_units_and_is_no_reading(office: Office) -> None:
    rows = (
        ',,μg/m³,ug/m3,mg/m³,\nS,2026-03-01 23:00,35,60,"1,200",\nS,2026-03-02 00:00,36,61,0.1,\n'
    )
    said = office.readings(office.write("a.csv", AIR + rows))
    assert said.code == 0, said.err
    assert "读入 2 行，载入 2 行，暂扣 0 行" in said.out
    assert "第 2 行是单位行" in said.out
    assert office.series("S", "pm25")["value"].tolist() == [35.0, 36.0]
    # 1,200 is a number, and mg/m³ is converted to what is stored.
    assert office.series("S", "o3")["value"].tolist() == [1_200_000.0, 100.0]


@pytest.mark.parametrize("label", [None, "单位", "/"])
def test_a_row_of_units_in_a_workbook(office: Office, label: str | None) -> None:
    book = openpyxl.Workbook()
    book.active.append(["断面名称", "采样时间", "氨氮", "总磷", "pH"])
    book.active.append([label, label, "(mg/L)", "(μg/L)", "无量纲"])
    book.active.append(["S", "2026-03-01 08:00", 0.5, 120, 7.5])
    path = office.folder / "a.xlsx"
    book.save(path)
    said = office.readings(path)
    assert said.code == 0, said.err + said.out
    assert "读入 1 行，载入 1 行" in said.out
    found = [office.series("S", item)["value"].tolist() for item in ("nh3n", "tp", "ph")]
    assert found == [[0.5], [0.12], [7.5]]


def test_a_row_of_units_against_its_heading_is_told(office: Office) -> None:
    text = "站点,时间,氨氮(mg/L),总磷(mg/L)\n,,mg/L,μg/L\nS,2026-03-01 08:00,1,2\n"
    said = office.readings(office.write("a.csv", text))
    assert "“总磷(mg/L)”的表头写 mg/L，单位行写 μg/L" in said.out
    assert office.series("S", "nh3n")["value"].tolist() == [1.0]
    assert not len(office.series("S", "tp"))


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [
        ("总磷(g/头)", "1", "不认识单位“g/头”"),
        ("总磷(℃)", "1", "℃"),
        ("总磷", "9000000", "单位不明"),
        ("氨氮,NH3-N(mg/L)", "1,2", "是同一项目"),
    ],
)
def test_one_bad_column_does_not_hold_up_the_file(
    office: Office, heading: str, cell: str, told: str
) -> None:
    text = f"站点,时间,高锰酸盐指数(mg/L),{heading}\nS,2026-03-01 08:00,3.1,{cell}\n"
    said = office.readings(office.write("a.csv", text))
    assert said.code == 0, said.err
    assert told in said.out
    assert office.series("S", "codmn")["value"].tolist() == [3.1]
    with Project.open(office.path) as project:
        assert project.series.keys()["item"].tolist() == ["codmn"]


def test_a_column_that_was_left_out_loads_once_its_unit_is_stated(office: Office) -> None:
    text = "站点,时间,氨氮(mg/L),总磷(g/头)\nS,2026-03-01 08:00,1,0.2\n"
    path = office.write("a.csv", text)
    office.readings(path)
    office.readings(path, "--unit", "总磷(g/头)=mg/L")
    assert office.series("S", "tp")["value"].tolist() == [0.2]


def test_one_item_of_a_long_table_without_unit_waits_alone(office: Office) -> None:
    text = "站点,时间,项目,值\nS,2026-03-01 08:00,氨氮(mg/L),1\nS,2026-03-01 08:00,总磷,9000000\n"
    said = office.readings(office.write("a.csv", text))
    assert "读入 2 行，载入 1 行，暂扣 1 行" in said.out
    assert "第 3 行：“总磷”没有注明单位" in said.out


def test_repeated_times_are_told_with_their_rows(office: Office) -> None:
    text = "站点,时间,氨氮(mg/L)\n" + "S,2026-03-01 08:00,1\n" * 3
    said = office.readings(office.write("a.csv", text))
    assert "2 个读数的时间在文件中重复，以后出现的为准（第 2, 3 行让位于后面的）" in said.out


# --- linking by hand ----------------------------------------------------------------------

LINKED = "站点,时间,氨氮(mg/L)\n东栅老桥,2026-03-01 08:00,1\n"


def test_a_link_by_hand_is_remembered_for_files_of_another_shape(example_copy, tmp_path, gridmap):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(LINKED, encoding="utf-8")
    second.write_text("断面名称,采样时间,总磷(mg/L)\n东栅老桥,2026-03-02 08:00,0.1\n", "utf-8")
    said = gridmap(
        "readings", "import", example_copy, first, "--station-name", "东栅老桥=DM03", "--all"
    )
    assert "站名“东栅老桥”对应 DM03" in said.out
    with Project.open(example_copy) as project:
        assert len(project.series.read("DM03", "nh3n", None, None)) > 0
        assert project.settings.get("station_links") == {"东栅老桥": "DM03"}
    said = gridmap("readings", "import", example_copy, second, "--all")
    assert "站名“东栅老桥”对应 DM03" in said.out
    # Linked anew: what was said last counts, also for the first shape.
    gridmap("readings", "import", example_copy, second, "--station-name", "东栅老桥=DM04")
    assert "对应 DM04" in gridmap("readings", "import", example_copy, first, "--all").out
    with Project.open(example_copy) as project:
        project.undo()
        project.undo()
        assert project.settings.get("station_links") == {"东栅老桥": "DM03"}


def test_stations_are_linked_in_the_window(desk, tmp_path, monkeypatch):
    pytest.importorskip("PySide6")
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

    from gridmap.capabilities.doctor.page.stations import StationsDialog  # noqa: PLC0415

    path = tmp_path / "读数.csv"
    path.write_text(LINKED + "东栅老桥,2026-03-01 08:00,1\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    mine = desk()
    project = mine.controller.session.project
    page = mine.open_page("import")
    mine.click(mine.button("打开文件…", page))
    assert any("时间在文件中重复" in cell or "时间重复" in cell for cell in mine.cells(page))
    mine.click(mine.button("站名对应…", page))
    dialog = mine.window.findChildren(StationsDialog)[-1]
    box = dialog.box("东栅老桥")
    assert "不对应" in box.currentText()
    mine.type(box.lineEdit(), "DM03")
    mine.click(dialog.ok)
    assert any("站名已对应" in cell for cell in mine.cells(page))
    mine.click(mine.button("载入 2 行", page))
    mine.until(lambda: project.settings.get("station_links") == {"东栅老桥": "DM03"})
    assert project.series.read("DM03", "nh3n")["value"].iloc[-1] == 1.0
    # What is only found while it is stored is told as well.
    path.write_text(LINKED.replace("08:00,1", "08:00,2"), encoding="utf-8")
    mine.click(mine.button("打开文件…", page))
    mine.click(mine.button("载入 1 行", page))
    told = "1 个读数替换了项目中原有的不同读数"
    mine.until(lambda: any(told in text for _, text in mine.window.notices.history))
