"""Lines and lakes of a table as the network's builder takes them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from gridmap.capabilities.rivers.rules.building import DrawnLine, Lake
from gridmap.intake.looks.matching import folded
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project

_CROSSING: Final = frozenset({
    "canal", "diversion", "aqueduct", "tunnel", "渠道", "引水", "渡槽", "隧洞",
})  # fmt: skip
_YES: Final = frozenset({"1", "true", "yes", "是"})
_REMARKS: Final = ("remark", "note", "备注", "说明")
_OVER: Final = ("上跨", "下穿", "立交", "倒虹", "渡槽")
"""In a remark: it leads over or under the other one."""
_KEYS: Final = ("code", "id", "key")
_RIVERS: Final = ("river_name", "name", "name_zh")
_KEPT: Final = ("width_m", "velocity_m_s", "patrol_per_month")


@dataclass(frozen=True)
class LineFacts:
    """What a drawn line brings along: river code, its key, width, velocity, patrols, status."""

    river_code: str = ""
    data_status: str = "real"
    figures: Mapping[str, float] = field(default_factory=dict)


def drawn_lines(frame: gpd.GeoDataFrame) -> tuple[list[DrawnLine], list[LineFacts]]:
    """The lines of a table, and what each of them brings along.

    Args:
        frame: EPSG:4490; columns code (or id), name (or river_name, name_zh), perhaps
            river_code, flow, category, crosses, width_m, velocity_m_s, patrol_per_month.

    Raises:
        ProjectError: `network.error.no_lines`, `.not_lines` naming the row.
    """
    key, name = _first(frame, _KEYS), _first(frame, _RIVERS)
    lines, facts = [], []
    for number, row in enumerate(frame.to_dict("records"), start=1):
        shape = row[frame.geometry.name]
        if shape is None or shape.is_empty:
            continue
        if shapely.get_dimensions(shape) != 1:
            raise ProjectError("network.error.not_lines", row=number, found=shape.geom_type)
        code = text_of(row.get(key)) or str(number)
        river = text_of(row.get("river_code")) or (code if key == "code" else "")
        flow = text_of(row.get("flow"))
        lines.append(
            DrawnLine(
                code, shape, text_of(row.get(name)),
                flow if flow in {"known", "dominant"} else "", _may_cross(row),
            )
        )  # fmt: skip
        figures = {one: float(row[one]) for one in _KEPT if one in row and not pd.isna(row[one])}
        facts.append(LineFacts(river, text_of(row.get("data_status")) or "real", figures))
    if not lines:
        raise ProjectError("network.error.no_lines")
    return lines, facts


def in_own_words(frame: gpd.GeoDataFrame, project: Project) -> gpd.GeoDataFrame:
    """A table of others with the columns that the layers of rivers and reaches know, by our names.

    A column that bears our name already stays what it is.
    """
    declared = [one for one in project.declarations.values() if one.role in {"river", "reach"}]
    known = {
        folded(heading): one.name
        for declaration in declared
        for one in declaration.fields
        for heading in (one.title.zh, one.title.en, *one.aliases)
    }
    found: dict[str, str] = {}
    for column in frame.columns:
        name = known.get(folded(str(column)))
        if name is not None and name not in frame.columns and name not in found.values():
            found[str(column)] = name
    return frame.rename(columns=found)


def without_lines(frame: gpd.GeoDataFrame) -> list[int]:
    """The rows, from 1 on, that hold no line: no geometry, or one without length."""
    bare = frame.geometry.isna() | frame.geometry.is_empty
    short = (shapely.get_dimensions(frame.geometry) == 1) & (shapely.length(frame.geometry) == 0.0)
    return [number for number, left in enumerate((bare | short).tolist(), start=1) if left]


def lakes_of(frame: gpd.GeoDataFrame | None) -> list[Lake]:
    """The lakes of a table of areas in EPSG:4490 with name (or name_zh); others are left out."""
    if frame is None:
        return []
    name = _first(frame, ("name", "name_zh"))
    return [
        Lake(text_of(row.get(name)), row[frame.geometry.name])
        for row in frame.to_dict("records")
        if row[frame.geometry.name] is not None
        and shapely.get_dimensions(row[frame.geometry.name]) == 2  # noqa: PLR2004  an area
    ]


def text_of(value: Any) -> str:
    """A cell as text, "" where it is empty."""
    return "" if value is None or pd.isna(value) else str(value).strip()


def _may_cross(row: Mapping[str, Any]) -> bool:
    said = text_of(row.get("crosses")).casefold()
    noted = "".join(text_of(row.get(name)) for name in _REMARKS)
    category = text_of(row.get("category")).casefold()
    return said in _YES or category in _CROSSING or any(word in noted for word in _OVER)


def _first(frame: gpd.GeoDataFrame, names: Collection[str]) -> str:
    """The first of these columns that is there and holds anything, else the first."""
    there = [name for name in names if name in frame.columns and frame[name].notna().any()]
    return there[0] if there else next(iter(names))
