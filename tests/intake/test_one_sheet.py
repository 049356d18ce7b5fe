"""Rosters of one sheet, a row for each person and post, through the command line and the window."""

import datetime as dt
import shutil
from pathlib import Path

import openpyxl
import pytest

from gridmap.intake.choices import Choices
from gridmap.intake.doctor import examine, find_sources
from gridmap.store import Edition, Project
from gridmap.store.example import shipped_example

HEADS = ("姓名", "职务", "网格或河段", "电话", "任职起", "任职止")
ROWS = (
    ("钱一", "网格长", "新丰镇", "13800000001", "2027-01-01", None),
    ("钱一", "镇级河长", "平湖塘1段", "138 0000 0001", "2027-01-01", None),
    ("孙二", "网格长", "330402101", "13800000002", "2027-01-01", None),
    ("孙二", "河长（村级）", "HL001-02", "+86 13800000002", "2027.1.1", None),
    ("李三", "河长", "HL001-03", "13800000003", "2027-01-01", None),  # at which tier?
    ("周四", "镇级河长", "平湖塘", "13800000004", "2027-01-01", None),  # has 14 reaches
    ("吴五", "网格长", "没有镇", "13800000005", "2027-01-01", None),
    ("郑六", "网格长", "平湖塘1段", "13800000006", "2027-01-01", None),  # a reach is no unit
    ("王七", "皇帝", "新丰镇", "13800000007", "2027-01-01", None),
    ("冯八", "网格长", "凤桥", "13800000008", "2027-01-01", None),  # 凤桥镇
)


def sheet(path: Path, rows=ROWS, heads=HEADS) -> Path:
    book = openpyxl.Workbook()
    book.active.append(heads)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def nanhu(tmp_path: Path) -> Path:
    path = tmp_path / "南湖.gridmap.gpkg"
    shutil.copy(shipped_example(), path)
    return path


def posts_of(path: Path, name: str) -> list[tuple[str, ...]]:
    with Project.open(path) as project:
        people = project.people()
        mine = people.loc[people["name"] == name, "person_id"]
        posts = project.posts()
        posts = posts[posts["person_id"].isin(mine)].sort_values("role")
        wanted = posts[["role", "tier", "scope", "scope_code"]]
        return [tuple(row) for row in wanted.itertuples(index=False)]


def test_people_and_posts_come_in_one_step_and_nothing_is_dropped(nanhu, tmp_path, gridmap):
    with Project.open(nanhu) as project:
        people, posts, revision = len(project.people()), len(project.posts()), project.revision
    said = gridmap("import", nanhu, sheet(tmp_path / "名册.xlsx"), "--roster", "--all")
    assert said.code == 0
    assert "读入 10 行，载入 4 行，暂扣 6 行" in said.out
    assert "涉及 2 人，其中新增 2 人" in said.out
    assert posts_of(nanhu, "钱一") == [
        ("grid_head", "township", "unit", "330402103"),
        ("river_chief", "township", "reach", "HL001-01"),
    ]
    assert posts_of(nanhu, "孙二") == [
        ("grid_head", "township", "unit", "330402101"),
        ("river_chief", "village", "reach", "HL001-02"),
    ]
    for row, words in {
        6: "无法区分市、县、镇、村级河长",
        7: "“平湖塘”可指多处：HL001-01",
        8: "没有编码或名称为“没有镇”的网格",
        9: "HL001-01 平湖塘1段 是河段，不是网格",
        10: "“皇帝”不在可用值之内",
        11: "没有编码或名称正好是“凤桥”的；相近的是 330402100 南湖区凤桥镇",
    }.items():
        [line] = [one for one in said.out.splitlines() if f"第 {row} 行" in one and "错误" in one]
        assert words in line.replace("; ", "；"), line
        assert "名册.xlsx" in line
    with Project.open(nanhu) as project:
        assert (len(project.people()), len(project.posts())) == (people + 2, posts + 4)
        assert project.revision == revision + 1
        assert project.log().iloc[-1]["action"] == "import"
        project.undo()
        assert (len(project.people()), len(project.posts())) == (people, posts)


def test_a_name_that_is_cut_short_is_completed_by_one_accept(nanhu, tmp_path, gridmap):
    said = gridmap("import", nanhu, sheet(tmp_path / "名册.xlsx"), "--roster", "--accept")
    assert "载入 5 行" in said.out
    assert posts_of(nanhu, "冯八") == [("grid_head", "township", "unit", "330402100")]


def test_the_same_sheet_again_changes_nothing(nanhu, tmp_path, gridmap):
    path = sheet(tmp_path / "名册.xlsx")
    gridmap("import", nanhu, path, "--roster")
    with Project.open(nanhu) as project:
        before = project.people(), project.posts()
    said = gridmap("import", nanhu, path, "--roster")
    assert "新增 0 行，更新 4 行" in said.out
    assert "其中新增 0 人" in said.out
    with Project.open(nanhu) as project:
        assert project.people().equals(before[0])
        assert project.posts().equals(before[1])


def test_who_is_one_person_and_who_is_not(nanhu, tmp_path, gridmap):
    path = sheet(
        tmp_path / "同名.xlsx",
        (
            ("钱一", "网格长", "新丰镇", "1", "2027-01-01", None),
            ("钱一", "网格长", "余新镇", None, "2027-01-01", None),  # the only one of the name
            ("孙二", "网格长", "凤桥镇", "2", "2027-01-01", None),
            ("孙二", "网格长", "大桥镇", "3", "2027-01-01", None),  # another phone
            ("孙二", "网格长", "七星街道", None, "2027-01-01", None),  # which of them?
        ),
    )
    said = gridmap("import", nanhu, path, "--roster", "--all")
    assert "载入 4 行，暂扣 1 行" in said.out
    assert "涉及 3 人" in said.out
    assert [post[3] for post in posts_of(nanhu, "钱一")] == ["330402103", "330402101"]
    assert "第 3 行：“钱一”没有写电话" in said.out
    assert "第 5 行：“孙二”与已知的同名人员" in said.out
    assert "第 6 行：叫“孙二”的不止一人" in said.out
    # The same name and phone later on is the same person, whatever the sheet leaves empty.
    more = sheet(tmp_path / "续.xlsx", (("孙二", "总河长", "大桥镇", "3", "2027-01-01", None),))
    assert "其中新增 0 人" in gridmap("import", nanhu, more, "--roster").out


def test_an_id_that_is_somebody_else_is_held_back(nanhu, tmp_path, gridmap):
    path = sheet(
        tmp_path / "编号.xlsx",
        (("钱一", "网格长", "新丰镇", "1", "2027-01-01", "P0001"),),
        (*HEADS[:5], "人员编号"),
    )
    said = gridmap("import", nanhu, path, "--roster")
    assert said.code == 1
    assert "人员编号 P0001 在项目或表里是另一个姓名" in said.out


def test_overlapping_terms_of_one_post_are_told(nanhu, tmp_path, gridmap):
    path = sheet(
        tmp_path / "任期.xlsx",
        (
            ("钱一", "网格长", "新丰镇", "1", "2027-01-01", "2027-06-30"),
            ("孙二", "网格长", "新丰镇", "2", "2027-06-30", None),
            ("李三", "网格长", "余新镇", "3", "2027-01-01", "2027-06-30"),
            ("周四", "网格长", "余新镇", "4", "2027-07-01", None),
        ),
    )
    said = gridmap("import", nanhu, path, "--roster", "--all", "--replace")
    [line] = [one for one in said.out.splitlines() if "重叠" in one]
    assert "第 3 行：“孙二”" in line
    assert "钱一 2027-01-01–2027-06-30 (第 2 行)" in line
    with Project.open(nanhu) as project:
        assert (len(project.people()), len(project.posts())) == (4, 4)
    # A later sheet is held against the project; the same rows again are not.
    more = gridmap("import", nanhu, path, "--roster", "--all")
    assert more.out.count("重叠") == 1
    later = sheet(tmp_path / "后任.xlsx", (("吴五", "网格长", "余新镇", "5", "2028-01-01", None),))
    assert "周四 2027-07-01– (项目里)" in gridmap("import", nanhu, later, "--roster").out


def test_posts_by_code_name_their_unit_too(nanhu, tmp_path, gridmap):
    path = sheet(
        tmp_path / "任职.xlsx",
        (("P0001", "镇级河长", "平湖塘1段", "2027-01-01"), ("P0002", "网格长", "没有镇", None)),
        ("人员编号", "职务", "责任编码", "任职日期"),
    )
    said = gridmap("import", nanhu, path, "--posts", "--all")
    assert "载入 2 行" in said.out
    assert "没有编码或名称为“没有镇”的网格" in said.out
    with Project.open(nanhu) as project:
        last = project.posts().iloc[-2]
        assert (last["scope_code"], last["tier"]) == ("HL001-01", "township")


def test_where_names_repeat_the_township_is_written_before(
    project, project_path, units, tmp_path, gridmap
):
    frame = units(4)
    frame["name"] = ["南镇", "北镇", "新建村", "新建村"]
    frame["tier"] = ["township", "township", "village", "village"]
    frame["parent_code"] = [None, None, "330402001", "330402002"]
    with project.change("test") as change:
        change.replace_layer("grid_units", frame, Edition("grid_units", None, "测试", 1.0))
    project.close()
    path = sheet(
        tmp_path / "村.xlsx",
        (
            ("钱一", "网格员", "新建村", "1", None, None),
            ("孙二", "网格员", "北镇新建村", "2", None, None),
            ("李三", "网格员", "南镇 / 新建村", "3", None, None),
        ),
    )
    said = gridmap("import", project_path, path, "--roster", "--all")
    assert "载入 2 行，暂扣 1 行" in said.out
    assert "“新建村”可指多处：330402003 南镇新建村; 330402004 北镇新建村" in said.out
    assert posts_of(project_path, "孙二") == [("grid_member", "village", "unit", "330402004")]
    assert posts_of(project_path, "李三") == [("grid_member", "village", "unit", "330402003")]


def test_an_empty_project_says_what_comes_first(project_path, tmp_path, gridmap):
    Project.create(project_path, title="新区").close()
    said = gridmap("import", project_path, sheet(tmp_path / "名册.xlsx", ROWS[:2]), "--roster")
    assert said.code == 1
    assert "项目里还没有任何网格" in said.out
    assert "项目里还没有任何河段" in said.out


def test_a_template_that_is_filled_in_comes_back_unchanged(nanhu, tmp_path, gridmap):
    path = tmp_path / "空表.xlsx"
    assert gridmap("template", "roster", "-o", path).code == 0
    book = openpyxl.load_workbook(path)
    titles = [cell.value for cell in book.worksheets[0][1]]
    cells = {
        "姓名": "钱一", "职务": "河长", "层级": "乡镇", "负责网格或河段": "平湖塘1段",
        "责任范围": "河段", "联系电话": "13800000001", "工作单位": "新丰镇政府",
        "任职日期": dt.date(2027, 1, 1), "离任日期": dt.date(2027, 12, 31), "人员编号": "R001",
        "数据性质": "real",
    }  # fmt: skip
    assert set(titles) == set(cells)
    book.worksheets[0].append([cells[title] for title in titles])
    book.save(path)
    said = gridmap("import", nanhu, path, "--roster", "--all")
    assert "载入 1 行，暂扣 0 行" in said.out
    with Project.open(nanhu) as project:
        [person] = project.people().query("person_id == 'R001'").to_dict("records")
        [post] = project.posts().query("person_id == 'R001'").to_dict("records")
    assert person == {
        "person_id": "R001", "name": "钱一", "organisation": "新丰镇政府", "phone": "13800000001",
        "data_status": "real",
    }  # fmt: skip
    assert (post["role"], post["tier"], post["scope_code"]) == (
        "river_chief", "township", "HL001-01"
    )  # fmt: skip
    assert (post["valid_from"], post["valid_to"]) == (dt.date(2027, 1, 1), dt.date(2027, 12, 31))


@pytest.mark.parametrize(
    ("heads", "target"),
    [
        (HEADS, "roster"),
        (("姓名", "工作单位", "职务", "责任网格", "手机号", "任职时间"), "roster"),
        (("河长姓名", "河长级别", "职务", "责任河段", "联系方式"), "roster"),
        (("姓名", "单位", "手机号"), "people"),
        (("人员编号", "姓名", "职务", "层级", "责任编码", "任职日期", "离任日期"), "posts"),
        (("人员编号", "姓名", "工作单位", "联系电话"), "people"),
    ],
)
def test_a_sheet_is_known_by_its_headings(heads, target, nanhu, tmp_path):
    path = sheet(tmp_path / "表.xlsx", (("一",) * len(heads),), heads)
    with Project.open(nanhu) as project:
        (source,) = find_sources([path])
        assert examine(source, Choices(), project).target == target


def test_the_window_takes_the_sheet_too(desk, nanhu, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

    path = sheet(tmp_path / "名册.xlsx", ROWS[:4])
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    mine = desk(nanhu)
    page = mine.open_page("project")
    mine.click(mine.button("导入人员与职务…", page))
    doctor = mine.window.pages["import"]
    mine.until(lambda: doctor.isVisible() and "名册.xlsx" in mine.texts(doctor))
    mine.click(mine.button("载入 4 行", doctor))
    mine.until(lambda: len(posts_of(nanhu, "钱一")) == 2)
    assert posts_of(nanhu, "孙二")[0] == ("grid_head", "township", "unit", "330402101")
