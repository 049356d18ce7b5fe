"""What a user wrote as a place → a point: coordinates in any notation and datum, or a name."""

from dataclasses import dataclass
from typing import Final

from gridmap.capabilities.locate.work.phrases import Places
from gridmap.core import datum as datums
from gridmap.core import quoted_places
from gridmap.core.datum import Datum
from gridmap.core.notation import NotationError
from gridmap.core.place import Place
from gridmap.core.search import Hit, Match, SearchIndex
from gridmap.core.zones import Zone
from gridmap.texts import GridMapError

_MOST_NAMED: Final = 5
_MOST_TOLD: Final = 60


class PlaceError(GridMapError):
    """A text that does not lead to one place. Ambiguous names carry their `hits`."""

    exit_code = 3

    def __init__(self, key: str, hits: tuple[Hit, ...] = (), **facts: object) -> None:
        super().__init__(key, **facts)
        self.hits = hits


@dataclass(frozen=True)
class Found:
    """A place and how it was understood: `swapped` axes, the `hit` of a name search."""

    place: Place
    swapped: bool = False
    hit: Hit | None = None


def coordinates_in(text: str, *, datum: Datum = Datum.CGCS2000, zone: Zone | None = None) -> Found:
    """A place from coordinates; metres of a zone are CGCS2000 whatever the datum.

    A datum that the text states itself, as a link of a map does, wins over `datum`.

    Raises:
        PlaceError: `answer.place.<problem>`, saying what cannot be read.
    """
    try:
        quoted = quoted_places.read(text, zone=zone)
    except NotationError as error:
        raise PlaceError(f"answer.place.{error.problem}", text=_one_line(text)) from error
    written = quoted.written
    used = Datum.CGCS2000 if written.zone is not None else quoted.datum or datum
    lon, lat = datums.to_wgs84(written.lon, written.lat, used)
    read_in = None if written.zone is not None else used
    return Found(Place(float(lon), float(lat), text=text, datum=read_in), swapped=written.swapped)


def _one_line(text: str) -> str:
    """A text as it is told: a pasted area has thousands of figures."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _MOST_TOLD else f"{plain[: _MOST_TOLD - 1]}…"


def place_of(
    text: str,
    index: SearchIndex,
    *,
    datum: Datum = Datum.CGCS2000,
    zone: Zone | None = None,
    places: Places | None = None,
) -> Found:
    """A place from coordinates, from a name that means one feature, or, with `places`, in words.

    Raises:
        PlaceError: for nonsense coordinates, an unknown or an ambiguous name.
    """
    if quoted_places.looks_like_coordinates(text):
        return coordinates_in(text, datum=datum, zone=zone)
    hits = index.find(text)
    if not hits and places is not None:
        return place_in_words(text, places)
    if not hits:
        raise PlaceError("answer.place.unknown", text=text)
    best = [hit for hit in hits if hit.match == hits[0].match]
    exact = hits[0].match in {Match.EXACT, Match.CODE, Match.SPOKEN}
    heaviest = [hit for hit in best if hit.entry.weight == best[0].entry.weight]
    if len(hits) > 1 and not (exact and len(heaviest) == 1):
        names = "、".join(hit.entry.name for hit in hits[:_MOST_NAMED])
        raise PlaceError(
            "answer.place.ambiguous", tuple(hits), text=text, count=len(hits), names=names
        )
    return found_at(hits[0], text)


def place_in_words(text: str, places: Places) -> Found:
    """A place such as 向阳桥东 200 米, with the radius that such words leave.

    Raises:
        PlaceError: `answer.place.<trouble>`; the error carries the candidates.
    """
    placed = places.find(text)
    if placed.place is not None:
        hit = placed.anchors[0] if placed.anchors else None
        return Found(placed.place, hit=hit)
    names = "、".join(hit.entry.name for hit in placed.candidates[:_MOST_NAMED]) or "—"
    unit = placed.unit.name if placed.unit is not None else "—"
    raise PlaceError(
        f"answer.place.{placed.trouble}", placed.candidates,
        text=text, count=len(placed.candidates), names=names, unit=unit,
    )  # fmt: skip


def found_at(hit: Hit, text: str) -> Found:
    """The place of a search hit, with the radius that its entry states."""
    entry = hit.entry
    return Found(Place(entry.lon, entry.lat, entry.radius_m, text), hit=hit)
