import datetime as dt
from pathlib import Path

from gridmap import intake
from gridmap.intake import Kind
from gridmap.store import Project


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_people_without_id_get_the_same_one_at_every_import(
    project: Project, tmp_path: Path
) -> None:
    path = _write(
        tmp_path / "人员.csv", "姓名,单位,手机号\n张三,新丰镇,1\n李四,余新镇,2\n张三,新丰镇,1\n"
    )
    report = intake.load_people(project, path)
    assert (report.rows_loaded, report.rows_held_back, report.added) == (2, 1, 2)
    assert [f.kind for f in report.held_back] == [Kind.DUPLICATE_KEY]
    before = project.people()
    assert before["name"].tolist() == ["张三", "李四"]
    assert intake.load_people(project, path).updated == 2
    assert project.people().equals(before)


def test_posts_find_their_person_by_name(project: Project, tmp_path: Path) -> None:
    people = _write(tmp_path / "p.csv", "人员编号,姓名\nP1,张三\nP2,李四\nP3,李四\n")
    intake.load_people(project, people)
    posts = _write(
        tmp_path / "任职.csv",
        "姓名,人员编号,职务,层级,责任编码,任职日期,离任日期\n"
        "张三,,河长,乡镇,R001,2024-01-01,\n"
        "李四,,河长,村级,R001,2024-01-01,\n"  # two people bear this name
        "李四,P3,网格长,乡镇,330402001,2024.3.1,2025年2月28日\n"
        "王五,,网格长,乡镇,330402001,2024.3.1,\n"
        "张三,,网格长,乡镇,330402001,2024.3.1,2023.3.1\n"
        "张三,,皇帝,乡镇,330402001,2024.3.1,\n",
    )
    report = intake.load_posts(project, posts, fixed={"data_status": "example"})
    assert (report.rows_read, report.rows_loaded, report.rows_held_back) == (6, 2, 4)
    assert sorted((f.row, f.kind) for f in report.held_back) == [
        (3, Kind.UNKNOWN_PERSON),
        (5, Kind.UNKNOWN_PERSON),
        (6, Kind.DATES_REVERSED),
        (7, Kind.NOT_ALLOWED),
    ]
    first, second = project.posts().to_dict("records")
    assert (first["person_id"], first["role"], first["tier"]) == ("P1", "river_chief", "township")
    assert (first["scope"], first["valid_to"]) == ("reach", None)
    assert (second["person_id"], second["scope"]) == ("P3", "unit")
    assert second["valid_to"] == dt.date(2025, 2, 28)
    assert first["data_status"] == "example"
    assert intake.load_posts(project, posts, fixed={"data_status": "example"}).updated == 2


def test_departments(project: Project, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "d.csv",
        "problem_type,title_zh,title_en,department,with_township,work_days,basis\n"
        "black_water,黑臭水体,Black water,水务局,是,5,示例\n",
    )
    assert intake.load_departments(project, path).added == 1
    [row] = project.departments().to_dict("records")
    assert (row["department"], row["with_township"], row["work_days"]) == ("水务局", True, 5)
    replaced = _write(tmp_path / "e.csv", "问题类型,责任部门\nnoise,公安局\n")
    intake.load_departments(project, replaced, replace_all=True)
    assert project.departments()["problem_type"].tolist() == ["noise"]
