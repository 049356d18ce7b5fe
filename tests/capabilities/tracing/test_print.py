"""The printed sheet of a trace, and the profile as a picture."""

import re
from datetime import date

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gridmap.capabilities.tracing.picture.drawing import Look, paint_profile
from gridmap.capabilities.tracing.picture.sheet import SIZE, profile_picture
from gridmap.capabilities.tracing.report.document import trace_document
from gridmap.capabilities.tracing.report.profile import profile_of
from gridmap.capabilities.tracing.report.words import TraceWriting, context_of
from gridmap.capabilities.tracing.work.tracing import Asked, trace_of
from gridmap.map.fonts import font
from gridmap.report.saving import save
from gridmap.store.example import open_example
from gridmap.texts import LANGUAGES, use_language

pytestmark = pytest.mark.usefixtures("qapp")
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def words():
    use_language("zh_CN")
    with open_example(read_only=True) as project:
        answer = trace_of(project, Asked("WS03", "nh3n"))
        yield TraceWriting(answer, context_of(project, answer))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_and_a_png(words, tmp_path, language):
    use_language(language)
    picture = QImage(*SIZE, QImage.Format.Format_RGB32)
    picture.fill(QColor("#dcefdc"))
    for suffix, begin in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        path = tmp_path / f"溯源{suffix}"
        document = trace_document(words).showing(
            DAY, map=lambda: picture, profile=lambda: profile_picture(words)
        )
        save(document, path)
        assert path.read_bytes().startswith(begin)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "溯源.pdf").read_bytes())) >= 2
    use_language("zh_CN")


def drawn(words, size, *, travelling, chosen=""):
    answer = words.answer
    profile = profile_of(answer)
    points = profile.at(answer.peak[1], travelling=travelling)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    look = Look(lambda px, bold: font(px, bold=bold), chosen=chosen, travelling=travelling)
    hits = paint_profile(painter, tuple(map(float, size)), profile, points, look)
    painter.end()
    return image, hits, profile


@pytest.mark.parametrize("size", [(420, 190), (900, 300), (2400, 500)])
def test_everything_on_it_can_be_clicked_and_lies_inside(words, size):
    image, hits, profile = drawn(words, size, travelling=True)
    assert {hit.code for hit in hits if hit.kind == "outlet"} == {o.code for o in profile.outlets}
    assert {hit.code for hit in hits if hit.kind == "section"} == {p.code for p in profile.posts}
    room = QRectF(0, 0, *size)
    assert all(room.intersects(hit.box) for hit in hits)
    colours = {
        image.pixelColor(x, y).name() for x in range(0, size[0], 3) for y in (0, size[1] // 2)
    }
    assert len(colours) > 1


def test_the_moment_and_the_choice_change_the_picture(words):
    first, hits, _ = drawn(words, (900, 300), travelling=True)
    code = next(hit.code for hit in hits if hit.kind == "outlet")
    assert drawn(words, (900, 300), travelling=True)[0] == first
    assert drawn(words, (900, 300), travelling=False)[0] != first
    assert drawn(words, (900, 300), travelling=True, chosen=code)[0] != first
