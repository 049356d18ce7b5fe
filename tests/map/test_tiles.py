import http.server
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gridmap.map import mercator
from gridmap.map.basemap import BaseMap
from gridmap.map.tiles import MBTiles, TileError, TileSource, WebTiles, trim
from gridmap.map.viewport import COARSEST, Viewport

PLACE = mercator.project(120.7, 30.7)


def tile_png(text: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(text))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def view(zoom: int) -> Viewport:
    centre = (float(PLACE[0]), float(PLACE[1]))
    return Viewport(centre, COARSEST / 2**zoom, 300, 200)


@pytest.fixture
def mbtiles(tmp_path: Path, qapp: object) -> Path:
    """Level 5: blue in the west, red in the east of 120.7 E or so, everywhere."""
    path = tmp_path / "base.mbtiles"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        db.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        db.executemany(
            "INSERT INTO metadata VALUES (?, ?)",
            [("format", "png"), ("attribution", "© 示例底图")],
        )
        db.executemany(
            "INSERT INTO tiles VALUES (5, ?, ?, ?)",
            [
                (x, y, tile_png("#ff0000" if 31 - y < 13 else "#0000ff"))
                for x in range(32)
                for y in range(32)
            ],
        )
    db.close()
    return path


@pytest.fixture
def open_base(qapp: object) -> Iterator[Callable[[TileSource], BaseMap]]:
    made: list[BaseMap] = []

    def make(source: TileSource) -> BaseMap:
        made.append(BaseMap(source))
        return made[-1]

    yield make
    for base in made:
        base.close()
        assert not any(thread.is_alive() for thread in base._threads)


def test_tiles_of_a_local_file_are_drawn_north_up(
    mbtiles: Path, open_base: Callable[[TileSource], BaseMap], qtbot: QtBot
) -> None:
    source = MBTiles(mbtiles)
    assert (source.min_zoom, source.max_zoom) == (5, 5)
    base = open_base(source)
    assert base.attribution == "© 示例底图"
    assert base.image(view(5)) is None
    base.want(view(5))
    qtbot.waitUntil(lambda: base.pending == 0)
    image = base.image(view(5))
    assert image is not None
    edge = mercator.HALF_WORLD - 13 * 2 * mercator.HALF_WORLD / 32
    _, y = view(5).to_px(0.0, edge)
    assert 0 < y < 200
    assert image.pixelColor(150, round(y) - 3).name() == "#ff0000"
    assert image.pixelColor(150, round(y) + 3).name() == "#0000ff"


def test_coarser_tiles_stand_in_beyond_the_last_level(
    mbtiles: Path, open_base: Callable[[TileSource], BaseMap], qtbot: QtBot
) -> None:
    base = open_base(MBTiles(mbtiles))
    base.want(view(9))
    qtbot.waitUntil(lambda: base.pending == 0)
    image = base.image(view(9))
    assert image is not None
    assert image.pixelColor(150, 100).alpha() == 255


def test_files_that_are_no_base_map(tmp_path: Path) -> None:
    with pytest.raises(TileError) as missing:
        MBTiles(tmp_path / "none.mbtiles")
    assert missing.value.key == "map.error.tiles_missing"
    foreign = tmp_path / "foreign.mbtiles"
    foreign.write_text("this is no database, but long enough to be read as one" * 50)
    with pytest.raises(TileError) as found:
        MBTiles(foreign)
    assert "foreign.mbtiles" in str(found.value)


@pytest.mark.parametrize(
    ("rows", "form", "key"), [(1, "pbf", "tiles_vector"), (0, "png", "tiles_empty")]
)
def test_mbtiles_without_images(tmp_path: Path, rows: int, form: str, key: str) -> None:
    path = tmp_path / "other.mbtiles"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        db.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        db.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        db.executemany("INSERT INTO tiles VALUES (0, 0, 0, ?)", [(b"x",)] * rows)
    db.close()
    with pytest.raises(TileError) as found:
        MBTiles(path)
    assert found.value.key == f"map.error.{key}"


class Handler(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []
    status: ClassVar[int] = 200
    body: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(qapp: object) -> Iterator[str]:
    Handler.asked, Handler.status, Handler.body = [], 200, tile_png("#00ff00")
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/{{z}}/{{x}}/{{y}}?tk={{key}}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_web_tiles_are_fetched_once_and_kept(
    server: str, tmp_path: Path, open_base: Callable[[TileSource], BaseMap], qtbot: QtBot
) -> None:
    base = open_base(WebTiles(server, key="se cret", attribution="天地图", cache=tmp_path))
    base.want(view(6))
    qtbot.waitUntil(lambda: base.pending == 0)
    image = base.image(view(6))
    assert image is not None
    assert image.pixelColor(10, 10).name() == "#00ff00"
    asked = len(Handler.asked)
    assert asked > 0
    assert all(path.endswith("?tk=se%20cret") for path in Handler.asked)
    again = open_base(WebTiles(server, key="se cret", cache=tmp_path))
    again.want(view(6))
    qtbot.waitUntil(lambda: again.pending == 0)
    assert again.image(view(6)) is not None
    assert len(Handler.asked) == asked
    assert not any("cret" in str(path) for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    ("status", "key"), [(403, "tiles_refused"), (418, "tiles_refused"), (500, "tiles_status")]
)
def test_refusals_say_why(server: str, tmp_path: Path, status: int, key: str) -> None:
    Handler.status = status
    with pytest.raises(TileError) as found:
        WebTiles(server, key="x", cache=tmp_path).tile(3, 1, 1)
    assert found.value.key == f"map.error.{key}"
    assert "127.0.0.1" in str(found.value)


def test_missing_tiles_are_no_error(server: str, tmp_path: Path) -> None:
    Handler.status = 404
    assert WebTiles(server, key="x", cache=tmp_path).tile(3, 1, 1) is None


def test_a_dead_host_is_told_once_and_leaves_the_map_alone(
    tmp_path: Path, open_base: Callable[[TileSource], BaseMap], qtbot: QtBot
) -> None:
    base = open_base(WebTiles("http://127.0.0.1:9/{z}/{x}/{y}", cache=tmp_path))
    told: list[str] = []
    base.failed.connect(told.append)
    with qtbot.waitSignal(base.failed):
        base.want(view(6))
    assert "127.0.0.1" in told[0]
    assert base.image(view(6)) is None


def test_a_page_instead_of_an_image_is_told(
    server: str, tmp_path: Path, open_base: Callable[[TileSource], BaseMap], qtbot: QtBot
) -> None:
    Handler.body = b"<html>log in</html>"
    base = open_base(WebTiles(server, key="x", cache=tmp_path))
    with qtbot.waitSignal(base.failed) as failed:
        base.want(view(6))
    assert "图像" in failed.args[0]


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("file:///etc/{x}{y}{z}", "tiles_address"),
        ("http://example.org/{x}/{y}", "tiles_placeholder"),
        ("http://example.org/{x}/{y}/{z}?tk={key}", "tiles_key"),
    ],
)
def test_addresses_are_checked(template: str, key: str) -> None:
    with pytest.raises(TileError) as found:
        WebTiles(template)
    assert found.value.key == f"map.error.{key}"


def test_the_cache_on_disk_has_a_limit(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / str(number)).write_bytes(b"x" * 100)
    trim(tmp_path, 250)
    assert len(list(tmp_path.iterdir())) == 2
