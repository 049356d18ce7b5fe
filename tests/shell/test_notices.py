"""What happened is said where it is seen, stays in the history, and goes when it is stale."""

from datetime import datetime, timedelta

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QWidget

from gridmap.core.moments import ZONE
from gridmap.shell.notices import HistoryPopup, Notices
from gridmap.texts import t

NOON = datetime(2026, 11, 22, 12, tzinfo=ZONE)


def over_map(mine):
    """The text that lies over the map."""
    notices = mine.window.notices
    return mine.texts(notices) if notices.isVisible() else ""


def test_a_change_is_told_over_the_map_and_in_the_history(desk):
    mine = desk()
    assert over_map(mine) == ""
    page = mine.open_page("data")
    with mine.controller.session.project.change("rename") as change:
        change.set_setting("title", "别名")
    mine.settle()
    mine.click(mine.button(t("app.data.undo_of", what="rename"), page))
    assert t("app.dialog.undone") in over_map(mine)
    mine.click(mine.button("✕", mine.window.notices))
    assert over_map(mine) == ""
    QTest.mouseClick(mine.window.status.history, Qt.MouseButton.LeftButton)
    popup = mine.window.findChild(HistoryPopup)
    assert popup.isVisible()
    said = popup.findChild(QListWidget).item(0).text()
    assert said.endswith(t("app.dialog.undone"))
    popup.close()


def test_of_another_project_nothing_was_said(desk, tmp_path):
    mine = desk()
    mine.window.notices.tell("属于原来的项目")
    assert "属于原来的项目" in over_map(mine)
    before = mine.controller.session.project
    mine.controller.open(None, example=True)
    mine.until(lambda: mine.controller.session.project is not before)
    assert over_map(mine) == ""
    assert "属于原来的项目" not in mine.texts()
    assert mine.window.notices.history == ()


@pytest.fixture
def notices(qtbot):
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(700, 300)
    over.show()
    times = [NOON]
    made = Notices(over, lambda: times[0], shown_ms=80)
    yield made, times
    over.close()


def test_messages_of_one_moment_stand_together_later_ones_alone(notices):
    made, times = notices
    made.tell("甲已载入")
    made.tell("乙未载入")
    assert made.text == "甲已载入\n乙未载入"
    times[0] += timedelta(seconds=30)
    made.tell("丙已载入")
    assert made.text == "丙已载入"
    assert [text for _, text in made.history] == ["丙已载入", "乙未载入", "甲已载入"]


def test_a_stale_message_goes_by_itself_once_nobody_points_at_it(notices, qtbot):
    made, _ = notices
    QTest.mouseMove(made.parentWidget(), QPoint(5, 280))
    said = []
    made.said.connect(said.append)
    made.tell("完成")
    qtbot.waitUntil(lambda: not made.isVisible())
    assert said == ["完成", ""]


def test_a_long_message_wraps_and_is_no_markup(notices):
    made, _ = notices
    made.tell("<b>粗</b> " + "很长的消息" * 60)
    assert made.text.startswith("<b>粗</b>")
    assert made.width() <= 700
    assert made.height() >= made.heightForWidth(made.width())
