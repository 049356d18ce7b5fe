"""Faces: how single markers differ from the symbol of their view, such as by class and alert."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """How a marker looks. Colours are `#rrggbb` or `#rrggbbaa`.

    Attributes:
        fill: of the shape, None for none.
        text: stands in the middle, "" for none: a class numeral or an index.
        ink: colour of the text.
        line: of the outline, None for that of the symbol.
        dashed: whether the outline is dashed.
        ring: colour of a ring around the marker, None for none.
    """

    fill: str | None
    text: str = ""
    ink: str = "#ffffff"
    line: str | None = None
    dashed: bool = False
    ring: str | None = None
