"""The window shares out its room: pages have their own width, low screens keep every button."""

from datetime import date

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QToolButton

from gridmap.shell.actions import all_actions
from gridmap.shell.bars import Rail
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application

DAY = date(2026, 11, 22)


@pytest.fixture
def window(tmp_path):
    application()
    preferences = Preferences(QSettings(str(tmp_path / "p.ini"), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: DAY, lambda: None, remember=False)
    controller.window.resize(1600, 900)
    controller.show()
    yield controller.window
    controller.window.close()
    controller.close()


def side(window):
    return window._columns.sizes()[0]


def test_the_layer_panel_is_narrow_however_wide_other_pages_are(window):
    assert side(window) <= 260
    window.named_actions["network"].setChecked(True)
    assert side(window) >= 560
    window.named_actions["layers"].setChecked(True)
    assert side(window) <= 260


def test_a_page_keeps_the_width_it_was_given(window):
    sizes = window._columns.sizes()
    window._columns.setSizes([300, sizes[1] + sizes[0] - 300, *sizes[2:]])
    given = side(window)
    for name in ("warn", "attainment", "layers"):
        window.named_actions[name].setChecked(True)
    assert side(window) == given


def test_every_button_of_the_rail_is_there_on_a_low_screen(window):
    rail = window.findChild(Rail)
    buttons = rail.findChildren(QToolButton)
    assert len(buttons) == len(all_actions().rail)
    for height, words in ((900, True), (640, False)):
        window.resize(1280, height)
        assert window.height() == height
        assert buttons[-1].geometry().bottom() <= rail.height()
        style = buttons[0].toolButtonStyle()
        assert (style == Qt.ToolButtonStyle.ToolButtonTextUnderIcon) is words
        assert all(button.toolTip() for button in buttons)
