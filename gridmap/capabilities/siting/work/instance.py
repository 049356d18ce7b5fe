"""Published instances of covering: plain files `x y demand`, and their answer."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from gridmap.capabilities.siting.rules.question import Answer, CoverError, Floats, Question, Sparse
from gridmap.capabilities.siting.rules.siting import Means, most_cover
from gridmap.texts import GridMapError, t

_FIELDS: Final = ("x", "y", "demand")
_SLACK: Final = 1e-9


class InstanceError(GridMapError):
    """A file that cannot be read: the facts name `file`, `row`, `field`, `value`."""


@dataclass(frozen=True, eq=False)
class Instance:
    """Places that are demand and candidate at once.

    Attributes:
        file: its name.
        places: x and y in the plane of the file, in its own unit, shape (n, 2).
        demand: shape (n,).
    """

    file: str
    places: Floats
    demand: Floats


@dataclass(frozen=True)
class InstanceAnswer:
    """The answer for one radius and number of sites."""

    instance: Instance
    radius: float
    count: int
    answer: Answer


def read_instance(path: Path) -> Instance:
    """Read a file: one row a place, `x y demand`; a first row that begins with their number.

    Raises:
        InstanceError: naming file, row and field.
    """
    lines = enumerate(_text(path).splitlines(), start=1)
    rows = [(number, line.split()) for number, line in lines if line.strip()]
    if not rows:
        raise InstanceError("siting.error.instance_empty", file=path.name)
    declared: int | None = None
    first = rows[0][1]
    if len(first) != len(_FIELDS) or not all(_is_number(one) for one in first):
        declared = _count(path, *rows[0])
        rows = rows[1:]
    found = np.array([_row(path, number, fields) for number, fields in rows]).reshape(-1, 3)
    if declared is not None and declared != len(found):
        raise InstanceError(
            "siting.error.instance_count", file=path.name, told=declared, found=len(found)
        )
    if not len(found):
        raise InstanceError("siting.error.instance_empty", file=path.name)
    return Instance(path.name, found[:, :2], found[:, 2])


def within(places: Floats, sites: Floats, radius: float) -> Sparse:
    """Which places (n, 2) lie no farther than a radius from which sites (s, 2): (n, s), sparse."""
    from scipy.sparse import csr_array  # noqa: PLC0415  large
    from scipy.spatial import cKDTree  # noqa: PLC0415

    shape = (len(places), len(sites))
    if not all(shape):
        return csr_array(shape, dtype=np.int64)
    near: Any = cKDTree(places).sparse_distance_matrix(
        cKDTree(sites), radius * (1 + _SLACK), output_type="coo_matrix"
    )
    # Exactly: whole coordinates squared are whole, the tree's distances are rounded.
    apart = places[near.row] - sites[near.col]
    inside = (apart**2).sum(axis=1) <= radius * radius
    row, column = near.row[inside], near.col[inside]
    return csr_array((np.ones(len(row), np.int64), (row, column)), shape=shape)


def solve_instance(instance: Instance, radius: float, count: int, means: Means) -> InstanceAnswer:
    """Cover most demand within a radius with so many sites among the places.

    Raises:
        InstanceError: `siting.error.too_many` and what else a question may lack.
    """
    cover = within(instance.places, instance.places, radius)
    try:
        answer = most_cover(Question.of(instance.demand, cover), count, means)
    except CoverError as error:
        raise InstanceError(f"siting.error.{error.code}", **error.facts) from error
    return InstanceAnswer(instance, radius, count, answer)


# --- inner --------------------------------------------------------------------------------


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InstanceError("siting.error.instance_file", file=path.name, reason=reason) from error
    except UnicodeDecodeError as error:
        raise InstanceError("siting.error.instance_text", file=path.name) from error


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _count(path: Path, number: int, fields: list[str]) -> int:
    if not fields[0].isdecimal():
        raise InstanceError(
            "siting.error.instance_header", file=path.name, row=number, value=" ".join(fields)
        )
    return int(fields[0])


def _row(path: Path, number: int, fields: list[str]) -> list[float]:
    if len(fields) != len(_FIELDS):
        raise InstanceError(
            "siting.error.instance_fields", file=path.name, row=number, found=len(fields)
        )
    for name, text in zip(_FIELDS, fields, strict=True):
        if not _is_number(text) or (name == "demand" and float(text) < 0):
            needs = t("siting.error.not_negative" if name == "demand" else "siting.error.number")
            raise InstanceError(
                "siting.error.instance_value", file=path.name, row=number, field=name, value=text,
                needs=needs,
            )  # fmt: skip
    return [float(text) for text in fields]
