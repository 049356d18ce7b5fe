"""Reading a place as people say it: 向阳桥东 200 米, XX 厂北侧, A 镇与 B 镇交界.

`read_phrase` takes a text apart into names and a relation; it knows no map. How far off
such a place may be is a rule of thumb per relation (`Radii`), which the office may set.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Relation(StrEnum):
    """How the place stands to the names."""

    AT = "at"
    NEAR = "near"
    SIDE = "side"
    OFFSET = "offset"
    BETWEEN = "between"


@dataclass(frozen=True)
class Radii:
    """How far off a place may be, in metres, and as a share of a stated distance."""

    at_m: float = 0.0
    near_m: float = 200.0
    side_m: float = 150.0
    offset_share: float = 0.3
    offset_least_m: float = 50.0


@dataclass(frozen=True)
class Phrase:
    """A place in words.

    `names` holds one name, or two for `BETWEEN`; `azimuth` is degrees clockwise from
    north, `distance_m` metres from the name's place; `within` are names of larger places
    that stood before the name (新丰镇向阳桥 → name 向阳桥, within 新丰镇).
    """

    text: str
    names: tuple[str, ...]
    relation: Relation = Relation.AT
    azimuth: float | None = None
    distance_m: float = 0.0
    within: tuple[str, ...] = ()


_AZIMUTHS: Final = {
    "东北": 45.0, "东南": 135.0, "西南": 225.0, "西北": 315.0,
    "北": 0.0, "东": 90.0, "南": 180.0, "西": 270.0,
}  # fmt: skip
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
_UNITS: Final = {"米": 1.0, "m": 1.0, "公里": 1000.0, "千米": 1000.0, "km": 1000.0, "里": 500.0}

_NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
_LENGTH = rf"(?P<number>{_NUMBER})\s*(?P<unit>公里|千米|km|米|m|里)"
_WAY = r"(?P<way>东北|东南|西南|西北|东|南|西|北)"
_ABOUT = r"(?:大约|约|左右|大概)?"
_SIDE_WORDS = r"(?:侧|面|边|方|首|头|部|岸|端)"
_TAIL = r"(?:处|的?地方|位置|左右|附近|一带|的?河(?:道|面|里|边)?|的?路(?:上|边)|方向)*"

_OFFSET = re.compile(
    rf"^(?P<name>.+?)(?:以|往|向|朝|正|的)*{_WAY}(?:侧|面|边|方向|方)?{_ABOUT}{_LENGTH}{_ABOUT}{_TAIL}$",
    re.IGNORECASE,
)
_OFFSET_AFTER = re.compile(
    rf"^距(?:离)?(?P<name>.+?){_WAY}?(?:侧|面|边|方向|方)?{_ABOUT}{_LENGTH}{_ABOUT}{_TAIL}$",
    re.IGNORECASE,
)
_SIDE = re.compile(rf"^(?P<name>.+?)(?:的|正)?{_WAY}(?:{_SIDE_WORDS}|门|大门){_TAIL}$")
_BETWEEN = re.compile(
    r"^(?P<first>.+?)(?:与|和|、|及|同|跟)(?P<second>.+?)(?:的)?(?:两镇|两村|之间)?"
    r"(?:交界|交汇|交叉|相交|边界|界|之间|接壤)(?:处|口|的?地方|一带|路口)?$"
)
_NEAR = re.compile(
    r"^(?P<name>.+?)(?:的)?(?:附近|旁边|旁|边上|周边|周围|对面|门口|门前|后面|前面|背后|后门|一带|里面|内|处|下面|下|上)$"
)
_NOISE = re.compile(r"[\s，,。.；;：:！!？?（）()\[\]【】\"“”]+")
_DIVISION = re.compile(r"^(?P<outer>[^省市区县镇乡村]{1,8}?(?:省|市|区|县|街道|镇|乡|村|社区))(?P<rest>.{2,})$")


def read_phrase(text: str) -> Phrase | None:
    """Take a place in words apart; None for a text without any name.

    The largest pattern wins: between, offset, side, near, else the bare name.
    """
    plain = _NOISE.sub("", text).strip()
    if not plain:
        return None
    between = _BETWEEN.match(plain)
    if between:
        names = (between["first"], between["second"])
        return Phrase(text, names, Relation.BETWEEN)
    for pattern in (_OFFSET, _OFFSET_AFTER):
        found = pattern.match(plain)
        if found:
            return _offset(text, found)
    side = _SIDE.match(plain)
    if side:
        name, within = _inner(side["name"])
        return Phrase(text, (name,), Relation.SIDE, _AZIMUTHS[side["way"]], within=within)
    near = _NEAR.match(plain)
    if near:
        name, within = _inner(near["name"])
        return Phrase(text, (name,), Relation.NEAR, within=within)
    name, within = _inner(plain)
    return Phrase(text, (name,), Relation.AT, within=within)


def _offset(text: str, found: re.Match[str]) -> Phrase:
    name, within = _inner(found["name"])
    metres = _number(found["number"]) * _UNITS[found["unit"].lower()]
    azimuth = _AZIMUTHS[found["way"]] if found["way"] else None
    relation = Relation.OFFSET if azimuth is not None else Relation.NEAR
    return Phrase(text, (name,), relation, azimuth, metres, within)


def _inner(name: str) -> tuple[str, tuple[str, ...]]:
    """The last name of a chain such as 南湖区新丰镇向阳桥, and the outer ones before it."""
    outer: list[str] = []
    rest = name.removesuffix("的")
    while True:
        found = _DIVISION.match(rest)
        if not found:
            return rest, tuple(outer)
        outer.append(found["outer"])
        rest = found["rest"]


def _number(text: str) -> float:
    """A number in digits or Chinese numerals: 200, 一百五十, 两."""
    try:
        return float(text)
    except ValueError:
        total, digit = 0, 0
        for character in text:
            if character in _SCALES:
                total += (digit or 1) * _SCALES[character]
                digit = 0
            else:
                digit = _DIGITS[character]
        return float(total + digit)


def radius_of(phrase: Phrase, anchor_m: float, radii: Radii) -> float:
    """How far off the place may be, in metres.

    Args:
        phrase: the place in words.
        anchor_m: the radius of the named place itself.
        radii: the office's rules of thumb.
    """
    if phrase.relation is Relation.OFFSET:
        return anchor_m + max(radii.offset_least_m, radii.offset_share * phrase.distance_m)
    if phrase.relation is Relation.NEAR:
        return anchor_m + max(radii.near_m, phrase.distance_m)
    if phrase.relation is Relation.SIDE:
        return anchor_m + radii.side_m
    return anchor_m + radii.at_m


def shift_of(phrase: Phrase, radii: Radii) -> tuple[float, float]:
    """Metres east and north from the named place to the place meant."""
    if phrase.azimuth is None:
        return 0.0, 0.0
    metres = phrase.distance_m if phrase.relation is Relation.OFFSET else radii.side_m / 2
    angle = math.radians(phrase.azimuth)
    return metres * math.sin(angle), metres * math.cos(angle)
