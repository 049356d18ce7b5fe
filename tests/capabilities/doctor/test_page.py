"""The doctor's page as somebody uses it: choose in the cells, answer one by one, load, look."""

import pytest

pytest.importorskip("PySide6")

import json

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QTableView, QTreeView

from gridmap import cli
from gridmap.intake import watch
from gridmap.shell.theme import tokens
from gridmap.store import Project

FIRMS = (
    "企业名称,信用代码,乡镇,东向,北向,人口\n"
    "甲厂,91330400MA28A12346,大桥镇,120.812345,30.712345,5\n"
    "乙厂,91330400MA28A12347,新丰镇,120.852345,30.692345,6\n"
)


@pytest.fixture
def file(tmp_path):
    """Writes a file of somebody else."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def clerk(desk):
    """A window and, in short, what its doctor's page shows."""
    return Clerk(desk())


class Clerk:
    def __init__(self, mine):
        self.mine = mine

    @property
    def page(self):
        return self.mine.window.pages["import"]

    def said(self):
        return "\n".join([self.mine.texts(self.page), *self.mine.cells(self.page), *self.offered()])

    def offered(self):
        combos = self.page.findChildren(QComboBox)
        return [one.itemText(i) for one in combos if one.isVisible() for i in range(one.count())]

    def drop(self, *paths):
        self.mine.drop(*paths)
        assert self.mine.window.open_page == "import"

    def combo(self, name):
        found = [
            one
            for one in self.page.findChildren(QComboBox)
            if one.isVisible() and one.accessibleName() == name
        ]
        assert len(found) >= 1, f"no combo is called {name}"
        return found[0]

    def choose(self, name, text):
        self.mine.choose(self.combo(name), text)

    def click(self, text):
        self.mine.click(self.mine.button(text, self.page))

    def load(self, rows):
        self.click(f"载入 {rows} 行")

    def findings(self):
        [tree] = self.page.findChildren(QTreeView)
        return tree

    def pick(self, meaning):
        """Click the first line of the tree whose meaning holds a text."""
        from PySide6.QtCore import Qt  # noqa: PLC0415
        from PySide6.QtTest import QTest  # noqa: PLC0415

        tree = self.findings()
        tree.expandAll()
        index = tree.model().index(0, 0)
        while index.isValid():
            cells = [str(index.siblingAtColumn(i).data()) for i in (2, 4)]
            leaf = not tree.model().rowCount(index)
            if leaf and meaning in " ".join(cells):
                shown = index.siblingAtColumn(2)
                tree.scrollTo(shown)
                at = tree.visualRect(shown).center()
                QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
                self.mine.settle()
                return
            index = tree.indexBelow(index)
        raise AssertionError(f"no finding says {meaning}: {self.mine.cells(self.page)}")

    def answer(self):
        """The answer of the line that is chosen, in words."""
        return str(self.findings().currentIndex().siblingAtColumn(6).data())

    def told(self):
        [field] = self.page.findChildren(QPlainTextEdit)
        return field.toPlainText()

    def rows(self, layer):
        project = self.mine.controller.session.project
        return project.layer(layer).set_index(project.declarations[layer].key)


def test_columns_are_read_as_chosen_in_their_cells_and_so_is_the_next_file(clerk, file, capsys):
    clerk.drop(file("一月.csv", FIRMS))
    assert "载入到" in clerk.said()
    clerk.choose("载入到", "企业")
    clerk.choose("东向", "经度（东坐标）")
    clerk.choose("北向", "纬度（北坐标）")
    clerk.choose("乡镇", "地址")
    clerk.load(2)
    shown = clerk.rows("enterprises").loc["91330400MA28A12346"]
    assert shown["address"] == "大桥镇"
    assert shown.geometry.x == pytest.approx(120.812345)
    # The next file of the same headings is read alike, without a click, and says so.
    clerk.drop(file("二月.csv", FIRMS.replace("甲厂", "丙厂").replace("12346", "22346")))
    assert "沿用上次的决定" in clerk.said()
    assert clerk.combo("东向").currentText() == "经度（东坐标）"
    clerk.pick("沿用上次的决定")
    assert "一月.csv" in clerk.told()
    assert "东向" in clerk.told()
    clerk.load(2)
    assert clerk.rows("enterprises").loc["91330400MA28A22346", "address"] == "大桥镇"
    # So does the command line.
    path = clerk.mine.controller.session.project.path
    third = file("三月.csv", FIRMS.replace("甲厂", "丁厂").replace("12346", "32346"))
    clerk.mine.window.close()
    clerk.mine.controller.close()
    assert cli.run(["import", str(path), str(third), "--layer", "enterprises", "--all"]) == 0
    assert "与“二月.csv”相同" in capsys.readouterr().out
    with Project.open(path) as project:
        firms = project.layer("enterprises").set_index("code")
    assert firms.loc["91330400MA28A32346", "address"] == "大桥镇"


def test_what_was_decided_before_is_taken_back_by_one_click(clerk, file):
    clerk.drop(file("一月.csv", FIRMS.replace("东向", "经度").replace("北向", "纬度")))
    clerk.choose("坐标基准", "GCJ-02")
    clerk.load(2)
    clerk.drop(file("二月.csv", FIRMS.replace("东向", "经度").replace("北向", "纬度")))
    assert clerk.combo("坐标基准").currentText() == "GCJ-02"
    assert "坐标系 GCJ-02" in clerk.said()
    clerk.click("撤回上一步")
    assert clerk.combo("坐标基准").currentText() == "CGCS2000 / WGS 84"
    assert "沿用上次的决定" not in clerk.said()


def test_a_column_that_nobody_wants_stays_out(clerk, file):
    text = FIRMS.replace("东向", "经度").replace("北向", "纬度").replace("乡镇", "地址")
    clerk.drop(file("名录.csv", text))
    assert clerk.combo("地址").currentText() == "地址"
    clerk.choose("地址", "不导入")
    clerk.load(2)
    assert clerk.rows("enterprises").loc["91330400MA28A12346", "address"] is None
    clerk.drop(file("再来.csv", text))
    assert clerk.combo("地址").currentText() == "不导入"


def test_a_file_that_says_nothing_asks_in_words(clerk, file):
    clerk.drop(file("名单.csv", "甲,乙,丙\n1,2,3\n4,5,6\n"))
    assert "这个文件是什么？" in clerk.said()
    project = clerk.mine.controller.session.project
    ids = set(project.declarations) | {"people", "posts", "departments", "series"}
    assert not [one for one in ids if one in clerk.said()]
    clerk.click("监测站点")
    assert "这个文件是什么？" not in clerk.said()
    assert clerk.combo("载入到").currentText() == "监测站点"


def test_what_an_unknown_file_was_taken_for_is_remembered_and_said(clerk, file):
    text = "甲,乙,丙,丁\nA{0},甲站,120.8,30.7\n"
    clerk.drop(file("一.csv", text.format(1)))
    clerk.click("监测站点")
    meanings = ("站点编码 *", "站点名称 *", "经度（东坐标）", "纬度（北坐标）")
    for column, meaning in zip("甲乙丙丁", meanings, strict=True):
        clerk.choose(column, meaning)
    clerk.choose("类别 *", "空气站")
    clerk.load(1)
    clerk.drop(file("二.csv", text.format(2)))
    assert clerk.combo("载入到").currentText() == "监测站点"
    assert "载入到 监测站点" in clerk.said()
    clerk.load(1)
    assert clerk.rows("stations").loc["A2", "kind"] == "air"


def test_no_field_is_called_by_its_id(clerk, file):
    clerk.drop(file("网格.csv", "编码,名称\n330402001,甲镇\n"))
    clerk.choose("载入到", "网格单元")
    project = clerk.mine.controller.session.project
    declared = project.declarations["grid_units"]
    ids = {field.name for field in declared.fields if "_" in field.name} | {"tier", "township"}
    assert not [one for one in ids if one in clerk.said()]


def test_proposals_are_accepted_refused_and_taken_back_one_by_one(clerk, file):
    lines = "".join(
        f"厂{i},91330400MA28A1234{i},30.7{i}2345,120.8{i}2345\n" for i in range(3)
    )  # fmt: skip
    clerk.drop(file("颠倒.csv", "企业名称,信用代码,经度,纬度\n" + lines))
    assert "可载入 0" in clerk.said()
    clerk.pick("第 3 行")
    assert "写反" in clerk.told()
    assert clerk.answer() == "待答复"
    clerk.click("接受")
    assert clerk.answer() == "已接受"
    assert "可载入 1" in clerk.said()
    clerk.click("收回答复")
    assert clerk.answer() == "待答复"
    assert "可载入 0" in clerk.said()
    clerk.click("不接受")
    assert clerk.answer() == "未接受"
    # What was refused stays refused when all the others are accepted.
    clerk.click("接受全部建议（2）")
    assert clerk.answer() == "未接受"
    clerk.load(2)
    assert {"91330400MA28A12340", "91330400MA28A12342"} <= set(clerk.rows("enterprises").index)
    assert "91330400MA28A12341" not in clerk.rows("enterprises").index


def test_one_of_all_is_taken_back_after_all_were_accepted(clerk, file):
    lines = "".join(
        f"厂{i},91330400MA28A1234{i},30.7{i}2345,120.8{i}2345\n" for i in range(3)
    )  # fmt: skip
    clerk.drop(file("颠倒.csv", "企业名称,信用代码,经度,纬度\n" + lines))
    clerk.click("接受全部建议（3）")
    assert "可载入 3" in clerk.said()
    clerk.pick("第 3 行")
    clerk.click("收回答复")
    assert clerk.answer() == "待答复"
    assert "可载入 2" in clerk.said()


def test_accepting_all_never_takes_a_latitude_as_population(clerk, file):
    text = "code,name,tier,lat,population_2020\n330402001,甲镇,township,30.7,1200\n"
    clerk.drop(file("units.csv", text))
    clerk.choose("载入到", "网格单元")
    assert not [line for line in clerk.mine.cells(clerk.page) if "lat" in line and "人口" in line]
    [every] = [
        one for one in clerk.page.findChildren(QPushButton) if one.text().startswith("接受全部建议")
    ]
    if every.isEnabled():
        clerk.mine.click(every)
    assert clerk.combo("lat").currentText() == "不导入"


def test_the_heading_is_chosen_among_the_first_rows(clerk, file):
    text = "甲,乙,丙,丁\n企业名称,信用代码,经度,纬度\n甲厂,91330400MA28A12346,120.81,30.71\n"
    clerk.drop(file("无题.csv", text))
    clerk.choose("表头", "第 2 行：企业名称 · 信用代码 · 经度 · 纬度")
    assert clerk.combo("载入到").currentText() == "企业"
    clerk.load(1)
    clerk.drop(file("下月.csv", text.replace("甲厂", "乙厂")))
    assert clerk.combo("表头").currentText().startswith("第 2 行")
    clerk.load(1)
    assert clerk.rows("enterprises").loc["91330400MA28A12346", "name"] == "乙厂"


def test_the_unit_is_chosen_beside_the_item_and_the_watched_folder_knows_it(clerk, file, tmp_path):
    text = "断面编码,监测时间,氨氮\nS1,2026-01-0{day} 08:00,500\n"
    clerk.drop(file("一.csv", text.format(day=1)))
    [table] = [one for one in clerk.page.findChildren(QTableView) if one.isVisible()][:1]
    units = table.indexWidget(table.model().index(2, 2))
    clerk.mine.choose(units, "μg/L")
    clerk.load(1)
    project = clerk.mine.controller.session.project
    assert project.series.read("S1", "nh3n")["value"].iloc[0] == pytest.approx(0.5)
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "二.csv").write_text(text.format(day=2), encoding="utf-8")
    eyes = watch.FolderWatch(folder)
    eyes.poll()
    [new] = eyes.poll()
    assert watch.take(project, new).report.rows_loaded == 1
    assert project.series.read("S1", "nh3n")["value"].tolist() == pytest.approx([0.5, 0.5])


def test_a_required_field_gets_one_value_in_every_row(clerk, file):
    clerk.drop(file("站.csv", "站点编码,站点名称,经度,纬度\nA1,甲站,120.8,30.7\n"))
    clerk.choose("载入到", "监测站点")
    assert "每行相同" in clerk.said()
    clerk.choose("类别 *", "空气站")
    clerk.load(1)
    assert clerk.rows("stations").loc["A1", "kind"] == "air"


def test_coordinates_that_stand_the_other_way_round_are_turned_by_one_choice(clerk, file):
    text = "企业名称,信用代码,经度,纬度\n甲厂,91330400MA28A12346,30.71,120.81\n"
    clerk.drop(file("反.csv", text))
    clerk.choose("纬度", "经度（东坐标）")
    assert clerk.combo("经度").currentText() == "纬度（北坐标）"
    clerk.load(1)
    place = clerk.rows("enterprises").loc["91330400MA28A12346"].geometry
    assert (place.x, place.y) == (pytest.approx(120.81), pytest.approx(30.71))


def test_the_year_that_readings_do_not_say_is_typed(clerk, file):
    clerk.drop(file("水.csv", "断面编码,监测时间,氨氮(mg/L)\nS1,03-01 08:00,0.5\n"))
    assert "载入 0 行" in clerk.said()
    clerk.mine.type(clerk.combo("年").lineEdit(), "2021", enter=True)
    clerk.load(1)
    project = clerk.mine.controller.session.project
    assert project.series.read("S1", "nh3n").index[0].isoformat().startswith("2021-03-01T")


def test_the_station_that_a_file_does_not_say_is_chosen(clerk, file):
    clerk.drop(file("水.csv", "监测时间,氨氮(mg/L)\n2021-03-01 08:00,0.5\n"))
    if clerk.combo("载入到").currentText() != "监测序列":
        clerk.choose("载入到", "监测序列")
    assert "载入 0 行" in clerk.said()
    clerk.mine.type(clerk.combo("站点").lineEdit(), "S7", enter=True)
    clerk.load(1)
    project = clerk.mine.controller.session.project
    assert project.series.read("S7", "nh3n")["value"].tolist() == [0.5]


def test_a_sheet_of_thousands_of_columns_has_combos_where_one_looks(clerk, file):
    heads = [f"列{i}" for i in range(3000)]
    text = ",".join(["企业名称", "信用代码", "经度", "纬度", *heads]) + "\n"
    text += (
        ",".join(["甲厂", "91330400MA28A12346", "120.81", "30.71", *("x" for _ in heads)]) + "\n"
    )
    clerk.drop(file("宽.csv", text))
    assert clerk.combo("经度").currentText() == "经度（东坐标）"
    assert len(clerk.page.findChildren(QComboBox)) < 300
    table = next(
        one for one in clerk.page.findChildren(QTableView)
        if one.isVisible() and one.model().rowCount() == 3004
    )  # fmt: skip
    table.scrollToBottom()
    clerk.mine.settle()
    clerk.choose("列2999", "地址")
    clerk.load(1)
    assert clerk.rows("enterprises").loc["91330400MA28A12346", "address"] == "x"


def test_a_choice_that_does_not_fit_is_told_and_taken_back(clerk, file):
    text = "企业名称,信用代码,经度,纬度\n甲厂,91330400MA28A12346,120.81,30.71\n"
    clerk.drop(file("名录.csv", text))
    heads = [clerk.combo("表头").itemText(i) for i in range(clerk.combo("表头").count())]
    clerk.choose("表头", heads[-1])
    clerk.click("撤回上一步")
    assert clerk.combo("经度").currentText() == "经度（东坐标）"
    clerk.load(1)


def test_shapes_are_seen_as_shapes(clerk, file):
    ring = [[120.75, 30.70], [120.80, 30.70], [120.775, 30.75], [120.75, 30.70]]
    place = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"乙": "x"}, "geometry": place}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    clerk.drop(file("形.geojson", text))
    view = clerk.page._shapes
    assert view.isVisible()
    picture = view.grab().toImage()
    accent = QColor(tokens()["accent"])
    hits = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).red() - accent.red()) < 40
        and abs(picture.pixelColor(x, y).blue() - accent.blue()) < 40
    ]  # fmt: skip
    assert len(hits) > 50
    # A triangle: wide below, a point above.
    top, bottom = min(y for _, y in hits), max(y for _, y in hits)
    width = {
        end: max(x for x, y in hits if abs(y - end) < 3)
        - min(x for x, y in hits if abs(y - end) < 3)
        for end in (top, bottom)
    }
    assert width[bottom] > 5 * width[top]
