"""A new project in the window and on the command line: order, templates, what is missing."""

from pathlib import Path

import openpyxl
import pytest

from gridmap.capabilities.projects.report.templates import template_document
from gridmap.capabilities.projects.rules import STEPS, State, checklist
from gridmap.capabilities.projects.work.templates import has_template
from gridmap.intake.choices import Choices
from gridmap.intake.doctor import examine, find_sources
from gridmap.report.sheets import write_sheets
from gridmap.store import Project
from gridmap.texts import LANGUAGES, use_language

POINTS = ("enterprises", "intakes", "outlets", "sections", "sluices", "stations")


def test_units_come_first_and_everything_else_waits_for_what_it_belongs_to():
    empty = {one.step.name: one for one in checklist({})}
    assert empty["units"].state is State.MISSING
    assert empty["people"].state is State.MISSING
    assert empty["rivers"].state is State.WAITING
    assert empty["posts"].lacking == ("units", "people")
    with_units = {one.step.name: one.state for one in checklist({"grid": 13})}
    assert with_units["units"] is State.PRESENT
    assert with_units["rivers"] is State.MISSING
    assert with_units["sections"] is State.WAITING
    assert [one.step for one in checklist({})] == list(STEPS)


def test_what_is_there_is_present_even_without_what_it_belongs_to():
    (readings,) = [one for one in checklist({"series": 5}) if one.step.name == "readings"]
    assert (readings.state, readings.count, readings.lacking) == (State.PRESENT, 5, ())


def test_the_checklist_on_the_command_line(project_path, gridmap):
    Project.create(project_path, title="新区").close()
    told = gridmap("checklist", project_path, "--json").data
    assert told["schema"] == "gridmap.checklist/1"
    assert told["steps"][0] == {"step": "units", "count": 0, "state": "missing", "waits_for": []}
    said = gridmap("checklist", project_path)
    assert said.code == 0
    assert "新区" in said.out
    assert "先导入网格、人员" in said.out


@pytest.mark.parametrize("target", ["grid_units", "no_such"])
def test_a_template_that_cannot_be_names_those_that_can(target, tmp_path, gridmap):
    said = gridmap("template", target, "-o", tmp_path / "x.xlsx")
    assert said.code != 0
    assert "enterprises" in said.err
    assert not (tmp_path / "x.xlsx").exists()


def heads(path):
    book = openpyxl.load_workbook(path)
    return [cell.value for cell in book.worksheets[0][1]], book.worksheets[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("target", [*POINTS, "people", "posts", "departments"])
def test_the_import_knows_every_heading_of_a_template(target, language, tmp_path, project):
    use_language(language)
    assert has_template(target, project.declarations)
    path = tmp_path / "空表.xlsx"
    write_sheets(template_document(target, project.declarations), path)
    titles, about = heads(path)
    assert about.max_row == len(titles) + 1, "every column is explained"
    book = openpyxl.load_workbook(path)
    del book[book.sheetnames[1]]
    book.worksheets[0].append([None if "数据性质" in str(one) else "x" for one in titles])
    book.save(path)
    (source,) = find_sources([path])
    case = examine(source, Choices(target=target), project)
    known = {match.column for match in case.matches if match.column}
    place = {"经度", "纬度", "longitude", "latitude"}
    assert set(titles) - place <= known


def test_a_template_that_is_filled_in_is_loaded(tmp_path, gridmap, project_path):
    """The whole way: empty table, two rows by hand, import, checklist."""
    Project.create(project_path, title="新区").close()
    path = tmp_path / "企业.xlsx"
    assert gridmap("template", "enterprises", "-o", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    for code, name, lon, lat in (
        ("91330402MA2CXY1234", "甲厂", 120.85, 30.72), ("91330402MA2CXY5678", "乙厂", 120.86, 30.73)
    ):  # fmt: skip
        cells = {"统一社会信用代码": code, "企业名称": name, "经度": lon, "纬度": lat}
        sheet.append([cells.get(title) for title in titles])
    book.save(path)
    said = gridmap("import", project_path, path, "--layer", "enterprises", "--accept")
    with Project.open(project_path) as project:
        assert project.layer("enterprises")["name"].tolist() == ["甲厂", "乙厂"], said


# --- in the window ------------------------------------------------------------------------


@pytest.fixture
def answers(monkeypatch):
    """What the file dialogs answer."""
    pytest.importorskip("PySide6")
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

    found = {"save": "", "open": []}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(found["save"]), ""))
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: ([str(one) for one in found["open"]], "")
    )
    return found


def test_a_new_project_is_made_in_the_window_and_says_what_is_missing(desk, answers, tmp_path):
    from PySide6.QtWidgets import QDialog  # noqa: PLC0415

    mine = desk()
    before = mine.controller.session.project
    page = mine.open_page("project")
    assert "776,668" in mine.texts(page)
    answers["save"] = tmp_path / "新区"
    mine.click(mine.button("新建项目…", page))
    dialog = mine.window.findChild(QDialog, "newProject")
    go = mine.button("下一步…", dialog)
    assert not go.isEnabled()
    mine.type(dialog.edit, "新区网格河长")
    mine.click(go)
    mine.until(lambda: mine.controller.session.project is not before)
    mine.until(lambda: "先导入网格" in mine.texts(page))
    assert mine.controller.session.project.path == tmp_path / "新区.gridmap.gpkg"
    assert mine.window.windowTitle().startswith("新区网格河长")
    assert "776,668" not in mine.texts(page)
    assert not mine.window.panels["verdict"].isHidden() or mine.window.open_page == "project"


def test_a_project_that_was_open_is_offered_again(desk, tmp_path):
    first, second = tmp_path / "甲.gridmap.gpkg", tmp_path / "乙.gridmap.gpkg"
    for path in (first, second):
        Project.create(path, title=path.name[0]).close()
    desk(first)
    mine = desk(second)
    page = mine.window.pages["project"]
    mine.until(lambda: page.isVisible() and first.name in mine.texts(page))
    assert second.name not in mine.texts(page)
    before = mine.controller.session.project
    mine.click(mine.button(first.name, page))
    mine.until(lambda: mine.controller.session.project is not before)
    assert mine.window.windowTitle().startswith("甲")


def test_an_empty_table_is_written_and_a_filled_one_goes_to_its_layer(desk, answers, tmp_path):
    from PySide6.QtWidgets import QPushButton  # noqa: PLC0415

    mine = desk()
    page = mine.open_page("project")

    def of(name):
        found = [b for b in page.findChildren(QPushButton) if b.accessibleName() == name]
        assert len(found) == 1
        return found[0]

    answers["save"] = tmp_path / "企业空表.xlsx"
    mine.click(of("企业的空表"))
    mine.until(lambda: Path(answers["save"]).is_file())
    assert "统一社会信用代码" in heads(answers["save"])[0]
    sheet = tmp_path / "名单.csv"
    sheet.write_text("编号,名称,经度,纬度\n1,甲,120.85,30.72\n", encoding="utf-8")
    answers["open"] = [sheet]
    mine.click(of("导入水质断面"))
    mine.until(lambda: mine.window.open_page == "import")
    mine.until(lambda: "水质断面" in mine.texts(mine.window.pages["import"]))
