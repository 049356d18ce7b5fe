"""Whether a station or section stands at a river or at a lake, and who says so.

Lakes and reservoirs have limits of their own for phosphorus and nitrogen (GB 3838-2002 table 1), so
that a class depends on it. A field says it; else the name may; else a river is taken, and told.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from gridmap.standards.water_standards import Body

_LAKE: Final = re.compile(r"水库|湖心|库心|库区|湖区|湖体|[湖泊淀](?:$|[（(])")
_RIVER: Final = re.compile(
    r"[入出][湖库]|坝下|[河江溪渠港浦泾塘涌沟](?:$|[（(])|桥|闸|口(?:$|[（(])"
)


class Stated(StrEnum):
    """By what the kind of water is known."""

    FIELD = "field"
    NAME = "name"
    NOTHING = "nothing"
    """Nothing says it: taken for a river."""


def body_of(field: object, names: Iterable[str]) -> tuple[Body, Stated]:
    """The kind of water and what says so.

    Args:
        field: the field 水体类型 of the station or section: "river", "lake" or nothing.
        names: of the station, its section, its water; 密云水库 is a lake, 水库入口, 水库大桥 and
            坝下 are at rivers, 湖滨 says nothing.
    """
    if field in set(Body):
        return Body(str(field)), Stated.FIELD
    for name in names:
        if _RIVER.search(name):
            return Body.RIVER, Stated.NAME
        if _LAKE.search(name):
            return Body.LAKE, Stated.NAME
    return Body.RIVER, Stated.NOTHING
