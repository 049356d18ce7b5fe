"""The window as a new user meets it: open, find, click, read, print, plot, switch, reopen."""

import json
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QMessageBox

from gridmap.capabilities.locate.page.search_bar import SearchBar
from gridmap.capabilities.locate.page.search_box import SearchBox
from gridmap.capabilities.locate.presenter.sheet import SheetPresenter
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store import Project
from gridmap.store.example import shipped_example
from gridmap.texts import current_language, use_language

DAY = date(2026, 11, 22)
BESIDE_RIVER = (120.8700, 30.6730)


@pytest.fixture
def preferences(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Preferences(QSettings(str(tmp_path / "prefs.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def start(preferences):
    """Starts windows on the example; ends them after the test."""
    application()
    use_language("zh_CN")
    started = []

    def begin(path=None):
        controller = Controller(preferences, lambda: DAY, lambda: None)
        started.append(controller)
        controller.window.resize(1400, 860)
        controller.show()
        controller.open(path)
        wait_until(lambda: controller.settled)
        return controller

    yield begin
    for controller in started:
        controller.window.close()
        controller.close()
    use_language("zh_CN")


def settle(controller):
    wait_until(lambda: controller.settled)


def card_text(controller):
    return controller.window.panels["verdict"]._text.toPlainText()


def click(qtbot, controller, lon, lat):
    canvas = controller.window.canvas
    px, py = canvas.viewport.px_of(lon, lat)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(px), round(py)))
    settle(controller)


def test_the_example_opens_labelled_with_all_its_layers(start):
    controller = start()
    window = controller.window
    assert "示例" in window.top._chip.text()
    assert window.top._chip.isVisibleTo(window)
    assert "示例" in window.windowTitle()
    assert len(window.canvas.layers) > 12
    assert window.layer_panel._rows["grid_units/township"][1].text() == ""
    assert "点" in card_text(controller)


def test_a_click_beside_a_river_gives_grid_and_river_chain(start, qtbot):
    controller = start()
    controller.window.canvas.centre_on(*BESIDE_RIVER, 25_000)
    settle(controller)
    click(qtbot, controller, *BESIDE_RIVER)
    text = card_text(controller)
    verdict = controller.session.verdict
    assert verdict.river is not None
    for expected in ("网格责任链", "河长责任链", "空间管控", "结果指纹", verdict.owner.name):
        assert expected in text
    assert controller.window.canvas.state.pin is not None


def test_find_a_town_by_name_by_initials_and_by_coordinates(start, qtbot):
    controller = start()
    box = controller.window.top.findChild(SearchBox)
    controller.window.activateWindow()
    box.setFocus()
    qtbot.keyClicks(box, "xfz")
    qtbot.waitUntil(lambda: box.hits_shown, timeout=5000)
    assert box._list.item(0).text().startswith("新丰镇")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    settle(controller)
    assert controller.session.verdict.owner.name == "新丰镇"
    box.setText("30°43′12″ 120°51′")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    settle(controller)
    assert (controller.session.place.lon, controller.session.place.lat) == pytest.approx(
        (120.85, 30.72)
    )
    assert "写反" in controller.window.status._message.text()
    box.setText("没有这个地方")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: box.hits_shown, timeout=5000)
    assert "没有找到" in box._list.item(0).text()


def test_the_datum_chosen_shifts_pasted_coordinates(start, qtbot):
    controller = start()
    combo = controller.window.top.findChild(SearchBar).datum
    combo.setCurrentIndex(combo.findText("GCJ-02"))
    box = controller.window.top.findChild(SearchBox)
    box.setText("120.85,30.72")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    settle(controller)
    place = controller.session.place
    assert 0.001 < abs(place.lon - 120.85) < 0.01
    assert controller.session.verdict is not None


def test_another_day_gives_the_chief_of_that_day(start):
    controller = start()
    controller.ask(*BESIDE_RIVER)
    settle(controller)
    controller.window.panels["verdict"]._day.setDate(
        controller.window.panels["verdict"]._day.date().addYears(-30)
    )
    settle(controller)
    assert controller.session.verdict.on.year == DAY.year - 30
    assert "任职记录自" in card_text(controller)


def test_a_station_shows_its_card_and_its_series(start, qtbot):
    controller = start()
    stations = controller._opened.frames["stations"]
    air = stations[stations["kind"] == "air"].iloc[0]
    controller.window.canvas.centre_on(air.geometry.x, air.geometry.y, 20_000)
    settle(controller)
    click(qtbot, controller, air.geometry.x, air.geometry.y)
    assert controller.session.feature.key == air["code"]
    assert air["name"] in card_text(controller)
    assert controller.window.panels["series"].station == air["code"]


def test_print_copy_and_export(start, tmp_path):
    controller = start()
    controller.ask(*BESIDE_RIVER)
    settle(controller)
    exporter = controller.exporter
    sheet = controller.presenter(SheetPresenter)
    sheet.print_sheet(tmp_path / "sheet.pdf")
    exporter.export_map(tmp_path / "map.png")
    settle(controller)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "map.png").stat().st_size > 50_000
    exporter.save_project(tmp_path / "copy.gpkg")
    settle(controller)
    with Project.open(tmp_path / "copy.gpkg", read_only=True) as copy:
        assert copy.title == controller.session.project.title
    controller.window.named_actions["copy_json"].trigger()
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    data = json.loads(QGuiApplication.clipboard().text())
    assert data["owner"]["code"] == controller.session.verdict.owner.code


def test_english_and_back_keeps_the_answer(start):
    controller = start()
    controller.ask(*BESIDE_RIVER)
    settle(controller)
    owner = controller.session.verdict.owner
    controller._switch_language()
    settle(controller)
    assert current_language() == "en"
    assert "Grid chain" in card_text(controller)
    assert controller.session.verdict.owner == owner
    controller._switch_language()
    settle(controller)
    assert "网格责任链" in card_text(controller)


def test_layout_is_remembered(start, preferences):
    controller = start()
    controller.window.named_actions["series"].setChecked(False)
    controller.window.named_actions["data"].setChecked(True)
    settle(controller)
    assert "日志链完整" in controller.window.data_page._chain.text()
    controller.window.close()
    again = start()
    assert not again.window.named_actions["series"].isChecked()
    assert again.window.named_actions["data"].isChecked()


def test_a_layer_is_switched_off_and_on(start):
    controller = start()
    box, _, layer = controller.window.layer_panel._rows["enterprises/enterprise"]
    box.setChecked(False)
    settle(controller)
    assert layer.key not in controller.window.canvas.state.visible
    box.setChecked(True)
    settle(controller)
    assert layer.key in controller.window.canvas.state.visible


def test_a_foreign_file_is_told_and_the_old_project_stays(start, tmp_path, qtbot):
    controller = start()
    foreign = tmp_path / "foreign.gpkg"
    foreign.write_bytes(b"no database at all")
    controller.open(foreign)
    settle(controller)
    box = controller.window.findChild(QMessageBox, "errorBox")
    assert "foreign.gpkg" in box.text()
    box.close()
    assert controller.session.project.is_example
    assert foreign.read_bytes() == b"no database at all"


def test_a_second_window_reads_only_and_says_so(start, tmp_path):
    path = tmp_path / "mine.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    first, second = start(path), start(path)
    assert not first.session.project.read_only
    assert second.session.project.read_only_reason == "locked"
    assert "只读" in second.window.status._project.text()


def test_names_from_data_are_no_markup(start, tmp_path):
    path = tmp_path / "odd.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    with Project.open(path) as project:
        frame = project.layer("grid_units")
        row = frame.index[frame["code"] == "330402103"][0]
        frame.loc[row, "name"] = "<b>粗</b><img src=x>"
        edition = project.editions()["grid_units"]
        with project.change("test") as change:
            change.replace_layer("grid_units", frame, edition)
    controller = start(path)
    controller.ask(120.90, 30.70)
    settle(controller)
    assert "<b>粗</b><img src=x>" in card_text(controller)


def test_every_action_has_a_shortcut_and_a_title(start):
    actions = start().window.named_actions
    keys = [action.shortcut().toString() for action in actions.values()]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert all(action.text() for action in actions.values())


def test_a_layer_is_removed_after_asking_and_comes_back_by_undo(start, tmp_path):
    path = tmp_path / "mine.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    controller = start(path)
    page = controller.window.data_page
    controller.window.named_actions["data"].setChecked(True)
    settle(controller)
    rows = page._editions.model()
    places = [rows.index(i, 0).data() for i in range(rows.rowCount())].index("地名")
    page._editions.selectRow(places)
    page._emit_chosen(page.remove_wanted)
    box = controller.window.findChild(QMessageBox, "confirmBox")
    box.buttons()[0].click()
    settle(controller)
    assert "places" not in controller._opened.frames or controller._opened.frames["places"].empty
    page.undo_wanted.emit()
    settle(controller)
    assert len(controller._opened.frames["places"]) > 100
    assert controller.session.project.log()["action"].tolist()[-2:] == ["remove", "undo"]


def test_a_place_in_words_is_asked_with_its_radius(start, qtbot):
    controller = start()
    box = controller.window.top.findChild(SearchBox)
    box.setText("向阳桥东 200 米")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    settle(controller)
    place = controller.session.place
    assert place.radius_m >= 50
    assert controller.session.verdict.basis.tolerance_m == 50 + place.radius_m
    assert "向阳桥东 200 米" in card_text(controller)
    box.setText("余新镇南面小河浜")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: box.hits_shown, timeout=5000)
    assert box._list.count() > 1


def test_a_layer_is_exported_for_others(start, tmp_path):
    controller = start()
    controller.exporter.export_layer("sections", tmp_path / "断面.geojson")
    settle(controller)
    written = json.loads((tmp_path / "断面.geojson").read_text("utf-8"))
    assert len(written["features"]) == 14
