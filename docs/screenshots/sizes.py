"""Photographs every page at four sizes of a screen; fails on what is cut off or too wide.

    uv run docs/screenshots/sizes.py [folder]

The sizes are those of the screens our users have, in the logical pixels of their scale and
without the frame of the window: 1280×720, 1600×900 at 150 %, 1600×900, 2560×1440.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import make
from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QLabel,
    QPushButton,
    QSplitterHandle,
    QToolButton,
    QWidget,
)

from gridmap.shell.canvas import MapCanvas
from gridmap.shell.controller import Controller
from gridmap.shell.fitting import Elided
from gridmap.store.example import own_example
from gridmap.texts import LANGUAGES

SIZES = {
    "1600x900@1.5": (1066, 560), "1280x720": (1280, 680), "1600x900": (1600, 860),
    "2560x1440": (2560, 1400),
}  # fmt: skip
_SLACK = 2  # pixels by which a style's hint may be larger than what is painted
_PUSH_PADDING = 10  # of the hint of a button; its word still is whole without


def steps(scratch: Path) -> dict[str, Callable[[Controller], None]]:
    """Every page with something on it, by its name."""
    return {
        "layers": lambda c: make.show_page(c, "layers"),
        "project": lambda c: make.show_page(c, "project"),
        "verdict": make.show_verdict,
        "data": lambda c: make.show_page(c, "data"),
        "import": lambda c: make.show_doctor(c, scratch),
        "batch": lambda c: make.show_batch(c, scratch),
        "stations": make.show_stations,
        "alerts": make.show_alerts,
        "quality": make.show_quality,
        "attainment": lambda c: make.show_page(c, "attainment"),
        "trace": make.show_trace,
        "warn": make.show_warning,
        "siting": make.show_siting,
        "river": lambda c: make.show_page(c, "river"),
        "network": lambda c: make.show_page(c, "network"),
    }


def problems(controller: Controller, size: tuple[int, int]) -> Iterator[str]:
    """What does not fit in the window as it is: too wide, cut off, one over the other."""
    window = controller.window
    if (window.width(), window.height()) != size:
        yield f"the window is {window.width()}×{window.height()}"
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        told = _cut(widget) or _outside(widget)
        if told:
            yield f"{_name(widget)}: {told}"
    for parent in (window, *window.findChildren(QWidget)):
        if parent.isVisible() and not isinstance(parent, MapCanvas | QAbstractScrollArea):
            yield from _overlaps(parent)


def _cut(widget: QWidget) -> str:
    if isinstance(widget, Elided):
        return ""
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            needs, has = widget.heightForWidth(widget.width()), widget.height()
        else:
            needs, has = widget.sizeHint().width(), widget.width()
        return f"needs {needs}, has {has}" if has + _SLACK < needs else ""
    if isinstance(widget, QAbstractButton) and widget.text() and _shows_word(widget):
        needs = widget.sizeHint().width() - (_PUSH_PADDING if _padded(widget) else 0)
        if widget.width() + _SLACK < needs or widget.height() + _SLACK < _line(widget):
            return f"needs {needs}, has {widget.width()}×{widget.height()}"
    return ""


def _shows_word(button: QAbstractButton) -> bool:
    if isinstance(button, QToolButton):
        # The words of the rail are told by a test of their own.
        return button.icon().isNull()
    return True


def _padded(widget: QWidget) -> bool:
    return isinstance(widget, QPushButton) and not isinstance(widget, QCheckBox)


def _line(widget: QWidget) -> int:
    return widget.fontMetrics().height()


def _outside(widget: QWidget) -> str:
    """Whether it reaches out of its parent, unless that is one in which things scroll."""
    parent = widget.parentWidget()
    if parent is None or isinstance(parent, QSplitterHandle) or _scrolled(widget):
        return ""
    inner = parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
    if isinstance(widget, QSplitterHandle) or inner.contains(widget.geometry()):
        return ""
    return f"{_words(widget.geometry())} lies outside of {_words(parent.rect())}"


def _scrolled(widget: QWidget) -> bool:
    here: QWidget | None = widget.parentWidget()
    while here is not None:
        if isinstance(here, QAbstractScrollArea):
            return True
        here = here.parentWidget()
    return False


def _overlaps(parent: QWidget) -> Iterator[str]:
    children = [
        one
        for one in parent.children()
        if isinstance(one, QWidget)
        and one.isVisible()
        and not isinstance(one, QSplitterHandle)
        and not one.isWindow()
    ]
    for place, one in enumerate(children):
        for other in children[place + 1 :]:
            common = one.geometry().intersected(other.geometry())
            if min(common.width(), common.height()) > _SLACK:
                yield f"{_name(one)} lies over {_name(other)}: {_words(common)}"


def _words(rect: QRect) -> str:
    return f"{rect.width()}×{rect.height()} at {rect.x()},{rect.y()}"


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    said = text()[:40] if callable(text) and not isinstance(text, str) else ""
    named = widget.objectName() or type(widget).__name__
    parent = widget.parentWidget()
    return f"{type(parent).__name__ if parent else ''} › {named} {said!r}"


def check(language: str, scratch: Path, folder: Path | None = None) -> list[str]:
    """What does not fit, on every page at every size; with a folder, pictures of all of them."""
    example = own_example(scratch)
    controller = make.start(language, example, scratch / f"{language}.ini", size=(1066, 560))
    found: list[str] = []
    for page, show in steps(scratch).items():
        show(controller)
        make.settle(controller)
        for name, size in SIZES.items():
            controller.window.resize(*size)
            make.settle(controller)
            found += [f"{page} {name} {language}: {one}" for one in problems(controller, size)]
            if folder is not None:
                make.grab(controller, folder / f"{page}-{name}-{language}.png")
        controller.window.resize(1066, 560)
    controller.window.close()
    controller.close()
    return found


def main() -> None:
    """Check all pages; pictures go into the folder that is named, if one is."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as scratch:
            found += check(language, Path(scratch), folder)
    if found:
        sys.exit("\n".join(found))
    print("every page fits")


if __name__ == "__main__":
    main()
