"""Daily means: the fast way over bytes equals the slow way over arrays, and pandas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap.standards import period_means
from gridmap.store import Project
from gridmap.store.series import writing as series_writing
from gridmap.store.series.means import daily_means

ZONE = "Asia/Shanghai"
hours_ = st.lists(
    st.tuples(
        st.integers(0, 20_000) | st.integers(8000, 8800),
        st.integers(-(10**7), 10**7).map(lambda n: n / 100)
        | st.sampled_from([float("nan"), 0.1 + 0.2, 1e12]),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda cell: cell[0],
)


@given(st.lists(hours_, min_size=1, max_size=3), st.sampled_from([0, 200]))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_series(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    batches: list[list[tuple[int, float]]],
    tail: int,
) -> None:
    monkeypatch.setattr(series_writing, "TAIL_BATCH", tail)
    station = f"S{project.revision}"
    for rows in batches:
        index = pd.Timestamp("2020-01-01", tz=ZONE) + pd.to_timedelta([r[0] for r in rows], "h")
        frame = pd.DataFrame({"value": [r[1] for r in rows]}, index)
        with project.change("a") as change:
            change.append_series(station, "tp", frame, unit="mg/L")
    found = daily_means(project)
    found = found[found["station"] == station].reset_index(drop=True)
    stored = project.series.read(station, "tp")["value"]
    groups = stored.groupby(stored.index.floor("D"))
    expected = groups.mean()
    assert found["start"].tolist() == expected.index.tolist()
    assert found["count"].tolist() == groups.count().tolist()
    assert np.allclose(found["value"], expected, rtol=1e-9, atol=1e-9, equal_nan=True)
    times = stored.index.tz_convert("UTC").as_unit("us").asi8
    days, means, counts = period_means.by_day(times, stored.to_numpy())
    assert counts.tolist() == found["count"].tolist()
    assert np.allclose(means, found["value"], rtol=1e-9, atol=1e-9, equal_nan=True)
    assert len(days) == len(found)


def test_nothing_to_count(project: Project) -> None:
    assert daily_means(project).empty
