"""The watched folder in the window: off the GUI thread, told in the status bar."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

from datetime import date
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog

from gridmap.capabilities.readings.presenter.watching import FolderWatching
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store import Project

READINGS = "站点,时间,氨氮(mg/L)\nS,2026-01-01 00:00,1\n"


@pytest.fixture
def made(qtbot, tmp_path: Path, project_path: Path):
    Project.create(project_path, title="试点").close()
    application()
    preferences = Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: date(2026, 11, 22), lambda: None, remember=False)
    controller.show()
    controller.open(project_path)
    wait_until(lambda: controller.settled)
    calls: list[int] = []
    controller.session.changed.connect(lambda changed: calls.append(changed.revision))
    folder = tmp_path / "in"
    folder.mkdir()
    yield controller.presenter(FolderWatching), folder, controller, calls
    controller.window.close()
    controller.close()


def _look(qtbot, watching: FolderWatching) -> None:
    watching.look()
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)


def test_new_files_come_in(qtbot, made, monkeypatch) -> None:
    watching, folder, controller, calls = made
    project = controller.session.project
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    watching._action.setChecked(True)
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)
    assert watching.folder == folder
    (folder / "a.csv").write_text(READINGS, encoding="utf-8")
    (folder / "b.csv").write_text("x\n1\n", encoding="utf-8")
    _look(qtbot, watching)
    assert calls == []
    _look(qtbot, watching)
    wait_until(lambda: controller.settled)
    assert calls[0] == 2  # the readings, and then what their evaluation found
    said = [text for _, text in controller.window.notices.history]
    assert any("a.csv" in text and "1 个读数" in text for text in said)
    assert any("b.csv 留在原处" in text for text in said)
    assert project.series.read("S", "nh3n")["value"].tolist() == [1.0]
    watching._action.setChecked(False)
    assert watching.folder is None


def test_choosing_none_and_a_project_that_cannot_be_written(qtbot, made, monkeypatch) -> None:
    watching, folder, controller, _ = made
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    watching._action.setChecked(True)
    assert not watching._action.isChecked()
    monkeypatch.setattr(controller.session.project, "_reason", "asked")
    watching.start(folder)
    assert watching.folder is None
    assert not watching._action.isChecked()


def test_another_project_ends_it(qtbot, made) -> None:
    watching, folder, controller, _ = made
    watching.start(folder)
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)
    controller.open(None, example=True)
    wait_until(lambda: controller.settled)
    assert watching.folder is None
    assert not watching._action.isChecked()
