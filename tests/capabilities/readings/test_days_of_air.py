"""Hours of air are stamped with their end: 00:00 is 24:00 of the day before, and belongs to it."""

import pandas as pd
import pytest


@pytest.fixture
def huairou(gridmap, shared, tmp_path):
    """The winter of 2016/17 at one station of Beijing (UCI 501), hour by hour."""
    data, path = shared / "data" / "chaobai", tmp_path / "潮白河.gpkg"
    hours = pd.read_csv(data / "air_hourly_uci_huairou_shunyi.csv.gz")
    days = pd.to_datetime(hours[["year", "month", "day"]])
    own = hours[(hours["station_code"] == "1009A") & (days >= "2016-12-30")]
    own.to_csv(tmp_path / "hours.csv", index=False)
    assert gridmap("new", path, "--title", "潮白河").code == 0
    assert gridmap(
        "import", path, data / "air_stations.geojson", "--layer", "stations", "--fixed", "kind=air",
        "--column", "code=监测点编码", "--column", "name=监测点名称", "--all",
    ).code == 0  # fmt: skip
    assert gridmap("readings", "import", path, tmp_path / "hours.csv", "--accept").code == 0
    return path


def pm25(gridmap, path, first, last, *more):
    wanted = ("--station", "1009A", "--item", "pm25", "--start", first, "--end", last)
    return gridmap("readings", "stats", "--project", path, *wanted, *more, "--json").data[
        "readings"
    ]  # fmt: skip


def test_the_last_day_has_its_24th_hour(gridmap, huairou, tmp_path):
    """6.083 is the mean of 01:00 to 24:00, by hand; without 24:00 it would be 5.739."""
    (whole,) = pm25(gridmap, huairou, "2017-02-10", "2017-02-10")
    assert (whole["readings"], whole["mean"]) == (24, pytest.approx(6.083, abs=5e-4))
    assert whole["first"] == "2017-02-10T01:00:00+08:00"
    assert whole["last"] == "2017-02-11T00:00:00+08:00"
    (day,) = pm25(gridmap, huairou, "2017-02-10", "2017-02-10", "--period", "day")
    assert (day["start"], day["mean"]) == ("2017-02-10", pytest.approx(6.083, abs=5e-4))
    (month,) = pm25(gridmap, huairou, "2017-01-01", "2017-01-31", "--period", "month")
    assert (month["start"], month["mean"]) == ("2017-01-01", pytest.approx(88.474, abs=5e-4))
    out = tmp_path / "one day.csv"
    gridmap(
        "readings", "export", "--project", huairou, "-o", out, "--station", "1009A",
        "--item", "pm25", "--start", "2017-02-10", "--end", "2017-02-10",
    )  # fmt: skip
    times = pd.read_csv(out)["时间"].tolist()
    assert (times[0], times[-1], len(times)) == ("2017-02-10 01:00", "2017-02-11 00:00", 24)


def test_days_follow_each_other_without_gap_or_overlap(gridmap, huairou):
    one, other = (
        pm25(gridmap, huairou, day, day)[0]["readings"] for day in ("2017-02-09", "2017-02-10")
    )
    (both,) = pm25(gridmap, huairou, "2017-02-09", "2017-02-10")
    assert one + other == both["readings"] == 48
