"""Looks at the places of rows that can be loaded: territory, names, provinces, duplicates."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely

from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.core.plane import GEOD
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity
from gridmap.intake.looks.matching import folded
from gridmap.intake.looks.notes import Notes
from gridmap.intake.looks.placing import Claims
from gridmap.intake.looks.references import References
from gridmap.store.geopackage import Geometries
from gridmap.texts import t

# GB/T 2260, first level: the names as people write them before a place.
PROVINCES: Final = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江",
    "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆",
    "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港", "澳门",
)  # fmt: skip
_PROVINCE = re.compile("^(" + "|".join(PROVINCES) + ")")
_SAMPLE: Final = 500
_MOST: Final = 0.8


def look(
    table: RawTable,
    declaration: LayerDeclaration,
    geometry: Geometries,
    mapping: dict[str, str],
    claims: Claims,
    known: References,
    notes: Notes,
) -> None:
    """Note what is odd about the places; rows stay loadable, a person decides.

    `geometry`, shape (n,), is in EPSG:4490, None for rows that are held back.
    """
    if declaration.geometry is Geometry.POINT:
        _shared(table, geometry, mapping, notes)
        _other_unit(table, geometry, claims, known, notes)
    _territory(table, geometry, known, notes)
    _provinces(table, geometry, mapping, known, notes)


def _shared(table: RawTable, geometry: Geometries, mapping: dict[str, str], notes: Notes) -> None:
    """Rows on exactly the same place; of the same name, too, they are likely one thing."""
    groups: dict[tuple[float, float], list[int]] = defaultdict(list)
    for i in np.flatnonzero(~shapely.is_missing(geometry)).tolist():
        groups[geometry[i].x, geometry[i].y].append(i)
    names = table.cells[mapping["name"]].tolist() if "name" in mapping else None
    for (x, y), rows in groups.items():
        if len(rows) < 2:  # noqa: PLR2004  alone
            continue
        for i in rows:
            others = [j for j in rows if j != i]
            numbers = ", ".join(str(table.rows[j]) for j in others[:5])
            facts = {"row": int(table.rows[i]), "detail": numbers, "lon": x, "lat": y}
            same = names is not None and any(
                names[j] and names[i] and folded(names[j]) == folded(names[i]) for j in others
            )
            if same and names is not None:
                notes.say(
                    Kind.SAME_NAME_AND_PLACE, Severity.WARNING, value=names[i],
                    column=mapping["name"], **facts,
                )  # fmt: skip
            else:
                value = f"{x:.6f}, {y:.6f}"
                notes.say(Kind.SHARED_PLACE, Severity.WARNING, value=value, **facts)


def _territory(table: RawTable, geometry: Geometries, known: References, notes: Notes) -> None:
    if known.territory is None:
        return
    there = np.flatnonzero(~shapely.is_missing(geometry))
    inside = shapely.intersects(known.territory, geometry[there])
    outside = there[~inside]
    places = shapely.point_on_surface(geometry[outside])
    here = shapely.get_coordinates(places)
    near = shapely.get_coordinates(_nearest(known.territory, places))
    metres = GEOD.inv(here[:, 0], here[:, 1], near[:, 0], near[:, 1])[2]
    for i, (lon, lat), far in zip(outside.tolist(), here.tolist(), metres, strict=True):
        notes.say(
            Kind.OUTSIDE_TERRITORY, Severity.WARNING, row=int(table.rows[i]), lon=lon, lat=lat,
            value=f"{lon:.6f}, {lat:.6f}",
            detail=t("doctor.evidence.distance", metres=f"{far:,.0f}"),
        )  # fmt: skip


def _other_unit(
    table: RawTable, geometry: Geometries, claims: Claims, known: References, notes: Notes
) -> None:
    """Points outside the unit that their row names."""
    if not claims.rows.size or not claims.column:
        return
    areas = known.areas["geometry"].to_numpy(dtype=object)
    hit = shapely.covers(areas[claims.areas], geometry[claims.rows])
    right = set(claims.rows[hit].tolist())
    tiers = known.areas["tier"].to_numpy(dtype=object)
    first = dict(zip(claims.rows[::-1].tolist(), claims.areas[::-1].tolist(), strict=True))
    texts = table.cells[claims.column].tolist()
    wrong = np.array([i for i in first if i not in right and geometry[i] is not None], np.int64)
    expected = np.array([tiers[first[i]] for i in wrong.tolist()], dtype=object)
    names = known.areas["name"].to_numpy(dtype=object)
    for tier in dict.fromkeys(expected.tolist()):
        rows = wrong[expected == tier]
        there = known.containing(geometry[rows], tier)
        places = shapely.get_coordinates(geometry[rows]).tolist()
        for i, area, (lon, lat) in zip(rows.tolist(), there.tolist(), places, strict=True):
            name = str(names[area]) if area >= 0 else t("doctor.evidence.nobody")
            notes.say(
                Kind.OTHER_UNIT, Severity.WARNING, row=int(table.rows[i]), value=texts[i] or "",
                detail=name, column=claims.column, lon=lon, lat=lat,
            )  # fmt: skip


def _provinces(
    table: RawTable,
    geometry: Geometries,
    mapping: dict[str, str],
    known: References,
    notes: Notes,
) -> None:
    """The province before a name against the province column, and against known outlines."""
    names = mapping.get("name")
    if names is None:
        return
    texts = table.cells[names].tolist()
    # One name in many that begins like a province is a street, not a statement.
    if sum(_PROVINCE.match(text or "") is not None for text in texts) < len(texts) / 2:
        return
    column = _province_column(table, names)
    outlines = {
        folded(str(name)): i for i, name in enumerate(known.areas["name"]) if _is_province(name)
    }
    given = table.cells[column].tolist() if column else [None] * len(table.rows)
    for i, text in enumerate(texts):
        found = _PROVINCE.match(text or "")
        if found is None:
            continue
        row = int(table.rows[i])
        stated = _PROVINCE.match(given[i] or "")
        if stated is not None and stated[1] != found[1]:
            notes.say(
                Kind.OTHER_PROVINCE, Severity.WARNING, row=row, value=text, detail=given[i],
                column=column or names,
            )  # fmt: skip
        outline = next((i for name, i in outlines.items() if name.startswith(found[1])), None)
        if outline is not None and geometry[i] is not None:
            _inside(known, outline, geometry, i, row, notes)


def _inside(
    known: References, outline: int, geometry: Geometries, i: int, row: int, notes: Notes
) -> None:
    area = known.areas["geometry"].iloc[outline]
    place = shapely.point_on_surface(geometry[i])
    if area.intersects(geometry[i]):
        return
    near = _nearest(area, place)
    metres = GEOD.inv(place.x, place.y, near.x, near.y)[2]
    notes.say(
        Kind.OUTSIDE_NAMED_AREA, Severity.WARNING, row=row, lon=place.x, lat=place.y,
        value=str(known.areas["name"].iloc[outline]),
        detail=t("doctor.evidence.distance", metres=f"{metres:,.0f}"),
    )  # fmt: skip


def _nearest(area: Any, place: Any) -> Any:
    """The place of an area nearest to another place, in degrees."""
    return shapely.get_point(shapely.shortest_line(area, place), 0)


def _province_column(table: RawTable, names: str) -> str | None:
    for column in table.cells.columns[:_SAMPLE]:
        sample = table.cells[column].dropna().head(_SAMPLE).tolist()
        if column != names and sample:
            share = sum(_is_province(text) for text in sample) / len(sample)
            if share >= _MOST:
                return str(column)
    return None


def _is_province(text: object) -> bool:
    found = _PROVINCE.match(str(text))
    rest = str(text)[found.end() :] if found else "?"
    return rest in {"", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区",
                    "特别行政区"}  # fmt: skip


def unit_names(table: RawTable, mapping: dict[str, str], known: References) -> Iterator[Finding]:
    """Names of units that differ from the unit's own by blanks or width only."""
    column = mapping.get("unit_name")
    if column is None:
        return
    names = known.areas["name"].tolist()
    for row, text in zip(table.rows.tolist(), table.cells[column].tolist(), strict=True):
        found = known.by_name.get(folded(text)) if text else None
        if found is not None and text not in {names[i] for i in found}:
            right = str(names[found[0]])
            yield Finding(
                Kind.UNIT_NAME, Severity.HINT, table.file, row, "unit_name", text, right,
                right, column=column, action=Action.REPLACE,
            )  # fmt: skip
