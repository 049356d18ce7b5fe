"""Notations, datums and zones."""

import csv
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.core import datum
from gridmap.core.datum import Datum
from gridmap.core.notation import (  # fmt: skip
    NotationError,
    NotationProblem,
    parse_coordinates,
)
from gridmap.core.quoted_places import looks_like_coordinates
from gridmap.core.zones import Zone, zone_at, zone_of_easting

DMS = (120 + 45 / 60 + 30 / 3600, 30 + 44 / 60 + 10 / 3600)


@pytest.mark.parametrize(
    "text",
    [
        "120°45′30″, 30°44′10″", "120度45分30秒，30度44分10秒", "120-45-30 30-44-10",
        "N30°44′10″ E120°45′30″", "东经120度45分30秒、北纬30度44分10秒",
        "120°45'30\" 30°44'10\"", "120°45′30″E 30°44′10″N", "１２０°４５′３０″ ３０°４４′１０″",
        "120 45 30 30 44 10", "30-44-10,120-45-30",
    ],
)  # fmt: skip
def test_degrees_minutes_seconds_in_every_dress(text):
    written = parse_coordinates(text)
    assert (written.lon, written.lat) == pytest.approx(DMS, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "120.75,30.72", "120.75 30.72", "120.75，30.72", "120.75、30.72",
        "１２０．７５，３０．７２",
        "E120.75 N30.72", "N30.72 E120.75", "30.72N 120.75E", "经度:120.75 纬度:30.72",
        "lon=120.75 lat=30.72", "(120.75, 30.72)", "120.75;30.72", "30.72,120.75",
    ],
)  # fmt: skip
def test_decimal_degrees_in_every_dress(text):
    written = parse_coordinates(text)
    assert (written.lon, written.lat) == (120.75, 30.72)


def test_swapped_axes_are_put_right_and_said():
    assert parse_coordinates("30.72,120.75").swapped
    assert not parse_coordinates("N30.72 E120.75").swapped


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("新丰镇", NotationProblem.NOT_A_COORDINATE),
        ("向阳桥东 200 米", NotationProblem.NOT_A_COORDINATE),
        ("", NotationProblem.NOT_A_COORDINATE), ("120.5", NotationProblem.ONE_VALUE),
        ("0,0", NotationProblem.ZERO), ("120°75′,30", NotationProblem.SIXTY),
        ("190,95", NotationProblem.OUT_OF_RANGE), ("481234 3400123", NotationProblem.ZONE_NEEDED),
        ("99999999999 3400123", NotationProblem.OUT_OF_RANGE),
        ("E120 N", NotationProblem.NOT_A_COORDINATE),
        ("1 2 3 4 5 6 7 8", NotationProblem.NOT_A_COORDINATE),
    ],
)  # fmt: skip
def test_what_is_no_coordinate_says_why(text, problem):
    with pytest.raises(NotationError) as raised:
        parse_coordinates(text)
    assert raised.value.problem is problem


def test_metres_of_a_zone_with_and_without_prefix():
    easting, northing = Zone(40).to_metres(120.75, 30.72)
    written = parse_coordinates(f"{float(easting):.3f} {float(northing):.3f}")
    assert (written.lon, written.lat) == pytest.approx((120.75, 30.72), abs=1e-8)
    assert written.zone == Zone(40)
    plain = Zone(40, prefixed=False)
    easting, northing = plain.to_metres(120.75, 30.72)
    again = parse_coordinates(f"{float(easting):.3f},{float(northing):.3f}", zone=Zone(40))
    assert (again.lon, again.lat) == pytest.approx((120.75, 30.72), abs=1e-8)


@given(st.floats(73, 135), st.floats(18, 53.9))
def test_written_degrees_come_back(lon, lat):
    written = parse_coordinates(f"{lon:.7f}, {lat:.7f}")
    assert (written.lon, written.lat) == (float(f"{lon:.7f}"), float(f"{lat:.7f}"))


@given(st.text(max_size=30))
def test_any_text_is_a_place_or_a_reason(text):
    try:
        written = parse_coordinates(text)
    except NotationError:
        return
    assert np.isfinite([written.lon, written.lat]).all()


def test_search_texts_are_told_from_coordinates():
    assert looks_like_coordinates("120.75, 30.72")
    assert looks_like_coordinates("120°75′ 30°")
    assert not looks_like_coordinates("330402103")
    assert not looks_like_coordinates("1号桥")


@pytest.mark.parametrize(
    ("lon", "number", "epsg"), [(75.0, 25, 4513), (120.85, 40, 4528), (121.6, 41, 4529)]
)
def test_zones(lon, number, epsg):
    assert zone_at(lon) == Zone(number)
    assert Zone(number).epsg == epsg
    assert Zone(number).without_prefix().epsg == epsg + 21


def test_zone_of_an_easting():
    assert zone_of_easting(40_481_234.5) == Zone(40)
    assert zone_of_easting(481_234.5) is None
    with pytest.raises(ValueError, match="zone 46"):
        Zone(46)


@pytest.mark.shared
def test_every_published_pair_of_datums(shared):
    with (shared / "vectors/gcj02_bd09.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if "swift" not in r["source"]]
    assert len(rows) >= 70
    wgs, gcj, bd = (
        np.array([[float(r[f"{d}_lon"]), float(r[f"{d}_lat"])] for r in rows])
        for d in ("wgs84", "gcj02", "bd09")
    )
    tolerance = float(re.match(r"[\d.e-]+", rows[0]["tolerance"]).group())
    assert np.abs(np.column_stack(datum.wgs84_to_gcj02(*wgs.T)) - gcj).max() < tolerance
    assert np.abs(np.column_stack(datum.gcj02_to_bd09(*gcj.T)) - bd).max() < 1e-6
    assert np.abs(np.column_stack(datum.to_wgs84(*bd.T, Datum.BD09)) - wgs).max() < tolerance


@pytest.mark.shared
def test_reference_points(shared):
    with (shared / "vectors/gcj02_reference_points.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if "swift" not in r["source"]]
    steps = {
        "wgs2gcj": datum.wgs84_to_gcj02, "gcj2bd": datum.gcj02_to_bd09,
        "bd2gcj": datum.bd09_to_gcj02,
        "gcj2wgs_rough": datum.gcj02_to_wgs84,
    }  # fmt: skip
    # One-step inverses are published with an error of 1–2 m; ours is iterated.
    tolerance = {"gcj2wgs_rough": 2e-5, "bd2gcj": 2e-6}
    for row in rows:
        point = np.array(float(row["in_lon"])), np.array(float(row["in_lat"]))
        lon, lat = steps[row["op"]](*point)
        wanted = (float(row["out_lon"]), float(row["out_lat"]))
        assert (float(lon), float(lat)) == pytest.approx(wanted, abs=tolerance.get(row["op"], 1e-9))


@given(st.floats(73, 135), st.floats(18, 53.5), st.sampled_from(list(Datum)))
def test_datums_come_back_within_a_millimetre(lon, lat, which):
    there = datum.from_wgs84(lon, lat, which)
    back = datum.to_wgs84(*there, which)
    assert np.abs(np.array(back) - (lon, lat)).max() < 1e-8


def test_nothing_is_shifted_outside_the_box():
    lon, lat = datum.wgs84_to_gcj02(np.array(-104.99), np.array(39.74))
    assert (float(lon), float(lat)) == (-104.99, 39.74)
