"""Labels beside each other that never overlap: rows, and who gives way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """A label that should stand at `x`; a lower `rank` wins where room is short.

    `texts` are the label in full and shorter forms of it, the longest first.
    """

    x: float
    rank: float
    texts: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True)
class Placed:
    """A label in its place: left edge, width, row from 0."""

    wanted: Wanted
    text: str
    left: float
    width: float
    row: int


def placed(
    wanted: Iterable[Wanted],
    measure: Callable[[str], float],
    room: tuple[float, float],
    rows: int,
    gap: float = 8.0,
    slack: float = 0.0,
) -> list[Placed]:
    """Place labels in rows, the most important first; who finds no room is left out.

    Args:
        wanted: the labels.
        measure: the width of a text.
        room: left and right edge that no label leaves.
        rows: how many rows there are.
        gap: least space between two labels of a row.
        slack: how far a label may stand beside its place.
    """
    taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    found: list[Placed] = []
    for one in sorted(wanted, key=lambda label: (label.rank, label.x)):
        spot = _spot(one, measure, room, taken, slack)
        if spot is not None:
            taken[spot.row].append((spot.left - gap, spot.left + spot.width + gap))
            found.append(spot)
    return found


def _spot(
    one: Wanted,
    measure: Callable[[str], float],
    room: tuple[float, float],
    taken: list[list[tuple[float, float]]],
    slack: float,
) -> Placed | None:
    shifts = (0.0, -slack, slack) if slack else (0.0,)
    for text in one.texts:
        width = measure(text)
        for shift in shifts:
            left = min(max(one.x + shift - width / 2, room[0]), room[1] - width)
            if left < room[0]:
                continue
            for row, spans in enumerate(taken):
                if all(left + width <= low or left >= high for low, high in spans):
                    return Placed(one, text, left, width, row)
    return None
