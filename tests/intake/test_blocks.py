"""A file read block by block is the file read whole."""

import gzip
from pathlib import Path

import pytest

from gridmap.intake import IntakeError, door
from gridmap.intake.files import delimited, sheet_blocks
from gridmap.intake.files.tables import ReadOptions, text_of
from gridmap.intake.findings import Kind

PLAIN = "编号,地点,备注\n1,新丰镇,a\n2,余新镇,\n\n3,凤桥镇,b\n"
BROKEN = "编号,地点,备注\n1,新丰镇,a\n2,余新镇\n3,凤桥镇,b,多\n\n5,大桥镇,c\n"
TITLED = '某区投诉登记表,,\n"二〇二六年\n十一月",,\n' + BROKEN
QUOTED = '编号,地点,备注\n1,"新丰,镇","两\n行"\n2,余新镇,"说""话"\n,,\n'
BARS = PLAIN.replace(",", "|")
LATER = "no,where,note\n" + "1,x,y\n" * 200_000 + "2,余新镇,晚到的汉字\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [PLAIN, BROKEN, TITLED, QUOTED, BARS])
def test_blocks_and_the_whole_agree(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(text.encode(encoding))
    whole = delimited.read(path, ReadOptions())
    stream = delimited.stream(path, ReadOptions())
    rows = [row for block in stream for row in block.to_pylist()]
    assert stream.layout.encodings == whole.encodings
    assert list(stream.layout.names) == list(whole.cells.columns)
    cleaned = [{name: text_of(cell) for name, cell in row.items()} for row in rows]
    assert cleaned == whole.cells.to_dict("records")
    malformed = [f.row for f in whole.findings if f.kind is Kind.MALFORMED_ROW]
    assert [number for number, _ in stream.broken] == malformed


def test_rows_keep_the_numbers_a_person_sees(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(TITLED, encoding="utf-8")
    whole = delimited.read(path, ReadOptions())
    assert whole.header_row == 3
    assert whole.rows.tolist() == [4, 8]
    assert [f.row for f in whole.findings] == [5, 6]


def test_an_encoding_that_shows_late_in_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "长表.csv"
    path.write_bytes(LATER.encode("gb18030"))
    stream = delimited.stream(path, ReadOptions())
    last = list(stream)[-1]
    assert stream.layout.encodings[0].encoding == "gb18030"
    assert last.column("note")[-1].as_py() == "晚到的汉字"


def test_a_sheet_may_lie_in_an_archive_or_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "表.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    sheet = sheet_blocks.open_sheet(door.source_of(path))
    [block] = list(sheet)
    assert block.column("地点").to_pylist() == ["新丰镇", "余新镇", "凤桥镇"]
    with pytest.raises(IntakeError) as caught:
        sheet_blocks.open_sheet(door.source_of(tmp_path / "无.csv"))
    assert caught.value.key == "intake.error.missing_file"
