"""The printed sheet: what a reader of the PDF finds, and what happens when it cannot be written."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from PySide6.QtGui import QImage

from gridmap import texts
from gridmap.capabilities.locate.report import document_of
from gridmap.capabilities.locate.work.answering import answer
from gridmap.core.place import Place
from gridmap.report.document import ANSWER, SIGNED, Document, Line, PictureOf, Section, Tone
from gridmap.report.paper import INNER_MM, Style, plain, shortened, wrapped
from gridmap.report.saving import save
from gridmap.report.writing import WriteError
from gridmap.store.example import open_example

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
pytestmark = pytest.mark.usefixtures("qapp")
DAY = date(2026, 11, 22)
MARK = "0123456789abcdef" * 4


def sheet_of(*lines, tone=Tone.WARN, headline="新丰镇 · 临界"):
    section = Section("grid", "网格责任链", tuple(lines))
    return Document(
        kind="verdict",
        headline=headline,
        status="临界",
        tone=tone,
        sentence="在新丰镇内，但距大桥镇边界仅 38 m。",
        advice="与大桥镇会商。",
        body=(section,),
        paper=(ANSWER, PictureOf("map", 78.0, noted=True), section, SIGNED),
        heading=texts.t("verdict.sheet_title"),
        project_title="试点",
        fingerprint=MARK,
    )


def printed(path, sheet, **facts):
    return save(replace(sheet, printed_on=DAY, **facts), path)


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def words(path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


@pytest.fixture
def target(tmp_path):
    return tmp_path / "责任判定单.pdf"


def test_it_is_one_a4_page_with_an_embedded_font(target):
    content = printed(target, sheet_of(Line("乡镇", "新丰镇"))).read_bytes()
    assert content.startswith(b"%PDF-")
    assert pages(target) == 1
    box = re.search(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", content)
    assert [int(side) for side in box.groups()] == [595, 842]
    assert b"GridMapSansSC" in content
    assert b"/ToUnicode" in content


def test_all_of_it_can_be_read_out_again(target):
    found = words(printed(target, sheet_of(Line("乡镇", "新丰镇", "102****0016"))))
    for text in (
        "责任判定单", "项目：试点", "2026-11-22", "新丰镇 · 临界", "仅 38 m", "与大桥镇会商",
        "网格责任链", "102****0016", "承办人", "审核人", "日期", "第 1 页，共 1 页", MARK[:16],
    ):  # fmt: skip
        assert text in found
    assert "示例数据" not in found


def test_an_example_says_so_on_every_page(target):
    lines = [Line("乡镇", f"第 {number} 镇") for number in range(80)]
    printed(target, sheet_of(*lines), example=True)
    assert pages(target) > 1
    sides = words(target).split("\f")[:-1]
    assert len(sides) == pages(target)
    assert all(texts.t("verdict.example_note") in side for side in sides)


def test_what_is_too_long_for_a_page_goes_on_overleaf_and_nothing_is_lost(target):
    lines = [Line("乡镇", f"单位{number:03d}") for number in range(90)]
    endless = Line("说明", "".join(f"第{number:04d}项，" for number in range(1200)))
    found = words(printed(target, sheet_of(*lines, endless, Line("末", "最后一行"))))
    assert set(re.findall(r"单位(\d{3})", found)) == {f"{number:03d}" for number in range(90)}
    whole = re.sub(r"\s", "", found)
    assert sum(f"第{number:04d}项" in whole for number in range(1200)) > 1180  # feet cut a few
    assert f"第 {pages(target)} 页，共 {pages(target)} 页" in found


def test_text_of_data_is_no_markup(target):
    name = "<b>甲&amp;乙</b> <img src=x>\u202e\n丙"
    found = words(printed(target, sheet_of(Line("企业", name)), project_title="<i>试点</i>"))
    assert "<b>甲&amp;乙</b> <img src=x> 丙" in found
    assert "<i>试点</i>" in found


def test_the_fingerprint_is_printed_in_full(target):
    label = texts.t("verdict.basis.fingerprint")
    found = words(printed(target, sheet_of(Line(label, MARK[:16] + "…", whole=MARK))))
    assert MARK in found


def test_a_map_is_put_in_with_its_note(target):
    image = QImage(2000, 900, QImage.Format.Format_RGB32)
    image.fill(0x88AA88)
    printed(target, sheet_of(), pictures={"map": lambda: image})
    assert b"/Subtype /Image" in target.read_bytes()
    assert texts.t("verdict.illustrative_note") in words(target)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("place", [(120.85, 30.72), (120.8121, 30.6547), (120.9325, 30.7425)])
def test_verdicts_of_the_example_in_both_languages(target, language, place):
    texts.use_language(language)
    with open_example(read_only=True) as project:
        verdict = answer(project, Place(*place), DAY)
        sheet = document_of(project, verdict)
    found = re.sub(r"\s", "", words(printed(target, sheet)))
    for section in sheet.sections:
        assert re.sub(r"\s", "", section.title) in found
    assert re.sub(r"\s", "", sheet.headline) in found


def test_a_sheet_that_stood_there_is_replaced_as_a_whole(target):
    target.write_bytes(b"old")
    printed(target, sheet_of())
    assert target.read_bytes().startswith(b"%PDF-")
    assert [file.name for file in target.parent.iterdir()] == [target.name]


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(WriteError) as caught:
        printed(tmp_path / "没有" / "单.pdf", sheet_of())
    assert caught.value.key == "print.error.write"
    assert "没有" in str(caught.value)


def test_a_folder_in_the_way_keeps_its_place(tmp_path):
    (tmp_path / "单.pdf").mkdir()
    with pytest.raises(WriteError):
        printed(tmp_path / "单.pdf", sheet_of())
    assert [file.name for file in tmp_path.iterdir()] == ["单.pdf"]


def test_a_full_disk_leaves_the_old_sheet(target, monkeypatch):
    target.write_bytes(b"old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        printed(target, sheet_of())
    assert target.read_bytes() == b"old"
    assert [file.name for file in target.parent.iterdir()] == [target.name]


def test_wrapping_loses_no_character_even_beyond_the_font():
    text = "𠮷野家𡈽" * 40 + "a" * 300
    lines = wrapped(text, Style(), 60.0)
    assert "".join(lines) == text
    assert len(lines) > 5
    assert wrapped("", Style(), INNER_MM) == []
    assert shortened("短", Style(), 60.0) == "短"
    assert shortened(text, Style(), 60.0) == lines[0] + "…"


def test_plain_text_has_no_control_characters():
    assert plain("甲\n乙\t丙\u200f\u2028丁") == "甲 乙 丙 丁"


def test_it_may_be_written_off_the_gui_thread(target):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(printed, target, sheet_of(Line("乡镇", "新丰镇"))).result(timeout=60)
    assert "新丰镇" in words(target)
