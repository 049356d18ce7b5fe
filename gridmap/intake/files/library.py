"""The library that reads files with geometry (GDAL): asked without its own words for anybody.

Its warnings are in its own English and speak of its options; what they mean for a file is found
by the looks at what was read (a ring that is not closed is a row without a shape).
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyogrio

_LOG: Final = logging.getLogger("pyogrio")


def read_arrow(file: Path, **options: Any) -> tuple[dict[str, Any], Any]:
    """One layer as the library has it: facts and an Arrow table. Errors are those of pyogrio."""
    with _quiet():
        meta, table = pyogrio.read_arrow(file, **options)
        return meta, table


def list_layers(file: Path) -> list[str]:
    """The names of the layers that hold geometry. Errors are those of pyogrio."""
    with _quiet():
        return [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]


def count(file: Path, layer: str) -> int:
    """How many features a layer holds. Errors are those of pyogrio."""
    with _quiet():
        return int(pyogrio.read_info(file, layer=layer, force_feature_count=True)["features"])


@contextmanager
def _quiet() -> Iterator[None]:
    level = _LOG.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _LOG.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            _LOG.setLevel(level)
