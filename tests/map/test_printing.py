import datetime as dt
import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gridmap import texts
from gridmap.core.declaration import Geometry
from gridmap.map.legend import in_legend, swatch
from gridmap.map.printing import PrintError, Sheet, map_viewport, render_sheet, write_sheet
from gridmap.map.source import MapLayer

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def sheet(layers: list[MapLayer]) -> Sheet:
    return Sheet("示例 · 一张图", layers, dt.date(2026, 11, 22), example=True)


@pytest.mark.parametrize(("paper", "size"), [("A4", (3508, 2480)), ("A3", (4961, 3508))])
def test_png_has_the_pixels_of_300_dpi(
    sheet: Sheet, tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "map.png"
    write_sheet(replace(sheet, paper=paper), path)  # type: ignore[arg-type]
    image = QImage(str(path))
    assert (image.width(), image.height()) == size
    assert round(image.dotsPerMeterX() * 0.0254) == 300


def test_pdf_is_vector_with_an_embedded_font(sheet: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "map.pdf"
    write_sheet(sheet, path)
    data = path.read_bytes()
    box = re.search(rb"/MediaBox \[([\d. ]+)\]", data)
    assert box is not None
    width, height = (float(part) for part in box.group(1).split()[2:])
    assert (round(width), round(height)) == (842, 595)
    assert b"GridMapSansSC" in data
    assert b"/FontFile" in data
    assert b"/Subtype /Image" not in data
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    drawn = b"".join(_inflated(stream) for stream in streams)
    assert drawn.count(b" l\n") > 500


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_the_page_says_what_it_must(sheet: Sheet) -> None:
    page = render_sheet(sheet, dpi=96)
    plain = render_sheet(replace(sheet, example=False), dpi=96)
    assert page != plain
    other_day = render_sheet(replace(sheet, date=dt.date(2020, 1, 1)), dpi=96)
    assert page != other_day
    texts.use_language("en")
    assert render_sheet(sheet, dpi=96) != page


def test_the_same_sheet_gives_the_same_page(sheet: Sheet) -> None:
    assert render_sheet(sheet, dpi=96) == render_sheet(sheet, dpi=96)


def test_legend_lists_what_is_seen(sheet: Sheet) -> None:
    ids = [layer.view.id for layer in in_legend(sheet.layers, map_viewport(sheet))]
    assert ids == ["air", "water", "reach", "river", "ecological", "township"]
    far = map_viewport(sheet).centred(0.0, 0.0)
    assert in_legend(sheet.layers, far) == []


def test_swatches_of_all_kinds_show_something(layers: list[MapLayer]) -> None:
    for layer in layers:
        if layer.view.id != "river_name":
            image = swatch(layer.view, layer.geometry, 2.0)
            assert image.devicePixelRatio() == 2.0
            assert image != _blank(image)
    assert {layer.geometry for layer in layers} == set(Geometry)


def _blank(image: QImage) -> QImage:
    blank = image.copy()
    blank.fill(0)
    return blank


def test_paths_that_cannot_be_written(sheet: Sheet, tmp_path: Path) -> None:
    with pytest.raises(PrintError) as format_error:
        write_sheet(sheet, tmp_path / "map.docx")
    assert "map.docx" in str(format_error.value)
    with pytest.raises(PrintError) as folder_error:
        write_sheet(sheet, tmp_path / "none" / "map.pdf")
    assert folder_error.value.key == "map.error.print_write"
