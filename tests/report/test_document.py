"""One document, every medium: what one says, the others say, and data never become markup."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gridmap.report.document import (
    ANSWER,
    SIGNED,
    Callout,
    Column,
    Document,
    Kind,
    Line,
    Paragraph,
    PictureOf,
    Rows,
    Section,
    Strip,
    Strips,
    Table,
    Task,
    Tasks,
    Tone,
    Word,
)
from gridmap.report.html import document_html
from gridmap.report.json import json_data, json_text
from gridmap.report.saving import save
from gridmap.report.terminal import terminal_text
from gridmap.report.writing import WriteError

EVIL = "=1+1<b>\x1b[31m\u202e"
SECTION = Section("grid", "责任", (Line("镇", EVIL, "138****0001", Tone.BAD, strong=True),))
ROWS = Rows("rows", "行", (Column(0.5, "甲"), Column(0.5, "乙")), ((Word("一"), Word("二")),))
_NAMES = "quiet line ground text good warn bad good_ground warn_ground bad_ground quiet_ground"
COLOURS = dict.fromkeys(_NAMES.split(), "#000000")
STRIP = Strip("东栅", "Ⅲ", (("Ⅱ", "#0000ff"),))


def document(**changes: object) -> Document:
    made = Document(
        kind="test",
        headline="大桥镇",
        tone=Tone.GOOD,
        sentence="在镇内。",
        advice="通知。",
        body=(SECTION,),
        paper=(
            ANSWER, PictureOf("map", 40.0, noted=True), SECTION, ROWS,
            Tasks("calls", "电话", ("打勾", "谁", "号码", "之前"),
                  (Task("1", "镇长", "102****0001", "08:00", "细节"),), "无人", ("谁打", "几点")),
            Strips("strip", "类别", ("断面", "目标", "26-10"), (STRIP,)),
            Callout("公示牌", ("河长：某某",)), Paragraph(("一句话。",)), SIGNED,
        ),
        tables=(
            Table("名单", {"名": [EVIL, None], "数": [1, None]}, {"数": Kind.WHOLE}),
            Table("说明", {"项": ["甲"]}),
        ),
        data={"phone": "10200010001", "deep": [{"phone": None}, {"phone": "1020001"}], "x": 1 / 3},
        heading="单",
        project_title="试点",
    )  # fmt: skip
    return replace(made, **changes)


def test_the_terminal_is_told_no_commands() -> None:
    text = terminal_text(document(example=True))
    assert text.startswith("● 大桥镇\n  在镇内。")
    assert "=1+1<b>" in text
    assert not re.search(r"[\x1b\u202e]", text)
    assert text.splitlines()[-1].strip()


def test_the_card_shows_markup_as_text() -> None:
    html = document_html(document(), COLOURS)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_phones_are_masked_wherever_they_stand_unless_asked() -> None:
    masked = json.loads(json_text(document()))
    assert masked["phone"] == "102****0001"
    assert masked["deep"] == [{"phone": None}, {"phone": "102****0001"}]
    assert json_data(document(), full_phones=True)["phone"] == "10200010001"


def test_every_block_can_be_printed_and_pictures_are_painted_once() -> None:
    gui = pytest.importorskip("PySide6.QtGui")
    from gridmap.report.printing import printed  # noqa: PLC0415  needs Qt

    painted: list[str] = []

    def paint() -> Any:
        painted.append("map")
        image = gui.QImage(400, 200, gui.QImage.Format.Format_RGB32)
        image.fill(0x88AA88)
        return image

    shown = document().showing(date(2026, 11, 22), map=paint)
    for dense in (False, True):
        assert printed(replace(shown, dense=dense)).startswith(b"%PDF-")
    assert painted == ["map", "map"]
    assert printed(document(), ".png").startswith(b"\x89PNG")


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".tsv", ".json", ".txt", ".pdf", ".png"])
def test_the_ending_says_which_renderer_saves(tmp_path: Path, suffix: str) -> None:
    if suffix in {".pdf", ".png"}:
        pytest.importorskip("PySide6")
    path = save(document(), tmp_path / f"答复{suffix}")
    assert path.stat().st_size
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(WriteError, match="没有"):
        save(document(), tmp_path / "没有" / f"答复{suffix}")


def test_sheets_keep_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save(document(), tmp_path / "a.xlsx"))
    assert book.sheetnames == ["名单", "说明"]
    first = book["名单"]["A2"]
    assert (first.data_type, book["名单"]["B2"].value, book["名单"]["A3"].value) == ("s", 1, None)
    csv = save(document(), tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert csv.splitlines()[1].startswith("\"'=1+1<b>")
    assert [one.name for one in tmp_path.glob("*.csv")] == ["a.csv"]
    save(document(spread=True), tmp_path / "b.csv")
    assert {one.name for one in tmp_path.glob("b*.csv")} == {"b.csv", "b-说明.csv"}
