"""The page of the river network, clicked through with the rivers of tuanhe."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

from datetime import date

from PySide6.QtCore import QSettings

from gridmap import intake
from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.presenter.network import NetworkPresenter
from gridmap.capabilities.rivers.rules.findings import NetKind
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import wait_until

MOUTH = (112.3364662, 32.1693312)


@pytest.fixture
def controller(tmp_path, qtbot, shared):
    folder = shared / "data" / "tuanhe"
    path = tmp_path / "湍河.gpkg"
    with AnsweringProject.create(path, title="湍河") as project:
        intake.load(project, folder / "rivers.geojson", "rivers", columns={"code": "id"})
        intake.load(
            project, folder / "townships_SYNTHETIC_from_real_centres.geojson", "grid_units",
            fixed={"tier": "township", "data_status": "synthetic"},
            columns={"code": "code9", "parent_code": "adcode"},
        )  # fmt: skip
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    made = Controller(preferences, lambda: date(2026, 11, 22), lambda: None, remember=False)
    made.window.resize(1600, 900)
    made.show()
    made.open(path)
    wait_until(lambda: made.settled)
    made.window.named_actions["network"].trigger()
    wait_until(lambda: made.settled)
    yield made
    made.window.close()
    made.close()


def test_plan_accept_a_gap_write_and_undo(controller):
    window, page = controller.window, controller.window.pages["network"]
    assert not page._write.isEnabled()
    page.use_tool("outlet")
    window.canvas.clicked.emit(*MOUTH)
    assert page._outlets.text() == "出口 1 处"
    page._plan.click()
    wait_until(lambda: controller.settled)
    assert "尚未写入" in page._message.text()
    gap = next(one for one in page.shown if one.kind is NetKind.GAP)
    page.choose_finding(gap)
    assert page._accept.isEnabled()
    assert "1,390 米" in page._said.text()
    page._accept.click()
    wait_until(lambda: controller.settled)
    assert any(one.kind is NetKind.BRIDGED for one in page.shown)
    assert not any(one.kind is NetKind.GAP for one in page.shown)
    page._only_open.setChecked(True)
    assert {one.kind for one in page.shown} == {
        NetKind.LOOSE, NetKind.UNKNOWN, NetKind.OUTLET,
    }  # fmt: skip
    page._write.click()
    wait_until(lambda: controller.settled)
    project = controller.session.project
    assert len(project.layer("reaches")) > 60
    assert "现有河网" in page._message.text()
    # Nobody holds any yet.
    assert page.posts.table.model().rowCount() == len(project.layer("reaches"))
    page.posts.table.selectRow(0)
    window.named_actions["undo"].trigger()
    wait_until(lambda: controller.settled)
    assert not len(project.layer("reaches"))


def test_a_click_flips_a_reach_only_while_the_tool_is_in_hand(controller):
    page = controller.window.pages["network"]
    page.plan_wanted.emit()
    wait_until(lambda: controller.settled)
    page.write_wanted.emit()
    wait_until(lambda: controller.settled)
    project = controller.session.project
    before = project.layer("reaches").set_index("code")
    code = before.index[5]
    place = before.geometry[code].interpolate(0.5, normalized=True)
    page.use_tool("flip")
    controller.window.canvas.clicked.emit(place.x, place.y)
    wait_until(lambda: controller.settled)
    after = project.layer("reaches").set_index("code")
    assert after.loc[code, "from_node"] == before.loc[code, "to_node"]
    assert controller.session.place is None
    page.use_tool("sluice")
    controller.window.canvas.clicked.emit(place.x, place.y)
    wait_until(lambda: controller.settled)
    controller.window.named_actions["network"].trigger()
    assert page.tool == "none"


def test_a_decision_about_a_gap_that_is_no_more_is_forgotten(controller):
    page = controller.window.pages["network"]
    page.accept_wanted.emit("gap:nowhere")
    wait_until(lambda: controller.settled)
    assert controller.presenter(NetworkPresenter)._closed == []
    assert "尚未写入" in page._message.text()
