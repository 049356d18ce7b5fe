"""The window without a mouse: the map is near, shows that it has the keys, and answers them."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

MOST_TABS = 5


def tab(mine):
    QTest.keyClick(QApplication.focusWidget() or mine.window, Qt.Key.Key_Tab)


def key(mine, key):
    QTest.keyClick(QApplication.focusWidget(), key)
    mine.settle()


@pytest.fixture
def mine(desk):
    mine = desk()
    mine.window.activateWindow()
    QTest.qWaitForWindowActive(mine.window)
    return mine


def reach_map(mine):
    """From the search box to the map; how many tabs that takes."""
    mine.press("find")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    for count in range(1, MOST_TABS + 1):
        tab(mine)
        if QApplication.focusWidget() is mine.window.canvas:
            return count
    return None


def test_the_map_is_reached_from_the_search_box_in_few_tabs(mine):
    assert reach_map(mine) is not None


def test_keys_pan_zoom_and_ask_in_the_middle(mine):
    canvas = mine.window.canvas
    reach_map(mine)
    before = canvas.viewport
    key(mine, Qt.Key.Key_Right)
    assert canvas.viewport.centre[0] > before.centre[0]
    key(mine, Qt.Key.Key_Left)
    key(mine, Qt.Key.Key_Plus)
    assert canvas.viewport.resolution < before.resolution
    key(mine, Qt.Key.Key_Return)
    asked = mine.controller.session.place
    lon, lat = canvas.viewport.lonlat_at(canvas.width() / 2, canvas.height() / 2)
    assert (asked.lon, asked.lat) == pytest.approx((lon, lat), abs=1e-7)
    assert mine.controller.session.verdict is not None


def test_the_map_shows_a_ring_while_it_is_used_by_keys(mine):
    canvas = mine.window.canvas

    def edge():
        return canvas.grab().toImage().pixelColor(canvas.width() // 2, 1).name()

    plain = edge()
    reach_map(mine)
    assert edge() != plain
    mine.click_map(120.85, 30.72)
    assert edge() == plain


@pytest.mark.parametrize("page", ["batch", "attainment", "alerts"])
def test_a_panel_that_is_asked_for_is_seen_whatever_page_is_open(mine, page):
    mine.open_page(page)
    card = mine.window.panels["verdict"]
    assert not card.isVisible()
    QTest.keyClick(mine.window, Qt.Key.Key_F3)
    mine.settle()
    assert card.isVisible()
    QTest.keyClick(mine.window, Qt.Key.Key_F3)
    mine.settle()
    assert not card.isVisible()


def test_the_data_page_is_seen_by_its_key(mine):
    mine.open_page("batch")
    QTest.keyClick(mine.window, Qt.Key.Key_F6)
    mine.settle()
    assert mine.window.pages["data"].isVisible()
