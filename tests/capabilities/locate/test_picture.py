"""The small map on the printed sheet."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures


from gridmap.capabilities.locate import picture as verdict_map
from gridmap.map.source import build_layers
from gridmap.map.theme import ACCENT
from gridmap.store.example import open_example

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def towns():
    with open_example(read_only=True) as project:
        return build_layers(project.declarations["grid_units"], project.layer("grid_units"))


def pin_pixels(image, *, around=None):
    """How many pixels in the middle (or around a place) have the colour of the pin."""
    x, y = around or (image.width() // 2, image.height() // 2 - 20)
    return sum(
        image.pixelColor(x + dx, y + dy).name() == ACCENT
        for dx in range(-10, 11)
        for dy in range(-10, 11)
    )


def test_the_place_stands_in_the_middle(towns):
    image = verdict_map.map_of_place(towns, 120.85, 30.72, 50.0, (600, 300), ratio=1.0)
    assert (image.width(), image.height()) == (600, 300)
    assert pin_pixels(image) > 60


def test_it_is_sharp_enough_for_paper(towns):
    image = verdict_map.map_of_place(towns, 120.85, 30.72, 50.0)
    width, height = verdict_map.SHEET_SIZE
    assert (image.width(), image.height()) == (round(width * 3.125 + 0.5), height * 3.125)


def test_a_vague_place_is_shown_with_all_its_radius(towns):
    box = verdict_map._extent(towns, 120.85, 30.72, 5_000.0, (600, 300))
    assert box[2] - box[0] > 2 * 5_000
    assert box[3] - box[1] > 2 * 5_000


def test_a_place_far_outside_is_shown_with_the_territory(towns):
    west, south, east, north = verdict_map._extent(towns, 122.5, 29.5, 0.0, (600, 300))
    territory = verdict_map.joint_extent(towns)
    assert west < territory[0]
    assert north > territory[3]
    x, y = verdict_map.mercator.project(122.5, 29.5)
    assert x < east
    assert y > south


def test_a_project_without_layers_still_has_a_map():
    image = verdict_map.map_of_place([], 120.85, 30.72, 0.0, (300, 200), ratio=1.0, label="此处")
    assert pin_pixels(image) > 60
