"""`gridmap alerts` on a copy of the example."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from gridmap import shipped
from gridmap.store import Project


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example whose alerts are evaluated."""
    from gridmap.cli import run  # noqa: PLC0415

    path = tmp_path_factory.mktemp("cli") / "nanhu.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", path)
    assert run(["alerts", "--project", str(path), "--evaluate", "--lang", "en"]) == 0
    return path


@pytest.fixture
def file(evaluated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(evaluated, tmp_path / "nanhu.gpkg"))


def test_the_list_and_its_filters(gridmap, evaluated):
    said = gridmap("alerts", "--project", evaluated)
    assert said.code == 0
    lines = said.out.strip().splitlines()
    assert len(lines) == 5
    assert "Ⅰ级 红色" in lines[0]
    assert "氨氮" in lines[0]
    assert len(gridmap("alerts", "--project", evaluated, "--grade", "red").out.splitlines()) == 3
    one = gridmap("alerts", "--project", evaluated, "--station", "KQ12").out.splitlines()
    assert len(one) == 1
    every = gridmap("alerts", "--project", evaluated, "--all", "--since", "2026-11-01", "--json")
    assert every.data["schema"] == "gridmap.alerts/1"
    assert all(alert["last"] >= "2026-10" for alert in every.data["alerts"])
    parts = gridmap("alerts", "--project", evaluated, "--all", "--parts", "--json").data["alerts"]
    assert any(alert["part_of"] for alert in parts)


def test_show_names_reason_people_and_readings(gridmap, evaluated):
    (alert,) = gridmap(
        "alerts", "--project", evaluated, "--station", "WS03", "--json"
    ).data["alerts"]  # fmt: skip
    said = gridmap("alerts", "show", alert["id"], "--project", evaluated)
    for expected in ("东栅街道", "示例镇级河长07", "GB 3838-2002", "3.657 mg/L", "102****"):
        assert expected in said.out
    full = gridmap("alerts", "show", alert["id"], "--project", evaluated, "--json", "--full-phones")
    assert full.data["alerts"][0]["verdict"]["river"]["chiefs"][0]["phone"].startswith("102000")


def test_steps_from_the_command_line(gridmap, file):
    alert = gridmap("alerts", "--project", file, "--json").data["alerts"][0]["id"]
    assert gridmap("alerts", "--project", file, "--acknowledge", alert, "--by", "张三").code == 0
    assert gridmap("alerts", "--project", file, "--assign", alert, "--by", "张三").code == 0
    refused = gridmap("alerts", "--project", file, "--close", alert, "--by", "张三")
    assert refused.code == 1
    assert "原因" in refused.err
    closed = gridmap(
        "alerts", "--project", file, "--close", alert, "--by", "李四", "--note", "已整改"
    )
    assert "已关闭" in closed.out
    assert "--by" not in gridmap("alerts", "--project", file, "--reopen", alert, "--by", "王五").err
    shown = gridmap("alerts", "show", alert, "--project", file).out
    assert "已整改" in shown
    with Project.open(file, read_only=True) as project:
        assert list(project.log()["action"][-4:]) == [
            "alert_acknowledge", "alert_assign", "alert_close", "alert_reopen"
        ]  # fmt: skip


def test_a_full_run_finds_the_same(gridmap, file):
    before = gridmap("alerts", "--project", file, "--all", "--parts", "--json").data
    said = gridmap(
        "alerts", "--project", file, "--evaluate", "--full", "--until", "2026-11-22T08:00"
    )  # fmt: skip
    assert "新增 0，延续 0，恢复 0，撤销 0" in said.err
    assert gridmap("alerts", "--project", file, "--all", "--parts", "--json").data == before


def test_rules_go_out_and_come_back(gridmap, file, tmp_path):
    listed = gridmap("alerts", "rules", "list", "--project", file).out
    assert "water_exceedance" in listed
    target = tmp_path / "rules.toml"
    assert gridmap("alerts", "rules", "export", "--project", file, "-o", target).code == 0
    text = target.read_text(encoding="utf-8")
    target.write_text(text.replace("enabled = false", "enabled = true"), encoding="utf-8")
    said = gridmap("alerts", "rules", "import", target, "--project", file, "--by", "张三")
    assert "1 条与程序自带的不同" in said.out
    target.write_text(text.replace("duration = 2", "duration = -1", 1), encoding="utf-8")
    refused = gridmap("alerts", "rules", "import", target, "--project", file)
    assert refused.code == 1
    for told in ("water_exceedance", "duration", "rules.toml"):
        assert told in refused.err


def test_changed_rules_say_that_an_evaluation_is_due(gridmap, file, tmp_path):
    assert gridmap("alerts", "--project", file).err == ""
    target = tmp_path / "rules.toml"
    gridmap("alerts", "rules", "export", "--project", file, "-o", target)
    text = target.read_text(encoding="utf-8")
    [before] = [one for one in text.split("[[rule]]") if 'id = "water_exceedance"' in one]
    changed = before.replace("duration = 2", "duration = 3") + 'without = ["WS04", "WS99"]\n'
    target.write_text("[[rule]]" + changed, encoding="utf-8")
    said = gridmap("alerts", "rules", "import", target, "--project", file, "--by", "张三")
    assert "没有站点 WS99" in said.out
    assert "尚未评估：water_exceedance" in said.err
    assert "除 WS04, WS99 外全部" in gridmap("alerts", "rules", "list", "--project", file).out
    assert "请用 --evaluate 评估" in gridmap("alerts", "--project", file).err
    assert "尚未评估" not in gridmap("alerts", "--project", file, "--evaluate").err
    assert "尚未评估" not in gridmap("alerts", "--project", file).err


def test_a_sheet(gridmap, evaluated, tmp_path):
    target = tmp_path / "预警.xlsx"
    assert gridmap("alerts", "--project", evaluated, "-o", target).code == 0
    assert openpyxl.load_workbook(target).worksheets[0].max_row == 6


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--grade", "pink"), 2, "pink"),
        (("--since", "gestern"), 2, "gestern"),
        (("--evaluate",), 2, "--project"),
        (("frobnicate",), 2, "frobnicate"),
        (("show",), 2, "alerts show"),
        (("show", "A-0"), 1, "A-0"),
        (("rules", "import"), 2, "--project"),
        (("rules", "burn"), 2, "burn"),
        (("--close", "A-0", "--reopen", "A-0"), 2, "一个"),
        (("-o", "x.doc"), 2, ".xlsx"),
    ],
)
def test_mistakes_are_told(gridmap, arguments, code, told):
    said = gridmap("alerts", *arguments)
    assert (said.code, told in said.err) == (code, True)


def test_without_alerts_it_says_what_to_do(gridmap):
    said = gridmap("alerts")
    assert said.code == 0
    assert "--evaluate" in said.out
