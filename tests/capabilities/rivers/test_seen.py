"""Lines of rivers are seen: as soon as they are imported, before a network is built, meanwhile."""

import pytest

pytest.importorskip("PySide6")

import json

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from gridmap.capabilities.rivers.picture.network import INKS
from gridmap.map import mercator
from gridmap.store import Project

TRUNK = [[112.00, 32.20], [112.10, 32.10], [112.20, 32.00]]
BROOK = [[112.20, 32.14], [112.1015, 32.1015]]  # ends some 220 m beside the trunk
ARM = [[112.00, 32.05], [112.2001, 32.0001]]  # ends 14 m from the end of the trunk
MOUTH = (112.20, 32.00)


@pytest.fixture
def office(desk, tmp_path):
    """A window on a project without anything, and a file of three lines."""
    path = tmp_path / "新县.gpkg"
    Project.create(path, title="新县").close()
    features = [
        {
            "type": "Feature",
            "properties": {"河流编码": code, "河流名称": name},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for code, name, line in (("T", "大河", TRUNK), ("B", "小溪", BROOK), ("A", "支河", ARM))
    ]
    file = tmp_path / "河流.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": features})
    file.write_text(text, encoding="utf-8")
    return desk(path), file


def bring_in(mine, file):
    mine.drop(file)
    page = mine.window.pages["import"]
    mine.click(mine.button("载入 3 行", page))
    project = mine.controller.session.project
    mine.until(lambda: len(project.layer("rivers")) == 3)


def near(mine, lon, lat, ink, radius=4):
    """Whether the map shows a colour near a place."""
    canvas, wanted = mine.window.canvas, QColor(ink)
    picture = canvas.grab().toImage()
    ratio = picture.devicePixelRatio()
    x, y = (round(v * ratio) for v in canvas.viewport.px_of(lon, lat))
    seen = [
        picture.pixelColor(x + i, y + j)
        for i in range(-radius, radius + 1)
        for j in range(-radius, radius + 1)
        if picture.valid(x + i, y + j)
    ]
    return any(
        max(
            abs(one.red() - wanted.red()), abs(one.green() - wanted.green()),
            abs(one.blue() - wanted.blue()),
        ) < 50
        for one in seen
    )  # fmt: skip


def drawn(mine, west):
    """The share of places along the trunk, which begins at a longitude, where a line is seen."""
    places = [(west + 0.2 * i / 20, 32.2 - 0.2 * i / 20) for i in range(1, 20)]
    return sum(near(mine, *place, "#2f7fc1", radius=3) for place in places) / len(places)


def in_view(mine, lon, lat):
    west, south, east, north = mine.window.canvas.viewport.extent
    x, y = mercator.project(lon, lat)
    return west < x < east and south < y < north


def test_imported_lines_are_seen_and_the_map_is_there(office):
    mine, file = office
    bring_in(mine, file)
    for lon, lat in (*TRUNK, *BROOK, *ARM):
        assert in_view(mine, lon, lat)
    canvas = mine.window.canvas
    assert canvas.viewport.scale_denominator < 1_000_000
    assert drawn(mine, 112.0) > 0.9
    assert "rivers" not in mine.window.status._message.text()


def test_a_layer_that_was_hidden_is_seen_when_something_is_loaded_into_it(office, tmp_path):
    mine, file = office
    bring_in(mine, file)
    mine.open_page("layers")
    [box] = [one for one in mine.window.findChildren(QCheckBox) if one.text() == "河流"]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))
    mine.settle()
    assert drawn(mine, 112.0) < 0.5  # only a label may be there
    far = tmp_path / "另一条.geojson"
    text = file.read_text(encoding="utf-8").replace('"T"', '"X"').replace("112.", "113.")
    far.write_text(text.replace('"B"', '"Y"').replace('"A"', '"Z"'), encoding="utf-8")
    mine.drop(far)
    mine.click(mine.button("载入 3 行", mine.window.pages["import"]))
    project = mine.controller.session.project
    mine.until(lambda: len(project.layer("rivers")) == 6)
    assert in_view(mine, 113.1, 32.1)
    assert not in_view(mine, 112.1, 32.1)
    assert drawn(mine, 113.0) > 0.9
    mine.open_page("layers")
    [box] = [one for one in mine.window.findChildren(QCheckBox) if one.text() == "河流"]
    assert box.isChecked()


def test_outlets_are_chosen_on_lines_with_arrows_gaps_and_moved_ends(office):
    mine, file = office
    bring_in(mine, file)
    page = mine.open_page("network")
    assert "3 条河线" in mine.texts(page)
    assert near(mine, 112.15, 32.05, INKS["drawn"])
    mine.click(mine.button("指定出口", page))
    mine.click_map(*MOUTH)
    assert "出口 1 处" in mine.texts(page)
    assert near(mine, *MOUTH, INKS["outlet"])
    mine.click(mine.button("试算", page))
    assert "尚未写入" in mine.texts(page)
    # The gap is a red line between the end of the brook and the trunk, the joined end a green one.
    canvas = mine.window.canvas
    canvas.centre_on(112.1008, 32.1008, 20_000)
    mine.settle()
    assert near(mine, 112.1008, 32.1008, INKS["gap"], radius=12)
    assert near(mine, 112.095, 32.105, INKS["known"]) or near(
        mine, 112.095, 32.105, INKS["dominant"]
    )
    canvas.centre_on(*MOUTH, 2_000)
    mine.settle()
    assert near(mine, 112.20005, 32.00005, INKS["snap"], radius=6)
    mine.click(mine.button("写入河段", page))
    project = mine.controller.session.project
    mine.until(lambda: len(project.layer("reaches")) > 0)
    canvas.centre_on(112.15, 32.05, 100_000)
    mine.settle()
    assert near(mine, 112.15, 32.05, INKS["known"]) or near(mine, 112.15, 32.05, INKS["dominant"])


def test_the_page_brings_lines_into_view_when_none_are(office):
    mine, file = office
    bring_in(mine, file)
    mine.window.canvas.centre_on(120.0, 30.0, 50_000)
    mine.settle()
    mine.open_page("network")
    assert in_view(mine, 112.1, 32.1)
