"""The watched folder: complete files only, each content once, nothing decided for a person."""

import os
from pathlib import Path

import pytest

from gridmap.intake import Kind, doctor, watch
from gridmap.intake.choices import Choices
from gridmap.store import Project

HOURS = "".join(f"KQ01,2026-01-01 {h:02d}:00,{900 + h}\n" for h in range(20))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _names(files: list[watch.NewFile]) -> list[str]:
    return [file.path.name for file in files]


def test_only_complete_files_and_each_once(tmp_path: Path) -> None:
    eyes = watch.FolderWatch(tmp_path)
    path = _write(tmp_path / "a.csv", "x\n")
    for name in (".b.csv", "~$c.xlsx", "d.csv.part", "e.doc", "f.tmp"):
        _write(tmp_path / name, "x\n")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    assert eyes.poll() == []  # seen for the first time
    _write(path, "x\ny\n")
    assert eyes.poll() == []  # still being written
    assert _names(eyes.poll()) == ["a.csv"]
    assert eyes.poll() == []
    _write(path, "x\ny\nz\n")
    assert eyes.poll() == []
    [again] = eyes.poll()
    eyes.loaded(again)
    _write(tmp_path / "copy.csv", "x\ny\nz\n")
    os.utime(path)
    assert [eyes.poll(), eyes.poll(), eyes.poll()] == [[], [], []]  # the same content


def test_a_folder_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    eyes = watch.FolderWatch(tmp_path / "none")
    assert [eyes.poll(), eyes.poll()] == [[], []]


def test_what_was_decided_once_holds_for_the_next_file(project: Project, tmp_path: Path) -> None:
    first = _write(tmp_path / "一月.csv", "站点,时间,CO\n" + HOURS)
    digest = watch.FolderWatch(tmp_path)
    digest.poll()
    [new] = digest.poll()
    left = watch.take(project, new)
    assert left.report is None
    assert "CO" in left.reason
    assert project.revision == 1
    [source] = doctor.find_sources([first])
    doctor.load_case(project, doctor.settled(source, Choices(), project))
    second = _write(tmp_path / "二月.csv", "站点,时间,CO\n" + HOURS.replace("-01-01", "-02-01"))
    eyes = watch.FolderWatch(tmp_path, watch.loaded_before(project))
    eyes.poll()
    [new] = eyes.poll()
    assert new.path == second
    taken = watch.take(project, new, actor="守候")
    assert taken.report is not None
    assert (taken.report.readings, taken.report.rows_held_back) == (20, 0)
    assert Kind.UNIT_CONVERTED in {f.kind for f in taken.report.findings}
    assert project.series.read("KQ01", "co")["value"].iloc[-1] == 0.919
    assert new.sha256 in watch.loaded_before(project)
    project.undo()
    assert new.sha256 in watch.loaded_before(project)


def test_a_known_name_without_its_code_is_asked(
    project: Project, tmp_path: Path, shared: Path
) -> None:
    _write(tmp_path / "站.csv", "编码,名称,类别,经度,纬度\nS1,一号站,空气站,120.75,30.75\n")
    [source] = doctor.find_sources([tmp_path / "站.csv"])
    doctor.load_case(project, doctor.settled(source, Choices(target="stations"), project))
    path = _write(tmp_path / "a.csv", "站点,时间,氨氮(mg/L)\n一号站,2026-01-01 00:00,1\n")
    left = watch.take(project, watch.NewFile(path, "x"))
    assert "S1" in left.reason
    [source] = doctor.find_sources([path])
    doctor.load_case(project, doctor.settled(source, Choices(), project))
    _write(path, "站点,时间,氨氮(mg/L)\n一号站,2026-01-01 01:00,2\n")
    assert watch.take(project, watch.NewFile(path, "y")).report is not None
    assert project.series.read("S1", "nh3n")["value"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("text", ["", "nothing\n", "站点,时间,氨氮(mg/L)\nS,昨天,1\n"])
def test_what_cannot_be_loaded_is_told(project: Project, tmp_path: Path, text: str) -> None:
    path = _write(tmp_path / "a.csv", text)
    left = watch.take(project, watch.NewFile(path, "x"))
    assert left.report is None
    assert left.reason
    assert project.revision == 1


def test_a_platform_file_takes_its_year_from_its_own_name(
    project: Project, tmp_path: Path, shared: Path
) -> None:
    original = shared / "data" / "dirty" / "cnemc_water_2020-12-01.json"
    [source] = doctor.find_sources([original])
    doctor.load_case(project, doctor.settled(source, Choices(), project))
    path = tmp_path / "cnemc_water_2021-12-01.json"
    path.write_bytes(original.read_bytes() + b"\n")
    taken = watch.take(project, watch.NewFile(path, "x"))
    assert taken.report is not None, taken.reason
    years = project.series.read("沿河城", "ph").index.year.tolist()
    assert years == [2020, 2021]
