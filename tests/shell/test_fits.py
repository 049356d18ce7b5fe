"""Every page fits the screens that our users have: nothing is cut off or widens the window."""

import importlib
import sys

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gridmap.shell import fitting
from gridmap.shell.fitting import Elided, WrappingRow, first_size
from gridmap.texts import LANGUAGES
from tests.conftest import REPOSITORY


@pytest.fixture
def sizes(monkeypatch):
    """The script that photographs all pages."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "docs" / "screenshots"))
    yield importlib.import_module("sizes")
    for name in ("sizes", "make"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_four_screens(sizes, language, tmp_path):
    assert sizes.check(language, tmp_path) == []


def test_the_check_finds_what_does_not_fit(sizes, desk):
    mine = desk(size=(1280, 680))
    assert list(sizes.problems(mine.controller, (1280, 680))) == []
    button = QPushButton("很长很长的按钮文字", mine.window)
    label = QLabel("长文字" * 9, mine.window)
    button.setGeometry(100, 300, 40, 30)
    label.setGeometry(120, 300, 60, 30)
    button.show()
    label.show()
    told = "\n".join(sizes.problems(mine.controller, (1280, 680)))
    assert "很长很长的按钮文字" in told
    assert "长文字长文字" in told
    assert "lies over" in told
    assert "the window is" in "".join(sizes.problems(mine.controller, (1200, 680)))


def row_of(qtbot, *texts):
    """A widget with a wrapping row of buttons in it, and something below."""
    whole = QWidget()
    column, row = QVBoxLayout(whole), WrappingRow()
    buttons = [QPushButton(text) for text in texts]
    for button in buttons[:-1]:
        row.addWidget(button)
    row.addStretch(1)
    row.addWidget(buttons[-1])
    column.addLayout(row)
    column.addStretch(1)
    qtbot.addWidget(whole)
    whole.show()
    return whole, buttons


def test_a_row_wraps_and_nothing_is_lost(qtbot):
    whole, buttons = row_of(qtbot, "打开文件", "全部接受", "导出清单", "关闭")
    whole.resize(900, 300)
    assert len({button.y() for button in buttons}) == 1
    right = buttons[-1].geometry().right()
    assert right >= whole.width() - whole.layout().contentsMargins().right() - 1
    whole.resize(180, 300)
    assert len({button.y() for button in buttons}) > 1
    assert all(whole.rect().contains(button.geometry()) for button in buttons)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    buttons[0].hide()
    qtbot.wait(1)
    assert buttons[1].y() <= buttons[0].y()


def test_a_long_message_is_shortened_and_stays_whole_as_a_tip(qtbot):
    label = Elided("短")
    qtbot.addWidget(label)
    label.show()
    label.setText("很长的消息" * 40)
    label.resize(200, 24)
    assert label.minimumSizeHint().width() < 200
    assert QLabel.text(label).endswith("…")
    assert label.text() == label.toolTip() == "很长的消息" * 40
    label.resize(9000, 24)
    assert QLabel.text(label) == label.text()
    assert label.toolTip() == ""


class LowScreen:
    """A screen of 1280×720 with a bar of the desktop."""

    def availableGeometry(self):  # noqa: N802  Qt's name
        return QRect(0, 0, 1280, 690)


def test_a_new_window_is_no_larger_than_its_screen(monkeypatch):
    monkeypatch.setattr(fitting.QGuiApplication, "platformName", lambda: "xcb")
    size = first_size(LowScreen())
    assert size.width() <= 1280
    assert size.height() <= 690
    assert first_size(None) == QSize(1600, 900)
