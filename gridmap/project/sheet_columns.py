"""Which column of a sheet of complaints holds what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

from gridmap.domain.search import normal

_ALIASES: Final = {
    "lon": ("经度", "东经", "lon", "lng", "long", "longitude", "x坐标", "x", "横坐标", "坐标x"),
    "lat": ("纬度", "北纬", "lat", "latitude", "y坐标", "y", "纵坐标", "坐标y"),
    "place": (
        "地点", "地址", "位置", "原文地点", "事发地点", "事发地址", "投诉地点", "投诉地址",
        "问题地点", "问题位置", "详细地址", "发生地点", "事件地点", "举报地点", "坐标", "经纬度",
        "地理坐标", "gps",
        "place", "address", "location", "where", "coordinates", "coordinate",
    ),
    "date": (
        "日期", "时间", "受理日期", "受理时间", "投诉时间", "投诉日期", "登记时间", "登记日期",
        "来电时间", "上报时间", "举报时间", "发生时间", "date", "time", "when", "reported",
    ),
    "problem": (
        "问题类型", "污染类型", "投诉类型", "举报类型", "事件类型", "类型", "类别", "problem",
        "problem_type", "type", "category",
    ),
}  # fmt: skip
_TOGETHER: Final = ("坐标", "经纬度", "地理坐标", "gps", "coordinates", "coordinate")

# Who reported: protected unless asked for. Contact persons of a firm look the same.
_PERSONAL = re.compile(
    r"投诉人|举报人|来电人|反映人|信访人|上访人|报告人|诉求人|联系人|联系方式|联系电话|电话|手机|"
    r"身份证|姓名|来电号码|complainant|reporter|caller|phone|mobile|telephone|contact|e-?mail|邮箱|微信",
    re.IGNORECASE,
)
_REMARKS = re.compile(r"[(（\[【].*$")


@dataclass(frozen=True)
class SheetColumns:
    """Headings by meaning; None where the sheet has no such column.

    `coordinates` holds both values in one cell; `place` words or whatever was typed.
    """

    lon: str | None = None
    lat: str | None = None
    coordinates: str | None = None
    place: str | None = None
    date: str | None = None
    problem: str | None = None

    @property
    def shown(self) -> str | None:
        """The column that says, in the sheet's own words, where a row is."""
        return self.place or self.coordinates or self.lon

    @property
    def empty(self) -> bool:
        """Whether nothing says where a row is."""
        return not (self.place or self.coordinates or (self.lon and self.lat))

    def named(self) -> dict[str, str]:
        """Meaning to heading, of those that the sheet has."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: heading for name, heading in found.items() if heading is not None}


def columns_in(headings: Sequence[str]) -> SheetColumns:
    """Guess the columns by their headings: an exact alias first, then one contained."""
    plain = {heading: normal(_REMARKS.sub("", heading)) for heading in headings}
    found: dict[str, str] = {}
    together = _first(plain, _TOGETHER)
    if together is not None:
        found["coordinates"] = together
    for meaning, aliases in _ALIASES.items():
        rest = {heading: name for heading, name in plain.items() if heading not in found.values()}
        hit = _first(rest, aliases)
        if hit is not None:
            found[meaning] = hit
    if not {"lon", "lat"} <= found.keys():
        found.pop("lon", None)
        found.pop("lat", None)
    return SheetColumns(**found)


def personal(heading: str) -> bool:
    """Whether a column tells who reported."""
    return _PERSONAL.search(heading) is not None


def _first(plain: dict[str, str], aliases: Sequence[str]) -> str | None:
    for alias in aliases:
        for heading, name in plain.items():
            if name == alias:
                return heading
    for alias in aliases:
        for heading, name in plain.items():
            if len(alias) > 1 and not alias.isascii() and alias in name:
                return heading
    return None
