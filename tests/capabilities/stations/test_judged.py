"""Which readings count: flags by protocol and day, exclusions, maintenance, non-detects."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.capabilities.stations.work.exclusions import Exclusion, exclude, exclusions, withdraw
from gridmap.capabilities.stations.work.judged import DECISIONS, Judge, judged
from gridmap.core.moments import ZONE
from gridmap.standards.files import standards
from gridmap.standards.flags import NonDetectPurpose, Usable
from gridmap.store import ProjectError

TODAY = date(2026, 11, 22)
HOUR = 3_600_000_000


def at(day, hour=0):
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def put(project, values, flags=None, *, station="WS01", item="nh3n"):
    index = pd.date_range(at(1), periods=len(values), freq="4h")
    frame = pd.DataFrame({"value": values, "flag": flags or [""] * len(values)}, index=index)
    with project.change("import") as change:
        change.append_series(station, item, frame, unit="mg/L")


def leave_out(project, **kwargs):
    given = {"station": "WS01", "item": "nh3n", "start": at(1, 4), "end": at(1, 8),
             "reason": "尖峰", "actor": "张三", **kwargs}  # fmt: skip
    with project.change("exclude", actor="张三") as change:
        return exclude(change, Exclusion(**given))


# --- flags --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("protocol", "flag", "usable"),
    [
        ("", "", True),
        ("hj212-2017", "N", True),
        ("hj212-2017", "M", False),
        ("hj212-2017", "T", False),
        ("water-auto", "L", False),
        ("manual", "L", True),
        ("", "L", False),
        ("", "N", True),
        ("cnemc", "维护", False),
        ("cnemc", "正常", True),
        ("air-das", "RM", False),
        ("hj212-2017", "RM", False),
        ("", "nobody knows", False),
        ("", "<", True),
        ("cnemc", "<", True),
        ("a protocol of nobody", "N", True),
    ],
)
def test_a_flag_means_what_its_protocol_says(protocol, flag, usable):
    assert standards().flags.usable(protocol, flag, TODAY) is usable


def test_a_letter_that_changed_its_meaning_is_read_by_the_day():
    flags = standards().flags
    assert [one.meaning_zh for one in flags.meanings("hj212-2005", "B", date(2016, 5, 1))] == [
        "监测仪器发生故障"
    ]
    assert flags.meanings("hj212-2005", "B", date(2018, 5, 1)) == ()
    assert [one.meaning_zh for one in flags.meanings("hj212-2017", "B", date(2018, 5, 1))] == [
        "通讯异常"
    ]


def test_every_flag_of_the_collection_is_in_the_table(shared):
    names = {
        "HJ 212-2017": "hj212-2017",
        "HJ/T 212-2005": "hj212-2005",
        "surface-water station protocol (HJ 1404-2024 family)": "water-auto",
        "CNEMC real-time site": "cnemc",
        "HJ 633-2012/2026 report": "hj633",
        "HJ 633-2026 report": "hj633",
        "national air network DAS": "air-das",
    }
    words = {"1": Usable.YES, "0": Usable.NO, "?": Usable.ASKED, "n/a": Usable.NO}
    rows = pd.read_csv(
        shared / "standards" / "data_flags.csv", dtype=str, keep_default_na=False
    ).to_dict("records")
    ours = {(one.protocol, one.flag): one for one in standards().flags.flags}
    for row in rows:
        one = ours[names[row["system"]], row["flag"]]
        # A limit that was left undershot says only that the value is no value.
        strict = one.usable == words[row["usable_for_statistics"]]
        assert strict, row
        assert one.confidence == row["confidence"]
        assert (
            row["meaning_zh"] in {one.meaning_zh, "缺测", "未开展监测"}
            or one.meaning_zh in (row["meaning_zh"])
            or row["flag"] == "--"
        )
    assert len(rows) == 44


def test_non_detects_count_as_half_in_means_and_whole_in_classes():
    flags = standards().flags
    for medium in ("water", "air"):
        assert flags.share(medium, NonDetectPurpose.MEAN, TODAY) == 0.5
        assert flags.share(medium, NonDetectPurpose.CLASS, TODAY) == 1.0
    assert flags.is_non_detect("", "<", TODAY)
    assert flags.is_non_detect("manual", "L", TODAY)
    assert not flags.is_non_detect("", "L", TODAY)  # it may also be a station's "below range"
    assert not flags.is_non_detect("", "", TODAY)


# --- judged -------------------------------------------------------------------------------


def test_readings_count_or_say_why_not(project):
    put(project, [0.4, np.nan, 0.5, 0.02, 0.6, 9.0, 0.7], ["", "", "M", "<", "N", "", "?"])
    identity = leave_out(project, start=at(1, 20), end=at(1, 20))
    frame = judged(project, "WS01", "nh3n")
    assert frame["why"].tolist() == [
        "", "missing", "flag:M", "", "", f"excluded:{identity}", "flag:?"
    ]  # fmt: skip
    assert frame["used"].tolist() == [True, False, False, True, True, False, False]
    np.testing.assert_array_equal(frame["value"], [0.4, np.nan, 0.5, 0.02, 0.6, 9.0, 0.7])
    np.testing.assert_array_equal(
        frame["counted"], [0.4, np.nan, np.nan, 0.01, 0.6, np.nan, np.nan]
    )
    assert str(frame.index.tz) == "Asia/Shanghai"


def test_maintenance_ends_before_its_end_and_may_be_of_one_item(project):
    put(project, [1.0] * 6)
    put(project, [1.0] * 6, item="tp")
    notes = pd.DataFrame([
        {"station": "WS01", "item": "nh3n", "start": at(1, 4), "end": at(1, 12),
         "kind": "maintenance"},
        {"station": "WS01", "item": "", "start": at(1, 20), "end": None, "kind": "maintenance"},
        {"station": "WS01", "item": "", "start": at(1), "end": at(2), "kind": "event"},
    ])  # fmt: skip
    with project.change("note") as change:
        change.put_series_notes(notes)
    assert judged(project, "WS01", "nh3n")["used"].tolist() == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]
    assert judged(project, "WS01", "tp")["used"].tolist() == [True] * 5 + [False]


def test_a_part_of_a_series_and_a_series_that_is_not_there(project):
    put(project, [1.0] * 6)
    frame = judged(project, "WS01", "nh3n", at(1, 4), at(1, 12))
    assert list(frame.index.hour) == [4, 8]
    nothing = judged(project, "WS99", "nh3n")
    assert nothing.empty
    assert list(nothing.columns) == ["value", "flag", "used", "why", "counted"]


def test_an_office_decides_what_is_asked_and_nothing_else(project):
    put(project, [1.0, 2.0, 3.0], ["T", "M", "odd"])
    with project.change("settings") as change:
        change.set_setting(DECISIONS, {"|T": True, "|M": True, "|odd": True})
    assert judged(project, "WS01", "nh3n")["why"].tolist() == ["", "flag:M", ""]


def test_a_withdrawn_exclusion_stays_on_record(project):
    put(project, [1.0] * 4)
    identity = leave_out(project)
    assert judged(project, "WS01", "nh3n")["used"].tolist() == [True, False, False, True]
    with project.change("withdraw", actor="李四") as change:
        withdraw(change, identity, reason="复核后可用", actor="李四")
    assert judged(project, "WS01", "nh3n")["used"].all()
    row = exclusions(project).iloc[0]
    assert (row["actor"], row["withdrawn_by"], row["withdrawn_reason"]) == (
        "张三", "李四", "复核后可用",
    )  # fmt: skip
    assert exclusions(project, active=True).empty
    with pytest.raises(ProjectError, match="已撤销"), project.change("withdraw") as change:
        withdraw(change, identity, reason="again", actor="李四")


def test_an_exclusion_can_be_undone_as_any_change(project):
    put(project, [1.0] * 4)
    leave_out(project)
    project.undo()
    assert judged(project, "WS01", "nh3n")["used"].all()
    assert exclusions(project).empty


@pytest.mark.parametrize(
    ("kwargs", "key"),
    [
        ({"reason": "  "}, "no_reason"),
        ({"actor": ""}, "no_actor"),
        ({"start": at(2), "end": at(1)}, "span"),
    ],
)
def test_an_exclusion_without_who_or_why_is_refused(project, kwargs, key):
    with pytest.raises(ProjectError) as error:
        leave_out(project, **kwargs)
    assert error.value.key == f"quality.error.{key}"
    assert exclusions(project).empty


def test_withdrawing_what_is_not_there_is_told(project):
    with pytest.raises(ProjectError, match="X-none"), project.change("withdraw") as change:
        withdraw(change, "X-none", reason="r", actor="a")


@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(float("nan")), st.floats(0, 100)),
            st.sampled_from(["", "N", "M", "<", "T", "odd"]),
            st.sampled_from(["", "hj212-2017", "water-auto", "cnemc"]),
        ),
        max_size=40,
    )
)
def test_decisions_in_bulk_are_those_one_by_one(rows):
    judge = Judge.__new__(Judge)
    judge._flags, judge._spans = standards().flags, {}
    values = np.array([row[0] for row in rows], dtype=np.float64)
    flags = np.array([row[1] for row in rows], dtype=object)
    protocols = np.array([row[2] for row in rows], dtype=object)
    # Ten years, so that rows begin and end in between.
    times = np.arange(len(rows)) * 2000 * HOUR + 1_420_041_600_000_000
    decided = judge.decide(("WS01", "nh3n"), times, values, flags, protocols)
    for number, (value, flag, protocol) in enumerate(rows):
        day = datetime.fromtimestamp(times[number] / 1e6, ZONE).date()
        fine = standards().flags.usable(protocol, flag, day) and not np.isnan(value)
        assert decided.used[number] == fine
        assert (decided.why[number] == "") == fine
        half = 0.5 if flag == "<" else 1.0
        if fine:
            assert decided.counted[number] == value * half
        else:
            assert np.isnan(decided.counted[number])
