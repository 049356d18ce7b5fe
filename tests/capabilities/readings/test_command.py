"""`gridmap readings`: import, watch, export that comes back, figures."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from gridmap.store import Project

ZONE = "Asia/Shanghai"
REPOSITORY = Path(__file__).resolve().parents[3]
TABLE = (
    "断面,监测时间,水质类别,站点情况,总磷(mg/L),总磷_原始值,氨氮(mg/L)\n"
    "=甲,2026-01-01 00:00,Ⅱ,正常,0.10,0.10007,<0.025\n"
    "=甲,2026-01-01 04:00,Ⅱ,维护,0.11,0.11234,--\n"
    "乙,2026-01-01 04:00,Ⅱ,正常,0.12,,0.3\n"
)


@pytest.fixture
def made(project_path: Path, tmp_path: Path, gridmap):
    Project.create(project_path, title="试点").close()
    table = tmp_path / "水质.csv"
    table.write_text(TABLE, encoding="utf-8")
    said = gridmap("readings", "import", project_path, table)
    assert said.code == 0, said.err
    return project_path


def _details(path: Path, station: str, item: str) -> pd.DataFrame:
    with Project.open(path, read_only=True) as project:
        return project.series.details(station, item).drop(columns="arrived")


def test_what_is_imported_and_told(made: Path, gridmap, tmp_path: Path) -> None:
    found = _details(made, "=甲", "tp")
    assert found["value"].tolist() == [0.10007, 0.11234]
    assert found["shown"].tolist() == [0.1, 0.11]
    assert found["flag"].tolist() == ["", "维护"]
    path = tmp_path / "again.csv"
    path.write_text(TABLE.replace("0.12,,", "0.13,,").replace("0.3\n", "\n"), encoding="utf-8")
    said = gridmap("readings", "import", made, path)
    assert "1 个读数替换" in said.out
    assert "1 个空读数" in said.out


def test_a_question_is_asked_once(made: Path, gridmap, tmp_path: Path) -> None:
    rows = "".join(f"KQ01,2026-01-01 {h:02d}:00,{900 + h},{30 + h}\n" for h in range(20))
    path = tmp_path / "a.csv"
    path.write_text("站点,时间,CO,PM2.5\n" + rows, encoding="utf-8")
    said = gridmap("readings", "import", made, path)
    assert said.code == 1
    assert "μg/m³" in said.err
    assert "--accept" in said.err
    said = gridmap("readings", "import", made, path, "--accept")
    assert said.code == 0
    assert "已采纳的建议：CO: " in said.out
    assert "错误" not in said.out
    assert _details(made, "KQ01", "co")["value"].iloc[0] == 0.9
    path.write_text("站点,时间,CO,PM2.5\n" + rows.replace("-01-01", "-02-01"), encoding="utf-8")
    assert gridmap("readings", "import", made, path).code == 0
    assert len(_details(made, "KQ01", "co")) == 40


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_is_exported_comes_back(
    made: Path, gridmap, tmp_path: Path, ending: str, language: str
) -> None:
    target, copy = tmp_path / f"读数.{ending}", tmp_path / "copy.gpkg"
    said = gridmap("--lang", language, "readings", "export", "--project", made, "-o", target)
    assert said.code == 0, said.err
    assert "6" in said.out
    Project.create(copy, title="copy").close()
    said = gridmap("readings", "import", copy, target)
    assert said.code == 0, said.err
    with Project.open(made, read_only=True) as project:
        keys = project.series.keys()
    names = {"=甲": "'=甲" if ending in {"csv", "tsv"} else "=甲"}  # defused for spreadsheets
    for station, item in zip(keys["station"], keys["item"], strict=True):
        back = _details(copy, names.get(station, station), item)
        pd.testing.assert_frame_equal(back, _details(made, station, item))


def test_wide_and_with_revisions(made: Path, gridmap, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_text("断面,监测时间,总磷(mg/L)\n乙,2026-01-01 04:00,0.5\n", encoding="utf-8")
    assert gridmap("readings", "import", made, again).code == 0
    target = tmp_path / "宽.csv"
    arguments = ("readings", "export", "--project", made, "--wide", "--revisions", "-o", target)
    assert gridmap(*arguments).code == 0
    frame = pd.read_csv(target, dtype=str)
    assert frame.columns.tolist() == [
        "站点编码", "时间", "nh3n(mg/L)", "nh3n_标记", "tp(mg/L)", "tp_标记",
    ]  # fmt: skip
    assert frame["nh3n_标记"].fillna("").tolist() == ["<", "维护", ""]
    assert frame["tp(mg/L)"].tolist() == ["0.10007", "0.11234", "0.5"]
    former = pd.read_csv(tmp_path / "宽-revisions.csv")
    assert former["值"].tolist() == [0.12]
    book = tmp_path / "长.xlsx"
    assert gridmap("readings", "export", "--project", made, "--revisions", "-o", book).code == 0
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["读数", "被替换的读数"]
    assert sheets["读数"]["A2"].data_type == "s"


def test_figures_and_means(made: Path, gridmap) -> None:
    said = gridmap("readings", "stats", "--project", made, "--json")
    rows = {(row["station"], row["item"]): row for row in said.data["readings"]}
    row = rows["=甲", "tp"]
    assert (row["readings"], row["missing"], row["left_out"]) == (2, 0, 1)
    assert row["minimum"] == row["mean"] == row["maximum"] == 0.10007
    assert rows["=甲", "nh3n"]["mean"] == 0.0125  # half the limit, as means count it
    plain = gridmap("readings", "stats", "--project", made, "--station", "乙", "--item", "tp")
    assert plain.out.splitlines()[1].split("\t")[-1] == "0.12"
    assert "没有站点" in gridmap("readings", "stats", "--project", made, "--station", "丙").err
    days = gridmap("readings", "stats", "--project", made, "--period", "day", "--json")
    assert {row["valid"] for row in days.data["readings"]} == {False}


def test_valid_means_of_the_example(gridmap) -> None:
    said = gridmap(
        "readings", "stats", "--station", "WS03", "--item", "nh3n", "--period", "month",
        "--start", "2026-09-01", "--end", "2026-10-31", "--json",
    )  # fmt: skip
    rows = said.data["readings"]
    assert [row["start"] for row in rows] == ["2026-09-01", "2026-10-01"]
    assert all(row["valid"] and 0 < row["mean"] < 5 for row in rows)


def test_means_of_an_outlet_that_measures_itself(gridmap) -> None:
    said = gridmap(
        "readings", "stats", "--station", "91330402EXAM00019H-DW001", "--item", "nh3n",
        "--period", "day", "--start", "2026-11-13", "--end", "2026-11-15", "--json",
    )  # fmt: skip
    before, during, after = (row["mean"] for row in said.data["readings"])
    assert 2 < before < 4
    assert during > 15
    assert after > 25


def test_notes_from_the_command_line(made: Path, gridmap, tmp_path: Path) -> None:
    path = tmp_path / "维护.csv"
    path.write_text(
        "站点,开始时间,结束时间\n乙,2026-01-01 00:00,2026-01-02 00:00\n", encoding="utf-8"
    )
    said = gridmap("readings", "import", made, path, "--notes", "--kind", "维护")
    assert said.code == 0, said.err
    with Project.open(made, read_only=True) as project:
        assert project.series.notes("乙")["kind"].tolist() == ["maintenance"]
    row = gridmap("readings", "stats", "--project", made, "--station", "乙", "--json").data
    assert [one["left_out"] for one in row["readings"]] == [1, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing on Windows")
def test_a_watched_folder_until_ctrl_c(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "来件"
    folder.mkdir()
    (folder / "1.csv").write_text(TABLE.replace("2026-01-01", "2026-01-02"), encoding="utf-8")
    (folder / "2.csv").write_text("站点,时间,氨氮\nS,2026-01-01 00:00,1\n", encoding="utf-8")
    command = [
        sys.executable, str(REPOSITORY / "main.py"), "readings", "import", str(made),
        "--watch", str(folder), "--every", "0.2",
    ]  # fmt: skip
    environment = {**os.environ, "GRIDMAP_LANG": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=environment,
    ) as process:  # fmt: skip
        guard = threading.Timer(120, process.kill)
        guard.start()
        assert process.stdout is not None
        assert process.stderr is not None
        assert "Watching" in process.stdout.readline()
        assert "1.csv" in process.stdout.readline()
        assert "2.csv was left" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        guard.cancel()
    assert process.returncode == 0
    assert "No longer watching." in rest
    assert len(_details(made, "乙", "tp")) == 2


def test_what_is_refused(made: Path, gridmap, tmp_path: Path) -> None:
    assert "--watch" in gridmap("readings", "import", made).err
    assert gridmap("readings", "import", made, "--watch", tmp_path / "none").code == 2
    assert gridmap("readings", "export", "--project", made, "-o", tmp_path / "a.doc").code == 2
    assert gridmap("readings").code == 2
    assert json.loads(gridmap("readings", "stats", "--project", made, "--json").out)
    assert np.isfinite(_details(made, "乙", "tp")["value"]).all()
