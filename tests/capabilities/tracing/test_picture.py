"""The water upstream over the map."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from gridmap.capabilities.tracing.picture.upstream import (
    RAMP,
    paint_hours,
    paint_upstream,
    upstream_look,
    upstream_picture,
    upstream_view,
)
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.map.source import build_layers
from gridmap.store.example import open_example

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def look(example):
    return upstream_look(trace_of(example, Asked("WS03", "nh3n")), "上游 16 段")


def painted(look, size=(800, 500)):
    view = upstream_view(look, size, 1.0)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#dcefdc"))
    painter = QPainter(image)
    paint_upstream(painter, view, look)
    paint_hours(painter, view, look)
    painter.end()
    return image, view


def test_water_behind_the_clean_section_is_excluded_and_hours_rise_upstream(look):
    steps = np.concatenate([one.steps for one in look.stretches])
    assert (steps == -1).any()
    assert set(steps[steps >= 0].tolist()) <= set(range(len(RAMP)))
    for one in look.stretches:
        free = one.steps[one.steps >= 0]
        assert (np.diff(free) <= 0).all()  # from upstream down the hours fall
        assert len(one.xy) == len(one.steps) + 1
    assert {one.number for one in look.suspects} == set(range(1, len(look.suspects) + 1))


def test_the_view_keeps_the_suspects_in_sight_above_the_legend(look):
    image, view = painted(look)
    for one in look.suspects:
        if not one.excluded:
            x, y = view.to_px(*one.at)
            assert 0 < x < image.width()
            assert 0 < y < image.height() - 90
            # The rim of the circle; its middle holds the numeral.
            assert image.pixelColor(round(x - 7), round(y)).name() == "#5b3a86"


def test_numbers_follow_the_list_and_one_is_highlighted(look):
    codes = [one.code for one in look.suspects]
    numbers = {code: len(codes) - place for place, code in enumerate(codes)}
    again = look.numbered(numbers, codes[0])
    assert {one.code: one.number for one in again.suspects} == numbers
    assert painted(again)[0] != painted(look)[0]


def test_arrows_stand_only_where_the_direction_is_known(look):
    unknown = replace(look, stretches=tuple(replace(s, directed=False) for s in look.stretches))
    assert painted(unknown)[0] != painted(look)[0]


def test_the_picture_for_paper(example, look):
    layers = build_layers(example.declarations["rivers"], example.layer("rivers"))
    picture = upstream_picture(layers, look, (400, 300), 2.0)
    assert (picture.width(), picture.height()) == (800, 600)
