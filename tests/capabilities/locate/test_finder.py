"""The search box as somebody uses it: what is suggested is what Enter takes."""

import pytest

pytest.importorskip("PySide6")

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget, QTextBrowser

from gridmap.capabilities.locate.page.search_box import SearchBox
from gridmap.core.datum import Datum


def box_of(mine: Any) -> Any:
    return mine.window.findChild(SearchBox)


def suggested(mine: Any, text: str) -> list[str]:
    box = box_of(mine)
    mine.type(box, text)
    mine.until(lambda: box.hits_shown)
    rows = mine.window.findChild(QListWidget, "hits")
    return [rows.item(i).text() for i in range(rows.count())]


def card(mine: Any) -> str:
    return str(mine.window.panels["verdict"].findChild(QTextBrowser).toPlainText())


def enter(mine: Any) -> None:
    QTest.keyClick(box_of(mine), Qt.Key.Key_Return)
    mine.settle()


def test_a_place_in_words_is_suggested_as_enter_takes_it(desk: Any) -> None:
    mine = desk()
    rows = suggested(mine, "向阳桥东 200 米")
    assert "按文字定位" in rows[0]
    enter(mine)
    place = mine.controller.session.place
    assert place.text == "向阳桥东 200 米"
    assert f"±{place.radius_m:.0f} m" in rows[0].replace(",", "")


def test_the_first_suggestion_is_what_enter_takes(desk: Any) -> None:
    mine = desk()
    rows = suggested(mine, "新丰")
    enter(mine)
    session, box = mine.controller.session, box_of(mine)
    assert session.place is None or rows[0].startswith(session.place.text)
    assert session.place is not None or box.hits_shown


def test_a_link_of_a_map_is_read_in_its_own_datum_and_the_card_says_so(desk: Any) -> None:
    mine = desk()
    box = box_of(mine)
    mine.type(box, "https://uri.amap.com/marker?position=120.755520,30.739798", enter=True)
    place = mine.controller.session.place
    assert (place.lon, place.lat) == pytest.approx((120.7512, 30.7421), abs=1e-5)
    assert place.datum is Datum.GCJ02
    assert "（按 GCJ-02 读取）" in card(mine)
    mine.press("copy")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415

    assert "（按 GCJ-02 读取）" in QGuiApplication.clipboard().text()


def test_what_is_refused_leaves_no_answer_and_no_pin_of_before(desk: Any) -> None:
    mine = desk()
    box, session, canvas = box_of(mine), mine.controller.session, mine.window.canvas
    for text, said in (
        ("1207512,307421", "没有小数点"),
        ("https://surl.amap.com/3abcXYZ", "链接里没有坐标"),
        ("POLYGON((120.1 30.1, 120.2 30.2, 120.1 30.2, 120.1 30.1))", "只能用点"),
        ("没有这样的名字", "没有"),
    ):
        mine.type(box, "120.7512,30.7421", enter=True)
        assert session.verdict is not None
        assert canvas.state.pin is not None
        mine.type(box, text, enter=True)
        assert (session.verdict, session.place, canvas.state.pin) == (None, None, None)
        assert said in card(mine)
        assert box.text() == text


def test_another_datum_reads_the_text_again(desk: Any) -> None:
    mine = desk()
    box, session = box_of(mine), mine.controller.session
    mine.type(box, "120.755520,30.739798", enter=True)
    before = session.verdict.place
    combo = next(
        one for one in mine.window.top.findChildren(QComboBox) if one.accessibleName() == "坐标基准"
    )
    combo.setFocus()
    while combo.currentText() != "GCJ-02":
        QTest.keyClick(combo, Qt.Key.Key_Down)
    mine.settle()
    after = session.verdict.place
    assert (before.datum, after.datum) == (Datum.CGCS2000, Datum.GCJ02)
    assert (after.lon, after.lat) == pytest.approx((120.7512, 30.7421), abs=1e-5)
    assert "（按 GCJ-02 读取）" in card(mine)


def test_the_box_does_not_keep_a_text_beside_another_pin(desk: Any) -> None:
    mine = desk()
    box = box_of(mine)
    mine.type(box, "120.7512,30.7421", enter=True)
    mine.click_map(120.7512, 30.7422)
    assert mine.controller.session.place.text is None
    assert box.text() == ""
