"""`gridmap readings check`: what it prints, keeps, leaves out and takes back."""

import argparse
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from gridmap import shipped
from gridmap.capabilities.quality.work.checking import stored_findings
from gridmap.capabilities.readings.command import check as readings_check
from gridmap.capabilities.stations.work.exclusions import exclusions
from gridmap.capabilities.stations.work.judged import judged
from gridmap.store import Project
from gridmap.texts import GridMapError

SOME = ("--station", "WS03", "--item", "nh3n")


@pytest.fixture
def file(tmp_path):
    return shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", tmp_path / "nanhu.gpkg")


def check(*arguments):
    parser = argparse.ArgumentParser()
    readings_check.add(parser)
    return readings_check.run(parser.parse_args([str(one) for one in arguments]))


def test_it_says_what_it_found(capsys):
    assert check(*SOME) == 0
    out, err = capsys.readouterr()
    assert "检查了 1 个序列" in out
    assert "尖峰" in out
    assert "2.268 mg/L" in out
    assert "缺测" not in out  # only noted: during maintenance
    assert "--all" in out
    assert "示例" in err
    check(*SOME, "--all")
    assert "缺测" in capsys.readouterr().out


def test_the_page_of_json_lists_every_key(file, capsys):
    page = Path(__file__).resolve().parents[3] / "docs" / "json.md"
    section = page.read_text(encoding="utf-8").split("## `gridmap.quality/1`")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    check("--project", file, *SOME, "--store")
    with Project.open(file, read_only=True) as project:
        identity = stored_findings(project)[0].identity
    check("--project", file, "--exclude", identity, "--why", "a", "--by", "b")
    capsys.readouterr()
    check("--project", file, *SOME, "--json")
    data = json.loads(capsys.readouterr().out)
    printed = {f"{name}[]" if isinstance(rows, list) else name for name, rows in data.items()}
    for name, rows in data.items():
        if isinstance(rows, list):
            printed |= {f"{name}[].{key}" for row in rows for key in row}
    assert printed == documented


def test_json_and_sheet(capsys, tmp_path):
    check(*SOME, "--json", "-o", tmp_path / "q.xlsx")
    data = json.loads(capsys.readouterr().out)
    assert [one["check"] for one in data["findings"] if one["severity"] != "note"] == ["spike"]
    assert "检查结果" in openpyxl.load_workbook(tmp_path / "q.xlsx").sheetnames


def test_a_part_of_the_time(capsys):
    check(*SOME, "--start", "2026-09-01", "--end", "2026-09-11")
    assert "没有需要注意的结果" in capsys.readouterr().out
    check(*SOME, "--start", "2026-09-01", "--end", "2026-09-12")
    # The last readings of a time have too few after them to be called a spike.
    check(*SOME, "--start", "2026-09-01", "--end", "2026-09-13")
    assert "尖峰" in capsys.readouterr().out


def test_findings_are_kept_excluded_and_taken_back(file, capsys):
    check("--project", file, *SOME, "--store", "--by", "张三")
    with Project.open(file, read_only=True) as project:
        (spike,) = [one for one in stored_findings(project) if one.check == "spike"]
    check("--project", file, "--exclude", spike.identity, "--why", "单点尖峰", "--by", "张三")
    assert spike.item not in capsys.readouterr().err
    with Project.open(file, read_only=True) as project:
        (row,) = exclusions(project).to_dict("records")
        assert (row["reason"], row["actor"]) == ("单点尖峰", "张三")
        assert (
            judged(project, "WS03", "nh3n")["why"] == f"excluded:{row['exclusion_id']}"
        ).sum() == 1
        assert project.log()["actor"].iloc[-1] == "张三"
    check("--project", file, "--withdraw", row["exclusion_id"], "--why", "复核", "--by", "李四")
    with Project.open(file, read_only=True) as project:
        assert exclusions(project, active=True).empty


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--store",), "--project"),
        (("--exclude", "F-none", "--why", "a"), "F-none"),
        (("--withdraw", "X-none", "--why", "a", "--by", "b"), "X-none"),
        (("--withdraw", "X-none", "--by", "b"), "理由"),
        (("--station", "WS99"), "WS99"),
        (("--item", "luck"), "luck"),
        (("--start", "yesterday"), "yesterday"),
        (("-o", "q.pdf"), "q.pdf"),
    ],
)
def test_mistakes_are_told(file, arguments, told):
    project = () if "--store" in arguments else ("--project", file)
    with pytest.raises(GridMapError, match=told):
        check(*project, *arguments)


def test_a_project_that_another_writes_to_is_left_alone(file):
    with Project.open(file), pytest.raises(GridMapError, match="nanhu"):
        check("--project", file, *SOME, "--store")
