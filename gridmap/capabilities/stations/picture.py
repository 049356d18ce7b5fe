"""How stations look by their class or AQI, the age of their latest reading, and their alerts.

The numeral stands beside the colour, because blue, green, yellow, orange and red are not safe for
everybody's eyes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np

from gridmap.core.declaration import Marker
from gridmap.map.faces import Face
from gridmap.map.source import MapLayer
from gridmap.map.theme import PAPER, QUIET, TEXT, colour, ink_on
from gridmap.standards.classing import Medium
from gridmap.standards.files import standards
from gridmap.standards.tables import in_force

ALERT_COLOURS: Final[Mapping[int, str]] = {
    1: "#c0392b",
    2: "#e67e22",
    3: "#d4a900",
    4: "#0b6bcb",
}
"""Ring of a station with an open alert of grade 1 (red) to 4 (blue)."""

_SIZE: Final = 24.0
_MARKERS: Final[Mapping[Medium, Marker]] = {Medium.WATER: "square", Medium.AIR: "circle"}
_OLD_SHARE: Final = 0.38  # of the colour that an old reading keeps


@dataclass(frozen=True, slots=True)
class Look:
    """What decides the face of a station.

    Attributes:
        medium: water shows the numeral of its class, air its AQI.
        grade: class or level 1–6, 0 for none.
        index: the AQI, None for water or without one.
        fresh: whether the latest reading still says how it stands.
        alert: the most serious open alert, 1 (red) to 4 (blue), None without.
    """

    medium: Medium
    grade: int = 0
    index: int | None = None
    fresh: bool = False
    alert: int | None = None


@lru_cache(maxsize=4096)
def face_of(look: Look, day: date) -> Face:
    """The face of a station, in the colours of the standard in force on the day."""
    ring = ALERT_COLOURS.get(look.alert) if look.alert is not None else None
    label, ground = grade_sign(look.medium, look.grade, day)
    if not ground:
        return Face(PAPER, "–", QUIET, QUIET, dashed=True, ring=ring)
    text = str(look.index) if look.index is not None else label
    if look.fresh:
        return Face(ground, text, ink_on(ground), ring=ring)
    pale = _mixed(ground, _OLD_SHARE)
    return Face(pale, text, TEXT, QUIET, dashed=True, ring=ring)


def grade_sign(medium: Medium, grade: int, day: date) -> tuple[str, str]:
    """Short label and colour of a class of water or level of the AQI; empty for none."""
    if medium is Medium.WATER:
        for row in in_force(standards().water.grade, day):
            if row.water_class == grade:
                return row.label, row.colour
    else:
        for level in in_force(standards().air.level, day):
            if level.number == grade:
                return level.name, level.colour
    return "", ""


def _mixed(text: str, share: float) -> str:
    found = colour(text)
    parts = (found.red(), found.green(), found.blue())
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def roomy(layer: MapLayer, medium: Medium) -> MapLayer:
    """A view of stations with symbols large enough for a numeral."""
    symbol = layer.view.symbol.model_copy(
        update={"marker": _MARKERS[medium], "size": _SIZE, "width": 1.5}
    )
    return layer.with_symbol(symbol)


def faced(layer: MapLayer, looks: Sequence[Look], day: date) -> MapLayer:
    """A view of stations with a face for each.

    Args:
        layer: of m points.
        looks: shape (m,).
        day: of the moment shown.
    """
    faces = [face_of(look, day) for look in looks]
    kinds: dict[Any, int] = {face: place for place, face in enumerate(dict.fromkeys(faces))}
    fills = np.array([kinds[face] for face in faces], dtype=np.int16)
    return layer.faced(fills, tuple(kinds))
