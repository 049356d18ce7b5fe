"""Places in words taken apart, with and without knowing any name."""

import pytest

from gridmap.core.placetext import Phrase, Radii, Relation, radius_of, read_phrase, shift_of

NAMES = (
    "向阳桥", "新丰镇", "余新镇", "凤桥镇", "南湖区", "大桥镇", "十八里村", "东栅街道", "北板桥",
    "和平桥", "团结桥", "南湖街道",
)  # fmt: skip
RADII = Radii(near_m=200.0, side_m=150.0, offset_share=0.3, offset_least_m=50.0, far_m=1500.0)


def known(text: str) -> int:
    return max((len(name) for name in NAMES if text.startswith(name)), default=0)


def read(text: str) -> Phrase:
    found = read_phrase(text, known)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "name", "azimuth", "metres"),
    [
        ("向阳桥东 200 米", "向阳桥", 90.0, 200.0),
        ("向阳桥东200m河水发黑", "向阳桥", 90.0, 200.0),
        ("向阳桥东侧约200米处", "向阳桥", 90.0, 200.0),
        ("向阳桥以西 0.5 公里", "向阳桥", 270.0, 500.0),
        ("向阳桥往东北方向一百五十米左右", "向阳桥", 45.0, 150.0),
        ("距向阳桥东面两里处", "向阳桥", 90.0, 1000.0),
        ("北板桥北 1.5km", "北板桥", 0.0, 1500.0),
        ("和平桥东南三百二十米", "和平桥", 135.0, 320.0),
    ],
)
def test_a_distance_and_a_way(text, name, azimuth, metres):
    found = read(text)
    assert (found.names, found.relation) == ((name,), Relation.OFFSET)
    assert (found.azimuth, found.distance_m) == (azimuth, metres)


@pytest.mark.parametrize(
    ("text", "name", "azimuth", "inner", "within"),
    [
        ("示例印染厂北侧", "示例印染厂", 0.0, "", ()),
        ("东栅街道北侧", "东栅街道", 0.0, "", ()),
        ("北板桥南岸", "北板桥", 180.0, "", ()),
        ("大桥工业园区东侧排口", "大桥工业园区", 90.0, "排口", ()),
        ("余新镇南面小河浜", "余新镇", 180.0, "小河浜", ()),
        ("南湖区新丰镇向阳桥西侧", "向阳桥", 270.0, "", ("南湖区", "新丰镇")),
    ],
)
def test_a_side(text, name, azimuth, inner, within):
    found = read(text)
    assert (found.names, found.relation, found.azimuth) == ((name,), Relation.SIDE, azimuth)
    assert (found.inner, found.within) == (inner, within)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("余新镇与凤桥镇交界", ("余新镇", "凤桥镇")),
        ("余新镇和凤桥镇的交界处 闸口", ("余新镇", "凤桥镇")),
        ("和平桥与团结桥之间", ("和平桥", "团结桥")),
        ("甲河与乙河交汇处", ("甲河", "乙河")),
    ],
)
def test_between_two(text, names):
    assert (read(text).names, read(text).relation) == (names, Relation.BETWEEN)


@pytest.mark.parametrize(
    ("text", "name", "within", "relation"),
    [
        ("新丰镇向阳桥附近", "向阳桥", ("新丰镇",), Relation.NEAR),
        ("南湖区大桥镇十八里村村委会旁边", "十八里村", ("南湖区", "大桥镇"), Relation.NEAR),
        ("向阳桥下", "向阳桥", (), Relation.NEAR),
        ("东栅街道", "东栅街道", (), Relation.AT),
        ("十八里村小河浜", "小河浜", ("十八里村",), Relation.AT),
        ("浙江省某市新丰镇（向阳桥）", "向阳桥", ("浙江省", "某市", "新丰镇"), Relation.AT),
        ("北板桥", "北板桥", (), Relation.AT),
    ],
)
def test_near_at_and_the_larger_places_before(text, name, within, relation):
    found = read(text)
    assert (found.names, found.within, found.relation) == ((name,), within, relation)


def test_nothing_is_no_place():
    assert read_phrase("  ，。") is None
    assert read_phrase("") is None


def test_how_vague_a_phrase_is():
    assert radius_of(read("向阳桥东 200 米"), 40.0, RADII) == 100.0
    assert radius_of(read("向阳桥东 20 米"), 40.0, RADII) == 90.0
    assert radius_of(read("向阳桥附近"), 40.0, RADII) == 240.0
    assert radius_of(read("向阳桥"), 40.0, RADII) == 40.0
    assert shift_of(read("向阳桥西 200 米"), RADII) == pytest.approx((-200.0, 0.0), abs=1e-9)
    assert shift_of(read("向阳桥北侧"), RADII) == pytest.approx((0.0, 75.0), abs=1e-9)
    assert shift_of(read("向阳桥"), RADII) == (0.0, 0.0)
