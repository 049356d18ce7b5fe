"""`gridmap assign` and `gridmap export` as somebody types them."""

import csv
import signal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridmap.capabilities.batch.work.assigning import Assigner
from gridmap.store.example import open_example
from tests.complaints import complaints, frame_of, names_of

DAY = ("--on", "2026-11-22")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with open_example(read_only=True) as project:
        rows = complaints(names_of(project), count=700)
    path = tmp_path_factory.mktemp("sheets") / "投诉工单.csv"
    frame_of(rows).to_csv(path, index=False, encoding="gb18030")
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_comes_back_in_order_with_its_columns(gridmap: Any, sheet, tmp_path) -> None:
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    assert said.code == 0
    with sheet.open(encoding="gb18030", newline="") as stream:
        given = list(csv.DictReader(stream))
    rows = read(tmp_path / "out.csv")
    assert [row["工单号"] for row in rows] == [row["工单号"] for row in given]
    assert list(rows[0])[: len(given[0])] == list(given[0])
    for before, after in zip(given, rows, strict=True):
        for name in ("经度", "地点", "受理时间", "内容"):
            assert after[name].removeprefix("'") == before[name]
    assert (
        "读取列：经度 = 经度，纬度 = 纬度，地点 = 地点，日期 = 受理时间，问题类型 = 问题类型"
        in said.err
    )
    line = next(line for line in said.out.splitlines() if " = " in line)
    total, _, parts = line.partition(" = ")
    assert int(total) == sum(int(part) for part in parts.split(" + ")) == 700
    for kind, count in (one.split("\t") for one in said.out.splitlines() if "\t" in one):
        assert sum(row["判定状态"] == kind for row in rows) == int(count)
    assert all(row["数据"].startswith("示例数据") for row in rows if row["结果指纹"])


def test_who_reported_is_hidden_unless_asked(gridmap: Any, sheet, tmp_path) -> None:
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    assert "已遮蔽反映人信息：投诉人、联系电话" in said.err
    hidden = read(tmp_path / "out.csv")
    assert all("*" in row["投诉人"] and "*" in row["联系电话"] for row in hidden)
    gridmap("assign", sheet, "-o", tmp_path / "all.csv", *DAY, "--show-personal")
    shown = read(tmp_path / "all.csv")
    assert all(row["联系电话"].startswith("138") and "*" not in row["联系电话"] for row in shown)


def test_a_workbook_in_and_out_with_summaries(gridmap: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "地点", "说明"])
    book.active.append(["007", "向阳桥东 200 米", "=HYPERLINK(1)"])
    book.active.append(["008", "120.85,30.72", "正常"])
    book.active["C2"].data_type = "s"
    book.save(tmp_path / "in.xlsx")
    said = gridmap(
        "assign", tmp_path / "in.xlsx", "-o", tmp_path / "out.xlsx", *DAY,
        "--summary", tmp_path / "sum.csv",
    )  # fmt: skip
    assert said.code == 0
    out = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert out.sheetnames == ["批量定责", "按网格汇总", "按河长汇总", "说明"]
    rows = list(out.worksheets[0].values)
    assert rows[1][:3] == ("007", "向阳桥东 200 米", "=HYPERLINK(1)")
    assert out.worksheets[0]["C2"].data_type == "s"
    assert rows[2][rows[0].index("主责网格")] == "大桥镇"
    assert isinstance(rows[2][rows[0].index("主责网格编码")], str)
    assert {row["类别"] for row in read(tmp_path / "sum.csv")} == {"主责网格", "河长"}


def test_columns_can_be_named(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "in.tsv"
    path.write_text("a\tb\tc\n120.85\t30.72\t新丰镇\n", encoding="utf-8")
    lost = gridmap("assign", path, "-o", tmp_path / "o.csv")
    assert lost.code == 2
    assert "看不出哪一列" in lost.err
    named = ("--lon-column", "a", "--lat-column", "b")
    assert gridmap("assign", path, "-o", tmp_path / "o.csv", *named, *DAY).code == 0
    assert read(tmp_path / "o.csv")[0]["主责网格"] == "大桥镇"
    gridmap("assign", path, "-o", tmp_path / "o.csv", "--place-column", "c", *DAY)
    assert read(tmp_path / "o.csv")[0]["主责网格"] == "新丰镇"
    wrong = gridmap("assign", path, "-o", tmp_path / "o.csv", "--lon-column", "x")
    assert (wrong.code, "没有列“x”" in wrong.err) == (2, True)


def test_datum_zone_and_problem(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("X,Y\n485630.1,3399999.9\n", encoding="utf-8")
    gridmap("assign", path, "-o", tmp_path / "o.csv", *DAY)
    assert read(tmp_path / "o.csv")[0]["说明"] == "米制坐标缺带号"
    said = gridmap(
        "assign", path, "-o", tmp_path / "o.csv", *DAY, "--crs", "EPSG:4549", "--problem", "水污染"
    )
    assert said.code == 0
    assert read(tmp_path / "o.csv")[0]["主办部门"].endswith("水环境科")
    assert gridmap("assign", path, "-o", tmp_path / "o.csv", "--crs", "EPSG:3857").code == 2
    assert gridmap("assign", path, "-o", tmp_path / "o.csv", "--problem", "fire").code == 2


def test_rows_that_cannot_be_split_are_told(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("编号,地点\n1,新丰镇\n2,余新镇,多了一格\n3,凤桥镇\n", encoding="utf-8")
    said = gridmap("assign", path, "-o", tmp_path / "o.csv", *DAY)
    assert said.code == 1
    assert "有 1 行无法拆分成单元格" in said.err
    assert [row["编号"] for row in read(tmp_path / "o.csv")] == ["1", "3"]


def test_a_sheet_without_rows(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("编号,地点\n", encoding="utf-8")
    said = gridmap("assign", path, "-o", tmp_path / "o.csv", *DAY)
    assert said.code == 0
    assert "0 = 0 + 0 + 0 + 0 + 0 + 0" in said.out
    assert read(tmp_path / "o.csv") == []
    assert "主责网格" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")


def test_stopping_leaves_no_file_and_says_so(gridmap: Any, sheet, tmp_path, monkeypatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Assigner, "assign", stop)
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    assert said.code == 130
    assert "已取消" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_signal_is_heard_between_two_steps(gridmap: Any, sheet, tmp_path, monkeypatch) -> None:
    assign = Assigner.assign

    def interrupted(self: Assigner, table: Any, watch: Any = None) -> Any:
        signal.raise_signal(signal.SIGINT)
        return assign(self, table, watch)

    monkeypatch.setattr(Assigner, "assign", interrupted)
    before = signal.getsignal(signal.SIGINT)
    said = gridmap("assign", sheet, "-o", tmp_path / "out.csv", *DAY)
    assert said.code == 130
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("none.csv", None, 1, "找不到文件"),
        ("empty.csv", b"", 1, "没有表头"),
        ("latin.csv", b"\xff\x80\x81,\xe9\n1,2\n", 1, "UTF-8"),
        ("x.pdf", b"%PDF", 1, ""),
    ],
)
def test_what_cannot_be_read(gridmap: Any, tmp_path, name, content, code, says) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    said = gridmap("assign", path, "-o", tmp_path / "o.csv")
    assert said.code == code
    assert says in said.err
    assert not (tmp_path / "o.csv").exists()


def test_the_sheet_itself_is_never_overwritten(gridmap: Any, sheet: Path) -> None:
    before = sheet.read_bytes()
    said = gridmap("assign", sheet, "-o", sheet)
    assert (said.code, "不能覆盖输入" in said.err) == (2, True)
    assert sheet.read_bytes() == before


def test_export(gridmap: Any, tmp_path: Path) -> None:
    said = gridmap("export", "grid_units", "-o", tmp_path / "u.csv", "--where", "tier=township")
    assert (said.code, said.out.strip()) == (0, "已导出 13 条：u.csv")
    assert len(read(tmp_path / "u.csv")) == 13
    assert gridmap("export", "moons", "-o", tmp_path / "u.csv").code == 1
    assert gridmap("export", "grid_units", "-o", tmp_path / "u.dwg").code == 2
    assert gridmap("export", "grid_units", "-o", tmp_path / "u.csv", "--where", "tier").code == 2


def test_in_english(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("lon,lat\n120.85,30.72\n", encoding="utf-8")
    said = gridmap("assign", path, "-o", tmp_path / "o.csv", *DAY, "--lang", "en")
    assert said.code == 0
    assert read(tmp_path / "o.csv")[0]["Status"] == "certain"
