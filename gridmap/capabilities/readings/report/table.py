"""Readings or means as a table for offices: unit, zone, flag, class, used or why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gridmap.core.moments import OFFSET_US
from gridmap.report.sheets import writing
from gridmap.texts import t

_ZONE_TOLD: Final = "Asia/Shanghai (UTC+08:00)"


@dataclass(frozen=True, eq=False)
class SeriesBlock:
    """Points of one series.

    Attributes:
        station, name, item, unit: the same for all points.
        kind: what the points are, in words: reading, mean of the day …
        times: microseconds since 1970 UTC, shape (n,).
        values: in `unit`, shape (n,), NaN where missing.
        flags: as published, n texts.
        classes: class or level in words, n texts, "" where there is none.
        used: whether judgements count the point, shape (n,).
        why: why not, in words, n texts.
    """

    station: str
    name: str
    item: str
    unit: str
    kind: str
    times: NDArray[np.int64]
    values: NDArray[np.float64]
    flags: Sequence[str]
    classes: Sequence[str]
    used: NDArray[np.bool_]
    why: Sequence[str]


def write_series(path: Path, blocks: Iterable[SeriesBlock], *, title: str, example: bool) -> int:
    """Write points as CSV, TSV or XLSX by the ending of `path`; formulas stay text.

    Args:
        path: where to; the file appears when it is whole.
        blocks: one after the other.
        title: name of the sheet.
        example: the data are invented, and every row says so.

    Returns:
        How many rows were written.

    Raises:
        TableError: `assign.error.write` or `.too_long`.
    """
    rows = 0
    with writing(path, title) as writer:
        for block in blocks:
            writer.write(_table(block, example=example))
            rows += len(block.times)
    return rows


def _table(block: SeriesBlock, *, example: bool) -> pa.Table:
    count = len(block.times)
    wall = (block.times + OFFSET_US).astype("datetime64[us]").astype("datetime64[s]")
    texts = np.char.replace(wall.astype(str), "T", " ")
    used = np.where(block.used, t("series.export.yes"), t("series.export.no"))
    status = t("series.export.example") if example else t("series.export.real")

    def same(text: str) -> pa.Array:
        return pa.array([text] * count, pa.string())

    columns = {
        t("series.export.time"): pa.array(texts.tolist(), pa.string()),
        t("series.export.zone"): same(_ZONE_TOLD),
        t("series.export.station"): same(block.station),
        t("series.export.name"): same(block.name),
        t("series.export.item"): same(block.item),
        t("series.export.kind"): same(block.kind),
        t("series.export.value"): pa.array(block.values, pa.float64(), from_pandas=True),
        t("series.export.unit"): same(block.unit),
        t("series.export.flag"): pa.array(list(block.flags), pa.string()),
        t("series.export.class"): pa.array(list(block.classes), pa.string()),
        t("series.export.used"): pa.array(used.tolist(), pa.string()),
        t("series.export.why"): pa.array(list(block.why), pa.string()),
        t("series.export.status"): same(status),
    }
    return pa.table(columns)
