"""The next station upstream, in the example and where there is none."""

import pytest

from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.capabilities.stations.work.upstream import NoUpstream, upstream_of
from gridmap.store.example import open_example


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def stations(example):
    return stations_of(example)


def up(example, stations, code, item=None):
    return upstream_of(example, stations[code], stations.values(), item)


def test_the_stations_of_the_event_follow_each_other_along_the_river(example, stations):
    chain = ["WS06"]
    while not isinstance(found := up(example, stations, chain[-1]), NoUpstream):
        chain.append(found.station.code)
    assert chain[:5] == ["WS06", "WS05", "WS04", "WS03", "WS02"]


def test_the_distance_fits_the_time_the_water_needs(example, stations):
    # The event comes 2.4 h after its begin to WS03 and 9.7 h to WS04; reaches flow 0.17–0.22 m/s.
    found = up(example, stations, "WS04")
    assert 7.3 * 3600 * 0.17 < found.distance_m < 7.3 * 3600 * 0.24


def test_an_item_that_nobody_measures_upstream_is_said(example, stations):
    assert up(example, stations, "WS04", "chlorophyll") is NoUpstream.NONE_MEASURES


def test_the_uppermost_and_the_air_have_none(example, stations):
    assert up(example, stations, "WS01") is NoUpstream.NONE_MEASURES
    assert up(example, stations, "KQ01") is NoUpstream.NO_SECTION
