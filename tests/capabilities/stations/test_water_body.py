"""River or lake: what the project states, what a name says, and what is only assumed."""

import geopandas as gpd
import pytest
from shapely import Point

from gridmap.capabilities.stations.rules import Stated, body_of
from gridmap.capabilities.stations.work.facts import stations_of
from gridmap.standards.water_standards import Body
from gridmap.store import Edition, Project


@pytest.mark.parametrize(
    ("field", "name", "expected"),
    [
        ("lake", "某河", (Body.LAKE, Stated.FIELD)),
        ("river", "密云水库", (Body.RIVER, Stated.FIELD)),  # a river-type reservoir
        (None, "密云水库", (Body.LAKE, Stated.NAME)),
        (None, "小浪底水库(小浪底)", (Body.LAKE, Stated.NAME)),
        (None, "太湖湖心", (Body.LAKE, Stated.NAME)),
        (None, "水库大桥", (Body.RIVER, Stated.NAME)),
        (None, "入库口", (Body.RIVER, Stated.NAME)),
        (None, "坝下", (Body.RIVER, Stated.NAME)),
        (None, "湖滨(老)", (Body.RIVER, Stated.NOTHING)),
        (None, "古北口", (Body.RIVER, Stated.NAME)),
        (None, "花园路", (Body.RIVER, Stated.NOTHING)),
    ],
)
def test_field_then_name_then_nothing(field, name, expected):
    assert body_of(field, (name,)) == expected


def test_stations_state_it_themselves_and_readings_without_a_layer_have_a_name(gridmap, tmp_path):
    path, sheet = tmp_path / "河.gpkg", tmp_path / "读数.csv"
    names = ["甲站", "乙站", "密云水库", "花园路"]
    rows = [f"{name},2026-03-0{day} 08:00,0.04" for name in names for day in (1, 2)]
    sheet.write_text("站点编码,监测时间,总磷(mg/L)\n" + "\n".join(rows), encoding="utf-8")
    with Project.create(path, title="河") as project, project.change("data") as change:
        frame = gpd.GeoDataFrame(
            {"code": names[:2], "name": names[:2], "kind": ["water"] * 2,
             "water_body": ["lake", None]},
            geometry=[Point(120.0, 30.0), Point(120.1, 30.0)], crs=4490,
        )  # fmt: skip
        change.replace_layer("stations", frame, Edition("stations"))
    assert gridmap("readings", "import", path, sheet, "--accept").code == 0
    with Project.open(path, read_only=True) as project:
        found = {code: (one.body, one.body_by) for code, one in stations_of(project).items()}
    assert found == {
        "甲站": (Body.LAKE, Stated.FIELD), "乙站": (Body.RIVER, Stated.NOTHING),
        "密云水库": (Body.LAKE, Stated.NAME), "花园路": (Body.RIVER, Stated.NOTHING),
    }  # fmt: skip
