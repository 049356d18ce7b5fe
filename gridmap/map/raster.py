"""Very many plain outlines straight to pixels, when Qt's one call per outline is too slow.

The compiled loops (`kernels`) are fetched once by a thread of their own; until they are
there, and for everything they do not do (dashes, hatches, paper), Qt draws. Both ways give
the same picture within rounding; `tests/map/test_render.py` holds them together.
"""

import gc
import logging
import threading
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface
from gridmap.map.theme import colour

MANY: Final = 1_500
"""Outlines from which on the compiled loops are worth their three passes over the picture."""

_CHUNK: Final = 4_000


class _Loops:
    """The compiled loops of the process, and the thread that fetches them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.module: ModuleType | None = None


_loops = _Loops()


def prepare(*, wait: bool = False) -> None:
    """Start fetching the compiled loops, once per process.

    The first time on a machine they are compiled (some seconds), later loaded (a fraction
    of a second). The GUI thread may call this without `wait`; `wait` blocks until done.
    """
    with _loops.lock:
        if _loops.thread is None:
            _loops.thread = threading.Thread(target=_fetch, name="gridmap-kernels")
            _loops.thread.start()
    if wait:
        _loops.thread.join()


def _fetch() -> None:
    # numba leaves several hundred thousand objects for good. Looking through them again and
    # again the garbage collector would stop every thread, the window's too, for 0.2 s.
    gc.disable()
    try:
        from gridmap.map import kernels  # noqa: PLC0415  numba takes a second to import

        kernels.warm_up()
    except Exception:
        # Qt goes on drawing: slower for very many outlines, never less.
        logging.getLogger(__name__).exception("the compiled loops cannot be had")
    else:
        _loops.module = kernels
    finally:
        gc.freeze()
        gc.enable()


def kernels() -> ModuleType | None:
    """The compiled loops, or None while they are not ready."""
    return _loops.module


def suits_areas(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> bool:
    """Whether `paint_areas` can and should draw these features."""
    return layer.view.symbol.hatch == "none" and _suits(layer, chosen, surface)


def suits_lines(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> bool:
    """Whether `paint_lines` can and should draw these features."""
    return _suits(layer, chosen, surface)


def _suits(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> bool:
    return (
        surface.image is not None
        and not layer.view.symbol.dash
        and len(chosen) >= MANY
        and kernels() is not None
    )


def paint_areas(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> None:
    """Fills and borders of plain areas. Needs the compiled loops."""
    loops = _ready()
    symbol = layer.view.symbol
    picture = _blank(surface)
    palette = (symbol.fill,) if layer.fills is None else layer.palette
    kinds = np.zeros(len(layer), np.int16) if layer.fills is None else layer.fills
    acc = np.zeros((picture.shape[0], picture.shape[1] + 1), np.float32)
    for kind, text in enumerate(palette):
        if text is None:
            continue
        for part in _chunks(chosen[kinds[chosen] == kind]):
            surface.check()
            first, last = layer.features[part], layer.features[part + 1]
            loops.areas(acc, layer.xy, layer.rings, first, last, _place(surface))
        loops.blend_areas(picture, acc, _ink(colour(text)))
    if symbol.line is not None:
        _line(layer, chosen, surface, picture, symbol.line, symbol.width)
    _show(picture, surface)


def paint_lines(layer: MapLayer, chosen: NDArray[np.intp], surface: Surface) -> None:
    """Casings and lines without dashes. Needs the compiled loops."""
    symbol = layer.view.symbol
    picture = _blank(surface)
    for text, width in ((symbol.casing, symbol.casing_width), (symbol.line, symbol.width)):
        if text is not None:
            _line(layer, chosen, surface, picture, text, width)
    _show(picture, surface)


def _line(
    layer: MapLayer,
    chosen: NDArray[np.intp],
    surface: Surface,
    picture: NDArray[np.uint32],
    text: str,
    width: float,
) -> None:
    ink = colour(text)
    if width <= 0 or ink.alpha() == 0:
        return
    loops = _ready()
    cover = np.zeros(picture.shape, np.float32)
    wide = width * surface.scale
    place = np.array([*surface.transform, max(wide, 1.0) / 2.0])
    for part in _chunks(chosen):
        surface.check()
        first, last = layer.features[part], layer.features[part + 1]
        loops.lines(
            cover,
            layer.xy,
            layer.rings,
            first,
            last,
            place,
            layer.new_edge,
        )
    # A line thinner than a pixel is a pixel wide and paler, as on paper.
    loops.blend_lines(picture, cover, _ink(ink, min(wide, 1.0)))


def _ready() -> ModuleType:
    loops = kernels()
    if loops is None:
        raise RuntimeError("the compiled loops are not ready")
    return loops


def _chunks(chosen: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [chosen[start : start + _CHUNK] for start in range(0, len(chosen), _CHUNK)]


def _place(surface: Surface) -> NDArray[np.float64]:
    return np.array(surface.transform)


def _ink(ink: QColor, strength: float = 1.0) -> NDArray[np.float32]:
    parts = [ink.redF(), ink.greenF(), ink.blueF(), ink.alphaF() * strength]
    return np.array(parts, np.float32)


def _blank(surface: Surface) -> NDArray[np.uint32]:
    width, height = surface.viewport.physical_size
    return np.zeros((height, width), np.uint32)


def _show(picture: NDArray[np.uint32], surface: Surface) -> None:
    height, width = picture.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(picture.data, width, height, width * 4, form)
    surface.painter.drawImage(0, 0, image)
