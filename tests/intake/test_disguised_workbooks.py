"""Workbooks that are something else: read as what they are, or said in one sentence."""

import base64
import csv
import html
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.fixtures.commandline import Run
from tests.fixtures.importing import Office

HEAD = ["编码", "名称", "经度", "纬度"]
ROWS = [["000101", "河水发臭 <严重>", "120.7512", "30.7421"],
        ["000102", "夜间排污 & 泡沫", "120.7630", "30.7558"]]  # fmt: skip
PLACES = [(120.7512, 30.7421), (120.763, 30.7558)]


def _page(charset: str = "gb2312") -> str:
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in [HEAD, *ROWS]
    )
    return (
        f'<html><head><meta charset="{charset}"></head><body><table><tr><td>打印</td></tr></table>'
        f'<table><tr><th colspan="4">信访件导出</th></tr>{lines}</table></body></html>'
    )


def _mhtml() -> bytes:
    body = base64.encodebytes(_page().encode("gbk")).decode()
    return (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n--B\n'
        'Content-Type: text/html; charset="gb2312"\nContent-Transfer-Encoding: base64\n\n'
        f"{body}\n--B--\n"
    ).encode()


def _xml() -> bytes:
    rows = "".join(
        "<Row>" + "".join(f"<Cell><Data>{html.escape(c)}</Data></Cell>" for c in row[:2])
        + '<Cell ss:Index="4"><Data>' + f"{row[2]}</Data></Cell><Cell><Data>{row[3]}</Data></Cell>"
        + "</Row>"
        for row in [HEAD, *ROWS]
    )  # fmt: skip
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}">'
        f'<Worksheet ss:Name="信访"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


def _tabs() -> bytes:
    return "\r\n".join("\t".join(row) for row in [HEAD, *ROWS]).encode("gbk")


WRITTEN: dict[str, bytes] = {
    "html": _page().encode("gbk"),
    "html, utf-8": b"\xef\xbb\xbf" + _page("utf-8").encode(),
    "mhtml": _mhtml(),
    "xml": _xml(),
    "tabs": _tabs(),
}


def _check(office: Office) -> None:
    frame = office.frame("outlets").sort_values("code")
    assert frame["code"].tolist() == ["000101", "000102"]
    assert frame["name"].tolist() == [row[1] for row in ROWS]
    assert [(p.x, p.y) for p in frame.geometry] == PLACES


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_called_a_workbook_is_read_as_what_it_is(
    office: Office, gridmap: Run, name: str
) -> None:
    path = office.folder / "导出.xls"
    path.write_bytes(WRITTEN[name])
    said = office.take(path, "--layer", "outlets", "--accept")
    _check(office)
    if name != "tabs":
        assert "名为工作簿，其实是" in said.out
    out = office.folder / "答复.csv"
    assert gridmap("assign", path, "-o", out).code == 0
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["主责网格"] for row in csv.DictReader(stream)] == ["新兴街道", "建设街道"]


def test_a_renamed_workbook(office: Office) -> None:
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    path = office.folder / "新版.xlsx"
    book.save(path)
    office.take(path.rename(path.with_suffix(".xls")), "--layer", "outlets", "--accept")
    _check(office)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "内容与其格式不符"),
        (b"PK\x03\x04" + b"\1" * 600, "文件不完整或已损坏"),
        (b"<html><body>502</body></html>", "内容与扩展名不符"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"), "打开密码",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_the_users_words(
    office: Office, content: bytes, words: str
) -> None:
    path = office.folder / "表.xlsx"
    path.write_bytes(content)
    said = office.take(path, "--layer", "outlets")
    assert said.code != 0
    assert words in said.err
    for english in ("OLE", "Cfb", "EOCD", "Invalid", "error", "codec"):
        assert english not in said.err


def test_the_case(office: Office, case: Callable[[str], Path]) -> None:
    for path in sorted(case("16-xls-disguised").glob("*")):
        if path.suffix == ".md":
            continue
        said = office.take(path, "--layer", "outlets", "--column", "code=工单号",
                           "--column", "name=投诉内容", "--replace", "--accept")  # fmt: skip
        if "加密" in path.name:
            assert "打开密码" in said.err
            continue
        _check(office)
