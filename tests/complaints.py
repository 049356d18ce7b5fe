"""Complaints as they are typed in an office: every notation, datum, phrase and slip. Seeded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core import datum as datums
from gridmap.core.datum import Datum
from gridmap.core.zones import zone_at

HEADINGS: Final = (
    "工单号",
    "受理时间",
    "投诉人",
    "联系电话",
    "经度",
    "纬度",
    "地点",
    "问题类型",
    "内容",
)
_WAYS: Final = ("东", "南", "西", "北", "东北", "西南")
_WHAT: Final = ("河水发黑", "刺鼻气味", "垃圾倾倒", "夜间偷排", "噪声扰民", "冒黑烟")
_TYPES: Final = ("水污染", "water", "大气污染", "噪声", "")
_NAMES: Final = ("张三丰", "李四", "王小明", "赵六", "匿名")


@dataclass(frozen=True)
class Complaint:
    """One row, and what kind of slip it was made of."""

    kind: str
    cells: dict[str, str]


def _dms(value: float, marks: str = "°′″") -> str:
    degrees, rest = divmod(round(value * 3600, 2) / 3600 + 1e-9, 1.0)
    minutes, rest = divmod(rest * 60, 1.0)
    return f"{int(degrees)}{marks[0]}{int(minutes):02d}{marks[1]}{rest * 60:05.2f}{marks[2]}"


def _two(lon: str, lat: str) -> dict[str, str]:
    return {"经度": lon, "纬度": lat}


def _place(text: str) -> dict[str, str]:
    return {"地点": text}


def _kinds(names: dict[str, list[str]]) -> dict[str, tuple[float, Callable[..., dict[str, str]]]]:
    """Each kind with its weight and how its cells are made from a point and a random source."""

    def pick(rng: Any, group: str) -> str:
        return str(rng.choice(names[group]))

    def metres(lon: float, lat: float) -> tuple[float, float]:
        easting, northing = zone_at(lon).to_metres(lon, lat)
        return float(easting), float(northing)

    return {
        "decimal": (40, lambda x, y, _: _two(f"{x:.6f}", f"{y:.6f}")),
        "full_width": (2, lambda x, y, _: _two(f"{x:.5f}".translate(_WIDE), f"{y:.5f}")),
        "dms": (6, lambda x, y, _: _two(_dms(x), _dms(y))),
        "words": (2, lambda x, y, _: _two(_dms(x, "度分秒"), _dms(y, "度分秒"))),
        "swapped": (3, lambda x, y, _: _two(f"{y:.6f}", f"{x:.6f}")),
        "one_cell": (4, lambda x, y, _: _place(f"{x:.6f}, {y:.6f}")),
        "in_text": (5, lambda x, y, r: _place(f"{_dms(x)} {_dms(y)} {r.choice(_WHAT)}")),
        "hemispheres": (2, lambda x, y, _: _place(f"N{y:.5f} E{x:.5f}")),
        "metres": (2, lambda x, y, _: _two(*(f"{v:.1f}" for v in metres(x, y)))),
        "offset": (8, lambda _x, _y, r: _place(
            f"{pick(r, 'bridge')}{r.choice(_WAYS)} {r.integers(1, 9) * 50} 米{r.choice(_WHAT)}"
        )),
        "side": (4, lambda _x, _y, r: _place(f"{pick(r, 'firm')}{r.choice(_WAYS[:4])}侧")),
        "near": (5, lambda _x, _y, r: _place(f"{pick(r, 'place')}附近")),
        "between": (1, lambda _x, _y, r: _place(f"{pick(r, 'town')}与{pick(r, 'town')}交界处")),
        "village": (5, lambda _x, _y, r: _place(f"南湖区{pick(r, 'place')}")),
        "misspelt": (2, lambda _x, _y, r: _place(pick(r, "bridge")[:-1] + "侨")),
        "vague": (2, lambda _x, _y, r: _place(f"{pick(r, 'town')}南面小河浜")),
        "unknown": (2, lambda _x, _y, r: _place(f"老王家{r.choice(_WAYS)}边的厂子")),
        "zero": (1, lambda _x, _y, _r: _two("0", "0")),
        "missing": (1, lambda _x, _y, _r: {}),
        "nonsense": (1, lambda _x, _y, _r: _two("120°75′", "无")),
        "far": (1, lambda _x, _y, _r: _two("116.397", "39.909")),
    }  # fmt: skip


_WIDE: Final = str.maketrans("0123456789.", "０１２３４５６７８９．")


def complaints(
    names: dict[str, list[str]], count: int = 5000, seed: int = 12345, datum: Datum = Datum.CGCS2000
) -> list[Complaint]:
    """Complaints around the example.

    Args:
        names: known names by group: `bridge`, `firm`, `place`, `town`.
        count: how many.
        seed: of the random source.
        datum: in which the coordinates are written (metres are always CGCS2000).
    """
    rng = np.random.default_rng(seed)
    kinds = _kinds(names)
    weights = np.array([weight for weight, _ in kinds.values()], float)
    chosen = rng.choice(list(kinds), count, p=weights / weights.sum())
    made = []
    for number, kind in enumerate(chosen.tolist()):
        lon, lat = rng.uniform((120.74, 30.66), (120.90, 30.76)).tolist()
        if kind != "metres":
            lon, lat = (float(value) for value in datums.from_wgs84(lon, lat, datum))
        cells = dict.fromkeys(HEADINGS, "")
        cells |= kinds[kind][1](lon, lat, rng)
        cells |= {
            "工单号": f"12345-{number:05d}",
            "受理时间": f"2026-{rng.integers(1, 12):02d}-{rng.integers(1, 29):02d} 09:14",
            "投诉人": str(rng.choice(_NAMES)),
            "联系电话": f"138{rng.integers(0, 10**8):08d}",
            "问题类型": str(rng.choice(_TYPES)),
            "内容": str(rng.choice(_WHAT)),
        }
        made.append(Complaint(kind, cells))
    return made


def frame_of(rows: list[Complaint]) -> pd.DataFrame:
    """Complaints as a sheet of text."""
    return pd.DataFrame([row.cells for row in rows], columns=list(HEADINGS), dtype=object)


def names_of(project: Any) -> dict[str, list[str]]:
    """The names of a project that complaints mention."""
    units, places = project.layer("grid_units"), project.layer("places")
    return {
        "bridge": places.loc[places["kind"] == "桥梁", "name"].tolist(),
        "place": places["name"].tolist(),
        "firm": project.layer("enterprises")["name"].tolist(),
        "town": units.loc[units["tier"] == "township", "name"].tolist(),
    }
