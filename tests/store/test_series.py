"""Series as they are written and read: blocks, tail, the rule of revisions, many at once."""

from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap.core.moments import ZONE as CHINA
from gridmap.store import Appended, Project, ProjectError
from gridmap.store.series import blocks
from gridmap.store.series import readings as series_readings
from gridmap.store.series import writing as series_writing

ZONE = "Asia/Shanghai"
UNIT = "mg/L"
FIRST = 946_684_800_000_000  # 2000-01-01 in µs

times_ = st.one_of(
    st.integers(0, 40_000).map(lambda hour: FIRST + hour * 3_600_000_000),
    st.integers(0, 30).map(lambda hour: FIRST + hour * 3_600_000_000),
    st.integers(0, 10**16).map(lambda micro: FIRST + micro),
)
values_ = st.one_of(
    st.integers(-(10**6), 10**6).map(lambda number: number / 1000),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([float("nan"), 1.0, 2.0]),
)
flags_ = st.sampled_from(["", "", "*", "--", "维护", "<0.025"]) | st.text(max_size=5)
protocols_ = st.sampled_from(["", "HJ 212-2017", "CNEMC real-time site"])
arrivals_ = st.sampled_from([0, FIRST, FIRST + 1_000_000]) | st.integers(1, 10**16)


@dataclass(frozen=True)
class Row:
    """One reading as a test writes it."""

    time: int
    value: float
    flag: str = ""
    protocol: str = ""
    shown: float = float("nan")


rows_ = st.builds(
    Row, times_, values_, flags_, protocols_, st.sampled_from([float("nan"), 1.0, 2.5])
)
batches_ = st.lists(st.lists(rows_, min_size=1, max_size=40), min_size=1, max_size=4)


def _frame(rows: list[Row]) -> pd.DataFrame:
    index = pd.DatetimeIndex(np.array([row.time for row in rows]).view("M8[us]"), tz="UTC")
    texts = {
        name: pd.Series([getattr(row, name) for row in rows], dtype=object).array
        for name in ("flag", "protocol")
    }
    numbers = {name: [getattr(row, name) for row in rows] for name in ("value", "shown")}
    return pd.DataFrame(numbers | texts, index=index.tz_convert(ZONE))


def _key(row: Row) -> tuple[str, ...]:
    """NaN is equal to NaN here."""
    return tuple(map(str, astuple(row)))


class Slow:
    """The rule, one reading after another, as docs/readings.md tells it."""

    def __init__(self) -> None:
        self.now: dict[int, Row] = {}
        self.former: list[Row] = []

    def arrive(self, new: Row) -> None:
        old = self.now.get(new.time)
        if old is None:
            self.now[new.time] = new
            return
        equal = str(new.value) == str(old.value)
        rounded = np.isnan(new.shown) and new.value == old.shown
        other = bool(new.flag and old.protocol and new.protocol) and old.protocol != new.protocol
        if (equal or rounded) and new.flag == old.flag and not other:
            shown = new.shown if np.isnan(old.shown) else old.shown
            self.now[new.time] = replace(old, protocol=old.protocol or new.protocol, shown=shown)
        elif np.isnan(new.value) and not new.flag and not (np.isnan(old.value) and not old.flag):
            return
        else:
            self.former.append(old)
            self.now[new.time] = new


def _stored(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    micros = frame.index.tz_convert("UTC").as_unit("us").asi8.tolist()
    columns = [frame[name].tolist() for name in ("value", "flag", "protocol", "shown")]
    return [_key(Row(*cells)) for cells in zip(micros, *columns, strict=True)]


@given(batches_, st.sampled_from([0, 20, 200]), st.booleans())
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_series_written_is_the_series_read(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    batches: list[list[Row]],
    tail: int,
    bulk: bool,
) -> None:
    monkeypatch.setattr(series_writing, "TAIL_BATCH", tail)
    monkeypatch.setattr(series_writing, "TAIL_ROWS", 50)
    station = f"S{project.revision}"
    slow = Slow()
    for rows in batches:
        before = dict(slow.now)
        with project.change("append") as change:
            if bulk:
                table = _frame(rows).rename_axis("time").reset_index()
                done = change.append_readings(table.assign(station=station, item="tp", unit=UNIT))
            else:
                done = change.append_series(station, "tp", _frame(rows), unit=UNIT)
        for row in rows:
            slow.arrive(replace(row, value=0.0) if row.value == 0 else row)
        assert done.rows == len(rows) == sum(astuple(done)[1:])
        assert done.duplicates == len(rows) - len({row.time for row in rows})
        assert done.added == len(set(slow.now) - set(before))
    expected = [_key(slow.now[time]) for time in sorted(slow.now)]
    details = project.series.details(station, "tp")
    assert _plain(_stored(details)) == _plain(expected)
    pd.testing.assert_frame_equal(project.series.read(station, "tp"), details[["value", "flag"]])
    revisions = project.series.revisions(station, "tp")
    assert sorted(_plain(_stored(revisions))) == sorted(_plain([_key(row) for row in slow.former]))
    keys = project.series.keys().set_index("station").loc[station]
    assert keys["count"] == len(slow.now)
    assert (keys["first"], keys["last"]) == (details.index[0], details.index[-1])
    [swept] = project.series.sweep(stations={station})
    assert swept[:3] == (station, "tp", UNIT)
    assert swept[3].tolist() == sorted(slow.now)
    assert swept[5].tolist() == details["flag"].tolist()
    low, high = sorted(slow.now)[len(slow.now) // 3], sorted(slow.now)[2 * len(slow.now) // 3]
    bounds = _frame([Row(low, 0), Row(high, 0)]).index
    part = project.series.read(station, "tp", bounds[0], bounds[1])
    pd.testing.assert_frame_equal(
        part, details.loc[(details.index >= bounds[0]) & (details.index < bounds[1]), part.columns]
    )


def _plain(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Zero has no sign in a block."""
    return [tuple("0.0" if cell == "-0.0" else cell for cell in row) for row in rows]


@given(st.lists(st.tuples(rows_, arrivals_), min_size=1, max_size=60))
@settings(deadline=None)
def test_a_block_gives_back_what_it_holds(rows: list[tuple[Row, int]]) -> None:
    known = {row.time: (row, arrived) for row, arrived in rows}
    cells = [known[time] for time in sorted(known)]
    times = np.array(sorted(known), np.int64)
    texts = [
        np.array([getattr(r, n) for r, _ in cells], dtype=object) for n in ("flag", "protocol")
    ]
    numbers = [np.array([getattr(r, n) for r, _ in cells]) for n in ("value", "shown")]
    arrived = np.array([moment for _, moment in cells], np.int64)
    one = series_readings.Readings(times, numbers[0], texts[0], texts[1], numbers[1], arrived)
    later = series_readings.Readings(times + 10**17, numbers[0], texts[0])
    for packed in ([blocks.encode(one)], [blocks.encode(one), blocks.encode(later)]):
        back = blocks.decode_many(packed).whole()
        n = len(times)
        assert np.array_equal(back.times[:n], times)
        assert np.array_equal(back.numbers[:n], numbers[0], equal_nan=True)
        assert np.array_equal(back.numbers[-n:], numbers[0], equal_nan=True)
        assert back.flags[:n].tolist() == texts[0].tolist()
        assert back.protocols[:n].tolist() == texts[1].tolist()
        assert np.array_equal(back.shown[:n], numbers[1], equal_nan=True)
        assert back.arrived[:n].tolist() == arrived.tolist()
    assert set(back.arrived[n:]) == {series_readings.UNKNOWN}
    assert np.isnan(back.shown[n:]).all()


def _published(count: int) -> npt.NDArray[np.float64]:
    walk = np.cumsum(np.random.default_rng(3).normal(scale=0.03, size=count))
    numbers: npt.NDArray[np.float64] = np.round(np.abs(walk), 3)
    numbers[::50] = np.nan
    return numbers


def test_published_decimals_take_little_room() -> None:
    times = FIRST + np.arange(730, dtype=np.int64) * 3_600_000_000
    plain = series_readings.Readings(times, _published(730), np.full(730, "", dtype=object))
    assert len(blocks.encode(plain)) < 1.6 * 730
    # Also where every hour arrived at a moment of its own.
    jitter = np.random.default_rng(1).integers(0, 60, 730) * 1_000_000
    fed = replace(plain, arrived=times + 300_000_000 + jitter)
    assert len(blocks.encode(fed)) < 3.5 * 730


def test_nonsense_is_no_block() -> None:
    for nonsense in (b"x" * 60, b"", b"\x02abc", b"\x01" + b"x" * 60):
        with pytest.raises(ValueError, match="not a block"):
            blocks.decode(nonsense)


def test_one_block_a_year(project: Project) -> None:
    index = pd.date_range("2024-01-01", periods=8784, freq="h", tz=ZONE)
    with project.change("year") as change:
        change.append_series(
            "S", "nh3n", pd.DataFrame({"value": _published(8784)}, index), unit=UNIT
        )
    with project.reading() as connection:
        counts = [
            row[0] for row in connection.execute('SELECT rows FROM series_blocks ORDER BY "window"')
        ]
    assert counts == [8784]
    assert np.array_equal(
        project.series.read("S", "nh3n")["value"].to_numpy(), _published(8784), equal_nan=True
    )


def test_small_batches_wait_in_the_tail_and_are_folded(project: Project) -> None:
    start = pd.Timestamp("2024-01-01", tz=ZONE)
    for number in range(9):
        index = pd.date_range(start + pd.Timedelta(hours=100 * number), periods=100, freq="h")
        with project.change("feed") as change:
            change.append_series(
                "S", "o3", pd.DataFrame({"value": float(number)}, index), unit="μg/m³"
            )
    with project.reading() as connection:
        (waiting,) = connection.execute("SELECT COUNT(*) FROM series_tail").fetchone()
        (counted,) = connection.execute("SELECT waiting FROM series").fetchone()
        (folded,) = connection.execute("SELECT SUM(rows) FROM series_blocks").fetchone()
    assert (waiting, counted, folded) == (0, 0, 900)
    assert project.series.read("S", "o3")["value"].tolist() == [float(i // 100) for i in range(900)]


def _hour(number: int, value: float, stations: int = 3) -> pd.DataFrame:
    time = pd.Timestamp("2024-01-01", tz=ZONE) + pd.Timedelta(hours=number)
    return pd.DataFrame(
        {
            "station": [f"S{i}" for i in range(stations) for _ in range(2)],
            "item": ["o3", "co"] * stations,
            "unit": ["μg/m³", "mg/m³"] * stations,
            "time": time,
            "value": value,
            "flag": "",
        }
    )


def test_hour_after_hour_of_everything(project: Project) -> None:
    hours = 2 * series_writing.TAIL_ROWS + 10
    for number in range(hours):
        with project.change("feed") as change:
            done = change.append_readings(_hour(number, float(number)))
        assert done == Appended(rows=6, added=6)
    for station in ("S0", "S1", "S2"):
        found = project.series.details(station, "co")
        assert found["value"].tolist() == [float(n) for n in range(hours)]
        assert found["arrived"].notna().all()
    with project.reading() as connection:
        counts = connection.execute(
            "SELECT (SELECT COUNT(*) FROM series_tail), (SELECT SUM(waiting) FROM series)"
        ).fetchone()
    assert counts[0] == counts[1] < 6 * series_writing.TAIL_ROWS
    project.undo()
    assert len(project.series.read("S2", "o3")) == hours - 1
    with project.change("again") as change:
        late = pd.concat([_hour(3, -1.0), _hour(hours - 1, 7.0), _hour(hours - 1, 8.0)])
        done = change.append_readings(late)
    assert done == Appended(rows=18, added=6, replaced=6, duplicates=6)
    assert project.series.read("S1", "co")["value"].iloc[[3, -1]].tolist() == [-1.0, 8.0]
    assert project.series.revisions("S1", "co")["value"].tolist() == [3.0, 7.0]


def test_a_feed_that_contradicts_itself_is_refused(project: Project) -> None:
    for table, key in (
        (_hour(0, 1.0).drop(columns="unit"), "series_columns"),
        (_hour(0, 1.0).assign(time=pd.Timestamp("2024-01-01")), "naive_time"),
        (_hour(0, 1.0).assign(item="o3"), "unit"),
    ):
        with project.change("feed") as change, pytest.raises(ProjectError) as caught:
            change.append_readings(table)
        assert caught.value.key == f"project.error.{key}"
    with project.change("feed") as change:
        assert change.append_readings(_hour(0, 1.0).iloc[:0]) == Appended()
    assert project.series.keys().empty


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 8, 0, 0, 500_000, tzinfo=CHINA)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


def _append(project: Project, value: float, flag: str = "", **more: object) -> Appended:
    index = pd.DatetimeIndex([pd.Timestamp("2024-01-01", tz=ZONE)])
    frame = pd.DataFrame({"value": [value], "flag": [flag], **more}, index)
    with project.change("a") as change:
        return change.append_series("S", "tp", frame, unit=UNIT)


def test_the_rule_step_by_step(project_path: Path) -> None:
    protocol = "CNEMC real-time site"
    with Project.create(project_path, title="x", clock=Clock()) as project:
        steps = [
            ((0.10007, "", {"shown": 0.1}), "added"),
            ((0.10007, "", {"protocol": protocol}), "unchanged"),  # the protocol is added
            ((0.1, "", {}), "unchanged"),  # the displayed value, published again
            ((float("nan"), "", {}), "ignored"),  # says nothing
            ((0.2, "", {"protocol": protocol}), "replaced"),
            ((0.2, "维护", {"protocol": protocol}), "replaced"),  # a flag is news
            ((0.2, "维护", {"protocol": "HJ 212-2017"}), "replaced"),  # another's flag, too
            ((float("nan"), "--", {}), "replaced"),
            ((0.3, "", {}), "replaced"),
        ]
        for (value, flag, more), outcome in steps:
            assert _append(project, value, flag, **more) == Appended(rows=1, **{outcome: 1})
        [now] = project.series.details("S", "tp").itertuples()
        assert (now.value, now.flag, now.protocol) == (0.3, "", "")
        assert np.isnan(now.shown)
        assert now.arrived == pd.Timestamp("2026-01-01 19:00:00", tz=ZONE)
        former = project.series.revisions("S", "tp")
        assert former["flag"].tolist() == ["", "", "维护", "维护", "--"]
        assert former["protocol"].tolist() == [protocol, protocol, protocol, "HJ 212-2017", ""]
        assert former["shown"].tolist()[0] == 0.1
        assert former["arrived"].tolist()[1:] == former["replaced"].tolist()[:-1]
        assert former["revision"].tolist() == [6, 7, 8, 9, 10]
        log = project.log()
        assert (log["at"].loc[6] - former["replaced"].iloc[0]).total_seconds() == 0.5


def test_undo_loses_no_correction(project_path: Path) -> None:
    with Project.create(project_path, title="x", clock=Clock()) as project:
        _append(project, 1.0)
        _append(project, 2.0)
        entry = project.undo()
        assert entry.detail["revisions"] == 1
        assert project.series.read("S", "tp")["value"].tolist() == [1.0]
        former = project.series.revisions("S", "tp")
        assert former["value"].tolist() == [1.0, 2.0]
        assert former["revision"].tolist() == [3, 4]
        assert "revisions" not in project.undo().detail
        assert project.series.read("S", "tp").empty
        assert project.series.revisions("S", "tp")["value"].tolist() == [1.0, 2.0]
        with pytest.raises(ProjectError), project._writing() as connection:
            connection.execute("DELETE FROM series_revisions")


def test_what_is_refused(project: Project) -> None:
    index = pd.date_range("2024-01-01", periods=2, freq="h", tz=ZONE)
    frame = pd.DataFrame({"value": [1.0, 2.0]}, index)
    with project.change("a") as change:
        change.append_series("S", "o3", frame, unit="μg/m³")
        for wrong, unit, key in (
            (frame, "mg/m³", "unit"),
            (frame.tz_localize(None), "μg/m³", "naive_time"),
            (frame.rename(columns={"value": "v"}), "μg/m³", "series_columns"),
        ):
            with pytest.raises(ProjectError) as caught:
                change.append_series("S", "o3", wrong, unit=unit)
            assert caught.value.key == f"project.error.{key}"
        assert change.append_series("S", "o3", frame.iloc[:0], unit="μg/m³") == Appended()
    with pytest.raises(ProjectError):
        project.series.read("S", "o3", start=pd.Timestamp("2024-01-01"))


def test_an_unknown_series_is_empty(project: Project) -> None:
    for frame in (project.series.read("none", "o3"), project.series.details("none", "o3")):
        assert frame.empty
        assert str(frame.index.tz) == ZONE
        assert list(frame.columns)[:2] == ["value", "flag"]
    assert project.series.revisions("none", "o3").empty
    assert list(project.series.sweep()) == []
    assert project.series.keys().empty
    assert project.series.unit("none", "o3") is None


def test_a_sweep_by_item_station_and_span(project: Project) -> None:
    for number in range(40):
        with project.change("feed") as change:
            change.append_readings(_hour(number, float(number)))
    start = pd.Timestamp("2024-01-01 10:00", tz=ZONE)
    swept = list(
        project.series.sweep(
            start, start + pd.Timedelta(hours=5), items={"co"}, stations=["S0", "S2"]
        )
    )
    assert [(station, item, unit) for station, item, unit, *_ in swept] == [
        ("S0", "co", "mg/m³"),
        ("S2", "co", "mg/m³"),
    ]
    assert all(values.tolist() == [10.0, 11.0, 12.0, 13.0, 14.0] for *_, values, _flags in swept)
    assert list(project.series.sweep(end=pd.Timestamp("2000-01-01", tz=ZONE))) == []
