"""Whose the map is: overlay, marks and clicks of the page that is open, kept for the others."""

from collections.abc import Callable

from PySide6.QtGui import QPainter

from gridmap.map.source import MapLayer
from gridmap.map.viewport import Viewport

Overlay = Callable[[QPainter, Viewport], None]


def _unused(_lon: float, _lat: float) -> bool:
    return False


class Claim:
    """What one page has on the map. It is drawn, and hears of clicks, while the page is open.

    A page may put something here at any time: a page that is left takes it along, one that is
    opened again brings it back. GUI thread.
    """

    def __init__(self, owner: str, changed: Callable[["Claim"], None]) -> None:
        """Use `MapBinding.claim`."""
        self.owner = owner
        self.overlay: Overlay | None = None
        self.marks: MapLayer | None = None
        self._changed = changed
        self._click: Callable[[float, float], bool] = _unused
        self._mark: Callable[[int], None] | None = None

    def show_overlay(self, overlay: Overlay | None) -> None:
        """Paint this over the map, in pixels of the viewport, or nothing."""
        self.overlay = overlay
        self._changed(self)

    def show_marks(
        self, marks: MapLayer | None, on_mark: Callable[[int], None] | None = None
    ) -> None:
        """Draw marks over the layers, or none; `on_mark(row)` hears of clicks on one."""
        self.marks, self._mark = marks, on_mark
        self._changed(self)

    def take_clicks(self, click: Callable[[float, float], bool]) -> None:
        """Ask `click(lon, lat)` first; True uses the click: nothing is asked or selected then."""
        self._click = click

    def clear(self) -> None:
        """Take overlay and marks away."""
        self.overlay, self.marks, self._mark = None, None, None
        self._changed(self)

    def use_click(self, lon: float, lat: float) -> bool:
        """Whether the page uses a click, in degrees of EPSG:4490."""
        return self._click(lon, lat)

    def use_mark(self, row: int) -> None:
        """A mark was clicked."""
        if self._mark is not None:
            self._mark(row)


class Claims:
    """The claims of all pages, of which one is in force."""

    def __init__(self, show: Callable[[], None]) -> None:
        """`show` draws what `current` has; it is called whenever that changes."""
        self._show = show
        self._nobody = Claim("", self._on_changed)
        self._claims: dict[str, Claim] = {"": self._nobody}
        self.current = self._nobody

    def claim(self, owner: str) -> Claim:
        """The claim of a page, always the same one."""
        made = self._claims.setdefault(owner, Claim(owner, self._on_changed))
        if owner == self._open:
            self.current = made
        return made

    _open = ""

    def open(self, owner: str) -> None:
        """Another page is open, "" for none: what it has is shown, and nothing of others."""
        self._open = owner
        self.current = self._claims.get(owner, self._nobody)
        self._show()

    def _on_changed(self, claim: Claim) -> None:
        if claim is self.current:
            self._show()
