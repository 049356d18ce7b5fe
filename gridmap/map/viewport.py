"""Which piece of the map is seen, and how large: a frozen value that everything shares.

Pixels here are device-independent; `ratio` says how many physical pixels one of them has.
Paper is a screen with a high ratio: at 300 dpi it is 300 / 96.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from gridmap.map import mercator

Point = tuple[float, float]
Extent = tuple[float, float, float, float]

PIXEL_M: Final = 0.0254 / 96.0
"""The edge of a pixel at 96 dpi, in metres."""

FINEST: Final = 0.02
COARSEST: Final = 2.0 * mercator.HALF_WORLD / 256.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """A view of the map.

    Attributes:
        centre: x and y in metres, EPSG:3857.
        resolution: projected metres per device-independent pixel.
        width: in device-independent pixels.
        height: in device-independent pixels.
        ratio: physical pixels per device-independent pixel.
    """

    centre: Point
    resolution: float
    width: int
    height: int
    ratio: float = 1.0

    @classmethod
    def fitting(
        cls, extent: Extent, width: int, height: int, ratio: float = 1.0, margin: float = 0.04
    ) -> "Viewport":
        """The closest view that shows all of `extent` (metres, EPSG:3857).

        Args:
            extent: xmin, ymin, xmax, ymax; a point is shown at about 1 : 10 000.
            width: in device-independent pixels.
            height: in device-independent pixels.
            ratio: physical pixels per device-independent pixel.
            margin: share of the view left free on each side.
        """
        xmin, ymin, xmax, ymax = extent
        room = max(1.0 - 2.0 * margin, 0.1)
        wanted = max((xmax - xmin) / (width * room), (ymax - ymin) / (height * room))
        resolution = wanted if wanted > 0 else 10_000 * PIXEL_M
        centre = ((xmin + xmax) / 2.0, (ymin + ymax) / 2.0)
        return cls(centre, _bounded(resolution), width, height, ratio)

    @property
    def extent(self) -> Extent:
        """xmin, ymin, xmax, ymax in metres, EPSG:3857."""
        half_w = self.width * self.resolution / 2.0
        half_h = self.height * self.resolution / 2.0
        x, y = self.centre
        return x - half_w, y - half_h, x + half_w, y + half_h

    @property
    def physical_size(self) -> tuple[int, int]:
        """Width and height in physical pixels."""
        return math.ceil(self.width * self.ratio), math.ceil(self.height * self.ratio)

    @property
    def ground_resolution(self) -> float:
        """True metres per device-independent pixel at the centre."""
        return self.resolution * mercator.ground_factor(self.centre[1])

    @property
    def scale_denominator(self) -> float:
        """The n of "1 : n" at the centre, true on the ground, for pixels of 96 dpi."""
        return self.ground_resolution / PIXEL_M

    def to_map(self, px: float, py: float) -> Point:
        """A pixel of the view (from its top left) to metres, EPSG:3857."""
        x, y = self.centre
        return (
            x + (px - self.width / 2.0) * self.resolution,
            y - (py - self.height / 2.0) * self.resolution,
        )

    def to_px(self, x: float, y: float) -> Point:
        """Metres, EPSG:3857, to a pixel of the view."""
        return (
            (x - self.centre[0]) / self.resolution + self.width / 2.0,
            (self.centre[1] - y) / self.resolution + self.height / 2.0,
        )

    def lonlat_at(self, px: float, py: float) -> Point:
        """Longitude and latitude in degrees, EPSG:4490, under a pixel."""
        lon, lat = mercator.unproject(*self.to_map(px, py))
        return float(lon), float(lat)

    def px_of(self, lon: float, lat: float) -> Point:
        """The pixel of a place given in degrees, EPSG:4490."""
        x, y = mercator.project(lon, lat)
        return self.to_px(float(x), float(y))

    def zoomed(self, factor: float, at: Point | None = None) -> "Viewport":
        """Closer by `factor` (> 1), with the place under pixel `at` (or the centre) kept still."""
        px, py = at if at is not None else (self.width / 2.0, self.height / 2.0)
        x, y = self.to_map(px, py)
        resolution = _bounded(self.resolution / factor)
        centre = (
            x - (px - self.width / 2.0) * resolution,
            y + (py - self.height / 2.0) * resolution,
        )
        return replace(self, centre=_in_world(centre), resolution=resolution)

    def panned(self, dx: float, dy: float) -> "Viewport":
        """The view after the map was dragged by `dx`, `dy` pixels (right and down positive)."""
        x, y = self.centre
        moved = (x - dx * self.resolution, y + dy * self.resolution)
        return replace(self, centre=_in_world(moved))

    def centred(self, x: float, y: float) -> "Viewport":
        """The same scale around another centre (metres, EPSG:3857)."""
        return replace(self, centre=_in_world((x, y)))

    def resized(self, width: int, height: int, ratio: float) -> "Viewport":
        """The same centre and scale in a view of another size."""
        return replace(self, width=max(width, 1), height=max(height, 1), ratio=ratio)

    def fitted(self, extent: Extent, margin: float = 0.04) -> "Viewport":
        """The same size, showing all of `extent` (metres, EPSG:3857)."""
        return Viewport.fitting(extent, self.width, self.height, self.ratio, margin)

    def at_scale(self, denominator: float) -> "Viewport":
        """The same centre at 1 : `denominator`."""
        factor = mercator.ground_factor(self.centre[1])
        return replace(self, resolution=_bounded(denominator * PIXEL_M / factor))


class ViewHistory:
    """Views that were looked at, for back and forward; plain state, no clock.

    The newest `limit` are kept. A view that follows a step back replaces what lay ahead.
    """

    def __init__(self, limit: int = 100) -> None:
        self._views: list[Viewport] = []
        self._at = -1
        self._limit = limit

    def push(self, view: Viewport) -> None:
        """Remember `view` as the present one; the same view twice counts once."""
        if self._at >= 0 and self._views[self._at] == view:
            return
        self._views = [*self._views[: self._at + 1], view][-self._limit :]
        self._at = len(self._views) - 1

    @property
    def can_go_back(self) -> bool:
        """Whether an older view is known."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a view was left by going back."""
        return self._at < len(self._views) - 1

    def back(self) -> Viewport | None:
        """The view before the present one, now the present one; None at the beginning."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self._views[self._at]

    def forward(self) -> Viewport | None:
        """The view after the present one, now the present one; None at the end."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self._views[self._at]


def _bounded(resolution: float) -> float:
    return min(max(resolution, FINEST), COARSEST)


def _in_world(centre: Point) -> Point:
    edge = mercator.HALF_WORLD
    return min(max(centre[0], -edge), edge), min(max(centre[1], -edge), edge)
