"""Works on the water: sluices that may be closed, and intakes. All invented."""

from typing import Final

import geopandas as gpd
import shapely

from example_build.frames import EXAMPLE, Row, layer, point
from example_build.water import Reach, spot

# Name, river, fraction of its length, kind, state. The two closed ones leave 平湖塘 as it is.
_SLUICES: Final = (
    ("大桥港闸", "大桥港", 0.04, "sluice", "open"),
    ("十八里港闸", "十八里港", 0.04, "sluice", "open"),
    ("竹林港闸", "竹林港", 0.05, "sluice", "open"),
    ("南郊河闸", "南郊河", 0.96, "sluice", "open"),
    ("七星港闸", "七星港", 0.90, "sluice", "closed"),
    ("新篁港闸", "新篁港", 0.92, "sluice", "closed"),
    ("余北港泵站", "余北港", 0.08, "pump", "open"),
    ("环城河泵站", "环城河", 0.12, "pump", "open"),
    ("横塘港堰", "横塘港", 0.50, "weir", "open"),
    ("新丰港闸", "新丰港", 0.95, "sluice", "open"),
)
# Name, river, fraction of its length, use, people supplied, bank (1 left, -1 right), manager.
_INTAKES: Final = (
    ("平湖塘水厂取水口", "平湖塘", 0.90, "drinking", 86_000, 1, "示例水务有限公司"),
    ("海盐塘工业取水口", "海盐塘", 0.46, "industry", None, -1, "示例工业供水有限公司"),
    ("凤桥港灌溉取水口", "凤桥港", 0.36, "irrigation", None, 1, "示例凤桥农业合作社"),
    ("嘉善塘灌溉取水口", "嘉善塘", 0.55, "irrigation", None, -1, "示例大桥农业合作社"),
)


def sluices(reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Ten sluices, pumping stations and weirs, each exactly on a vertex of its reach."""
    rows: list[Row] = []
    shapes = []
    for number, (name, river, fraction, kind, state) in enumerate(_SLUICES, 1):
        where = spot(reaches, river, fraction)
        rows.append({
            "code": f"ZB{number:02d}", "name": f"示例{name}", "reach_code": where.reach.code,
            "state": state, "kind": kind, "manager": "示例闸站管理所",
            "contact": f"示例闸站管理员{number:02d}", "phone": f"1020001{number:04d}",
            "data_status": EXAMPLE,
        })  # fmt: skip
        shapes.append(shapely.Point(where.reach.line[where.index]))
    return layer(rows, shapes)


def intakes(reaches: list[Reach]) -> gpd.GeoDataFrame:
    """Four intakes at the bank, one of them for drinking water."""
    rows: list[Row] = []
    shapes = []
    for number, (name, river, fraction, use, people, bank, manager) in enumerate(_INTAKES, 1):
        where = spot(reaches, river, fraction)
        rows.append({
            "code": f"QS{number:02d}", "name": f"示例{name}", "reach_code": where.reach.code,
            "use": use, "supplied": "" if people is None else people, "manager": manager,
            "contact": f"示例取水联系人{number:02d}", "phone": f"1020002{number:04d}",
            "data_status": EXAMPLE,
        })  # fmt: skip
        shapes.append(point(where.bank(bank, 2.0)))
    return layer(rows, shapes)
