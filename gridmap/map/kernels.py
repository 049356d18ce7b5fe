"""Compiled loops that turn very many outlines into pixels; imported by `raster` alone.

Importing this module imports numba and takes a second; it happens on a thread of its own.
All functions release the GIL. A vertex (x, y) in metres is the pixel place
((x - x0) * k, (y0 - y) * k).

Areas: the exact share of each pixel that lies inside is accumulated from the edges' signed
areas; areas that share a border therefore meet without a seam. Lines: a pixel is covered by
how near its middle lies to the nearest edge, so that ends and joins are round and nothing is
painted twice.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit

_compiled: Final[Callable[..., Any]] = njit(
    nogil=True, cache=True, error_model="numpy", fastmath=True
)
_SHORT: Final = 0.5  # pixels


def _add_edge(acc: Any, xa: float, ya: float, xb: float, yb: float) -> None:
    """Adds what one edge covers to its right, pixel by pixel; rising edges count negative."""
    height, width = acc.shape[0], acc.shape[1] - 1
    if ya == yb:
        return
    sign = 1.0
    if ya > yb:
        xa, ya, xb, yb, sign = xb, yb, xa, ya, -1.0
    if yb <= 0.0 or ya >= height or (xa >= width and xb >= width):
        return
    slope = (xb - xa) / (yb - ya)
    if ya < 0.0:
        xa, ya = xa - ya * slope, 0.0
    yb = min(yb, float(height))
    row = int(ya)
    while ya < yb:
        y_next = min(float(row + 1), yb)
        x_next = xa + (y_next - ya) * slope
        left, right = min(xa, x_next), max(xa, x_next)
        part = (y_next - ya) * sign
        if right <= 0.0:
            acc[row, 0] += part
        elif left < width:
            _add_span(acc, row, left, right, part)
        xa, ya, row = x_next, y_next, row + 1


def _add_span(acc: Any, row: int, left: float, right: float, part: float) -> None:
    """One edge within one row of pixels, going from `left` to `right`."""
    width = acc.shape[1] - 1
    if int(left) == int(right) and left >= 0.0:
        inside = (left + right) * 0.5 - int(left)
        acc[row, int(left)] += part * (1.0 - inside)
        acc[row, int(left) + 1] += part * inside
        return
    per = part / (right - left)
    if left < 0.0:
        acc[row, 0] += per * -left
        left = 0.0
    right = min(right, float(width))
    column = int(left)
    while left < right:
        x_next = min(float(column + 1), right)
        share = per * (x_next - left)
        inside = (left + x_next) * 0.5 - column
        acc[row, column] += share * (1.0 - inside)
        acc[row, column + 1] += share * inside
        left, column = x_next, column + 1


def _areas(acc: Any, xy: Any, rings: Any, first: Any, last: Any, place: Any) -> None:
    """Accumulates the rings `first[i]` to `last[i]` (exclusive) of every chosen feature."""
    x0, y0, k = place[0], place[1], place[2]
    for at in range(first.shape[0]):
        for ring in range(first[at], last[at]):
            start = rings[ring]
            xa, ya = (xy[start, 0] - x0) * k, (y0 - xy[start, 1]) * k
            for vertex in range(start + 1, rings[ring + 1]):
                xb, yb = (xy[vertex, 0] - x0) * k, (y0 - xy[vertex, 1]) * k
                add_edge(acc, xa, ya, xb, yb)
                xa, ya = xb, yb


def _near_edge(cover: Any, xa: float, ya: float, xb: float, yb: float, half: float) -> None:
    """Raises the cover of all pixels near one edge; `half` is half the line's width."""
    height, width = cover.shape
    reach = half + 0.5
    dx, dy = xb - xa, yb - ya
    length2 = dx * dx + dy * dy
    if ya > yb:
        xa, ya, dx, dy = xb, yb, -dx, -dy
    top = max(int(np.floor(ya - reach)), 0)
    bottom = min(int(np.floor(ya + dy + reach)), height - 1)
    for row in range(top, bottom + 1):
        y = row + 0.5
        # The stretch of the edge that can reach this row, as parameters along the edge.
        low, high = 0.0, 1.0
        if dy > 0.0:
            low = min(max((y - reach - ya) / dy, 0.0), 1.0)
            high = min(max((y + reach - ya) / dy, 0.0), 1.0)
        one, other = xa + low * dx, xa + high * dx
        begin = max(int(np.floor(min(one, other) - reach)), 0)
        end = min(int(np.floor(max(one, other) + reach)), width - 1)
        for column in range(begin, end + 1):
            x = column + 0.5
            along = 0.0
            if length2 > 0.0:
                along = min(max(((x - xa) * dx + (y - ya) * dy) / length2, 0.0), 1.0)
            ex, ey = x - xa - along * dx, y - ya - along * dy
            distance2 = ex * ex + ey * ey
            if distance2 < reach * reach:
                value = np.float32(min(reach - np.sqrt(distance2), 1.0))
                cover[row, column] = max(cover[row, column], value)


def _lines(
    cover: Any, xy: Any, rings: Any, first: Any, last: Any, place: Any, new_edge: Any
) -> None:
    """Covers the marked edges of the rings `first[i]` to `last[i]` of every chosen feature.

    A vertex nearer than half a pixel to the one before is passed over within a stretch of
    marked edges, never at its ends, so that stretches still meet. `place[3]` is half the
    line's width in pixels.
    """
    x0, y0, k, half = place[0], place[1], place[2], place[3]
    reach = half + 1.0
    height, width = cover.shape
    for at in range(first.shape[0]):
        for ring in range(first[at], last[at]):
            start, stop = rings[ring], rings[ring + 1]
            xa, ya = (xy[start, 0] - x0) * k, (y0 - xy[start, 1]) * k
            for vertex in range(start + 1, stop):
                xb, yb = (xy[vertex, 0] - x0) * k, (y0 - xy[vertex, 1]) * k
                if new_edge[vertex - 1]:
                    near = abs(xb - xa) < _SHORT and abs(yb - ya) < _SHORT
                    if near and vertex + 1 < stop and new_edge[vertex]:
                        continue
                    seen = max(xa, xb) > -reach and min(xa, xb) < width + reach
                    if seen and max(ya, yb) > -reach and min(ya, yb) < height + reach:
                        near_edge(cover, xa, ya, xb, yb, half)
                xa, ya = xb, yb


def _blend_areas(picture: Any, acc: Any, ink: Any) -> None:
    """Lays `ink` (red, green, blue, alpha from 0 to 1) over premultiplied floats; clears `acc`."""
    alpha_of_ink = ink[3]
    for row in range(acc.shape[0]):
        total = np.float32(0.0)
        for column in range(acc.shape[1] - 1):
            total += acc[row, column]
            acc[row, column] = 0.0
            alpha = min(abs(total), np.float32(1.0)) * alpha_of_ink
            if alpha > np.float32(0.001):
                _over(picture, row, column, ink, alpha)
        acc[row, acc.shape[1] - 1] = 0.0


def _blend_lines(picture: Any, cover: Any, ink: Any) -> None:
    """Lays `ink` over the picture where lines cover it; clears `cover`."""
    for row in range(cover.shape[0]):
        for column in range(cover.shape[1]):
            if cover[row, column] > np.float32(0.0):
                _over(picture, row, column, ink, cover[row, column] * ink[3])
                cover[row, column] = 0.0


def _lay_over(picture: Any, row: int, column: int, ink: Any, alpha: float) -> None:
    rest = np.float32(1.0) - alpha
    pixel = picture[row, column]
    blue = (pixel & 255) * rest + ink[2] * alpha * np.float32(255.0)
    green = ((pixel >> 8) & 255) * rest + ink[1] * alpha * np.float32(255.0)
    red = ((pixel >> 16) & 255) * rest + ink[0] * alpha * np.float32(255.0)
    opaque = (pixel >> 24) * rest + alpha * np.float32(255.0)
    half = np.float32(0.5)
    picture[row, column] = (
        (np.uint32(opaque + half) << 24)
        | (np.uint32(red + half) << 16)
        | (np.uint32(green + half) << 8)
        | np.uint32(blue + half)
    )


_add_span = _compiled(_add_span)
add_edge: Final = _compiled(_add_edge)
near_edge: Final = _compiled(_near_edge)
_over: Final = _compiled(_lay_over)
areas: Final = _compiled(_areas)
lines: Final = _compiled(_lines)
blend_areas: Final = _compiled(_blend_areas)
blend_lines: Final = _compiled(_blend_lines)


def warm_up() -> None:
    """Compile (or load from numba's cache) everything for the types that `raster` passes."""
    acc, cover = np.zeros((2, 3), np.float32), np.zeros((2, 2), np.float32)
    picture, ink = np.zeros((2, 2), np.uint32), np.ones(4, np.float32)
    xy = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    rings, zero = np.array([0, 4]), np.zeros(1, np.int64)
    place = np.array([0.0, 1.0, 1.0, 0.5])
    edges = np.ones(4, np.bool_)
    areas(acc, xy, rings, zero, zero + 1, place)
    lines(cover, xy, rings, zero, zero + 1, place, edges)
    blend_areas(picture, acc, ink)
    blend_lines(picture, cover, ink)
