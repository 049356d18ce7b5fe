"""What the map shows besides its layers: plain state that views subscribe to.

No Qt here. One object changes it, any number of views listen; listeners get the name of
what changed, so that only that is drawn anew.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from gridmap.map.viewport import Point, ViewHistory, Viewport

Topic = Literal["viewport", "visible", "overlay"]


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that was asked about: degrees (EPSG:4490) and its accuracy in metres."""

    lon: float
    lat: float
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class FeatureRef:
    """A feature by its layer and row key."""

    layer_id: str
    key: Hashable


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is being measured: places in degrees, whether it is an area, the text beside it."""

    places: tuple[Point, ...] = ()
    closed: bool = False
    text: str = ""


@dataclass
class MapState:
    """Viewport, visible views, selection, hover, pin, sketch; setters tell the listeners."""

    viewport: Viewport
    visible: frozenset[str] = frozenset()
    selection: tuple[FeatureRef, ...] = ()
    hover: FeatureRef | None = None
    pin: Pin | None = None
    sketch: Sketch | None = None
    history: ViewHistory = field(default_factory=ViewHistory)
    _listeners: list[Callable[[Topic], None]] = field(default_factory=list, repr=False)

    def subscribe(self, listener: Callable[[Topic], None]) -> Callable[[], None]:
        """Call `listener` with each topic that changes; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def look(self, viewport: Viewport) -> None:
        """Show `viewport`."""
        if viewport != self.viewport:
            self.viewport = viewport
            self._tell("viewport")

    def show(self, keys: Iterable[str]) -> None:
        """Make exactly the views with these keys (`layer_id/view_id`) visible."""
        wanted = frozenset(keys)
        if wanted != self.visible:
            self.visible = wanted
            self._tell("visible")

    def select(self, features: Iterable[FeatureRef]) -> None:
        """Highlight exactly these features."""
        wanted = tuple(features)
        if wanted != self.selection:
            self.selection = wanted
            self._tell("overlay")

    def point_at(self, feature: FeatureRef | None) -> None:
        """The feature under the cursor."""
        if feature != self.hover:
            self.hover = feature
            self._tell("overlay")

    def put_pin(self, pin: Pin | None) -> None:
        """Put the pin, or take it away."""
        if pin != self.pin:
            self.pin = pin
            self._tell("overlay")

    def draw_sketch(self, sketch: Sketch | None) -> None:
        """What the measuring tool has so far."""
        if sketch != self.sketch:
            self.sketch = sketch
            self._tell("overlay")

    def _tell(self, topic: Topic) -> None:
        for listener in tuple(self._listeners):
            listener(topic)
