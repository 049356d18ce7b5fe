"""The page of siting with hands and eyes: solve, list and map, drag, cancel, export."""

import json
import time

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QFileDialog

from gridmap.capabilities.siting.rules.question import Proof
from gridmap.shell.start import wait_until
from gridmap.store.project import Project

SITE_1 = (120.760802, 30.777647)


@pytest.fixture
def solved(desk):
    mine = desk()
    page = mine.open_page("siting")
    mine.click(mine.button("求解"))
    mine.until(page.export_button.isEnabled)
    return mine, page


def answer_of(mine):
    (found,) = [one for one in mine.controller.presenters if one.name == "siting"]
    return found.answer


def drag(mine, begin, end):
    canvas = mine.window.canvas
    at, to = (QPoint(*map(round, canvas.viewport.px_of(*place))) for place in (begin, end))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 5):
        QTest.mouseMove(canvas, at + (to - at) * (step / 4))
        mine.settle()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=to)
    mine.settle()


def test_solving_shows_sites_with_reasons_proof_curve_and_overlay(solved):
    mine, page = solved
    told = mine.texts(page)
    assert "布点建议：3 处新断面" in told
    assert "加权覆盖由 67.8% 提高到 87.5%" in told
    assert "已证明最优：同样数量放在哪里都不会更多" in told
    cells = [page.sites.item(row).text() for row in range(page.sites.count())]
    assert len(cells) == 3
    assert cells[0].startswith("1  京杭运河3段 距起点 1.1 km（解放街道）  +13.3%")
    assert "10 km 内无断面可达" in cells[0]
    assert "3 处：87.5%" in page.curve.accessibleDescription()
    assert "河道  125.3 → 156.7，共 192.6 km" in page.sums.text()
    assert mine.controller.presenters[0]._map.claim("siting").overlay is not None


def test_distance_count_and_weights_are_asked_as_they_stand(solved):
    mine, page = solved
    mine.type(page.distance, "2000", enter=True)
    mine.type(page.count, "1", enter=True)
    page.tabs.setCurrentIndex(2)
    (box,) = page.findChildren(QDoubleSpinBox, "weight_outlet")
    mine.type(box, "0", enter=True)
    mine.click(mine.button("求解"))
    mine.until(lambda: len(answer_of(mine).proposed) == 1)
    asked = answer_of(mine).asked
    assert (asked.distance_m, asked.count, dict(asked.weights)["outlet"]) == (2000.0, 1, 0.0)


def test_a_site_dragged_on_the_map_moves_its_gain_along_and_back(solved):
    mine, page = solved
    before = answer_of(mine)
    view = mine.window.canvas.viewport
    first = before.proposed[0].site
    drag(mine, (first.lon, first.lat), (first.lon + 0.03, first.lat - 0.02))
    after = answer_of(mine)
    assert mine.window.canvas.viewport == view  # the map stayed
    assert after.by_hand
    assert after.proposed[0].site != first
    assert after.answer.covered < before.answer.covered
    told = mine.texts(page)
    assert "手动调整过，比原方案的上限少" in told
    assert "已证明最优" not in told
    assert page.sites.currentRow() == 0
    mine.click(mine.button("恢复建议"))
    assert answer_of(mine) is before
    assert "已证明最优" in mine.texts(page)


def test_a_drag_beside_the_sites_moves_the_map_as_ever(solved):
    mine, _ = solved
    before, view = answer_of(mine), mine.window.canvas.viewport
    drag(mine, (120.95, 30.60), (120.90, 30.62))
    assert mine.window.canvas.viewport != view
    assert answer_of(mine) is before


def test_a_row_of_the_list_is_brought_into_view(solved):
    mine, page = solved
    mine.window.canvas.centre_on(121.6, 31.4)
    box = page.sites.visualItemRect(page.sites.item(2))
    QTest.mouseClick(page.sites.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    mine.settle()
    site = answer_of(mine).proposed[2].site
    x, y = mine.window.canvas.viewport.px_of(site.lon, site.lat)
    assert 0 <= x <= mine.window.canvas.width()
    assert 0 <= y <= mine.window.canvas.height()


def test_air_has_its_own_distance_and_weights(solved):
    mine, page = solved
    page.medium.setFocus()
    QTest.keyClick(page.medium, Qt.Key.Key_Down)
    mine.settle()
    assert page.distance.value() == 3000
    assert not page.backup.isEnabled()
    assert answer_of(mine) is None  # what was proposed for water is gone
    mine.click(mine.button("求解"))
    mine.until(page.export_button.isEnabled)
    assert "3 处新空气站" in mine.texts(page)
    assert answer_of(mine).answer.proof is Proof.OPTIMAL


def test_what_cannot_be_is_said_on_the_page(solved):
    mine, page = solved
    mine.type(page.moves, "20", enter=True)
    mine.click(mine.button("求解"))
    mine.until(lambda: answer_of(mine) is None)
    assert "可迁移的现有点位只有 14 处" in mine.texts(page)
    assert not page.export_button.isEnabled()


def test_solving_can_be_cancelled(desk, monkeypatch):
    mine = desk()
    page = mine.open_page("siting")

    def endless(_project, _asked, job):
        while True:
            job.tell(0.5)
            time.sleep(0.05)  # as often as the solver is looked after

    monkeypatch.setattr("gridmap.capabilities.siting.presenter.siting.siting_of", endless)
    QTest.mouseClick(page.solve, Qt.MouseButton.LeftButton)
    wait_until(lambda: page.cancel.isVisible() and not page.solve.isEnabled())
    mine.click(page.cancel)
    mine.until(page.solve.isEnabled)
    assert not page.cancel.isVisible()
    assert answer_of(mine) is None


@pytest.mark.parametrize("ending", [".pdf", ".xlsx", ".json"])
def test_the_proposal_is_written(solved, tmp_path, monkeypatch, ending):
    mine, _ = solved
    path = tmp_path / f"布点{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    mine.click(mine.button("导出", mine.window.pages["siting"]))
    mine.until(path.exists)
    assert path.stat().st_size > 1000
    if ending == ".json":
        assert json.loads(path.read_text("utf-8"))["schema"] == "gridmap.siting/1"


def test_another_project_begins_with_nothing(solved, tmp_path):
    mine, page = solved
    path = tmp_path / "other.gpkg"
    Project.create(path, title="空").close()
    mine.controller.open(path)
    mine.until(lambda: mine.controller.session.project.path == path)
    assert answer_of(mine) is None
    mine.click(mine.button("求解"))
    mine.until(page.solve.isEnabled)
    assert "项目里没有河段" in mine.texts(page)
    assert "gridmap river build" in mine.texts(page)


def test_the_proposal_stays_in_the_other_language(solved):
    mine, _ = solved
    before = answer_of(mine)
    mine.press("language")
    page = mine.window.pages["siting"]
    mine.open_page("siting")
    assert answer_of(mine) is before
    told = mine.texts(page)
    assert "Weighted cover rises from 67.8% to 87.5%" in told
    assert "that reach no section within 10 km today" in page.sites.item(0).text()
    assert page.distance.value() == 10_000
