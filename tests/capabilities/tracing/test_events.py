"""Which exceedances are offered for tracing."""

from datetime import timedelta

import pytest

from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.capabilities.tracing.work.events import all_exceedances, exceedances
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.store.example import open_example


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


def test_the_labelled_event_is_the_latest_at_its_section(example):
    facts = stations_of(example)["WS03"]
    latest = all_exceedances(example, facts)[0]
    assert latest.item == "nh3n"
    assert latest.peak > 3
    traced = trace_of(example, Asked("WS03", "nh3n", latest.start, latest.end)).found.event
    assert traced.end - traced.start == (latest.end - latest.start) / timedelta(microseconds=1)


def test_too_little_oxygen_is_an_exceedance_whose_peak_is_the_least(example):
    facts = stations_of(example)["WS03"]
    found = exceedances(example, facts, "dissolved_oxygen")
    assert found
    assert all(one.peak < 5 for one in found)
    assert [one.end for one in found] == sorted((one.end for one in found), reverse=True)


def test_an_item_without_limits_and_an_item_without_readings_have_none(example):
    facts = stations_of(example)["WS03"]
    assert exceedances(example, facts, "conductivity") == []
    assert exceedances(example, facts, "pm25") == []
