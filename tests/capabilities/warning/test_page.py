"""The page of downstream warnings, clicked through; its call list as files."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from datetime import date, datetime, timedelta

import openpyxl
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor

from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.warning.picture import RAMP, warning_look
from gridmap.capabilities.warning.presenter import WarningPresenter
from gridmap.core.moments import ZONE
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import wait_until
from gridmap.store.example import shipped_example

OUTLET = (120.8067, 30.7429)
START = datetime(2026, 11, 14, 6, tzinfo=ZONE)
FAR = (120.2, 30.2)


@pytest.fixture
def controller(tmp_path, qtbot):
    path = tmp_path / "例.gridmap.gpkg"
    shutil.copyfile(shipped_example(), path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    made = Controller(preferences, lambda: date(2026, 11, 14), lambda: None, remember=False)
    made.window.resize(1600, 900)
    made.show()
    made.open(path)
    wait_until(lambda: made.settled)
    yield made
    made.window.close()
    made.close()


@pytest.fixture
def warned(controller):
    controller.presenter(WarningPresenter).warn_from(*OUTLET, START)
    wait_until(lambda: controller.settled)
    return controller


LEGEND_PX = 70  # at the top of the map


def pixels(controller, colour):
    """How many pixels of the map have one colour."""
    picture = controller.window.canvas.grab().toImage()
    wanted = QColor(colour).rgb()
    return sum(
        picture.pixel(x, y) == wanted
        for y in range(LEGEND_PX, picture.height() - 50, 2)
        for x in range(0, picture.width(), 2)
    )


def test_a_click_on_the_map_warns(controller):
    window, page = controller.window, controller.window.pages["warn"]
    window.named_actions["warn"].trigger()
    assert page.isVisible()
    assert not window.panels["verdict"].isVisible()
    assert page.pick.isChecked()
    window.canvas.clicked.emit(*OUTLET)
    wait_until(lambda: controller.settled)
    answer = controller.presenter(WarningPresenter).answer
    assert answer is not None
    assert answer.found.place.reach == "HL001-03"
    assert not page.pick.isChecked()
    assert controller.session.place is None  # the click was no question
    assert answer.start == datetime(2026, 11, 14, 8, tzinfo=ZONE)
    assert [page.tabs.tabText(n) for n in range(3)] == ["通知 27", "到达 18", "河段 21"]
    window.canvas.clicked.emit(*OUTLET)
    assert controller.session.place is not None  # the next click asks again


def test_rows_say_who_and_when(warned):
    page = warned.window.pages["warn"]
    first = page.calls.rows.rows[0]
    assert first.number == 1
    assert first.title == "示例平湖塘水厂取水口 · 示例取水联系人01"
    assert first.right == "102****0001"
    assert "11-14 22:58 前通知" in first.second
    vacant = [row for row in page.calls.rows.rows if "空缺" in row.title]
    assert [row.tone for row in vacant] == ["bad"]
    for row in page.arrivals.rows.rows:
        early, mean, late = row.bar
        assert 0 <= early <= mean <= late <= 1


def test_velocity_is_live(warned):
    page = warned.window.pages["warn"]
    before = warned.presenter(WarningPresenter).answer
    page.velocity.setValue(30)  # 10 ** 0.3, about twice as quick
    assert not warned.jobs.busy  # arithmetic, no new walk
    answer = warned.presenter(WarningPresenter).answer
    assert answer.factor == pytest.approx(1.995)
    assert answer.waters is before.waters
    for one, other in zip(answer.found.arrivals, before.found.arrivals, strict=True):
        assert one.way.hours == pytest.approx(other.way.hours / answer.factor)
    assert page._factor_text.text() == "平均 × 2.00"


def test_another_hour_moves_the_windows_and_another_day_asks_anew(warned):
    page = warned.window.pages["warn"]
    before = warned.presenter(WarningPresenter).answer
    page.start_edit.setDateTime(page.start_edit.dateTime().addSecs(3 * 3600))
    assert not warned.jobs.busy
    assert warned.presenter(WarningPresenter).answer.start == START + timedelta(hours=3)
    page.start_edit.setDateTime(page.start_edit.dateTime().addDays(-60))
    wait_until(lambda: warned.settled)
    answer = warned.presenter(WarningPresenter).answer
    assert answer.verdict.on == date(2026, 9, 15)
    assert not any(call.who and call.who.vacant for call in answer.calls[:20])
    assert len(answer.found.arrivals) == len(before.found.arrivals)


def test_distance_walks_again(warned):
    page = warned.window.pages["warn"]
    page.km.setValue(2)
    wait_until(lambda: warned.settled)
    assert warned.presenter(WarningPresenter).answer.limit_m == 2000.0
    assert page.tabs.tabText(1) == "到达 2"


def test_the_map_shows_the_hours_and_the_front(warned):
    page = warned.window.pages["warn"]
    assert all(pixels(warned, ink) > 20 for ink in RAMP)
    page.front.setValue(4)  # a few minutes after the start
    assert pixels(warned, RAMP[0]) > 0
    assert pixels(warned, RAMP[2]) == 0
    warned.window.named_actions["warn"].setChecked(False)
    assert pixels(warned, RAMP[0]) == 0


def test_the_front_follows_the_replay(warned):
    window, page = warned.window, warned.window.pages["warn"]
    window.named_actions["replay"].setChecked(True)
    wait_until(lambda: warned.settled)
    warned.session.show_moment(START + timedelta(hours=10))
    assert page._front_text.text() == "11-14 16:00"
    assert 0 < page.front.value() < page.front.maximum()
    warned.session.show_moment(START - timedelta(hours=1))
    assert page._front_text.text() == "全程"


def test_a_row_is_highlighted_on_the_map(warned):
    page = warned.window.pages["warn"]
    page.tabs.setCurrentIndex(1)
    page.arrivals.setCurrentIndex(page.arrivals.rows.index(0))
    assert warned.presenter(WarningPresenter)._look.chosen == ("section", "DM07")


def test_stretches_run_as_the_water_does(warned):
    look = warning_look(warned.presenter(WarningPresenter).answer)
    assert all((stretch.hours[1:] >= stretch.hours[:-1]).all() for stretch in look.stretches)
    assert look.stretches[0].hours[0] == 0.0


def test_from_a_place_on_the_water(controller):
    """What the trace tool asks for."""
    controller.requests.ask("warn_from_spot", Spot("HL001-05", 100.0), START)
    wait_until(lambda: controller.settled)
    answer = controller.presenter(WarningPresenter).answer
    assert answer.found.place.reach == "HL001-05"
    assert answer.found.place.chainage_m == pytest.approx(100.0, abs=1.0)
    assert answer.start == START
    assert controller.window.named_actions["warn"].isChecked()


def test_the_place_asked_about(controller):
    page = controller.window.pages["warn"]
    controller.window.named_actions["warn"].setChecked(True)
    page.here.click()
    assert controller.presenter(WarningPresenter).answer is None
    controller.ask(*OUTLET)
    wait_until(lambda: controller.settled)
    page.here.click()
    wait_until(lambda: controller.settled)
    assert controller.presenter(WarningPresenter).answer.found.place.reach == "HL001-03"


def test_a_place_without_water_says_so(warned):
    warned.presenter(WarningPresenter).warn_from(*FAR, START)
    wait_until(lambda: warned.settled)
    page = warned.window.pages["warn"]
    assert "周围 1 公里内没有河段" in page._sentence.text()
    assert not page.tabs.isVisible()
    assert not page.print_button.isEnabled()


def test_cancelling_leaves_what_was(warned):
    before = warned.presenter(WarningPresenter).answer
    warned.presenter(WarningPresenter).warn_from(120.8500, 30.7466, START)
    warned.window.pages["warn"].cancel.click()
    wait_until(lambda: warned.settled)
    assert warned.presenter(WarningPresenter).answer is before
    assert not warned.window.pages["warn"].cancel.isVisible()


def test_files(warned, tmp_path):
    for name in ("名单.xlsx", "名单.csv", "单.pdf"):
        warned.presenter(WarningPresenter).write(tmp_path / name)
        wait_until(lambda: warned.settled)
    assert openpyxl.load_workbook(tmp_path / "名单.xlsx").sheetnames[0] == "通知名单"
    assert "102****0001" in (tmp_path / "名单.csv").read_text("utf-8-sig")
    assert (tmp_path / "单.pdf").read_bytes().startswith(b"%PDF")


def test_a_project_without_water_says_so(controller, tmp_path):
    path = tmp_path / "空.gridmap.gpkg"
    AnsweringProject.create(path, title="空").close()
    controller.open(path)
    wait_until(lambda: controller.settled)
    controller.presenter(WarningPresenter).warn_from(*OUTLET, START)
    wait_until(lambda: controller.settled)
    assert "没有河段" in controller.window.pages["warn"]._sentence.text()
