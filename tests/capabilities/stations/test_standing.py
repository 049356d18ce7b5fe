"""Station symbols by class and AQI, and the replay of the whole map."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import shutil
from datetime import date, datetime, timedelta

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from gridmap.capabilities.alerts.work.alerting import evaluate
from gridmap.capabilities.alerts.work.records import alerts
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.stations.page.words import age_words, grade_words
from gridmap.capabilities.stations.picture import ALERT_COLOURS, Look, face_of, grade_sign
from gridmap.capabilities.stations.presenter import present_of, replay_of
from gridmap.capabilities.stations.work.rings import grades_at
from gridmap.capabilities.stations.work.standing import course
from gridmap.core.moments import ZONE
from gridmap.map.faces import Face
from gridmap.map.theme import ink_on
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import wait_until
from gridmap.standards.classing import Medium
from gridmap.store.example import open_example, shipped_example

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture
def controller(tmp_path, qtbot):
    path = tmp_path / "例.gridmap.gpkg"
    shutil.copyfile(shipped_example(), path)
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    made = Controller(preferences, lambda: DAY, lambda: None, remember=False)
    made.show()
    made.open(path)
    wait_until(lambda: made.settled)
    yield made
    made.window.close()
    made.close()


def faces(controller, key):
    """The face of each station of a view, by code."""
    layer = next(one for one in controller.window.canvas.layers if one.key == key)
    codes = controller._map.codes_of(layer)
    return {code: layer.faces[fill] for code, fill in zip(codes, layer.fills.tolist(), strict=True)}


# --- faces --------------------------------------------------------------------------------


def test_a_face_says_class_age_and_alert():
    fresh = face_of(Look(Medium.WATER, 3, None, fresh=True), DAY)
    assert (fresh.text, fresh.dashed, fresh.ring) == ("Ⅲ", False, None)
    assert fresh.fill == grade_sign(Medium.WATER, 3, DAY)[1]
    old = face_of(Look(Medium.WATER, 3, None, fresh=False), DAY)
    assert old.text == "Ⅲ"
    assert old.dashed
    assert old.fill != fresh.fill
    alarmed = face_of(Look(Medium.AIR, 3, 128, fresh=True, alert=1), DAY)
    assert (alarmed.text, alarmed.ring) == ("128", ALERT_COLOURS[1])
    nothing = face_of(Look(Medium.AIR), DAY)
    assert (nothing.text, nothing.dashed) == ("–", True)


@pytest.mark.parametrize("medium", list(Medium))
def test_letters_can_be_read_on_every_colour(medium):
    """Contrast by WCAG 2.1 of at least 3 for the large bold numerals on each class colour."""
    for grade in range(1, 7):
        _, ground = grade_sign(medium, grade, DAY)
        assert contrast(ground, ink_on(ground)) > 3.0, (medium, grade)


def contrast(one, other):
    first, second = sorted((luminance(one), luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def luminance(text):
    parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_words():
    assert grade_words(Medium.WATER, 6, None, DAY) == "劣Ⅴ类"
    assert grade_words(Medium.WATER, 0, None, DAY) == "无类别或 AQI"
    assert grade_words(Medium.AIR, 2, 67, DAY) == "AQI 67（良）"
    assert age_words(timedelta(minutes=59)) == "59 分钟"
    assert age_words(timedelta(hours=47)) == "47 小时"
    assert age_words(timedelta(days=3, hours=5)) == "3 天"


# --- present and replay -------------------------------------------------------------------


def test_the_example_stands_at_its_last_reading(example):
    present = present_of(example)
    assert f"{present.at:%Y-%m-%d %H:%M}" == "2026-11-22 08:00"
    assert len(present.standings) == 19
    silent = present.standings["KQ12"]  # says nothing since 18 November (docs/example.md)
    assert not silent.fresh
    assert silent.age > timedelta(days=3)
    assert all(one.fresh for code, one in present.standings.items() if code != "KQ12")


def test_a_replay_is_the_courses_of_all_stations(example):
    found = replay_of(example, timedelta(days=7))
    assert found is not None
    assert len(found.times) == 7 * 24 + 1
    for column, facts in enumerate(found.stations):
        whole = course(example, facts)
        classed = whole.grade > 0
        at, grade = whole.times[classed], whole.grade[classed]
        for moment in (0, 60, 167):
            before = np.flatnonzero(at <= found.times[moment])[-1]
            assert found.grade[moment, column] == grade[before]
            age = (found.times[moment] - at[before]) / 3.6e9
            assert found.age_h[moment, column] == pytest.approx(age)


def test_alerts_ring_while_they_last(tmp_path):
    path = tmp_path / "例.gridmap.gpkg"
    shutil.copyfile(shipped_example(), path)
    with AnsweringProject.open(path) as project:
        evaluate(project, datetime(2026, 11, 22, 8, tzinfo=ZONE))
        found = alerts(project, stations=["WS03"])
        event = next(one for one in found if one.start >= datetime(2026, 11, 14, tzinfo=ZONE))
        present = present_of(project)
    end = event.end or event.last
    for moment, ringed in (
        (event.start, True),
        (end, True),
        (event.start - timedelta(hours=9), False),
    ):
        assert (grades_at(present.rings, moment).get("WS03") is not None) is ringed
    assert present.live.get("WS03") == min(int(one.grade) for one in found if one.is_live)


# --- the window ---------------------------------------------------------------------------


def test_the_map_shows_classes_at_once(controller):
    water = faces(controller, "stations/water")
    assert water["WS03"].text == "Ⅱ"
    air = faces(controller, "stations/air")
    assert air["KQ01"].text == "67"
    assert air["KQ12"].dashed


def test_replay_from_the_button_to_the_event_and_back(controller):
    window = controller.window
    window.named_actions["replay"].trigger()
    wait_until(lambda: controller.settled)
    bar = window.under_map["replay"]
    assert bar.isVisible()
    assert bar.strip.count == 30 * 24 + 1
    assert bar.label.text() == "2026-11-22 08:00"
    bar.strip.setFocus()
    for _ in range(7):
        QTest.keyClick(bar.strip, Qt.Key.Key_PageUp)
    assert bar.label.text() == "2026-11-15 08:00"
    # The ammonia event is at WS03 since the 14th (docs/example.md).
    assert faces(controller, "stations/water")["WS03"].text == "劣Ⅴ"
    assert f"{controller.session.moment:%m-%d %H:%M}" == "11-15 08:00"
    controller._map.look_at("stations", "WS03")
    assert ("当时", "劣Ⅴ类 · 2026-11-15 08:00") in controller.session.feature.rows
    window.named_actions["replay"].trigger()
    assert not bar.isVisible()
    assert controller.session.moment is None
    assert faces(controller, "stations/water")["WS03"].text == "Ⅱ"
    assert controller.session.feature.rows[0][0] == "现状"


def test_playing_moves_and_stops_at_the_end(controller):
    window = controller.window
    window.named_actions["replay"].trigger()
    wait_until(lambda: controller.settled)
    bar = window.under_map["replay"]
    bar.play(1)  # at the end: begins anew
    assert bar.strip.position == 0
    assert bar.playing == 1
    wait_until(lambda: bar.strip.position >= 8)
    bar.play(-1)
    assert bar.playing == -1
    wait_until(lambda: not bar.playing)
    assert bar.strip.position == 0
    bar.play(1)
    bar.play(1)  # asked again: stop
    assert bar.playing == 0


def test_labels_stay_while_faces_change(controller):
    """Recoloured copies share the layout, so that labels are not placed anew at every step."""
    layer = next(one for one in controller.window.canvas.layers if one.key == "stations/air")
    other = layer.faced(np.zeros(len(layer), np.int16), (Face("#ff0000"),))
    assert other.layout == layer.layout
    assert other.revision != layer.revision


def test_of_an_example_nothing_is_said_to_be_minutes_ago(desk):
    mine = desk()
    mine.window.canvas.fit()
    station = mine.controller.session.project.layer("stations").iloc[0]
    mine.window.canvas.centre_on(station.geometry.x, station.geometry.y, 20_000)
    mine.settle()
    mine.click_map(station.geometry.x, station.geometry.y)
    shown = mine.texts(mine.window.panels["verdict"])
    assert station["name"] in shown
    assert "2026-11-22 08:00" in shown
    assert "分钟前" not in shown
