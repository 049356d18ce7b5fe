"""Columns of coordinates: plain numbers in arrays, every other notation cell by cell.

Layers and batch sheets read their coordinates here, so that one cell means one place at every
door. What the numbers are (degrees of which datum, metres of which zone) is not decided here.
"""

import re
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.core.notation import NotationError, NotationProblem, Written, parse_coordinates
from gridmap.core.plane import Floats
from gridmap.core.zones import Zone

_ONE: Final = r"-?[0-9]{1,9}(?:\.[0-9]+)?"
_NUMBER: Final = rf"^\s*{_ONE}\s*$"
# A point as databases write it; its two values stand between brackets.
_POINT: Final = re.compile(r"^\s*(?:SRID=\d+;)?\s*POINT(?:\s*Z)?\s*\(([^()]*)\)\s*$", re.IGNORECASE)
_PAIR: Final = rf"^\s*(?P<a>{_ONE})\s*[,;/，、；\s]\s*(?P<b>{_ONE})\s*$"


def plain(first: pa.Array, second: pa.Array | None = None) -> tuple[Floats, Floats]:
    """Pairs of plain decimal numbers as they are written, both shape (n,).

    Args:
        first: cells with longitude or easting, or with both values.
        second: cells with latitude or northing; None where one cell holds both.

    Returns:
        First and second value; both NaN where a cell is empty or written in another way.
    """
    if second is not None:
        x, y = _figures(first), _figures(second)
    else:
        parts = pc.extract_regex(first, _PAIR)
        x, y = (_figures(pc.struct_field(parts, name)) for name in ("a", "b"))
    lacking = np.isnan(x) | np.isnan(y)
    x[lacking], y[lacking] = np.nan, np.nan
    return x, y


@lru_cache(maxsize=65_536)
def written(text: str, zone: Zone | None = None) -> Written | NotationProblem:
    """A text in any notation as degrees, or why it is no coordinate.

    Args:
        text: one cell, or two joined with a comma.
        zone: of metres that carry no zone number.
    """
    point = _POINT.match(text)
    if point is not None:
        text = " ".join(point[1].split()[:2])
    try:
        return parse_coordinates(text, zone=zone)
    except NotationError as error:
        return error.problem
    except (ValueError, OverflowError):
        return NotationProblem.NOT_A_COORDINATE


def _figures(cells: pa.Array) -> Floats:
    """Plain decimal numbers, NaN for everything else."""
    is_plain = pc.match_substring_regex(cells, _NUMBER)
    kept = pc.if_else(is_plain, pc.utf8_trim_whitespace(cells), None)
    found: Floats = kept.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return found
