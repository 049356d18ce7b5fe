"""Lines as others draw them: parts with a gap, ends that all but touch, names in their headings."""

import json

import pytest
import shapely

from gridmap.capabilities.rivers.rules.building import DrawnLine, build
from gridmap.store import Project

OUTLET = "120.75189319,30.74549886"


@pytest.mark.shared
def test_the_faulty_lines_of_a_case(gridmap, case, tmp_path):
    project = tmp_path / "河.gpkg"
    Project.create(project, title="河").close()
    lines = case("27-river-network") / "河道_断点反向重复.geojson"
    built = gridmap("river", "build", project, "--lines", lines, "--outlet", OUTLET, "--json")
    assert built.code == 0
    assert "1 行没有线" in built.err
    assert "第 9 行" in built.err
    kinds = {(one["kind"], one["line"], one["other"]): one for one in built.data["findings"]}
    gap = kinds["gap", "8", "8"]
    assert gap["metres"] == pytest.approx(25.0, abs=0.1)
    assert ("gap", "8", "2") not in kinds
    assert ("duplicate", "6", "2") in kinds
    assert {"4"} <= {line for kind, line, _ in kinds if kind == "turned"}
    assert kinds["snapped", "5", "2"]["metres"] == pytest.approx(6.0, abs=0.1)
    assert ("split", "1", "11") in kinds
    assert ("crossing", "3", "7") in kinds or ("crossing", "7", "3") in kinds  # 备注：上跨
    listed = gridmap("river", "list", "--project", project)
    assert "主河1" in listed.out
    assert min(one["length_m"] for one in built.data["reaches"]) > 1.0
    bridged = gridmap(
        "river", "build", project, "--lines", lines, "--outlet", OUTLET, "--bridge", "30",
        "--dry-run", "--json",
    )  # fmt: skip
    bridges = [one for one in bridged.data["reaches"] if one["bridge"]]
    assert [round(one["length_m"], 1) for one in bridges] == [25.0]


def test_a_line_that_meets_itself_nowhere_is_no_gap_of_its_own_pieces():
    """A line that another one cuts into pieces is one line still."""
    straight = DrawnLine("甲", shapely.LineString([(120.0, 30.0), (120.02, 30.0)]), "甲")
    brook = DrawnLine("乙", shapely.LineString([(120.01, 30.01), (120.01, 30.0)]), "乙")
    net = build([straight, brook], outlets=[(120.02, 30.0)])
    assert [one.kind.value for one in net.findings] == ["split"]
    assert len(net.reaches) == 3


def test_a_table_without_geometry_in_a_row_says_which(gridmap, tmp_path):
    project, lines = tmp_path / "河.gpkg", tmp_path / "线.geojson"
    Project.create(project, title="河").close()
    line = {"type": "LineString", "coordinates": [[120.0, 30.0], [120.01, 30.0]]}
    features = [
        {"type": "Feature", "properties": {"河道名称": "一"}, "geometry": line},
        {"type": "Feature", "properties": {"河道名称": "二"}, "geometry": None},
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    lines.write_text(text, encoding="utf-8")
    said = gridmap("river", "build", project, "--lines", lines, "--outlet", "120.01,30.0")
    assert said.code == 0
    assert "线.geojson：1 行没有线" in said.err
    assert "第 2 行" in said.err
    assert "一" in gridmap("river", "list", "--project", project).out
