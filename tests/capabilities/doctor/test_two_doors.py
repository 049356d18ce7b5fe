"""What the window finds in a file is what the command line finds in it."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import json
from datetime import date

import pandas as pd
import shapely
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from gridmap import cli
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store.example import shipped_example
from gridmap.texts import t, use_language

DAY = date(2026, 11, 22)
SEVERITIES = ("错误", "警告", "提示")


@pytest.fixture
def project_file(tmp_path):
    path = tmp_path / "mine.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    return path


@pytest.fixture
def window(tmp_path, monkeypatch, project_file):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GRIDMAP_LANG", "zh_CN")
    application()
    use_language("zh_CN")
    settings = QSettings(str(tmp_path / "prefs.ini"), QSettings.Format.IniFormat)
    controller = Controller(Preferences(settings), lambda: DAY, lambda: None)
    controller.window.resize(1500, 900)
    controller.show()
    controller.open(project_file)
    settle(controller)
    yield controller
    controller.window.close()
    controller.close()


def settle(controller):
    wait_until(lambda: controller.settled)


@pytest.fixture
def by_window(window, qtbot, monkeypatch, tmp_path):
    return lambda path: _by_window(window, qtbot, monkeypatch, path, tmp_path / "问题.xlsx")


def _by_window(controller, qtbot, monkeypatch, path, sheet):
    """Drop a file on the window, write its findings to a sheet, read their sentences."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    at, copy, left = QPoint(300, 300), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(controller.window, QDragEnterEvent(at, copy, mime, left, plain))
    QApplication.sendEvent(controller.window, QDropEvent(at.toPointF(), copy, mime, left, plain))
    settle(controller)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(sheet), ""))
    page = controller.window.pages["import"]
    [button] = [b for b in page.findChildren(QPushButton) if b.text() == t("app.doctor.export")]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(controller)
    found = pd.read_excel(sheet, dtype=str, engine="calamine")
    return {
        (t(f"importing.severity.{severity}"), one_line(message))
        for severity, message in zip(found["severity"], found["message"], strict=True)
    }


def one_line(text):
    # A sheet marks what looks like a formula, a terminal gets one line.
    return " ".join(text.removeprefix("'").split())


@pytest.fixture
def by_command(capsys, project_file):
    # A copy: the command must not wait for the window to let go of the project.
    other = project_file.with_name("other.gpkg")
    other.write_bytes(project_file.read_bytes())
    return lambda path, target: _by_command(capsys, other, path, target)


def _by_command(capsys, project, path, target):
    cli.run(["import", str(project), str(path), *target, "--all"])
    lines = capsys.readouterr().out.splitlines()
    pairs = [line.split("  ", 1) for line in lines]
    return {(pair[0], one_line(pair[1])) for pair in pairs if pair[0] in SEVERITIES}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("dirty/air_stations_gb18030.csv", ("--layer", "stations")),
        ("dirty/sections_dirty_coordinates.csv", ("--layer", "sections")),
        ("dirty/cnemc_water_2020-12-01.json", ("--series",)),
    ],
)
def test_dirty_files(by_window, by_command, shared, name, target):
    path = shared / "data" / name
    shown = by_window(path)
    assert shown
    assert by_command(path, target) == shown


def test_faults_of_areas_that_do_not_fit(by_window, by_command, tmp_path):
    """Overlap, gap, orphan: three towns of a county that is not there."""
    boxes = [(0, 0, 1, 1), (0.99, 0, 2, 1), (2.001, 0, 3, 1)]
    path = tmp_path / "乡镇.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {
                "行政区划代码": f"33040290{i}", "名称": f"新镇{i}", "级别": "乡镇",
                "parent_code": "330499",
            },
            "geometry": json.loads(
                shapely.to_geojson(shapely.box(*[120.6 + b / 100 if j % 2 == 0 else 30.6 + b / 100
                                                 for j, b in enumerate(box)]))
            ),
        }
        for i, box in enumerate(boxes)
    ]  # fmt: skip
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    shown = by_window(path)
    told = by_command(path, ("--layer", "grid_units"))
    assert told == shown
    said = "\n".join(message for _, message in told)
    assert "重叠" in said
    assert "上级编码“330499”不存在" in said
