"""Enterprises and their outlets. Names and codes are invented; check characters are right."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from example_build.frames import EXAMPLE, Row, layer, point
from example_build.plane import Floats, rng, to_metres
from example_build.territory import PARK_CENTRE
from example_build.units import Ground
from example_build.water import Reach, Spot, spot
from gridmap.core.codes import credit_check_character

COUNT: Final = 168
EVENT_RIVER: Final = "平湖塘"
EVENT_FRACTION: Final = 0.17
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_INDUSTRIES: Final = (
    # name, industry (GB/T 4754), management class, pollutants in water, pollutants in air
    ("印染", "棉印染精加工", "key", "COD,氨氮,总氮,总磷,苯胺类", "颗粒物,VOCs"),
    ("电镀", "金属表面处理及热处理加工", "key", "COD,氨氮,总铬,总镍", "氯化氢,铬酸雾"),
    ("化工", "化学试剂和助剂制造", "key", "COD,氨氮,总磷,挥发酚", "VOCs,氨"),
    ("造纸", "机制纸及纸板制造", "key", "COD,氨氮,总氮,总磷", "二氧化硫,氮氧化物"),
    ("污水处理", "污水处理及其再生利用", "key", "COD,氨氮,总氮,总磷", "氨,硫化氢"),
    ("食品", "其他未列明食品制造", "simplified", "COD,氨氮,总磷", "颗粒物"),
    ("塑料", "塑料零件及其他塑料制品制造", "simplified", "", "VOCs"),
    ("家具", "木质家具制造", "simplified", "", "VOCs,颗粒物"),
    ("汽修", "汽车修理与维护", "simplified", "COD,石油类", "VOCs"),
    ("机械", "通用零部件制造", "registered", "", "颗粒物"),
    ("服装", "机织服装制造", "registered", "", "颗粒物"),
    ("养殖", "猪的饲养", "registered", "COD,氨氮,总磷", ""),
)
_SHARES: Final = (14, 7, 8, 3, 2, 10, 14, 10, 6, 14, 8, 4)


@dataclass(frozen=True)
class Event:
    """The outlet from which the ammonia event comes."""

    outlet_code: str
    firm_name: str
    where: Spot


def credit_code(serial: int) -> str:
    """An obviously invented credit code: 91 330402 EXAMnnnn + the two check characters."""
    organisation = f"EXAM{serial:04d}"
    values = [int(character, 36) for character in organisation]
    total = sum(v * w for v, w in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]
    first = f"91330402{organisation}{check}"
    return first + credit_check_character(first)


def firms(ground: Ground, reaches: list[Reach]) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, Event]:
    """Enterprises, outlets, and the outlet of the event."""
    draw = rng("firms")
    event_spot = spot(reaches, EVENT_RIVER, EVENT_FRACTION)
    kinds = draw.choice(len(_INDUSTRIES), COUNT, p=np.array(_SHARES) / sum(_SHARES))
    kinds[0] = 0
    rows: list[Row] = []
    outlets: list[tuple[Row, shapely.Point]] = []
    shapes = []
    for serial, kind in enumerate(kinds.tolist(), 1):
        bank = event_spot if serial == 1 else None
        place = event_spot.bank(-1, 160.0) if bank else _site(ground, reaches, draw, wet=kind < 5)
        row = _firm(ground, serial, kind, place)
        rows.append(row)
        shapes.append(point(place))
        outlets += _outlets(row, kind, place, reaches, bank)
    event = Event(f"{rows[0]['code']}-DW001", str(rows[0]["name"]), event_spot)
    return layer(rows, shapes), layer(*zip(*outlets, strict=True)), event


def _firm(ground: Ground, serial: int, kind: int, place: Floats) -> Row:
    name, industry, management, water, air = _INDUSTRIES[kind]
    code = credit_code(serial)
    town = ground.name(ground.land.village[_face_at(ground, place)][:9])
    return {
        "code": code,
        "name": f"示例{name}有限公司{serial:03d}",
        "permit": f"{code}001P" if management != "registered" else "",
        "industry": industry,
        "management": management,
        "items": ",".join(part for part in (water, air) if part),
        "address": f"南湖区{town}示例路{serial}号",
        "contact": f"示例联系人{serial:03d}",
        "phone": f"1020000{serial:04d}",
        "data_status": EXAMPLE,
    }


def _outlets(
    firm: Row, kind: int, place: Floats, reaches: list[Reach], bank: Spot | None
) -> list[tuple[Row, shapely.Point]]:
    *_, water, air = _INDUSTRIES[kind]
    found = []
    if water:
        where = bank or _nearest_spot(reaches, place)
        side = (
            1
            if np.hypot(*(where.bank(1, 0) - place)) < np.hypot(*(where.bank(-1, 0) - place))
            else -1
        )
        row = _outlet(firm, "DW", water, where.reach.code)
        found.append((row, point(where.bank(side, 2.0))))
    if air:
        found.append((_outlet(firm, "DA", air, ""), point(place + np.array([18.0, 12.0]))))
    return found


def _outlet(firm: Row, kind: str, items: str, reach_code: str) -> Row:
    title = "废水总排口" if kind == "DW" else "废气排放口"
    return {
        "code": f"{firm['code']}-{kind}001", "name": f"{firm['name']}{title}", "kind": kind,
        "enterprise_code": firm["code"], "reach_code": reach_code, "items": items,
        "data_status": EXAMPLE,
    }  # fmt: skip


def _site(ground: Ground, reaches: list[Reach], draw: np.random.Generator, *, wet: bool) -> Floats:
    """In or near the park, beside a river, or in the country; always inside the district."""
    while True:
        chance = draw.random()
        if chance < 0.36:
            place = to_metres(PARK_CENTRE) + draw.normal(0, 620, 2)
        elif chance < 0.8 or wet:
            reach = reaches[int(draw.integers(len(reaches)))]
            line = Spot(reach, int(draw.integers(1, len(reach.metres) - 1)), 0.0)
            place = line.bank(int(draw.choice([-1, 1])), float(draw.uniform(60, 420)))
        else:
            place = ground.mesh.centres[int(draw.integers(len(ground.mesh.faces)))]
            place = place + draw.uniform(-80, 80, 2)
        if _face_at(ground, place) >= 0:
            return np.asarray(place)


def _face_at(ground: Ground, place: Floats) -> int:
    """The settled face that holds a place and lies off the outline, or -1."""
    near = np.argsort(np.hypot(*(ground.mesh.centres - place).T))[:6]
    where = point(place)
    for face in near.tolist():
        inner = len(ground.mesh.face_neighbours[face]) >= 4 and ground.land.village[face]
        if inner and ground.mesh.faces[face].contains(where):
            return face
    return -1


def _nearest_spot(reaches: list[Reach], place: Floats) -> Spot:
    best = (np.inf, reaches[0], 1)
    for reach in reaches:
        offset = np.hypot(*(reach.metres[1:-1] - place).T)
        index = int(np.argmin(offset))
        if offset[index] < best[0]:
            best = (float(offset[index]), reach, index + 1)
    return Spot(best[1], best[2], 0.0)
