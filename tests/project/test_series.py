from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap.project import Appended, Project, ProjectError, blocks, series

ZONE = "Asia/Shanghai"
UNIT = "mg/L"
FIRST = 946_684_800_000_000  # 2000-01-01 in µs

times_ = st.one_of(
    st.integers(0, 40_000).map(lambda hour: FIRST + hour * 3_600_000_000),
    st.integers(0, 10**16).map(lambda micro: FIRST + micro),
)
values_ = st.one_of(
    st.integers(-(10**6), 10**6).map(lambda number: number / 1000),
    st.floats(allow_nan=True, allow_infinity=True),
    st.just(float("nan")),
)
flags_ = st.sampled_from(["", "", "*", "--", "维护", "<0.025"]) | st.text(max_size=5)
readings_ = st.lists(st.tuples(times_, values_, flags_), min_size=1, max_size=60)


def _frame(rows: list[tuple[int, float, str]]) -> pd.DataFrame:
    index = pd.DatetimeIndex(np.array([r[0] for r in rows]).view("M8[us]"), tz="UTC")
    return pd.DataFrame(
        {
            "value": [r[1] for r in rows],
            "flag": pd.Series([r[2] for r in rows], dtype=object).array,
        },
        index=index.tz_convert(ZONE),
    )


def _expected(batches: list[list[tuple[int, float, str]]]) -> dict[int, tuple[float, str]]:
    return {time: (value, flag) for rows in batches for time, value, flag in rows}


def _same(frame: pd.DataFrame, expected: dict[int, tuple[float, str]]) -> None:
    order = sorted(expected)
    assert frame.index.tz_convert("UTC").as_unit("us").asi8.tolist() == order
    assert np.array_equal(
        frame["value"].to_numpy(), [expected[time][0] for time in order], equal_nan=True
    )
    assert frame["flag"].tolist() == [expected[time][1] for time in order]


@given(st.lists(readings_, min_size=1, max_size=4), st.sampled_from([0, 20, 200]))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_series_written_is_the_series_read(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    batches: list[list[tuple[int, float, str]]],
    tail: int,
) -> None:
    monkeypatch.setattr(series, "TAIL_BATCH", tail)
    monkeypatch.setattr(series, "TAIL_ROWS", 50)
    station = f"S{project.revision}"
    known: dict[int, tuple[float, str]] = {}
    for rows in batches:
        with project.change("append") as change:
            done = change.append_series(station, "nh3n", _frame(rows), unit=UNIT)
        distinct = _expected([rows])
        assert (
            done.rows == len(rows) == done.added + done.replaced + done.unchanged + done.duplicates
        )
        assert done.duplicates == len(rows) - len(distinct)
        assert done.added == len(set(distinct) - set(known))
        known |= distinct
    _same(project.series.read(station, "nh3n"), known)
    keys = project.series.keys().set_index("station").loc[station]
    assert keys["count"] == len(known)
    assert keys["first"] == _frame([(min(known), 0, "")]).index[0]
    assert keys["last"] == _frame([(max(known), 0, "")]).index[0]
    low, high = sorted(known)[len(known) // 3], sorted(known)[2 * len(known) // 3]
    part = project.series.read(
        station, "nh3n", _frame([(low, 0, "")]).index[0], _frame([(high, 0, "")]).index[0]
    )
    _same(part, {time: cell for time, cell in known.items() if low <= time < high})


@given(readings_)
@settings(deadline=None)
def test_a_block_gives_back_what_it_holds(rows: list[tuple[int, float, str]]) -> None:
    expected = _expected([rows])
    times = np.array(sorted(expected), np.int64)
    numbers = np.array([expected[time][0] for time in sorted(expected)])
    flags = np.array([expected[time][1] for time in sorted(expected)], dtype=object)
    back = blocks.decode(blocks.encode(blocks.Readings(times, numbers, flags)))
    assert np.array_equal(back.times, times)
    assert np.array_equal(back.numbers, numbers, equal_nan=True)
    assert back.flags.tolist() == flags.tolist()


def _published(count: int) -> npt.NDArray[np.float64]:
    walk = np.cumsum(np.random.default_rng(3).normal(scale=0.03, size=count))
    numbers: npt.NDArray[np.float64] = np.round(np.abs(walk), 3)
    numbers[::50] = np.nan
    return numbers


def test_published_decimals_take_little_room() -> None:
    times = FIRST + np.arange(730, dtype=np.int64) * 3_600_000_000
    readings = blocks.Readings(times, _published(730), np.full(730, "", dtype=object))
    assert len(blocks.encode(readings)) < 2 * 730


def test_nonsense_is_no_block() -> None:
    with pytest.raises(ValueError, match="not a block"):
        blocks.decode(b"x" * 60)


def test_windows_of_730_hours(project: Project) -> None:
    index = pd.date_range("2024-01-01", periods=8784, freq="h", tz=ZONE)
    with project.change("year") as change:
        change.append_series(
            "S", "nh3n", pd.DataFrame({"value": _published(8784)}, index), unit=UNIT
        )
    with project._store.reader() as connection:
        counts = [
            row[0] for row in connection.execute('SELECT rows FROM series_blocks ORDER BY "window"')
        ]
    assert sum(counts) == 8784
    assert max(counts) == 730
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
    with project._store.reader() as connection:
        (waiting,) = connection.execute("SELECT COUNT(*) FROM series_tail").fetchone()
        (folded,) = connection.execute("SELECT SUM(rows) FROM series_blocks").fetchone()
    assert (waiting, folded) == (100, 800)
    assert project.series.read("S", "o3")["value"].tolist() == [float(i // 100) for i in range(900)]


def test_a_later_value_wins_and_is_counted(project: Project) -> None:
    index = pd.date_range("2024-01-01", periods=4, freq="h", tz=ZONE)
    first = pd.DataFrame({"value": [1.0, np.nan, 3.0, 4.0]}, index)
    with project.change("a") as change:
        change.append_series("S", "o3", first, unit="μg/m³")
        again = first.assign(value=[1.0, np.nan, 3.5, 4.0], flag=["", "", "", "D"])
        done = change.append_series("S", "o3", again, unit="μg/m³")
    assert done == Appended(rows=4, added=0, replaced=2, unchanged=2, duplicates=0)
    assert project.series.read("S", "o3")["value"].tolist()[2:] == [3.5, 4.0]
    assert project.series.unit("S", "o3") == "μg/m³"


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


def test_an_unknown_series_is_empty(project_path: Path, project: Project) -> None:
    frame = project.series.read("none", "o3")
    assert frame.empty
    assert str(frame.index.tz) == ZONE
    assert list(frame.columns) == ["value", "flag"]
    assert project.series.keys().empty
    assert project.series.unit("none", "o3") is None
