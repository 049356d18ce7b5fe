"""The log and what hangs on it: who, what in words, undo by name, phones for a reason, saving."""

import pytest

pytest.importorskip("PySide6")

import ast
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTextBrowser

from gridmap.shell.data_page import action_title
from gridmap.shell.dialogs import PhonesDialog
from gridmap.shell.opening import remove_layer
from gridmap.texts import LANGUAGES, use_language

ROOT = Path(__file__).resolve().parents[2] / "gridmap"


def logged_actions() -> set[str]:
    """The names under which the program logs its changes, where they are written out."""
    found = {"undo", "upgrade", "correct_place", "uncorrect_place"}
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if named and node.func.attr == "change" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def card(mine: Any) -> str:
    return str(mine.window.panels["verdict"].findChild(QTextBrowser).toPlainText())


def line(within: Any, name: str) -> QLineEdit:
    return next(one for one in within.findChildren(QLineEdit) if one.accessibleName() == name)


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClicks(field, text)


def test_every_action_of_the_log_is_words_in_both_languages() -> None:
    actions = logged_actions()
    assert {"import", "create", "remove", "show_phones"} <= actions
    try:
        for language in LANGUAGES:
            use_language(language)
            assert {one for one in actions if action_title(one) == one} == set()
    finally:
        use_language("zh_CN")


def test_the_log_has_an_operator_and_the_undo_a_name(desk: Any) -> None:
    mine = desk()
    page = mine.open_page("data")
    project = mine.controller.session.project
    field = line(page, "操作人（记入日志）")
    write(field, "zhang san")
    QTest.keyClick(field, Qt.Key.Key_Return)
    mine.settle()
    remove_layer(project, "disputes")
    mine.settle()
    assert project.log().iloc[-1][["actor", "action"]].tolist() == ["zhang san", "remove"]
    assert "移除图层" in mine.cells(page)
    mine.click(mine.button("撤销：移除图层 权属争议区", page))
    assert project.log().iloc[-1][["actor", "action"]].tolist() == ["zhang san", "undo"]
    assert "disputes" in project.editions()


def test_phones_are_shown_for_a_reason_that_is_logged(desk: Any) -> None:
    mine = desk()
    mine.controller.ask(120.7512, 30.7421)
    mine.settle()
    assert "****" in card(mine)
    page = mine.open_page("data")
    mine.click(mine.button("显示电话号码…", page))
    dialog = mine.window.findChild(PhonesDialog)
    show = mine.button("显示电话号码", dialog)
    assert not show.isEnabled()
    write(line(dialog, "操作人（记入日志）"), "li si")
    write(line(dialog, "事由"), "flood on call")
    mine.click(show)
    assert "****" not in card(mine)
    row = mine.controller.session.project.log().iloc[-1]
    assert row[["actor", "action", "note"]].tolist() == ["li si", "show_phones", "flood on call"]
    mine.click(mine.button("隐藏电话号码", page))
    assert "****" in card(mine)


def test_save_as_goes_on_in_the_new_file(
    desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "工单.csv"
    sheet.write_text("经度,纬度\n120.7512,30.7421\n", encoding="utf-8")
    mine = desk()
    page = mine.open_page("batch")
    page.dropped.emit(sheet)
    mine.settle()
    mine.controller.ask(120.7512, 30.7421)
    mine.settle()
    owner = mine.controller.session.verdict.owner
    target = tmp_path / "另存.gridmap.gpkg"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    mine.press("save_as")
    mine.until(lambda: mine.controller.session.project.path == target)
    assert not mine.controller.session.project.read_only
    assert "另存.gridmap.gpkg" in mine.texts(mine.window.status)
    # Nothing of the work is lost: the question and the sheet go on, too.
    mine.settle()
    assert mine.controller.session.verdict.owner == owner
    assert page.table.rowCount() == 1


def test_clearing_the_question_leaves_the_batch(desk: Any, tmp_path: Path) -> None:
    sheet = tmp_path / "工单.csv"
    sheet.write_text("经度,纬度\n120.7512,30.7421\n120.7630,30.7558\n", encoding="utf-8")
    mine = desk()
    page = mine.open_page("batch")
    page.dropped.emit(sheet)
    mine.settle()
    rows = page.table.rowCount()
    mine.controller.ask(120.7512, 30.7421)
    mine.settle()
    assert mine.window.named_actions["clear"].shortcut().toString() == "Ctrl+L"
    mine.press("clear")
    assert (mine.controller.session.place, mine.controller.session.verdict) == (None, None)
    assert page.table.rowCount() == rows == 2
    assert any(layer.layer_id == "marks" for layer in mine.window.canvas.layers)
