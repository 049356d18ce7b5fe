"""Fixtures for all tests. They also work without Qt."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import hypothesis
import pytest
import shapely

from gridmap import texts
from gridmap.store import Project

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # windows are tested without a screen

pytest_plugins = [
    "tests.fixtures.commandline",
    "tests.fixtures.desk",
    "tests.fixtures.importing",
    "tests.fixtures.layers",
    "tests.fixtures.rivernets",
    "tests.fixtures.windows",
]

# A busy machine is no fault of the program: no test is timed.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; without it a test is skipped, but in CI it fails."""
    folder = (REPOSITORY / os.environ.get("GRIDMAP_SHARED", "../shared")).resolve()
    if not folder.is_dir():
        reason = f"the shared data are not there: {folder} (set GRIDMAP_SHARED)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _one_application() -> Iterator[Any]:
    """Where Qt is there: one application that can have windows, whichever test comes first.

    The command line makes a smaller one when there is none, and Qt allows but one a process.
    """
    try:
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415  tests also run without Qt
    except ImportError:
        yield None
        return
    yield QApplication.instance() or QApplication(["gridmap"])


@pytest.fixture(scope="module", autouse=True)
def _memory_is_given_back() -> Iterator[None]:
    """Windows and projects are circles of hundreds of MB, and Python counts objects, not bytes."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _chinese_first() -> Iterator[None]:
    before = texts.current_language()
    texts.use_language("zh_CN")
    yield
    texts.use_language(before)


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    return tmp_path / "试点.gpkg"


@pytest.fixture
def project(project_path: Path) -> Iterator[Project]:
    with Project.create(project_path, title="试点") as made:
        yield made


@pytest.fixture
def units() -> Callable[..., Any]:
    """Makes n grid units, squares in a row, as a GeoDataFrame."""

    def make(count: int = 3, **columns: Any) -> Any:
        data = {
            "code": [f"330402{number:03d}" for number in range(1, count + 1)],
            "name": [f"镇{number}" for number in range(1, count + 1)],
            "tier": ["township"] * count,
            **columns,
        }
        squares = [
            shapely.box(120.7 + i / 100, 30.7, 120.71 + i / 100, 30.71) for i in range(count)
        ]
        return geopandas.GeoDataFrame(data, geometry=squares, crs=4490)

    return make
