"""Marks on the map that are no layer of the project: rows of a sheet, places before and after."""

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from gridmap.core.declaration import (
    Card,
    FieldDeclaration,
    Geometry,
    LayerDeclaration,
    Symbol,
    Titles,
    View,
)
from gridmap.map.source import MapLayer, build_layer

MARKS: Final = "marks"
_TITLE: Final = Titles(zh="标记", en="Marks")
_ORDER: Final = 90


def marks_layer(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    fills: npt.NDArray[np.int16],
    palette: Sequence[str],
    size: float = 9.0,
) -> MapLayer:
    """Circles at places in degrees of EPSG:4490; rows without a place are left out.

    Args:
        lon: shape (n,), NaN where there is no place.
        lat: shape (n,).
        fills: shape (n,), positions in `palette`.
        palette: colours as `#rrggbb`.
        size: diameter in pixels.

    The row keys of the layer are the positions of the input.
    """
    here = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    frame = gpd.GeoDataFrame(
        {"code": here.astype(str)},
        geometry=gpd.points_from_xy(lon[here], lat[here]),
        crs="EPSG:4490",
        index=here,
    )
    symbol = Symbol(marker="circle", fill=palette[0], line="#ffffff", width=1.0, size=size)
    view = View(id="mark", title=_TITLE, order=_ORDER, symbol=symbol)
    declaration = LayerDeclaration(
        id=MARKS,
        title=_TITLE,
        role="other",
        geometry=Geometry.POINT,
        fields=(FieldDeclaration(name="code", title=_TITLE, key=True),),
        views=(view,),
        card=Card(heading="code", fields=()),
    )
    layer = build_layer(declaration, view, frame)
    return layer.recoloured(fills[here].astype(np.int16), tuple(palette))
