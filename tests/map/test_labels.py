"""Labels over ten views of the example: inside their unit, over no symbol, over no other."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely

pytest.importorskip("PySide6")

from gridmap.core.declaration import Geometry
from gridmap.map.fonts import load_fonts
from gridmap.map.painters.anchors import Spot
from gridmap.map.painters.labels import boxes_of, place_labels
from gridmap.map.painters.room import Room, footprint
from gridmap.map.painters.shortened import shortened
from gridmap.map.render import in_drawing_order, territory_extent
from gridmap.map.viewport import Viewport
from gridmap.shell.opening import open_project

BEFORE = 496  # names in the same ten views while labels could lie over symbols
TEN = (
    (1, 0, 0), (1.6, 0, 0), (2.5, -0.15, 0.1), (2.5, 0.15, -0.1), (4, 0, 0), (4, 0.2, 0.1),
    (8, -0.1, -0.1), (8, 0.1, 0.15), (16, 0, 0.05), (30, -0.05, 0.1),
)  # fmt: skip


@pytest.fixture(scope="module")
def example():
    opened = open_project(None)
    yield opened
    opened.project.close()


@pytest.fixture(scope="module")
def placed(example, qapp):
    """For each view: viewport, layers that are shown, labels."""
    load_fonts()
    layers = in_drawing_order([layer for layer in example.layers if layer.view.visible])
    extent = territory_extent(example.layers, example.project.declarations)
    low, high = np.array(extent[:2]), np.array(extent[2:])
    found = []
    for zoom, right, up in TEN:
        centre = tuple((low + high) / 2 + (high - low) * (right, up))
        view = replace(Viewport.fitting(extent, 1140, 620).zoomed(zoom), centre=centre)
        shown = [layer for layer in layers if layer.shown_at(view.scale_denominator)]
        found.append((view, shown, place_labels(shown, view)))
    return found


def symbols(shown, view):
    """The squares of all symbols in sight, each by itself."""
    for layer in shown:
        if layer.geometry is Geometry.POINT:
            half = layer.view.symbol.size / 2.0
            for place in layer.inside(view.extent).tolist():
                x, y = view.to_px(*layer.xy[layer.rings[layer.features[place]]])
                yield shapely.box(x - half, y - half, x + half, y + half)


def test_no_label_lies_over_a_symbol(placed):
    for view, shown, labels in placed:
        tree = shapely.STRtree(list(symbols(shown, view)))
        for label in labels:
            boxes = shapely.box(*boxes_of(label).T)
            assert not len(tree.query(boxes, "overlaps")[0]), label.text
            assert not len(tree.query(boxes, "contains")[0]), label.text


def test_no_label_lies_over_another(placed):
    for _, _, labels in placed:
        areas = [shapely.union_all(shapely.box(*boxes_of(label).T)) for label in labels]
        for one, other in itertools.combinations(areas, 2):
            assert not one.intersects(other)


def test_labels_of_areas_lie_inside_their_unit(placed):
    checked = 0
    for view, shown, labels in placed:
        areas = [layer for layer in shown if layer.geometry is Geometry.POLYGON]
        elsewhere = {name for layer in shown if layer not in areas for name in layer.labels}
        for label in labels:
            if label.spot.angle or label.text in elsewhere:
                continue
            (box,) = boxes_of(label)
            low, high = view.to_map(box[0], box[3]), view.to_map(box[2], box[1])
            text = shapely.box(*low, *high)
            named = [
                layer.shape(place)
                for layer in areas
                for place in layer.inside(view.extent).tolist()
                if label.text in {layer.labels[place], shortened(layer.labels[place])}
            ]
            if named:
                checked += 1
                assert any(area.buffer(1.0).contains(text) for area in named), label.text
    assert checked > 50


def test_about_as_many_names_are_shown_as_when_they_covered_symbols(placed):
    assert sum(len(labels) for _, _, labels in placed) >= 0.9 * BEFORE


def test_a_turned_text_takes_the_room_of_its_letters_and_no_more():
    boxes = footprint(Spot(100, 100, 45.0), 80, 12, "平湖塘海盐塘")
    assert len(boxes) >= 6
    covered = shapely.union_all(shapely.box(*boxes.T))
    straight = shapely.box(100 - 40, 100 - 6, 100 + 40, 100 + 6)
    turned = shapely.affinity.rotate(straight, 45.0, origin=(100, 100))
    assert covered.buffer(1e-6).contains(turned)
    assert covered.area < turned.envelope.area


def test_room_is_what_is_left_beside_markers_and_labels():
    view = Viewport((0.0, 0.0), 1.0, 200, 100)
    room = Room(view, np.array([[50.0, 40.0, 70.0, 60.0], [-9.0, -9.0, 4.0, 4.0]]))
    assert not room.free(np.array([[60.0, 45.0, 90.0, 55.0]]))
    assert not room.free(np.array([[0.0, 45.0, 30.0, 55.0]])), "too near the edge"
    beside = np.array([[72.0, 45.0, 90.0, 55.0]])
    assert room.free(beside)
    room.take(beside)
    assert not room.free(np.array([[91.0, 45.0, 99.0, 55.0]])), "no air between"
    assert room.free(np.array([[95.0, 45.0, 105.0, 55.0]]))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("东栅街道", "东栅"), ("新丰镇", "新丰"), ("永丰村委会", "永丰"), ("嘉善县", "嘉善"),
        ("区县", ""), ("城镇", ""), ("示例企业", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_shortened_by_its_kind(name, short):
    assert shortened(name) == short
