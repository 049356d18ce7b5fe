"""Reading a place as people say it: 向阳桥东 200 米, XX 厂北侧, A 镇与 B 镇交界.

`read_phrase` takes a text apart into names and a relation; it knows no map. How far off
such a place may be is a rule of thumb per relation (`Radii`), which the office may set.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

_Length = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Relation(StrEnum):
    """How the place stands to the names."""

    AT = "at"
    NEAR = "near"
    SIDE = "side"
    OFFSET = "offset"
    BETWEEN = "between"


@dataclass(frozen=True)
class Radii:
    """How far off a place may be, in metres, and as a share of a stated distance.

    `far_m` is the radius from which on a place is not known well enough to name an owner.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    near_m: _Length
    side_m: _Length
    offset_share: _Length
    offset_least_m: _Length
    far_m: _Length


@dataclass(frozen=True)
class Phrase:
    """A place in words.

    `names` holds one name, or two for `BETWEEN`; `azimuth` is degrees clockwise from
    north, `distance_m` metres from the name's place; `within` are names of larger places
    that stood before the name (新丰镇向阳桥 → name 向阳桥, within 新丰镇); `inner` is what
    was named behind the side (余新镇南面小河浜 → name 余新镇, inner 小河浜).
    """

    text: str
    names: tuple[str, ...]
    relation: Relation = Relation.AT
    azimuth: float | None = None
    distance_m: float = 0.0
    within: tuple[str, ...] = ()
    inner: str = ""


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
    rf"^(?P<name>.+?)(?:以|往|向|朝|正|的)*{_WAY}(?:侧|面|边|方向|方)?{_ABOUT}{_LENGTH}{_ABOUT}",
    re.IGNORECASE,
)
_OFFSET_AFTER = re.compile(
    rf"^距(?:离)?(?P<name>.+?){_WAY}?(?:侧|面|边|方向|方)?{_ABOUT}{_LENGTH}{_ABOUT}{_TAIL}$",
    re.IGNORECASE,
)
_SIDE = re.compile(rf"^(?P<name>.+?)(?:的|正)?{_WAY}(?:{_SIDE_WORDS}|大?门)(?P<rest>.*)$")
_BORDERS = re.compile(r"(?:的)?(?:两镇|两村|之间)?(?:交界|交汇|交叉|相交|边界|接壤|之间).*$")
_JOINS: Final = "与和、及同跟"
_NEAR = re.compile(
    r"^(?P<name>.+?)(?:的)?(?:附近|旁边|旁|边上|周边|周围|对面|门口|门前|后面|前面|背后|后门|一带|"
    r"里面|内|处|下面|下|上)$"
)
_NOISE = re.compile(r"[\s，,。；;：:！!？?（）()\[\]【】\"“”]+|(?<!\d)\.|\.(?!\d)")
_DIVISION = re.compile(
    r"^(?P<outer>[^省市区县镇乡村]{1,8}?(?:省|市|区|县|街道|镇|乡|村|社区))(?P<rest>.{2,})$"
)
# What is complained about begins here; it is no part of the place.
_COMPLAINT = re.compile(
    r"(?:有人|有一|存在|疑似|夜间|经常|反映|长期|河水|水体|水面|水质|污水|废水|废气|黑臭|发黑|发臭|恶臭|"
    r"刺鼻|异味|气味|臭味|垃圾|倾倒|偷排|直排|排放|冒烟|浓烟|黑烟|噪声|噪音|扬尘|油烟|焚烧|死鱼|"
    r"漂浮|泡沫|渗漏|泄漏|扰民).*$"
)
_GENERIC_BEHIND: Final = re.compile(r"(?:村?民?委员?会|居委会|委会|村部)$")
_GENERIC_AFTER: Final = re.compile(r"^(?:村民?委员?会|居委会|委会|村部|社区|一带|处|内|的)+")

KnownName = Callable[[str], int]


def _nothing_known(text: str) -> int:  # noqa: ARG001  the name says it
    return 0


def read_phrase(text: str, known: KnownName = _nothing_known) -> Phrase | None:
    """Take a place in words apart; None for a text without any name.

    The largest pattern wins: between, offset, side, near, else the bare name. What is
    complained about behind the place is left out.

    Args:
        text: as somebody wrote it.
        known: the length of the longest known name that a text begins with, 0 for none;
            it keeps names together that look like several (东栅街道, 北板桥).
    """
    plain = _NOISE.sub("", text).strip()
    plain = _COMPLAINT.sub("", plain) or plain
    if not plain:
        return None
    if known(plain) == len(plain):
        return Phrase(text, (plain,))
    between = _between(text, plain, known)
    if between is not None:
        return between
    outer, rest = _inner(plain, known)
    found = _related(text, rest, known)
    return replace(found, within=outer)


def _related(text: str, plain: str, known: KnownName) -> Phrase:
    """A name and what stands behind it."""
    begin = known(plain)
    for pattern in (_OFFSET_AFTER, _OFFSET):
        found = pattern.match(plain)
        if found and len(found["name"]) >= begin:
            return _offset(text, found)
    generic = _GENERIC_AFTER.match(plain[begin:]) if begin else None
    if generic is not None and begin + generic.end() == len(plain):
        return Phrase(text, (plain[:begin],))
    side = _first_behind(_SIDE, plain, begin)
    if side is not None:
        name, azimuth = side["name"], _AZIMUTHS[side["way"]]
        return Phrase(text, (_bare(name, known),), Relation.SIDE, azimuth, inner=side["rest"])
    near = _NEAR.match(plain)
    if near and len(near["name"]) >= begin:
        return Phrase(text, (_bare(near["name"], known),), Relation.NEAR)
    return Phrase(text, (plain,))


def _first_behind(pattern: re.Pattern[str], plain: str, begin: int) -> re.Match[str] | None:
    """A match whose name does not end inside a known name."""
    found = pattern.match(plain)
    if found is None or len(found["name"]) >= begin:
        return found
    behind = pattern.match("。" * begin + plain[begin:])
    if behind is None or len(behind["name"]) < begin:
        return None
    return re.match(
        rf"^(?P<name>.{{{len(behind['name'])}}})(?:的|正)?{_WAY}(?:{_SIDE_WORDS}|大?门)(?P<rest>.*)$",
        plain,
    )


def _bare(name: str, known: KnownName) -> str:
    """A name without generic words behind it: 十八里村村委会 → 十八里村."""
    short = _GENERIC_BEHIND.sub("", name)
    return short if short and known(short) == len(short) else name


def _between(text: str, plain: str, known: KnownName) -> Phrase | None:
    found = _BORDERS.search(plain)
    if found is None or not found.start():
        return None
    both = plain[: found.start()]
    splits = [
        (both[:at], both[at + 1 :])
        for at, character in enumerate(both)
        if character in _JOINS and 0 < at < len(both) - 1
    ]
    if not splits:
        return None
    sure = [pair for pair in splits if all(known(name) == len(name) for name in pair)]
    first, second = (sure or splits)[0]
    outer, first = _inner(first, known)
    return Phrase(text, (first, _inner(second, known)[1]), Relation.BETWEEN, within=outer)


def _offset(text: str, found: re.Match[str]) -> Phrase:
    metres = _number(found["number"]) * _UNITS[found["unit"].lower()]
    azimuth = _AZIMUTHS[found["way"]] if found["way"] else None
    relation = Relation.OFFSET if azimuth is not None else Relation.NEAR
    return Phrase(text, (found["name"].removesuffix("的"),), relation, azimuth, metres)


def _inner(name: str, known: KnownName) -> tuple[tuple[str, ...], str]:
    """The outer names of a chain such as 南湖区新丰镇向阳桥, and the rest behind them."""
    outer: list[str] = []
    rest = name
    while True:
        begin = known(rest)
        if begin:
            division = rest[begin - 1] in "省市区县镇乡道村" and begin < len(rest)
            behind = rest[begin:].lstrip("的")
            # 余新镇南面 is a side of the town; 余新镇向阳桥 a bridge in it.
            if not division or _starts_with_relation(behind) or len(behind) <= 1:
                return tuple(outer), rest
            outer.append(rest[:begin])
            rest = behind
            continue
        found = _DIVISION.match(rest)
        if not found or _starts_with_relation(found["rest"]):
            return tuple(outer), rest
        outer.append(found["outer"])
        rest = found["rest"]


_RELATION_FIRST = re.compile(
    rf"^(?:的|正|以|往|向|朝)?(?:{_WAY}(?:{_SIDE_WORDS}|大?门|{_ABOUT}{_NUMBER})|附近|旁|边上|周边|周围|"
    r"一带|境内|内$|处$|村民?委|居委|委会|政府)"
)


def _starts_with_relation(text: str) -> bool:
    return _RELATION_FIRST.match(text) is not None


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
    return anchor_m


def shift_of(phrase: Phrase, radii: Radii) -> tuple[float, float]:
    """Metres east and north from the named place to the place meant."""
    if phrase.azimuth is None:
        return 0.0, 0.0
    metres = phrase.distance_m if phrase.relation is Relation.OFFSET else radii.side_m / 2
    angle = math.radians(phrase.azimuth)
    return metres * math.sin(angle), metres * math.cos(angle)
