"""The watched folder in the window: off the GUI thread, told in the status bar."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog

from gridmap.app.jobs import Jobs
from gridmap.app.main_window import MainWindow
from gridmap.app.preferences import Preferences
from gridmap.app.session import Session
from gridmap.app.watching import FolderWatching
from gridmap.project import Project
from gridmap.project.answering import AnsweringProject

READINGS = "站点,时间,氨氮(mg/L)\nS,2026-01-01 00:00,1\n"


@pytest.fixture
def made(qtbot, tmp_path: Path, project_path: Path):
    Project.create(project_path, title="试点").close()
    runner = Jobs()
    window = MainWindow(
        Preferences(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)), runner
    )
    qtbot.addWidget(window)
    session = Session(lambda: date(2026, 11, 22))
    calls: list[int] = []
    with AnsweringProject.open(project_path) as project:
        watching = FolderWatching(window, session, runner, lambda: calls.append(1))
        session.show_project(project)
        folder = tmp_path / "in"
        folder.mkdir()
        yield watching, folder, project, calls
        watching.stop()
        runner.close()


def _look(qtbot, watching: FolderWatching) -> None:
    watching.look()
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)


def test_new_files_come_in(qtbot, made, monkeypatch) -> None:
    watching, folder, project, calls = made
    said: list[str] = []
    monkeypatch.setattr(watching._window.status, "show_message", said.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    watching._action.setChecked(True)
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)
    assert watching.folder == folder
    (folder / "a.csv").write_text(READINGS, encoding="utf-8")
    (folder / "b.csv").write_text("x\n1\n", encoding="utf-8")
    _look(qtbot, watching)
    assert calls == []
    _look(qtbot, watching)
    assert calls == [1]
    assert any("a.csv" in text and "1 个读数" in text for text in said)
    assert any("b.csv 留在原处" in text for text in said)
    assert project.series.read("S", "nh3n")["value"].tolist() == [1.0]
    watching._action.setChecked(False)
    assert watching.folder is None


def test_choosing_none_and_a_project_that_cannot_be_written(qtbot, made, monkeypatch) -> None:
    watching, folder, project, _ = made
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    watching._action.setChecked(True)
    assert not watching._action.isChecked()
    with AnsweringProject.open(project.path, read_only=True) as other:
        watching._session.show_project(other)
        watching.start(folder)
        assert watching.folder is None
        assert not watching._action.isChecked()


def test_another_project_ends_it(qtbot, made) -> None:
    watching, folder, _, _ = made
    watching.start(folder)
    qtbot.waitUntil(lambda: not watching._under_way, timeout=20_000)
    watching._session.show_project(None)
    assert watching.folder is None
