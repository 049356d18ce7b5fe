"""The shipped example, opened once from a copy so that the checkout stays untouched."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridmap import shipped
from gridmap.store import Project

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    copy = tmp_path_factory.mktemp("example") / "nanhu.gridmap.gpkg"
    shutil.copy(shipped.example_dir() / copy.name, copy)
    with Project.open(copy, read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def generator() -> Iterator[None]:
    """Makes `example_build`, which lies beside the build script, importable."""
    sys.path.insert(0, str(DATA))
    yield
    sys.path.remove(str(DATA))
