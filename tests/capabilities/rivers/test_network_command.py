"""tuanhe through the user's door: lines of OpenStreetMap to rivers with chiefs on every reach."""

import csv
from datetime import date

import pandas as pd
import pytest

from gridmap import intake
from gridmap.capabilities.locate.work.answering import AnsweringProject

MOUTH = "112.3364662,32.1693312"
GAP = "gap:osm-way-159628501:112.31338,32.44241"


@pytest.fixture
def tuanhe(shared, tmp_path):
    """A project with the 19 lines and the invented townships."""
    folder = shared / "data" / "tuanhe"
    path = tmp_path / "湍河.gpkg"
    with AnsweringProject.create(path, title="湍河") as project:
        rivers = intake.load(project, folder / "rivers.geojson", "rivers", columns={"code": "id"})
        towns = intake.load(
            project, folder / "townships_SYNTHETIC_from_real_centres.geojson", "grid_units",
            fixed={"tier": "township", "data_status": "synthetic"},
            columns={"code": "code9", "parent_code": "adcode"},
        )  # fmt: skip
        assert (rivers.rows_loaded, towns.rows_loaded) == (19, 56)
    return path


def test_tuanhe_from_lines_to_a_chief_on_every_reach(gridmap, tuanhe, tmp_path, shared):
    lakes = shared / "data" / "tuanhe" / "osm-reservoir-surfaces.geojson"
    tried = gridmap("river", "build", tuanhe, "--outlet", MOUTH, "--lakes", lakes, "--dry-run")
    assert tried.code == 0
    told = "刁河(osm-way-159628501) 的端点距 唐白河(osm-way-76245166) 1,390 米，未接通"
    assert f"[{GAP}] {told}" in tried.out
    assert "未写入" in tried.out

    found = tmp_path / "发现.csv"
    done = gridmap(
        "river", "build", tuanhe, "--outlet", MOUTH, "--lakes", lakes, "--bridge", 1500,
        "--split", "township", "--findings", found, "--json",
    ).data  # fmt: skip
    assert {(tuple(met["rivers"]), met["below"]) for met in done["confluences"]} == {
        (("严陵河", "赵河"), "赵河"),
        (("湍河", "赵河"), "赵河"),  # below it OpenStreetMap calls it 赵河
        (("唐白河", "赵河"), "唐白河"),
        (("刁河", "唐白河"), "唐白河"),
    }
    with found.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(done["findings"])
    assert {row["类别"] for row in rows} >= {"接通缺口", "孤立部分"}
    assert all(float(row["经度"]) > 100 and float(row["纬度"]) > 30 for row in rows)
    in_towns = [one for one in done["reaches"] if one["units"]]
    assert len(in_towns) > 60
    assert all(one["border"] == "left_right" for one in in_towns if len(one["units"]) > 1)
    assert len({one["code"] for one in done["reaches"]}) == len(done["reaches"])

    with AnsweringProject.open(tuanhe) as project:
        posts = pd.DataFrame(
            {
                "post_id": [f"RC-{one['code']}" for one in in_towns],
                "person_id": [f"P-{one['code']}" for one in in_towns],
                "scope_code": [one["code"] for one in in_towns],
            }
        ).assign(
            role="river_chief", tier="township", scope="reach", valid_from=date(2026, 1, 1),
            data_status="synthetic",
        )  # fmt: skip
        people = pd.DataFrame(
            {"person_id": posts["person_id"], "name": [f"{one['name']}河长" for one in in_towns]}
        ).assign(data_status="synthetic")
        with project.change("posts") as change:
            change.put_people(people)
            change.put_posts(posts)
        shapes = project.layer("reaches").set_index("code").geometry
        for one in in_towns[::7]:
            middle = shapes[one["code"]].interpolate(0.5, normalized=True)
            answer = project.locate(middle.x, middle.y, on=date(2026, 11, 22))
            assert answer.river.reach_code == one["code"]
            [chief] = answer.river.chiefs
            assert chief.person.name == f"{one['name']}河长"

    checked = gridmap("river", "check", tuanhe, "--on", "2026-11-22", "--json").data
    without = {one["code"] for one in done["reaches"]} - {one["code"] for one in in_towns}
    assert {one["reach"] for one in checked["posts"]} == without
    assert {one["kind"] for one in checked["findings"]} == {"loose", "unknown"}  # 刁河's head


def test_edits_from_the_command_line(gridmap, tuanhe):
    assert gridmap("river", "build", tuanhe, "--outlet", MOUTH, "--close", GAP).code == 0
    with AnsweringProject.open(tuanhe, read_only=True) as project:
        frame = project.layer("reaches").set_index("code")
        code = frame.index[frame["river_name"] == "严陵河"][0]
        middle = frame.geometry[code].interpolate(0.5, normalized=True)
    assert "已反向" in gridmap("river", "flip", tuanhe, code).out
    place = f"{middle.x},{middle.y}"
    assert "下段为" in gridmap("river", "split", tuanhe, code, place).out
    assert "主流向" in gridmap("river", "flow", tuanhe, code, "dominant").out
    said = gridmap("river", "join", tuanhe, code, "没有")
    assert (said.code, "没有编码为 没有 的河段" in said.err) == (1, True)
    assert gridmap("river", "sluice", tuanhe, "S1", "closed").code == 1
    assert gridmap("river", "build", tuanhe, "--outlet", "北边").code == 2
    assert gridmap("river", "build", tuanhe, "--snap", "远").code == 2
    assert gridmap("river", "build", tuanhe, "--close", "gap:x").code == 1
    text = gridmap("--lang", "en", "river", "check", tuanhe, "--on", "2026-11-22").out
    assert "nobody holds a post" in text


def test_a_river_drawn_under_several_codes_is_one(gridmap, tuanhe_built):
    """OpenStreetMap draws six rivers in 19 ways; build and list agree on six."""
    rivers = gridmap("river", "list", "--project", tuanhe_built, "--json").data["rivers"]
    assert {one["name"] for one in rivers} == {
        "湍河", "赵河", "唐白河", "白河", "严陵河", "刁河",
    }  # fmt: skip
    assert len(rivers) == 6
    assert sum(len(one["codes"]) for one in rivers) == 19
    shown = gridmap("river", "show", "湍河", "--project", tuanhe_built)
    assert (shown.code, "25 个河段" in shown.out) == (0, True)
    assert "osm-way-76344885、osm-way-76344941" in shown.out
    by_code = gridmap("river", "show", "osm-way-76345013", "--project", tuanhe_built, "--json")
    assert (by_code.data["river"]["code"], len(by_code.data["river"]["codes"])) == ("湍河", 6)
    built = gridmap("river", "build", tuanhe_built, "--outlet", MOUTH, "--dry-run")
    assert "，6 条河，" in built.out
