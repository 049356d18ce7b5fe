"""What empty tables consist of: the columns that the import knows."""

from collections.abc import Mapping
from typing import Final

from gridmap.core.declaration import FieldDeclaration, Geometry, LayerDeclaration
from gridmap.intake import rosters
from gridmap.intake.choices import ROSTERS, SERIES

READING: Final = ("station", "time", "item", "value", "unit")
"""The columns of a table of readings, a reading in each row; see `resources/headings.toml`."""

PLACE: Final = ("lon", "lat")
"""The columns of a place, beside the fields of a layer of points."""


def templates(declarations: Mapping[str, LayerDeclaration]) -> tuple[str, ...]:
    """What can be delivered as a table: layers of points by id, rosters, readings."""
    return tuple(
        one for one in (*declarations, *ROSTERS, SERIES) if has_template(one, declarations)
    )


def has_template(target: str, declarations: Mapping[str, LayerDeclaration]) -> bool:
    """Whether something can be delivered as a table: lines and areas need a file of shapes."""
    layer = declarations.get(target)
    if layer is not None:
        return layer.geometry is Geometry.POINT
    return target in ROSTERS or target == SERIES


def fields_of(
    target: str, declarations: Mapping[str, LayerDeclaration]
) -> tuple[FieldDeclaration, ...]:
    """The fields of a layer or a roster; none of readings.

    Raises:
        KeyError: if there is no template of that name.
    """
    if not has_template(target, declarations):
        raise KeyError(target)
    layer = declarations.get(target)
    return layer.fields if layer is not None else rosters.fields().get(target, ())
