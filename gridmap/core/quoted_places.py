"""Coordinates as people paste them: out of map links, WKT, with the datum said beside them.

`gridmap.core.notation` reads figures; here is what may stand around them: 120.75,30.74 高德,
a link of AMap, Baidu or Tencent, geo:30.74,120.75, POINT(120.75 30.74). A link states its datum:
maps for the Chinese public shift their places.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from gridmap.core.datum import Datum, stated_in, without_datum
from gridmap.core.notation import NotationError, NotationProblem, Written, parse_coordinates
from gridmap.core.zones import Zone

_LINK: Final = re.compile(r"^\s*(?:[a-z]+://|www\.|geo:|[\w.]+\.(?:com|cn)/)", re.IGNORECASE)
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_NAMED: Final = re.compile(
    rf"\b(?:lng|lon|longitude|lat|latitude)[=:]({_NUMBER})\b.*?"
    rf"\b(?:lng|lon|longitude|lat|latitude)[=:]({_NUMBER})\b",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d+)\s*,\s*(-?\d{1,3}\.\d+)(?![\d.])")
_TYPE: Final = re.compile(r"\bcoord_?type=([\w-]+)|\bcoordinate=([\w-]+)", re.IGNORECASE)
_TYPES: Final = {"gaode": Datum.GCJ02, "wgs84ll": Datum.WGS84, "wgs": Datum.WGS84}
_WKT: Final = re.compile(
    r"^\s*(?:SRID=\d+;)?\s*(?P<kind>(?:MULTI)?(?:POINT|LINESTRING|POLYGON))\s*(?:ZM?|M)?\s*\("
    rf"(?P<pair>\s*{_NUMBER}\s+{_NUMBER})?(?:\s+{_NUMBER})*\s*(?P<end>\)\s*$)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quoted:
    """Coordinates as they were written, and the datum that the text itself states, if any."""

    written: Written
    datum: Datum | None


def read(text: str, *, zone: Zone | None = None) -> Quoted:
    """Read one place from a text, with what stands around its figures.

    Args:
        text: figures in any notation of `parse_coordinates`, a link, WKT, with or without the
            name of a datum.
        zone: the zone of metres that carry no zone prefix.

    Raises:
        NotationError: if the text is no coordinate, or one that cannot be; `LINK` for a link
            without coordinates, `NOT_A_POINT` for WKT of a line or an area.
    """
    if _LINK.match(text):
        return Quoted(parse_coordinates(_of_link(text)), _datum_of_link(text))
    wkt = _WKT.match(text)
    if wkt:
        if wkt["kind"].upper() != "POINT" or not wkt["pair"] or not wkt["end"]:
            raise NotationError(NotationProblem.NOT_A_POINT, text)
        return Quoted(parse_coordinates(wkt["pair"].strip(), zone=zone), None)
    datum = stated_in(text)
    figures = without_datum(text) if datum is not None else text
    return Quoted(parse_coordinates(figures.replace("&", ","), zone=zone), datum)


def looks_like_coordinates(text: str) -> bool:
    """Whether a search text is meant as a coordinate: two numbers and no other words."""
    try:
        read(text)
    except NotationError as error:
        return error.problem not in {
            NotationProblem.NOT_A_COORDINATE,
            NotationProblem.ONE_VALUE,
        }
    return True


def _of_link(text: str) -> str:
    """The first pair of coordinates in a link."""
    plain = unquote(text)
    found = _NAMED.search(plain)
    if found:
        names = "lat" in plain[found.start() : found.start() + 8].lower()
        pair = found.groups()[::-1] if names else found.groups()
        return ",".join(pair)
    pair_found = _PAIR.search(plain)
    if pair_found is None:
        raise NotationError(NotationProblem.LINK, text)
    return ",".join(pair_found.groups())


def _datum_of_link(text: str) -> Datum | None:
    """In which datum a link writes: as it says, else that of the map it belongs to."""
    kind = _TYPE.search(text)
    if kind:
        name = kind[1] or kind[2]
        return _TYPES.get(name.lower()) or stated_in(name)
    return stated_in(re.split(r"[?#]", text, maxsplit=1)[0])
