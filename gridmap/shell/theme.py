"""Colours and the style sheet of the window, from `resources/themes/light.toml`."""

import tomllib
from functools import cache
from string import Template
from typing import Final

from gridmap import shipped
from gridmap.map.fonts import FAMILY

_SHEET: Final = Template("""
* { font-family: "$family"; font-size: 13px; color: $text; }
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $text; color: $paper; border: 0; padding: 4px 6px; }
QSplitter::handle { background: $line; }
#topBar, #statusBar { background: $paper; }
#topBar { border-bottom: 1px solid $line; }
#statusBar { border-top: 1px solid $line; }
#statusBar QLabel { color: $quiet; font-size: 12px; }
#appTitle { font-size: 16px; font-weight: bold; color: $rail; }
#chip, #quietChip { background: $chip; border-radius: 10px; padding: 2px 10px; font-size: 12px; }
#exampleChip { background: $warn_ground; color: $warn; border: 1px solid $warn_line;
  border-radius: 10px; padding: 2px 10px; font-size: 12px; }
#goodChip, #warnChip, #badChip { border-radius: 10px; padding: 2px 10px; font-size: 12px; }
#goodChip { background: $good_ground; color: $good; }
#warnChip { background: $warn_ground; color: $warn; }
#badChip { background: $bad_ground; color: $bad; }
#rail { background: $rail; }
#rail QToolButton { color: $rail_text; background: transparent; border: 0; padding: 8px 0 6px 0;
  font-size: 11px; }
#rail QToolButton:checked { background: #1d4a66; color: $paper; border-left: 3px solid #37b6ff; }
#rail QToolButton:hover:!checked { background: #17425c; }
#rail QToolButton:focus { border: 2px solid #8fc3ea; }
#sidePanel, #cardPanel, #dock { background: $paper; }
#sidePanel { border-right: 1px solid $line; }
#cardPanel { border-left: 1px solid $line; }
#dock { border-top: 1px solid $line; }
#heading { color: $quiet; font-size: 12px; font-weight: bold; }
#panelTitle { font-size: 15px; font-weight: bold; }
#quiet { color: $quiet; font-size: 12px; }
#good { color: $good; } #warn { color: $warn; } #bad { color: $bad; }
QLineEdit, QComboBox, QDateEdit { background: $paper; border: 1px solid $line; border-radius: 4px;
  padding: 4px 8px; selection-background-color: $accent; selection-color: $paper; }
QLineEdit:focus, QComboBox:focus, QDateEdit:focus { border: 1px solid $accent; }
#searchBox { border-radius: 15px; padding: 5px 14px; background: $ground; }
QComboBox::drop-down, QDateEdit::drop-down { border: 0; width: 20px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url($icons/chevron.svg); width: 11px;
  height: 11px; }
QComboBox QAbstractItemView { background: $paper; border: 1px solid $line;
  selection-background-color: $accent; selection-color: $paper; }
QPushButton { background: $paper; border: 1px solid $line; border-radius: 4px; padding: 5px 12px; }
QPushButton:hover { border-color: $accent; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: #9aa8b1; background: $ground; }
QPushButton#primary { background: $accent; border-color: $accent; color: $paper; }
QPushButton#primary:hover, QPushButton#primary:focus { background: $accent_dark; }
QPushButton#primary:disabled { background: #9bbfe3; border-color: #9bbfe3; }
QToolButton { border: 0; border-radius: 4px; padding: 4px; background: transparent; }
QToolButton:hover { background: $chip; }
QToolButton:focus { border: 1px solid $accent; }
#mapTools { background: $paper; border: 1px solid $line; border-radius: 6px; }
#notice { background: $paper; border: 1px solid $accent; border-radius: 6px; }
#noticeHistory { background: $paper; border: 1px solid $line; }
#mapTools QToolButton:checked { background: #dbeafb; }
QCheckBox { spacing: 7px; }
QScrollArea { border: 0; background: $paper; }
#panelInner, QTextBrowser { background: $paper; border: 0; }
QScrollBar:vertical { width: 9px; background: transparent; margin: 0; }
QScrollBar::handle:vertical { background: #c3ced6; border-radius: 4px; min-height: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar:horizontal { height: 9px; background: transparent; }
QScrollBar::handle:horizontal { background: #c3ced6; border-radius: 4px; min-width: 28px; }
QTableView { background: $paper; border: 1px solid $line; gridline-color: $line;
  alternate-background-color: $ground; selection-background-color: #dbeafb;
  selection-color: $text; }
QTableView::item { padding-left: 6px; }
QHeaderView::section { background: $ground; border: 0; border-bottom: 1px solid $line;
  padding: 5px 8px; color: $quiet; font-weight: bold; }
QTabWidget::pane { border: 0; }
QTabBar::tab { padding: 6px 14px; border: 0; background: transparent; color: $quiet; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; }
QTabBar::tab:hover:!selected { color: $text; }
QTabBar::tab:focus { border: 1px solid $accent; }
QListWidget#hits { background: $paper; border: 1px solid $line; border-radius: 6px; padding: 4px; }
QListWidget#hits::item { padding: 5px 8px; border-radius: 4px; }
QListWidget#hits::item:selected { background: #dbeafb; color: $text; }
QMenu { background: $paper; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 3px; }
QMenu::item:selected { background: #dbeafb; }
QMenu::item:disabled { color: #9aa8b1; }
QProgressBar { border: 1px solid $line; border-radius: 4px; background: $ground; height: 8px;
  text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
""")


@cache
def tokens() -> dict[str, str]:
    """The colours by name."""
    path = shipped.resource("themes", "light.toml")
    return {name: str(value) for name, value in tomllib.loads(path.read_text("utf-8")).items()}


def style_sheet() -> str:
    """The style sheet of the whole program."""
    icons = shipped.resource("icons").as_posix()
    return _SHEET.substitute(tokens(), family=FAMILY, icons=icons)
