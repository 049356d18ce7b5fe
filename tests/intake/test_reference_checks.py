"""A code that points to another layer must be there; without that layer nothing is said."""

import geopandas as gpd
import shapely

from gridmap.intake import doctor
from gridmap.intake.doctor import Choices
from gridmap.intake.findings import Kind
from gridmap.store import Edition


def firms():
    return gpd.GeoDataFrame(
        {"code": ["91330402EXAM00019H"], "name": ["示例印染"]},
        geometry=[shapely.Point(120.8, 30.7)],
        crs="EPSG:4490",
    )


def outlets(path):
    path.write_text(
        "排污口编码,排污口名称,类别,统一社会信用代码,经度,纬度\n"
        "A-DW001,甲,DW,91330402EXAM00019H,120.81,30.71\n"
        "B-DW001,乙,DW,91330402NOBODY0000,120.82,30.72\n",
        encoding="utf-8",
    )
    return path


def lost(project, path):
    source = doctor.find_sources([path])[0]
    case = doctor.settled(source, Choices(target="outlets", crs="EPSG:4490"), project)
    return [(f.row, f.value) for f in case.findings if f.kind is Kind.NO_SUCH_REFERENCE]


def test_an_outlet_of_an_unknown_firm_is_told(project, tmp_path):
    path = outlets(tmp_path / "outlets.csv")
    assert lost(project, path) == []
    with project.change("firms") as change:
        change.replace_layer("enterprises", firms(), Edition("enterprises"))
    assert lost(project, path) == [(3, "91330402NOBODY0000")]
