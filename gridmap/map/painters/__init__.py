"""How each kind of geometry is drawn. A new kind is one file and one entry in the table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from gridmap.core.declaration import Geometry
from gridmap.map.painters.lines import paint_lines
from gridmap.map.painters.points import paint_points
from gridmap.map.painters.polygons import paint_polygons
from gridmap.map.source import MapLayer
from gridmap.map.surface import Surface

Painter = Callable[[MapLayer, Surface], bool]
"""Draws the symbols of a view, without labels; False when nothing was in sight."""

PAINTERS: Final[Mapping[Geometry, Painter]] = MappingProxyType(
    {
        Geometry.POLYGON: paint_polygons,
        Geometry.LINE: paint_lines,
        Geometry.POINT: paint_points,
    }
)


def paint_layer(layer: MapLayer, surface: Surface) -> bool:
    """Draw the symbols of one view if its scale limit allows; False when nothing was drawn."""
    if not layer.shown_at(surface.viewport.scale_denominator):
        return False
    return PAINTERS[layer.geometry](layer, surface)
