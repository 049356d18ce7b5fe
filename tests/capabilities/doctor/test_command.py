"""`gridmap import`: real files, small files with faults, and what the command says of them."""

import os
import stat

import pytest

from gridmap import cli
from gridmap.store import Project

PEOPLE = "人员编号,姓名,联系电话\nP1,甲,102****0001\nP2,,\nP3,丙,\n"
STATIONS = (
    "编码,名称,类别,经度,纬度\n"
    "S1,一号站,空气站,120.75,30.75\n"
    "S2,二号站,雷达站,120.76,30.76\n"
    "S3,三号站,水站,东经,30.77\n"
    "S1,又一号,空气站,120.78,30.78\n"
)
READINGS = (
    "站点编码,监测时间,氨氮(mg/L),总磷\n"
    "S1,2026-01-01 00:00,0.5,0.1\n"
    "S1,2026-01-01 04:00,*,0.1\n"
    "S1,昨天,0.7,0.1\n"
)


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.setenv("GRIDMAP_LANG", "zh_CN")


@pytest.fixture
def file(tmp_path):
    def make(text, name="表.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def run(project_path, capsys):
    Project.create(project_path, title="试点").close()

    def go(file, *arguments):
        code = cli.run(["import", str(project_path), str(file), *arguments])
        found = capsys.readouterr()
        return code, found.out, found.err

    return go


def opened(path):
    return Project.open(path, read_only=True)


# --- real files ---------------------------------------------------------------------------


@pytest.mark.shared
def test_the_townships_of_chaobai(run, project_path, shared):
    code, out, err = run(
        shared / "data/chaobai/townships.geojson", "--layer", "grid_units",
        "--fixed", "tier=township", "--column", "code=code9", "--column", "parent_code=adcode",
        "--accuracy", "100", "--date", "2024-01-01", "--source", "民政部门",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "读入 61 行，载入 61 行，暂扣 0 行" in out
    assert "新增 61 行，更新 0 行" in out
    assert "code12, pinyin, src, area_km2" in out
    with opened(project_path) as project:
        edition = project.editions()["grid_units"]
        assert (edition.rows, edition.accuracy_m, edition.source) == (61, 100.0, "民政部门")
        assert edition.edition_date.isoformat() == "2024-01-01"
        assert edition.data_status == "real"


@pytest.mark.shared
def test_the_hourly_values_of_chaobai(run, project_path, shared):
    table = shared / "data/chaobai/air_hourly_uci_huairou_shunyi.csv.gz"
    code, out, _ = run(table, "--series", "--unit", "*=μg/m³")
    assert code == 0
    assert "读入 70128 行，载入 70128 行" in out
    assert "12 条序列，420768 个读数" in out
    with opened(project_path) as project:
        assert project.series.keys()["count"].sum() == 420_768
        assert project.series.unit("1009A", "co") == "mg/m³"


@pytest.mark.shared
def test_a_unit_that_nobody_states_is_asked_for(run, shared):
    table = shared / "data/chaobai/air_hourly_uci_huairou_shunyi.csv.gz"
    code, out, _ = run(table, "--series")
    assert code == 1
    assert "项目未被改动" in out
    line = next(line for line in out.splitlines() if "PM2.5" in line)
    assert line.startswith("错误")
    assert "没有注明单位" in line


# --- files with faults --------------------------------------------------------------------


def test_what_is_held_back_is_told_row_by_row(run, file, project_path):
    code, out, _ = run(file(STATIONS), "--layer", "stations", "--crs", "EPSG:4490")
    assert code == 0
    assert "读入 4 行，载入 1 行，暂扣 3 行" in out
    for row, field, value in ((3, "类别", "雷达站"), (4, "lon", "东经"), (5, "站点编码", "S1")):
        line = next(line for line in out.splitlines() if f"第 {row} 行" in line)
        assert line.startswith("错误  表.csv")
        assert value in line
        assert field in line or field == "lon"
        assert "请" in line
    with opened(project_path) as project:
        assert project.layer("stations")["code"].tolist() == ["S1"]


def test_the_worst_comes_first(run, file):
    _, out, _ = run(file(STATIONS + "备注"), "--layer", "stations")
    marks = [line.split("  ")[0] for line in out.splitlines() if "  " in line]
    assert marks == sorted(marks, key=["错误", "警告", "提示"].index)
    assert set(marks) == {"错误", "警告"}


def test_when_nothing_can_be_loaded_the_exit_code_says_so(run, file, project_path):
    code, out, _ = run(file("编码,名称,类别,经度,纬度\nS1,,空气站,120,30\n"), "--layer", "stations")
    assert code == 1
    assert "项目未被改动" in out
    assert "第 2 行" in out
    with opened(project_path) as project:
        assert project.log()["action"].tolist() == ["create"]


def test_many_findings_of_one_sort_are_summed_up_unless_all_are_wanted(run, file):
    table = file("人员编号,姓名\n" + "\n".join(f"P{n},{'' if n else '甲'}" for n in range(30)))
    _, out, _ = run(table, "--people")
    assert out.count("错误  ") == 5
    assert "还有 24 条，直到第 31 行" in out
    _, out, _ = run(table, "--people", "--all")
    assert out.count("错误  ") == 29
    assert "--all" not in out


def test_values_with_escape_sequences_do_not_reach_the_terminal(run, file):
    table = file("编码,名称,类别,经度,纬度\nS1,甲,\x1b[31m雷达,120,30\nS2,乙,水站,120.7,30.7\n")
    _, out, _ = run(table, "--layer", "stations")
    assert "雷达" in out
    assert "\x1b" not in out


def test_people_and_their_replacement(run, file, project_path):
    code, out, _ = run(file(PEOPLE), "--people")
    assert code == 0
    assert "读入 3 行，载入 2 行，暂扣 1 行" in out
    code, out, _ = run(file("人员编号,姓名\nP9,己\n"), "--people", "--replace")
    assert code == 0
    with opened(project_path) as project:
        assert project.people()["person_id"].tolist() == ["P9"]


def test_posts_and_departments(run, file, project_path):
    run(file(PEOPLE), "--people")
    posts = file("姓名,职务,层级,网格编码,任职日期\n甲,网格长,乡镇,330402103,2026-01-01\n")
    assert run(posts, "--posts")[0] == 0
    departments = file("问题类型,责任部门,工作日\nwater,水利局,5\n")
    assert run(departments, "--departments")[0] == 0
    with opened(project_path) as project:
        assert project.posts()["role"].tolist() == ["grid_head"]
        assert project.departments()["department"].tolist() == ["水利局"]


def test_readings_of_one_station(run, file, project_path):
    code, out, _ = run(file(READINGS), "--series", "--unit", "tp=μg/L", "--zone", "Asia/Shanghai")
    assert code == 0
    assert "第 4 行" in out
    assert "2 条序列，4 个读数，其中 1 个为缺测" in out
    with opened(project_path) as project:
        phosphorus = project.series.read("S1", "tp")["value"]
        assert phosphorus.tolist() == pytest.approx([0.0001, 0.0001])


def test_a_file_without_station_takes_the_one_given(run, file, project_path):
    table = file("时间,氨\n2026-01-01,0.5\n")
    code, *_ = run(table, "--series", "--station", "X1", "--item", "氨=nh3n", "--unit", "氨=mg/L")
    assert code == 0
    with opened(project_path) as project:
        assert project.series.keys()[["station", "item"]].to_numpy().tolist() == [["X1", "nh3n"]]


def test_a_date_does_not_make_example_data_real(run, file, project_path):
    table = file("编码,名称,类别,经度,纬度,数据性质\nS1,一号站,空气站,120.75,30.75,example\n")
    run(table, "--layer", "stations", "--date", "2026-10-01")
    with opened(project_path) as project:
        assert project.editions()["stations"].data_status == "example"


# --- the command itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["--people", "--crs", "EPSG:4490"], "--crs"),
        (["--layer", "stations", "--unit", "co=mg/m³"], "--unit"),
        (["--series", "--replace"], "--replace"),
        (["--series", "--unit", "mg/L"], "mg/L"),
        (["--layer", "stations", "--accuracy", "-3"], "-3"),
        (["--layer", "stations", "--date", "昨天"], "昨天"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(run, file, arguments, wrong):
    code, out, err = run(file(STATIONS), *arguments)
    assert (code, out) == (2, "")
    assert wrong in err


def test_a_target_is_needed_and_only_one(run, file):
    for arguments in ([], ["--people", "--posts"]):
        with pytest.raises(SystemExit) as caught:
            run(file(PEOPLE), *arguments)
        assert caught.value.code == 2


def test_an_unknown_layer_is_named_with_those_there_are(run, file):
    code, _, err = run(file(STATIONS), "--layer", "wells")
    assert code == 1
    assert "wells" in err
    assert "stations" in err


def test_a_missing_project_and_a_missing_file_are_named(run, file, tmp_path, capsys):
    assert cli.run(["import", str(tmp_path / "无.gpkg"), str(file(PEOPLE)), "--people"]) == 1
    assert "无.gpkg" in capsys.readouterr().err
    code, _, err = run(tmp_path / "无.csv", "--people")
    assert code == 1
    assert "无.csv" in err


def test_a_project_that_another_program_writes_is_not_changed(run, file, project_path):
    with Project.open(project_path) as writer:
        code, out, err = run(file(PEOPLE), "--people")
        assert (code, out) == (1, "")
        assert err.startswith("错误：")
        assert len(writer.people()) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_project_without_permission_is_not_changed(run, file, project_path):
    project_path.chmod(stat.S_IRUSR)
    code, _, err = run(file(PEOPLE), "--people")
    assert code == 1
    assert err.startswith("错误：")


def test_the_report_is_also_in_english(run, file, monkeypatch):
    monkeypatch.setenv("GRIDMAP_LANG", "en")
    code, out, _ = run(file(PEOPLE), "--people")
    assert code == 0
    assert "2 rows added, 0 updated." in out
    assert "Error  表.csv" in out


def test_fields_are_named_as_people_do_and_the_heading_is_where_one_says(run, file, project_path):
    text = "a,b,c,d,e,f\n编号,叫法,类别,经度,纬度,别名\nS1,甲站,air,120.7,30.7,空气站\n"
    code, out, _ = run(
        file(text), "--layer", "stations", "--crs", "EPSG:4490", "--header-row", "2",
        "--column", "站点编码=编号", "--column", "站点名称=叫法", "--leave-out", "别名", "--all",
    )  # fmt: skip
    assert code == 0
    assert "载入 1 行" in out
    with opened(project_path) as project:
        assert project.layer("stations")["name"].tolist() == ["甲站"]
