"""Reading coordinates as people write them.

Degrees, degrees and minutes, degrees minutes seconds, with symbols, Chinese words,
hyphens or blanks, full-width digits, hemisphere letters or 东经/北纬, both values in
one text; and metres of a 3-degree CGCS2000 zone. In mainland China latitude (18–54)
and longitude (73–135) do not overlap, so swapped axes are found and put right, and
the answer says so.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from gridmap.core.zones import Zone, zone_of_easting

LONGITUDES: Final = (73.0, 136.0)
LATITUDES: Final = (3.0, 54.0)

_SEXAGESIMAL = 60.0
_MAX_PARTS = 3
_EASTING_WITHOUT_ZONE: Final = (100_000.0, 900_000.0)
_NORTHINGS: Final = (300_000.0, 6_000_000.0)

_SCALES: Final = (1e4, 1e5, 1e6, 1e7)

_HEMISPHERES: Final = {
    "东经": "E", "西经": "W", "北纬": "N", "南纬": "S", "经度": "E", "纬度": "N",
    "LONGITUDE": "E", "LATITUDE": "N", "LNG": "E", "LON": "E", "LAT": "N",
}  # fmt: skip
_DEGREE_SIGNS = "°度º˚"
_MINUTE_SIGNS = "′'分’‘＇"
_SECOND_SIGNS = '″"秒”“＂'

_TOKEN = re.compile(
    rf"(?P<number>[-+]?\d+(?:\.\d+)?)|(?P<sign>[{_DEGREE_SIGNS}{_MINUTE_SIGNS}{_SECOND_SIGNS}])"
    r"|(?P<letter>[NSEW])|(?P<break>[,;/、，；])|(?P<blank>\s+)|(?P<other>.)"
)
_HYPHENS = re.compile(r"(?<=\d)[-–—](?=\d)")
_BRACKETS = re.compile(r"[()\[\]{}（）【】:：=]")


class NotationProblem(StrEnum):
    """Why a text is not a coordinate."""

    NOT_A_COORDINATE = "not_a_coordinate"
    ONE_VALUE = "one_value"
    SIXTY = "sixty"
    OUT_OF_RANGE = "out_of_range"
    ZERO = "zero"
    ZONE_NEEDED = "zone_needed"
    NO_POINT = "no_point"
    LINK = "link"
    NOT_A_POINT = "not_a_point"


class NotationError(ValueError):
    """A text that is no coordinate: `problem` says why, `text` is what was read."""

    def __init__(self, problem: NotationProblem, text: str) -> None:
        super().__init__(f"{problem}: {text!r}")
        self.problem = problem
        self.text = text


@dataclass(frozen=True)
class Written:
    """A coordinate as it was written: degrees, longitude first, datum not applied.

    `swapped` says that the axes stood the other way round; `zone` is set when the
    text held metres of a 3-degree zone (then the degrees are CGCS2000).
    """

    lon: float
    lat: float
    swapped: bool = False
    zone: Zone | None = None


@dataclass(frozen=True)
class _Value:
    degrees: float
    hemisphere: str | None


def parse_coordinates(text: str, *, zone: Zone | None = None) -> Written:
    """Read one place from one text.

    Args:
        text: for instance `120.85,30.72`, `120°45′30″ 30°44′10″`, `N30.72 E120.75`,
            `120度45分30秒，30度44分10秒`, `40481234.5 3400123.4`.
        zone: the zone of metres that carry no zone prefix.

    Raises:
        NotationError: if the text is no coordinate, or one that cannot be.
    """
    values = _values(text)
    if len(values) != 2:  # noqa: PLR2004  a place is two values
        found = NotationProblem.ONE_VALUE if len(values) == 1 else NotationProblem.NOT_A_COORDINATE
        raise NotationError(found, text)
    first, second = values
    if max(abs(first.degrees), abs(second.degrees)) > 360.0:  # noqa: PLR2004  no degree is
        if "." not in text and _degrees_without_point(first.degrees, second.degrees):
            raise NotationError(NotationProblem.NO_POINT, text)
        return _from_metres(first.degrees, second.degrees, zone, text)
    return _order(first, second, text)


def _order(first: _Value, second: _Value, text: str) -> Written:
    if first.degrees == 0 and second.degrees == 0:
        raise NotationError(NotationProblem.ZERO, text)
    named = {value.hemisphere for value in (first, second)}
    if named & {"N", "S"} or named & {"E", "W"}:
        latitude_first = first.hemisphere in {"N", "S"} or second.hemisphere in {"E", "W"}
        lon, lat = (second, first) if latitude_first else (first, second)
        written = Written(lon.degrees, lat.degrees)
    elif _is_lat(first.degrees) and _is_lon(second.degrees):
        written = Written(second.degrees, first.degrees, swapped=True)
    else:
        written = Written(first.degrees, second.degrees)
    if abs(written.lon) > 180 or abs(written.lat) > 90:  # noqa: PLR2004  the globe
        raise NotationError(NotationProblem.OUT_OF_RANGE, text)
    return written


def _is_lon(value: float) -> bool:
    return LONGITUDES[0] <= value <= LONGITUDES[1]


def _is_lat(value: float) -> bool:
    return LATITUDES[0] <= value <= LATITUDES[1]


def _degrees_without_point(first: float, second: float) -> bool:
    """Whether two whole numbers may be degrees of China whose point was lost: 1207512, 307421."""
    return any(
        (_is_lon(first / scale) and _is_lat(second / scale))
        or (_is_lat(first / scale) and _is_lon(second / scale))
        for scale in _SCALES
    )


def _from_metres(first: float, second: float, zone: Zone | None, text: str) -> Written:
    for easting, northing, swapped in ((first, second, False), (second, first, True)):
        if not _NORTHINGS[0] <= northing <= _NORTHINGS[1]:
            continue
        found = zone_of_easting(easting)
        if found is None and _EASTING_WITHOUT_ZONE[0] <= easting <= _EASTING_WITHOUT_ZONE[1]:
            if zone is None:
                raise NotationError(NotationProblem.ZONE_NEEDED, text)
            found = zone.without_prefix()
        if found is not None:
            lon, lat = found.to_degrees(easting, northing)
            return Written(float(lon), float(lat), swapped=swapped, zone=found)
    raise NotationError(NotationProblem.OUT_OF_RANGE, text)


def _values(text: str) -> list[_Value]:
    """The values of the text, each with its hemisphere if one is written."""
    numbers, breaks = _tokens(text)
    groups = _grouped(numbers, breaks, text)
    return [_value(group, text) for group in groups]


@dataclass
class _Number:
    """A number with the sign after it and the hemisphere letter beside it."""

    value: float
    sign: str = ""
    before: str = ""
    after: str = ""


def _tokens(text: str) -> tuple[list[_Number], set[int]]:
    """Numbers in order, and the positions (number index) before which a break stands."""
    plain = unicodedata.normalize("NFKC", text).upper()
    for word, letter in _HEMISPHERES.items():
        plain = plain.replace(word, f" {letter} ")
    plain = _BRACKETS.sub(" ", _HYPHENS.sub(" ", plain))
    numbers: list[_Number] = []
    breaks: set[int] = set()
    pending = ""
    for match in _TOKEN.finditer(plain):
        kind, found = match.lastgroup, match.group()
        if kind == "number":
            numbers.append(_Number(float(found), before=pending))
            pending = ""
        elif kind == "sign" and numbers and not numbers[-1].sign:
            numbers[-1].sign = found
        elif kind == "letter":
            after_value = numbers and not numbers[-1].after and not _opened(numbers)
            if after_value and not pending:
                numbers[-1].after = found
            else:
                pending = found
        elif kind == "break":
            breaks.add(len(numbers))
        elif kind not in {"blank", "sign"}:
            raise NotationError(NotationProblem.NOT_A_COORDINATE, text)
    if pending or not numbers:
        raise NotationError(NotationProblem.NOT_A_COORDINATE, text)
    return numbers, breaks


def _opened(numbers: list[_Number]) -> bool:
    """Whether the values so far are led by letters, so that a letter opens the next value."""
    return any(number.before for number in numbers)


def _grouped(numbers: list[_Number], breaks: set[int], text: str) -> list[list[_Number]]:
    """Numbers grouped into values: by breaks, by letters, by degree signs, else in halves."""
    starts = {0} | {i for i in breaks if 0 < i < len(numbers)}
    if len(starts) == 1:
        starts |= {i for i, number in enumerate(numbers) if i and number.before}
        starts |= {i + 1 for i, number in enumerate(numbers[:-1]) if number.after}
    if len(starts) == 1:
        starts |= {i for i, n in enumerate(numbers) if n.sign and n.sign in _DEGREE_SIGNS}
    if len(starts) == 1 and len(numbers) in {2, 4, 6}:
        starts.add(len(numbers) // 2)
    edges = [*sorted(starts), len(numbers)]
    groups = [numbers[a:b] for a, b in pairwise(edges)]
    if any(len(group) > _MAX_PARTS for group in groups):
        raise NotationError(NotationProblem.NOT_A_COORDINATE, text)
    return groups


def _value(group: list[_Number], text: str) -> _Value:
    degrees = abs(group[0].value)
    for power, part in enumerate(group[1:], start=1):
        if not 0 <= part.value < _SEXAGESIMAL:
            raise NotationError(NotationProblem.SIXTY, text)
        degrees += part.value / _SEXAGESIMAL**power
    hemisphere = next((n.before or n.after for n in group if n.before or n.after), None)
    negative = group[0].value < 0 or hemisphere in {"S", "W"}
    return _Value(-degrees if negative else degrees, hemisphere)
