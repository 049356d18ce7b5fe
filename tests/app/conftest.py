"""Windows are tested offscreen; what Qt warns about fails the test."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What the offscreen platform itself says and no user ever meets.
_PLATFORM = ("propagateSizeHints", "This plugin does not support")


@pytest.fixture(autouse=True)
def no_qt_warnings(qtlog):
    """Fail on warnings of Qt."""
    yield
    told = [
        record.message
        for record in qtlog.records
        if record.type_name in {"QtWarningMsg", "QtCriticalMsg", "QtFatalMsg"}
        and not any(known in record.message for known in _PLATFORM)
    ]
    assert told == []
