"""What stands around coordinates that are pasted: links, WKT, the name of a datum."""

import pytest

from gridmap.core.datum import Datum
from gridmap.core.notation import NotationError
from gridmap.core.quoted_places import looks_like_coordinates, read
from gridmap.core.zones import Zone

PLACE = (120.7512, 30.7421)


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("120.7512,30.7421 高德", Datum.GCJ02),
        ("百度坐标：120.7512, 30.7421", Datum.BD09),
        ("30.7421,120.7512（GCJ-02）", Datum.GCJ02),
        ("WGS84 120.7512 30.7421", Datum.WGS84),
        ("lng=120.7512&lat=30.7421", None),
        ("30.7421N120.7512E", None),
        ("POINT(120.7512 30.7421)", None),
        ("SRID=4490;POINT Z (120.7512 30.7421 3.5)", None),
        ("geo:30.7421,120.7512", None),
        ("https://uri.amap.com/marker?position=120.7512,30.7421&name=a", Datum.GCJ02),
        ("https://ditu.amap.com/regeo?lng=120.7512&lat=30.7421&src=x", Datum.GCJ02),
        ("https://www.amap.com/?q=30.7421%2C120.7512", Datum.GCJ02),
        ("https://uri.amap.com/marker?position=120.7512,30.7421&coordinate=wgs84", Datum.WGS84),
        ("http://api.map.baidu.com/marker?location=30.7421,120.7512&title=x", Datum.BD09),
        ("http://api.map.baidu.com/marker?location=30.7421,120.7512&coord_type=gcj02", Datum.GCJ02),
        (
            "https://apis.map.qq.com/uri/v1/marker?marker=coord:30.7421,120.7512",
            Datum.GCJ02,
        ),
    ],
)
def test_the_place_and_the_datum_that_the_text_states(text: str, datum: Datum | None) -> None:
    found = read(text)
    assert (found.written.lon, found.written.lat) == pytest.approx(PLACE)
    assert found.datum is datum
    assert looks_like_coordinates(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://surl.amap.com/3abcXYZ", "link"),
        ("LINESTRING(120.1 30.1, 120.2 30.2)", "not_a_point"),
        ("POLYGON((120.1 30.1, 120.2 30.2, 120.1 30.2, 120.1 30.1))", "not_a_point"),
        ("1207512,307421", "no_point"),
        ("307421 1207512", "no_point"),
        ("12075120,3074210", "no_point"),
        ("1204530,304410", "no_point"),
        ("120751200,30742100", "no_point"),
    ],
)
def test_what_is_refused_is_meant_as_coordinates(text: str, problem: str) -> None:
    for zone in (None, Zone(40)):
        with pytest.raises(NotationError) as refused:
            read(text, zone=zone)
        assert refused.value.problem == problem
    assert looks_like_coordinates(text)


def test_metres_without_a_point_stay_metres() -> None:
    assert read("40481234,3400123").written.zone == Zone(40)
    assert read("481234,3400123", zone=Zone(40)).written.zone is not None
