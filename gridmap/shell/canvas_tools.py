"""What the left mouse button does on the map: one small object per tool.

A tool gets places in degrees (EPSG:4490) and works on the map's state and the canvas's
signals through `Host`; it knows no widget.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import Qt

from gridmap.map.measure import area_m2, area_text, length_m, length_text, perimeter_m
from gridmap.map.state import MapState, Sketch
from gridmap.map.viewport import Point
from gridmap.texts import t


@dataclass(frozen=True, slots=True)
class Host:
    """What a tool may touch: the state, and what to do with a click and with a result."""

    state: MapState
    clicked: Callable[[Point], None]
    measured: Callable[[str], None]


class Tool(Protocol):
    """One way of using the map."""

    cursor: Qt.CursorShape

    def click(self, host: Host, place: Point) -> None:
        """A click that was no drag."""

    def move(self, host: Host, place: Point) -> None:
        """The cursor moved."""

    def finish(self, host: Host) -> bool:
        """Double click or Enter; whether the tool used it."""

    def cancel(self, host: Host) -> None:
        """Esc, or another tool was chosen."""


class Identify:
    """Click asks about the place; dragging pans (the canvas does that for every tool)."""

    cursor: Qt.CursorShape = Qt.CursorShape.ArrowCursor

    def click(self, host: Host, place: Point) -> None:
        """Ask about `place`."""
        host.clicked(place)

    def move(self, host: Host, place: Point) -> None:
        """Nothing to do."""

    def finish(self, host: Host) -> bool:
        """Leave the double click to the canvas, which zooms."""
        del host
        return False

    def cancel(self, host: Host) -> None:
        """Nothing to give up."""


class Measure:
    """Corners by clicks; a distance, or an area with its perimeter; geodesic.

    After the end the result stays until the next click or Esc.
    """

    cursor: Qt.CursorShape = Qt.CursorShape.CrossCursor

    def __init__(self, *, closed: bool) -> None:
        self._closed = closed
        self._places: tuple[Point, ...] = ()
        self._ended = False

    def click(self, host: Host, place: Point) -> None:
        """Add a corner."""
        if self._ended:
            self._places, self._ended = (), False
        if not self._places or self._places[-1] != place:
            self._places = (*self._places, place)
        self._show(host, self._places)

    def move(self, host: Host, place: Point) -> None:
        """Show what the next corner would give."""
        if self._places and not self._ended:
            self._show(host, (*self._places, place))

    def finish(self, host: Host) -> bool:
        """End with the corners set so far."""
        if self._places and not self._ended:
            self._ended = True
            self._show(host, self._places)
        return True

    def cancel(self, host: Host) -> None:
        """Forget the corners and take the sketch away."""
        self._places, self._ended = (), False
        host.state.draw_sketch(None)
        host.measured("")

    def _show(self, host: Host, places: tuple[Point, ...]) -> None:
        if self._closed:
            text = t(
                "map.measure.area",
                area=area_text(area_m2(places)),
                length=length_text(perimeter_m(places)),
            )
        else:
            text = t("map.measure.distance", length=length_text(length_m(places)))
        host.state.draw_sketch(Sketch(places, self._closed, text))
        host.measured(text)


TOOLS: Final[dict[str, Callable[[], Tool]]] = {
    "identify": Identify,
    "distance": lambda: Measure(closed=False),
    "area": lambda: Measure(closed=True),
}
"""Name → a fresh tool."""
