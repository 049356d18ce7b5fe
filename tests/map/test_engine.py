import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gridmap.map.engine import MapEngine
from gridmap.map.job import ImageCache, RenderRequest, Task, Worker
from gridmap.map.render import joint_extent, render_image
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef, MapState, Pin, Sketch
from gridmap.map.viewport import Viewport
from gridmap.stopping import Cancelled

SIZE = (300, 200)


def image_of(value: int, size: int = 10) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(value)
    return image


def content(image: QImage) -> bytes:
    return np.frombuffer(image.constBits(), np.uint8).tobytes()


@pytest.fixture
def worker(qapp: object) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()
    assert made.closed


@pytest.fixture
def engine(qapp: object) -> Iterator[MapEngine]:
    before = threading.active_count()
    made = MapEngine()
    yield made
    made.close()
    made.close()
    assert threading.active_count() <= before


def test_worker_draws_in_order_and_reports(worker: Worker, qtbot: QtBot) -> None:
    drawn: list[object] = []
    worker.drawn.connect(lambda _generation, key, _image: drawn.append(key))
    tasks = tuple(Task(n, lambda _check, n=n: image_of(n)) for n in range(3))
    with qtbot.waitSignal(worker.finished) as finished:
        worker.request(RenderRequest(1, tasks))
    assert finished.args == [1]
    assert drawn == [0, 1, 2]


def test_a_newer_request_cancels_the_older(worker: Worker, qtbot: QtBot) -> None:
    started, go_on = threading.Event(), threading.Event()
    cancelled = threading.Event()

    def slow(check: Callable[[], None]) -> QImage | None:
        started.set()
        go_on.wait(10)
        try:
            check()
        except Cancelled:
            cancelled.set()
            raise
        return None

    finished: list[int] = []
    worker.finished.connect(finished.append)
    worker.request(RenderRequest(1, (Task("slow", slow),)))
    assert started.wait(10)
    with qtbot.waitSignal(worker.finished):
        worker.request(RenderRequest(2, (Task("quick", lambda _check: None),)))
        go_on.set()
    assert cancelled.is_set()
    assert finished == [2]


def test_a_failing_view_does_not_end_the_map(worker: Worker, qtbot: QtBot) -> None:
    def bad(_check: Callable[[], None]) -> QImage | None:
        raise ValueError("broken")

    failures: list[str] = []
    worker.failed.connect(lambda _generation, key, error: failures.append(f"{key}: {error}"))
    with qtbot.waitSignal(worker.finished):
        worker.request(RenderRequest(1, (Task("bad", bad), Task("good", lambda _c: None))))
    assert failures == ["bad: broken"]


def test_cache_forgets_the_least_used_first() -> None:
    cache = ImageCache(limit=3 * 400)
    for key in "abc":
        cache.put(key, image_of(1))
    cache.get("a")
    cache.put("d", image_of(1))
    assert [key in cache for key in "abcd"] == [True, False, True, True]
    cache.put("empty", None)
    assert "empty" in cache
    assert cache.get("empty") is None
    cache.make_room(5 * 400)
    cache.put("b", image_of(1))
    assert all(key in cache for key in "abcd")
    cache.clear()
    assert "a" not in cache


def settle(engine: MapEngine, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not engine.busy and engine.picture is not None)


def view_of(layers: list[MapLayer]) -> Viewport:
    return Viewport.fitting(joint_extent(layers), *SIZE)


def test_the_engine_makes_what_render_image_makes(
    engine: MapEngine, layers: list[MapLayer], qtbot: QtBot
) -> None:
    engine.set_layers(layers)
    engine.set_visible(frozenset(layer.key for layer in layers))
    engine.set_viewport(view_of(layers))
    settle(engine, qtbot)
    assert engine.picture is not None
    assert content(engine.picture) == content(render_image(layers, SIZE))


def test_toggling_is_a_composition_without_the_worker(
    engine: MapEngine, layers: list[MapLayer], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = frozenset(layer.key for layer in layers)
    hidden = everything - {"reaches/reach"}
    engine.set_layers(layers)
    engine.set_viewport(view_of(layers))
    for keys in (hidden, everything):
        engine.set_visible(keys)
        settle(engine, qtbot)
    monkeypatch.setattr(engine._worker, "request", pytest.fail)
    engine.set_visible(hidden)
    shown = [layer for layer in layers if layer.key in hidden]
    assert engine.picture is not None
    expected = render_image(shown, SIZE, joint_extent(layers))
    assert content(engine.picture) == content(expected)


def test_the_old_picture_stays_until_the_new_one_is_there(
    engine: MapEngine, layers: list[MapLayer], qtbot: QtBot
) -> None:
    view = view_of(layers)
    engine.set_layers(layers)
    engine.set_visible(frozenset(layer.key for layer in layers))
    engine.set_viewport(view)
    settle(engine, qtbot)
    engine.set_viewport(view.zoomed(2.0))
    assert engine.picture_viewport == view
    settle(engine, qtbot)
    assert engine.picture_viewport == view.zoomed(2.0)


def test_many_changes_become_one_request(
    engine: MapEngine, layers: list[MapLayer], qtbot: QtBot
) -> None:
    engine.set_layers(layers)
    engine.set_visible(frozenset(layer.key for layer in layers))
    view = view_of(layers)
    before = engine._generation
    for step in range(50):
        engine.set_viewport(view.panned(step, 0))
    settle(engine, qtbot)
    assert engine._generation - before <= 2
    assert engine.picture_viewport == view.panned(49, 0)


def test_layers_are_prepared_off_the_gui_thread(
    engine: MapEngine, layers: list[MapLayer], qtbot: QtBot
) -> None:
    seen: list[object] = []

    def build() -> object:
        return threading.current_thread() is threading.main_thread()

    engine.prepare(build, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [False]

    def broken() -> object:
        raise OSError("no such layer")

    engine.prepare(broken, seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert isinstance(seen[1], OSError)


def test_state_tells_what_changed_and_only_that() -> None:
    told: list[str] = []
    state = MapState(Viewport((0.0, 0.0), 10.0, 100, 100))
    stop = state.subscribe(told.append)
    state.look(state.viewport)
    state.look(state.viewport.zoomed(2))
    state.show(["a/b"])
    state.show(["a/b"])
    state.select([FeatureRef("a", 1)])
    state.point_at(FeatureRef("a", 2))
    state.put_pin(Pin(120.0, 30.0, 50.0))
    state.draw_sketch(Sketch(((120.0, 30.0),)))
    assert told == ["viewport", "visible", *["overlay"] * 4]
    stop()
    state.put_pin(None)
    assert len(told) == 6


def test_engine_without_view_draws_nothing(engine: MapEngine, tmp_path: Path) -> None:
    engine.set_visible(frozenset())
    assert engine.picture is None
