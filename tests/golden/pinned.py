"""A machine on which it is always the same moment, whoever runs it and wherever.

`install` comes before the first import of gridmap. Every module of gridmap then sees a
`datetime` whose `now` stands still; modules imported later are reached by the same hook, and
classes that are built from annotations have seen the real one.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import time
from datetime import datetime, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)


class _Standing(type):
    """Stands for `datetime`: everything but the clock is the real thing."""

    def __call__(cls, *values: Any, **named: Any) -> datetime:
        return datetime(*values, **named)  # noqa: DTZ001  what the caller asked for

    def __getattr__(cls, name: str) -> Any:
        return getattr(datetime, name)

    def __instancecheck__(cls, one: object) -> bool:
        return isinstance(one, datetime)

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, datetime)


class StandingDatetime(metaclass=_Standing):
    """`datetime` at NOW."""

    @staticmethod
    def now(zone: tzinfo | None = None) -> datetime:
        return NOW.astimezone(zone) if zone is not None else NOW.replace(tzinfo=None)


class _Loader(importlib.abc.Loader):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._inner.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        if vars(module).get("datetime") is datetime:
            vars(module)["datetime"] = StandingDatetime

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != "gridmap":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _Loader(spec.loader)
        return spec


def install(work: Path) -> None:
    """Stand the clock still; settings and home of a user who was never here.

    Args:
        work: an empty folder for this run; becomes the current folder.

    Raises:
        RuntimeError: if a part of gridmap has been imported before.
    """
    if any(name.partition(".")[0] == "gridmap" for name in sys.modules):
        raise RuntimeError("the clock must be pinned before gridmap is imported")
    sys.meta_path.insert(0, _Finder())
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(work / "home")
    os.environ.update(
        TZ="Asia/Shanghai", COLUMNS="100", USER="recorder", LOGNAME="recorder",
        QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="1", GRIDMAP_LANG="zh_CN",
    )  # fmt: skip
    if hasattr(time, "tzset"):  # Windows has none
        time.tzset()
    os.chdir(work)
