"""What is printed is seen before; it gets its title there, and goes to a printer or a file."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QLabel

from gridmap.shell.preview import Preview, print_pages

BESIDE_RIVER = (120.8700, 30.6730)


def pages(preview):
    return [label.pixmap().toImage() for label in preview.findChildren(QLabel, "page")]


def shown(mine):
    preview = mine.window.findChild(Preview)
    mine.until(lambda: len(pages(preview)) > 0)
    return preview


def test_the_map_is_previewed_titled_and_saved(desk, tmp_path, monkeypatch):
    mine = desk()
    mine.press("export_map")
    preview = shown(mine)
    (before,) = pages(preview)
    assert before.width() > before.height()
    mine.type(preview.title, "南湖区一张图")
    mine.until(lambda: pages(preview) != [before])
    target = tmp_path / "图.pdf"
    asked = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *given: (asked.append(given[2]), str(target))[1:] * 2
    )
    mine.click(preview.save_button)
    mine.until(target.is_file)
    assert "南湖区一张图" in asked[0]
    assert target.read_bytes().startswith(b"%PDF")
    preview.close()


def test_the_sheet_of_an_answer_is_previewed(desk):
    mine = desk()
    mine.window.canvas.centre_on(*BESIDE_RIVER, 25_000)
    mine.settle()
    mine.click_map(*BESIDE_RIVER)
    mine.press("print_sheet")
    preview = shown(mine)
    assert preview.title.text() == "责任判定单"
    assert all(page.height() > page.width() for page in pages(preview))
    assert not preview.paper.isEnabled()
    preview.close()


def test_without_an_answer_there_is_nothing_to_preview(desk):
    mine = desk()
    mine.press("print_sheet")
    assert mine.window.findChild(Preview) is None


def test_every_page_goes_to_the_printer(qapp, tmp_path):
    target = tmp_path / "印.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    images = [QImage(QSize(210, 297), QImage.Format.Format_RGB32) for _ in range(3)]
    for image in images:
        image.fill("#336699")
    assert print_pages(images, printer) == 3
    content = target.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 3


def test_the_legend_explains_the_classes_that_are_seen_and_no_others(desk):
    mine = desk()
    mine.settle()
    seen = mine.controller.requests.ask("classes_shown", mine.window.canvas.viewport.extent)
    meanings = [meaning for _, meaning in seen]
    assert any("Ⅱ" in one or "II" in one for one in meanings), meanings
    assert any(one.startswith("空气") for one in meanings)
    assert len(set(seen)) == len(seen)
    assert mine.controller.requests.ask("classes_shown", (0.0, 0.0, 1.0, 1.0)) == ()
