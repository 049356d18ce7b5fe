"""In which reference system a file may be, as ranked guesses with their evidence.

Degrees can be CGCS2000 (the same as WGS 84), GCJ-02 or BD-09; metres with a zone before the
easting name their zone; metres without could be any zone, and the territory tells which. What
decides is what the file says of itself: in which unit a row claims to be, where features of
the same key already are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from gridmap.core.datum import Datum, to_wgs84
from gridmap.core.notation import LATITUDES, LONGITUDES
from gridmap.core.plane import GEOD
from gridmap.intake.looks.references import References
from gridmap.store.geopackage import Geometries

Points = npt.NDArray[np.float64]

PLAIN: Final = "EPSG:4490"
WEB_MERCATOR: Final = "EPSG:3857"
_THREE_FROM, _THREE, _THREE_PLAIN = 25, 4513, 4534
_SIX_FROM, _SIX = 13, 4491
_ZONES, _SIX_ZONES = range(25, 46), range(13, 24)
_PREFIX: Final = 1_000_000.0
_NORTHINGS, _EASTINGS = (300_000.0, 6_100_000.0), (100_000.0, 900_000.0)
_MERCATOR_X, _MERCATOR_Y = (8.1e6, 15.2e6), (0.3e6, 7.2e6)
_MOST: Final = 0.8
_SAMPLE: Final = 2_000
_AREAL_SAMPLE: Final = 200
_CLEAR: Final = 0.25
_FAR_M: Final = 5_000.0
_LEAD: Final = 0.08
_NEARER_M: Final = 100.0
AT_RIVERS: Final = frozenset({"sluice", "outlet", "section", "intake", "signboard", "station"})
"""Roles of layers whose features stand in rivers or at them."""


@dataclass(frozen=True)
class Claims:
    """What rows say of where they are.

    `rows` and `areas`, shape (m,): row i (position) says it is in area j of the references;
    `column` is the heading that says so. `same` is the stored geometry of the same key,
    shape (n,), None where there is none.
    """

    rows: npt.NDArray[np.int64]
    areas: npt.NDArray[np.int64]
    column: str = ""
    same: Geometries | None = None


@dataclass(frozen=True)
class PlaceGuess:
    """One reading of the coordinates and what speaks for it; shares are 0–1, None = unknown.

    `named`: rows inside the unit that they name (areas: overlap with it); `territory`: rows
    inside the project's territory; `rivers`: points in a river; `offset_m`: mean distance to
    stored features of the same key; `axes`: "yx" where the first value is the northing or
    latitude; `areal`: the rows are areas or lines, no points; `at_rivers`: what the layer holds
    stands in rivers or at them, so that being there speaks for a reading (elsewhere it says
    nothing: land is full of ditches).
    """

    crs: str
    axes: str = "xy"
    china: float = 0.0
    named: float | None = None
    territory: float | None = None
    rivers: float | None = None
    offset_m: float | None = None
    confidence: float = 0.0
    areal: bool = False
    at_rivers: bool = False

    @property
    def score(self) -> float:
        """How well it fits, comparable among guesses on one file."""
        near = None if self.offset_m is None else 1.0 / (1.0 + self.offset_m / 100.0)
        parts = [(near, 3.0), (self.named, 2.0), (self.territory, 1.0), (self.china, 0.5)]
        known = [(value, weight) for value, weight in parts if value is not None]
        wet = 0.2 * (self.rivers or 0.0) if self.at_rivers else 0.0
        return sum(v * w for v, w in known) / sum(w for _, w in known) + wet

    def leads(self, other: "PlaceGuess") -> bool:
        """Whether it fits so much better that it may be proposed in the other's place.

        Identity keys count first: where stored features of the same keys are near one reading
        and far from the other, nothing else is asked.
        """
        if self.offset_m is not None and other.offset_m is not None:
            nearer = other.offset_m - self.offset_m
            return nearer > _NEARER_M and self.offset_m < other.offset_m / 2
        return self.score - other.score > _LEAD


def axes_of(xy: Points) -> str:
    """Which value of most pairs comes first: "xy" longitude or easting, "yx" the other one."""
    x, y = xy[np.isfinite(xy).all(axis=1)].T
    if not x.size:
        return "xy"
    return "yx" if _ordered(y, x).mean() > max(_ordered(x, y).mean(), 0.5) else "xy"


def swapped_rows(xy: Points) -> npt.NDArray[np.bool_]:
    """Pairs whose values stand the other way round than they should, shape (n,)."""
    x, y = xy.T
    with np.errstate(invalid="ignore"):
        found: npt.NDArray[np.bool_] = _ordered(y, x) & ~_ordered(x, y)
    return found


def candidates(xy: Points) -> list[PlaceGuess]:
    """The systems that the size of the numbers allows; `xy` are pairs with one axis order."""
    axes = axes_of(xy)
    pairs = xy[np.isfinite(xy).all(axis=1)]
    if not len(pairs):
        return []
    x, y = (pairs if axes == "xy" else pairs[:, ::-1]).T
    if ((np.abs(x) <= 180) & (np.abs(y) <= 180)).mean() >= _MOST:  # noqa: PLR2004  degrees
        names = [PLAIN, Datum.GCJ02.value, Datum.BD09.value]
        return [PlaceGuess(name, axes) for name in names]
    found = []
    if _between(y, _NORTHINGS).mean() >= _MOST:
        prefix = np.floor(x / _PREFIX).astype(np.int64)
        number = int(np.bincount(np.clip(prefix, 0, 99)).argmax())
        if number in _ZONES:
            found.append(f"EPSG:{_THREE + number - _THREE_FROM}")
        elif number in _SIX_ZONES:
            found.append(f"EPSG:{_SIX + number - _SIX_FROM}")
        elif _between(x, _EASTINGS).mean() >= _MOST:
            found += [f"EPSG:{_THREE_PLAIN + zone - _THREE_FROM}" for zone in _ZONES]
    if (_between(x, _MERCATOR_X) & _between(y, _MERCATOR_Y)).mean() >= _MOST:
        found.append(WEB_MERCATOR)
    return [PlaceGuess(name, axes) for name in found]


def ranked(
    geometry: Geometries,
    claims: Claims,
    references: References,
    also: Iterable[str] = (),
    role: str = "",
) -> tuple[PlaceGuess, ...]:
    """All guesses with their evidence, best first.

    Args:
        geometry: as delivered, missing ones None; degrees or metres.
        claims: what the rows say of where they are.
        references: what the project knows.
        also: systems that file or person named, to be compared with the others.
        role: of the layer; it decides what speaks for a reading.
    """
    points = representative(geometry)
    guesses = candidates(points)
    names = {guess.crs for guess in guesses}
    axes = guesses[0].axes if guesses else axes_of(points)
    guesses += [PlaceGuess(name, axes) for name in also if name not in names]
    guesses = [replace(guess, at_rivers=role in AT_RIVERS) for guess in guesses]
    judged = [_judged(guess, geometry, points, claims, references) for guess in guesses]
    judged = [guess for guess in judged if guess.china > 0]
    judged.sort(key=lambda guess: -guess.score)
    return tuple(
        replace(guess, confidence=_confidence(guess, judged[:i] + judged[i + 1 :]))
        for i, guess in enumerate(judged)
    )


def representative(geometry: Geometries) -> Points:
    """One place per geometry, shape (n, 2), NaN where there is none."""
    points = shapely.get_coordinates(shapely.point_on_surface(_sound(geometry)))
    found = np.full((len(geometry), 2), np.nan)
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    found[there] = points
    return found


def moved(geometry: Geometries, crs: str, axes: str = "xy") -> Geometries:
    """Geometry in degrees of EPSG:4490, as if it were delivered in `crs`."""
    convert = converter(crs, axes)
    made: Geometries = shapely.transform(geometry, convert)
    return made


def converter(crs: str, axes: str = "xy") -> Any:
    """A function from pairs as delivered, shape (n, 2), to degrees of EPSG:4490."""

    def convert(xy: Points) -> Points:
        x, y = (xy if axes == "xy" else xy[:, ::-1]).T
        if crs in {Datum.GCJ02.value, Datum.BD09.value}:
            lon, lat = to_wgs84(x, y, Datum(crs))
        elif crs == PLAIN:
            lon, lat = x, y
        else:
            transformer = pyproj.Transformer.from_crs(crs, PLAIN, always_xy=True)
            lon, lat = transformer.transform(x, y)
        return np.column_stack([lon, lat])

    return convert


def mean_shift(before: Points, after: Points) -> float:
    """The mean distance in metres between places, both shape (n, 2) in degrees."""
    good = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
    good &= (np.abs(before) <= 180).all(axis=1) & (np.abs(before[:, 1]) <= 90)  # noqa: PLR2004
    if not good.any():
        return float("nan")
    start, end = before[good], after[good]
    metres = GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2]
    return float(np.mean(metres))


def _judged(
    guess: PlaceGuess, geometry: Geometries, points: Points, claims: Claims, known: References
) -> PlaceGuess:
    convert = converter(guess.crs, guess.axes)
    there = np.flatnonzero(np.isfinite(points).all(axis=1))
    if not there.size:
        return guess
    sample = there[np.linspace(0, there.size - 1, min(there.size, _SAMPLE)).astype(np.int64)]
    lonlat = convert(points[sample])
    fits = np.isfinite(lonlat).all(axis=1) & _ordered(lonlat[:, 0], lonlat[:, 1])
    places = shapely.points(np.where(fits[:, None], lonlat, 0.0))
    territory = known.territory
    inside = None if territory is None else float(shapely.covers(territory, places).mean())
    wet = known.on_rivers(places) if _are_points(geometry) else None
    return replace(
        guess,
        china=float(fits.mean()),
        territory=inside,
        rivers=wet,
        named=_named(guess, geometry, claims, known),
        areal=not _are_points(geometry),
        offset_m=_offset(guess, geometry, claims),
    )


def _named(
    guess: PlaceGuess, geometry: Geometries, claims: Claims, known: References
) -> float | None:
    """Points: the share inside the area that they name; areas: the mean overlap with it."""
    if not claims.rows.size:
        return None
    areas = known.areas["geometry"].to_numpy(dtype=object)
    if _are_points(geometry):
        rows = np.unique(claims.rows)
        rows = rows[np.linspace(0, rows.size - 1, min(rows.size, _SAMPLE)).astype(np.int64)]
        chosen = np.isin(claims.rows, rows)
        who = claims.rows[chosen]
        places = moved(geometry[who], guess.crs, guess.axes)
        hit = shapely.covers(areas[claims.areas[chosen]], places)
        return float(len(np.unique(who[hit])) / rows.size)
    count = min(claims.rows.size, _AREAL_SAMPLE)
    chosen = np.linspace(0, claims.rows.size - 1, count).astype(np.int64)
    shapes = _sound(moved(geometry[claims.rows[chosen]], guess.crs, guess.axes))
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    named = areas[claims.areas[chosen]][finite]
    both = shapely.intersection(shapes[finite], named)
    if (shapely.get_dimensions(shapes[finite]) == 2).all():  # noqa: PLR2004  areas
        size = np.minimum(shapely.area(shapes[finite]), shapely.area(named))
        part = np.where(size > 0, shapely.area(both) / np.where(size > 0, size, 1.0), 0.0)
    else:
        length = shapely.length(shapes[finite])
        part = np.where(length > 0, shapely.length(both) / np.where(length > 0, length, 1), 0.0)
    return float(part.sum() / count)


def _offset(guess: PlaceGuess, geometry: Geometries, claims: Claims) -> float | None:
    """The median distance in metres to the stored places of the same key."""
    if claims.same is None:
        return None
    there = ~shapely.is_missing(claims.same) & ~shapely.is_missing(geometry)
    rows = np.flatnonzero(there)[:_SAMPLE]
    if not rows.size:
        return None
    new = representative(moved(geometry[rows], guess.crs, guess.axes))
    old = representative(claims.same[rows])
    fits = np.isfinite(new).all(axis=1) & _ordered(new[:, 0], new[:, 1])
    if not fits.any():
        return _FAR_M
    metres = GEOD.inv(new[fits, 0], new[fits, 1], old[fits, 0], old[fits, 1])[2]
    return float(np.median(metres))


def _confidence(guess: PlaceGuess, others: list[PlaceGuess]) -> float:
    """How far a guess stands out; without evidence that tells them apart it stays low."""
    if guess.crs not in {PLAIN, Datum.GCJ02.value, Datum.BD09.value} and not others:
        return round(0.95 * guess.china, 2)
    lead = guess.score - max((other.score for other in others), default=0.0)
    share = max(guess.named or 0.0, guess.territory or 0.0)
    if guess.offset_m is not None:
        share = max(share, 1.0 / (1.0 + guess.offset_m / 100.0))
    return round(float(np.clip(0.5 + lead / (2 * _CLEAR), 0.0, 0.99)) * max(share, 0.3), 2)


def _ordered(x: Points, y: Points) -> npt.NDArray[np.bool_]:
    """Whether x is a longitude (or easting) and y a latitude (or northing) of China."""
    degrees = _between(x, LONGITUDES) & _between(y, LATITUDES)
    prefix = np.floor(np.nan_to_num(x) / _PREFIX)
    zone = np.isin(prefix, [*_ZONES, *_SIX_ZONES])
    # An unprefixed easting is always smaller than a northing north of 9°.
    metres = _between(y, _NORTHINGS) & (zone | (_between(x, _EASTINGS) & (y > x)))
    mercator = _between(x, _MERCATOR_X) & _between(y, _MERCATOR_Y)
    found: npt.NDArray[np.bool_] = degrees | metres | mercator
    return found


def _between(values: Points, bounds: tuple[float, float]) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        inside: npt.NDArray[np.bool_] = (values >= bounds[0]) & (values <= bounds[1])
    return inside


def _are_points(geometry: Geometries) -> bool:
    return bool((shapely.get_dimensions(geometry) <= 0).all())


def _sound(geometry: Geometries) -> Geometries:
    bad = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    if not bad.any():
        return geometry
    made = geometry.copy()
    made[bad] = shapely.make_valid(geometry[bad])
    return made
