"""A new capability is a new folder: one written here is found by everything that needs it."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from gridmap.capabilities import capabilities
from tests import house

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = {
    "__init__.py": """
from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="tides",
    title=Title("潮位", "Tides"),
    uses=("stations",),
    pages=(Page("tides", Title("潮位", "Tides"), "Ctrl+F2", order=125),),
    commands=(Command("tides", Title("下一次高潮", "the next high water")),),
    presenters=("presenter:TidesPresenter",),
    tables=(("tides", 3),),
    docs=(("tides.md", Title("潮位怎么算", "how tides are computed")),),
)
""",
    "tables.py": """
from sqlalchemy import Column, Integer, MetaData, Table, Text

METADATA = MetaData()
Table(
    "tides", METADATA,
    Column("id", Integer, primary_key=True), Column("port", Text, nullable=False),
    comment="Tides", info={"since": 3},
)
""",
    "rules.py": """
def high_water(hour):
    return (12.4 - hour % 12.4) % 12.4
""",
    "work.py": """
from gridmap.capabilities.tides.rules import high_water


def next_high_water(project, hour):
    return project.title, high_water(hour)
""",
    "command.py": """
from gridmap.capabilities.tides.rules import high_water


def add(parser):
    parser.add_argument("hour", type=float)


def run(options):
    print(f"{high_water(options.hour):.1f} h")
    return 0
""",
    "presenter.py": """
from PySide6.QtWidgets import QLabel

from gridmap.shell.presenter import Presenter


class TidesPresenter(Presenter):
    name = "tides"

    def __init__(self, shell):
        super().__init__(shell)
        self._label = QLabel("还没有项目")
        shell.window.add_page("tides", self._label)

    def refresh(self):
        if self._project is not None:
            self._label.setText(f"{self._project.title}：下一次高潮 3.4 小时后")
""",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder beside the program with one capability in it."""
    folder = tmp_path / "capabilities" / "tides"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder.parent


def python(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300, cwd=REPOSITORY,
        env={
            **os.environ, "GRIDMAP_CAPABILITIES": str(home), "GRIDMAP_LANG": "zh_CN",
            "PYTHONPATH": str(REPOSITORY), "QT_QPA_PLATFORM": "offscreen",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_help_and_the_command_line_know_it(home: Path) -> None:
    assert "下一次高潮" in python(home, "main.py", "--help")
    assert python(home, "main.py", "tides", "9") == "3.4 h\n"


def test_the_index_of_the_documentation_knows_it(home: Path) -> None:
    script = "import runpy; print(runpy.run_path('docs/index.py')['index']())"
    assert "| [tides.md](tides.md) | 潮位怎么算 · how tides are computed |" in python(
        home, "-c", script
    )


def test_a_new_project_has_its_table(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "新.gpkg"
    python(home, "main.py", "new", str(target), "--title", "新")
    script = (
        "import sqlite3, sys; "
        "print(sqlite3.connect(sys.argv[1]).execute('SELECT COUNT(*) FROM tides').fetchone())"
    )
    assert python(home, "-c", script, str(target)) == "(0,)\n"


@pytest.mark.skipif(find_spec("PySide6") is None, reason="there is no Qt")
def test_the_window_has_its_page_and_its_shortcut(home: Path) -> None:
    script = """
from datetime import date
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from gridmap.shell.controller import Controller
from gridmap.shell.actions import shortcut_rows
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
import tempfile
app = application()
kept = Preferences(QSettings(tempfile.mkdtemp() + "/kept.ini", QSettings.Format.IniFormat))
controller = Controller(kept, lambda: date(2026, 11, 22), lambda: None, remember=False)
controller.show()
controller.open(None, example=True)
wait_until(lambda: controller.settled)
window = controller.window
(button,) = [b for b in window.findChildren(QToolButton) if b.text() == "潮位"]
QTest.mouseClick(button, Qt.MouseButton.LeftButton)
wait_until(lambda: controller.settled)
print(window.pages["tides"].isVisible(), window.pages["tides"].text())
print(("潮位", "Ctrl+F2") in shortcut_rows())
window.close()
controller.close()
"""
    shown, listed = python(home, "-c", script).splitlines()
    assert shown.startswith("True ")
    assert "下一次高潮 3.4 小时后" in shown
    assert listed == "True"


def test_the_import_rules_hold_for_it(home: Path) -> None:
    known = {one.name: one for one in capabilities()}
    folder = home / "tides"

    def faults() -> list[str]:
        modules = house.modules_of(folder, "gridmap.capabilities.tides")
        script = house.manifest_of(folder)
        return [
            fault
            for name, path in modules.items()
            for fault in house.faults(name, path, {**known, "tides": script})
        ]

    assert faults() == []
    rules = folder / "rules.py"
    rules.write_text("import sqlite3\nfrom PySide6.QtGui import QColor\n", encoding="utf-8")
    (folder / "work.py").write_text(
        "from gridmap.capabilities.alerts.work import records\n"
        "from gridmap.capabilities.stations.page import timeline_bar\n",
        encoding="utf-8",
    )
    found = faults()
    assert len(found) == 4, found
