"""A place in words → a point with a radius, or the reason why not.

向阳桥东 200 米, XX 厂北侧, A 镇与 B 镇交界: `Places` finds the names among the features of
a project and applies the relation. What it cannot place it answers with a reason and
candidates: unknown, several of that name, only a larger place known.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import shapely

from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.capabilities.locate.work.figures import radii_of
from gridmap.capabilities.locate.work.search_index import search_index
from gridmap.core.place import Place
from gridmap.core.placetext import Phrase, Radii, Relation, radius_of, read_phrase, shift_of
from gridmap.core.plane import metres_per_degree
from gridmap.core.search import Entry, Hit, Match, SearchIndex, normal
from gridmap.store.changes import EVERY, roles, settings
from gridmap.store.project import Project

_MOST: Final = 20
_ALL: Final = 1000
_TOUCH_M: Final = 300.0
_AREA: Final = 2
# Tiers from the finest; a unit up to the owner tier is an answer by its name.
_TIERS: Final = ("cell", "village", "park", "township", "county", "city")
# What a general word says about the kind of feature: where candidates are sought.
_KIND_WORDS: Final = {
    "河": ("reaches", "rivers"), "浜": ("reaches", "rivers"), "港": ("reaches", "rivers"),
    "塘": ("reaches", "rivers"), "桥": ("places",), "厂": ("enterprises",),
    "公司": ("enterprises",), "园区": ("grid_units",), "排口": ("outlets",),
    "小学": ("places",), "市场": ("places",),
}  # fmt: skip

ShapeOf = Callable[[Entry], shapely.Geometry | None]


class Trouble(StrEnum):
    """Why a text is no place."""

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    LARGER = "larger"
    APART = "apart"


@dataclass(frozen=True)
class Placed:
    """What became of a place in words.

    Either `place`, with the `anchors` it was measured from, or a `trouble` with
    `candidates` (best first), the `unit` that is all that is known, and `radius_m`, how
    far the candidates lie apart or the unit reaches.
    """

    text: str
    place: Place | None = None
    anchors: tuple[Hit, ...] = ()
    trouble: Trouble | None = None
    candidates: tuple[Hit, ...] = ()
    unit: Entry | None = None
    radius_m: float = 0.0
    phrase: Phrase | None = None


def places_of(project: Project) -> "Places":
    """The places of a project as it is now; gathered anew only after a layer changed."""
    return project.derived(_places, roles(EVERY) | settings("rules."))


def _places(project: Project) -> "Places":
    return Places.of(project, responsibility_of(project).grid.owner_tier)


class Places:
    """The names of a project and where they lie. Immutable; keeps what it has placed.

    Args:
        index: the named features.
        shapes: the geometry of an entry, in degrees of EPSG:4490.
        radii: how vague each relation is.
        owner_tier: the tier that answers for a place.
    """

    def __init__(
        self, index: SearchIndex, shapes: ShapeOf, radii: Radii, owner_tier: str = "township"
    ) -> None:
        self.index, self._shape_of, self._radii = index, shapes, radii
        self._answering = _TIERS[: _TIERS.index(owner_tier) + 1]
        self._kept: dict[str, Placed] = {}

    @classmethod
    def of(cls, project: Project, owner_tier: str = "township") -> "Places":
        """The places of a project."""
        return cls(search_index(project), _Shapes(project), radii_of(project), owner_tier)

    def find(self, text: str) -> Placed:
        """The place that a text means, or why it means none."""
        found = self._kept.get(text)
        if found is None:
            found = self._kept[text] = self._find(text)
        return found

    def _find(self, text: str) -> Placed:
        phrase = read_phrase(normal(text), self.index.known)
        if phrase is None:
            return Placed(text, trouble=Trouble.UNKNOWN)
        outer = self._outer(phrase)
        if phrase.relation is Relation.BETWEEN:
            return self._between(text, phrase, outer)
        hits = self._hits(phrase.names[0], outer)
        best = _the_one(hits)
        if best is None and not hits:
            return self._only_larger(text, phrase, outer)
        if best is None:
            return Placed(
                text, trouble=Trouble.AMBIGUOUS, candidates=tuple(hits[:_MOST]),
                unit=outer, radius_m=_spread(hits), phrase=phrase,
            )  # fmt: skip
        return self._at(text, phrase, best, outer)

    def _at(self, text: str, phrase: Phrase, hit: Hit, outer: Entry | None) -> Placed:
        entry = hit.entry
        plain = phrase.relation is Relation.AT
        named_unit = entry.layer_id == "grid_units" and plain and entry.kind in self._answering
        extent_m = 0.0 if named_unit else entry.extent_m
        if phrase.inner or (extent_m > self._radii.far_m):
            inside = entry if _is_area(entry) else outer
            return self._only_larger(text, phrase, inside, entry)
        east, north = shift_of(phrase, self._radii)
        radius_m = radius_of(phrase, max(entry.radius_m, extent_m), self._radii)
        if phrase.relation is Relation.SIDE and extent_m:
            # The side of an area is at its edge, half its size wide.
            scale = extent_m / math.hypot(east, north)
            east, north = east * scale, north * scale
            radius_m = max(self._radii.side_m, extent_m / 2)
        per_lon, per_lat = metres_per_degree(entry.lat)
        place = Place(entry.lon + east / per_lon, entry.lat + north / per_lat, radius_m, text)
        return Placed(text, place, (hit,), unit=outer, radius_m=radius_m, phrase=phrase)

    # --- names --------------------------------------------------------------------------

    def _outer(self, phrase: Phrase) -> Entry | None:
        """The innermost known unit of those that stood before the name."""
        for name in reversed(phrase.within):
            areas = [hit.entry for hit in self.index.named(name) if _is_area(hit.entry)]
            if areas:
                return areas[0]
        return None

    def _hits(self, name: str, outer: Entry | None) -> list[Hit]:
        hits = self.index.named(name) or self._by_stem(name) or self._by_part(name)
        if outer is not None and hits:
            inside = [hit for hit in hits if self._holds(outer, hit.entry)]
            # A name with a wrong character in another town is another place.
            return inside or ([] if hits[0].match is Match.NEARLY else hits)
        return hits

    def _by_part(self, name: str) -> list[Hit]:
        return self.index.find(name, _ALL) if len(name) > 1 else []

    def _by_stem(self, name: str) -> list[Hit]:
        """Firms that people call by their trade: 示例印染厂 → 示例印染有限公司001."""
        stem = name.removesuffix("公司").removesuffix("有限").removesuffix("厂")
        if stem == name or len(stem) <= 1:
            return []
        hits = self.index.find(stem, _ALL)
        return [hit for hit in hits if hit.entry.layer_id == "enterprises"]

    def _holds(self, outer: Entry, entry: Entry) -> bool:
        shape = self._shape_of(outer)
        return shape is not None and bool(shapely.intersects_xy(shape, entry.lon, entry.lat))

    def _only_larger(
        self, text: str, phrase: Phrase, outer: Entry | None, line: Entry | None = None
    ) -> Placed:
        """Only a larger place is known: the unit, and what in it may be meant."""
        rest = phrase.inner or phrase.names[0]
        azimuth = phrase.azimuth if phrase.inner else None
        hits = self._alike(rest, outer, azimuth) if rest else []
        if line is not None and not _is_area(line):
            hits = [hit for hit in self.index.find(line.name, _MOST) if hit.entry is not line]
        fine = outer is not None and outer.extent_m <= self._radii.far_m and not phrase.inner
        if outer is not None and fine and outer.kind in self._answering:
            place = Place(outer.lon, outer.lat, outer.extent_m, text)
            anchors = (Hit(outer, Match.INSIDE),)
            return Placed(text, place, anchors, None, tuple(hits), outer, outer.extent_m, phrase)
        if outer is None and line is None:
            return Placed(text, None, (), Trouble.UNKNOWN, tuple(hits), phrase=phrase)
        known = [one.extent_m for one in (outer, line) if one is not None]
        radius_m = _spread(hits) if len(hits) > 1 else known[0]
        return Placed(text, None, (), Trouble.LARGER, tuple(hits), outer, radius_m, phrase)

    def _alike(self, rest: str, outer: Entry | None, azimuth: float | None) -> list[Hit]:
        """Features in a unit, on its side, whose kind the rest of the text names."""
        layers = {layer for word, kinds in _KIND_WORDS.items() if word in rest for layer in kinds}
        if outer is None or not layers:
            return []
        found = [
            Hit(entry, Match.INSIDE)
            for entry in self.index.entries
            if entry.layer_id in layers and entry.key != outer.key
            and _on_side(outer, entry, azimuth) and self._holds(outer, entry)
        ]  # fmt: skip
        return sorted(found, key=lambda hit: _metres(outer, hit.entry))[:_MOST]

    # --- between two --------------------------------------------------------------------

    def _between(self, text: str, phrase: Phrase, outer: Entry | None) -> Placed:
        hits = [self._hits(name, outer) for name in phrase.names]
        both = [_the_one(found) for found in hits]
        if any(one is None for one in both):
            open_ones = [
                hit for found, one in zip(hits, both, strict=True) if one is None for hit in found
            ]
            trouble = Trouble.AMBIGUOUS if all(hits) else Trouble.UNKNOWN
            return Placed(text, None, (), trouble, tuple(open_ones[:_MOST]), outer, phrase=phrase)
        first, second = (hit for hit in both if hit is not None)
        place = self._meeting(text, first.entry, second.entry)
        # Along a border both owners are known, however long it is.
        along = _is_area(first.entry) and _is_area(second.entry)
        if place is None or (place.radius_m > self._radii.far_m and not along):
            return Placed(text, None, (), Trouble.APART, (first, second), phrase=phrase)
        return Placed(
            text, place, (first, second), unit=outer, radius_m=place.radius_m, phrase=phrase
        )

    def _meeting(self, text: str, first: Entry, second: Entry) -> Place | None:
        """Where two features meet: along their shared border, at their crossing, halfway."""
        shapes = [self._shape_of(entry) for entry in (first, second)]
        if shapes[0] is None or shapes[1] is None:
            return None
        per_lon, per_lat = metres_per_degree(first.lat)
        one, two = (shapely.transform(s, lambda c: c * (per_lon, per_lat)) for s in shapes)
        points = shapely.get_dimensions(one) == 0 and shapely.get_dimensions(two) == 0
        gap_m = float(shapely.distance(one, two))
        if not points and gap_m > _TOUCH_M:
            return None
        shared = shapely.intersection(*(_outline(shape) for shape in (one, two)))
        if shared.is_empty:
            shared = shapely.shortest_line(one, two)
        places = shapely.get_coordinates(shared)
        x, y = _middle_of(shared)
        reach_m = float(np.hypot(places[:, 0] - x, places[:, 1] - y).max())
        vague_m = max(first.radius_m, second.radius_m, 0.0 if reach_m else self._radii.side_m)
        return Place(float(x / per_lon), float(y / per_lat), reach_m + vague_m, text)


class _Shapes:
    """Geometries of a project's features by layer and key; a layer is read when first asked."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._layers: dict[str, Mapping[str, Any]] = {}

    def __call__(self, entry: Entry) -> shapely.Geometry | None:
        if entry.layer_id not in self._layers:
            frame = self._project.layer(entry.layer_id)
            key = self._project.declarations[entry.layer_id].key
            shapes = np.asarray(frame.geometry.array, dtype=object)
            shapely.prepare(shapes)
            self._layers[entry.layer_id] = dict(zip(map(str, frame[key]), shapes, strict=True))
        return self._layers[entry.layer_id].get(entry.key)


def _outline(shape: shapely.Geometry) -> shapely.Geometry:
    return shape.boundary if shapely.get_dimensions(shape) == _AREA else shape


def _middle_of(shared: shapely.Geometry) -> tuple[float, float]:
    """The middle of what two features share: half way along its longest part."""
    whole = shapely.line_merge(shared) if shapely.get_dimensions(shared) else shared
    longest = max(shapely.get_parts(whole), key=lambda part: part.length)
    middle = (
        shapely.line_interpolate_point(longest, 0.5, normalized=True)
        if longest.length
        else shapely.centroid(longest)
    )
    return float(shapely.get_x(middle)), float(shapely.get_y(middle))


def _the_one(hits: Sequence[Hit]) -> Hit | None:
    """The feature meant, if there is no doubt: as a search by name decides it."""
    best = [hit for hit in hits if hit.match == hits[0].match]
    if len(best) <= 1:
        return best[0] if best else None
    heaviest = [hit for hit in best if hit.entry.weight == best[0].entry.weight]
    sure = hits[0].match in {Match.EXACT, Match.CODE, Match.SPOKEN}
    return hits[0] if sure and len(heaviest) == 1 else _same_spot(best)


def _same_spot(hits: Sequence[Hit]) -> Hit | None:
    """Twins of one name in one place (a village and its unit) are one: the weightier."""
    first = hits[0]
    return None if _spread(hits) > max(h.entry.radius_m + h.entry.extent_m for h in hits) else first


def _spread(hits: Sequence[Hit]) -> float:
    """How far the hits lie from their middle, in metres."""
    if not hits:
        return 0.0
    lons, lats = np.array([(hit.entry.lon, hit.entry.lat) for hit in hits]).T
    per_lon, per_lat = metres_per_degree(float(lats.mean()))
    away = np.hypot((lons - lons.mean()) * per_lon, (lats - lats.mean()) * per_lat)
    return float(away.max())


def _metres(first: Entry, second: Entry) -> float:
    per_lon, per_lat = metres_per_degree(first.lat)
    return math.hypot((first.lon - second.lon) * per_lon, (first.lat - second.lat) * per_lat)


def _on_side(outer: Entry, entry: Entry, azimuth: float | None) -> bool:
    """Whether a feature lies on the side of a unit's middle that was named."""
    if azimuth is None:
        return True
    per_lon, per_lat = metres_per_degree(outer.lat)
    east, north = (entry.lon - outer.lon) * per_lon, (entry.lat - outer.lat) * per_lat
    angle = math.radians(azimuth)
    return east * math.sin(angle) + north * math.cos(angle) > 0


def _is_area(entry: Entry) -> bool:
    return entry.layer_id in {"grid_units", "context_outlines"}
