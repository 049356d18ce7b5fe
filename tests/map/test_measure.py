import pytest
from pyproj import Geod

from gridmap import texts
from gridmap.map import measure
from gridmap.map.furniture import round_length, scale_bar, scale_text
from gridmap.map.viewport import Viewport


def test_lengths_and_areas_are_geodesic() -> None:
    path = [(120.0, 30.0), (121.0, 30.0), (121.0, 31.0)]
    near = Geod(ellps="WGS84")
    assert measure.length_m(path) == pytest.approx(
        near.line_length(*zip(*path, strict=True)), rel=1e-9
    )
    area, around = near.polygon_area_perimeter(*zip(*path, strict=True))
    assert measure.area_m2(path) == pytest.approx(abs(area), rel=1e-8)
    assert measure.area_m2(path[::-1]) == pytest.approx(abs(area), rel=1e-8)
    assert measure.perimeter_m(path) == pytest.approx(around, rel=1e-9)


def test_too_few_places() -> None:
    assert measure.length_m([(120.0, 30.0)]) == 0
    assert measure.area_m2([(120.0, 30.0), (121.0, 30.0)]) == 0
    assert measure.perimeter_m([]) == 0


@pytest.mark.parametrize(
    ("metres", "text"), [(12.34, "12.3 米"), (999.9, "999.9 米"), (12_345.0, "12.35 公里")]
)
def test_length_texts(metres: float, text: str) -> None:
    texts.use_language("zh_CN")
    assert measure.length_text(metres) == text


@pytest.mark.parametrize(
    ("area", "text"),
    [(9_999.0, "9,999 平方米"), (250_000.0, "25.00 公顷"), (3.2e6, "3.20 平方公里")],
)
def test_area_texts(area: float, text: str) -> None:
    texts.use_language("zh_CN")
    assert measure.area_text(area) == text


@pytest.mark.parametrize(
    ("metres", "length"), [(999.0, 500.0), (1000.0, 1000.0), (4999.0, 2000.0), (0.7, 0.5)]
)
def test_round_lengths(metres: float, length: float) -> None:
    assert round_length(metres) == pytest.approx(length)


def test_scale_bar_is_true() -> None:
    view = Viewport((13_400_000.0, 3_600_000.0), 50.0, 800, 600)
    width, text = scale_bar(view)
    assert 36 <= width <= 90
    number, unit = text.split()
    metres = float(number) * {"km": 1000, "m": 1}[unit]
    assert width * view.ground_resolution == pytest.approx(metres)
    assert scale_text(view.at_scale(149_871)).replace("\u00a0", " ") == "1 : 150 000"
