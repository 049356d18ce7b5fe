"""Places in words, found in the example."""

from collections.abc import Iterator

import pytest

from gridmap.capabilities.locate.work.figures import radii_of
from gridmap.capabilities.locate.work.phrases import Places, Trouble
from gridmap.core.plane import GEOD
from gridmap.core.search import short_forms
from gridmap.store.errors import ProjectError
from gridmap.store.example import open_example


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with open_example(read_only=True) as project:
        yield Places.of(project)


def metres_from(places: Places, name: str, text: str) -> float:
    (anchor,) = [hit.entry for hit in places.index.named(name)][:1]
    place = places.find(text).place
    assert place is not None
    return float(GEOD.inv(anchor.lon, anchor.lat, place.lon, place.lat)[2])


def test_a_distance_from_a_bridge(places: Places) -> None:
    found = places.find("向阳桥东 200 米河水发黑")
    assert found.place is not None
    assert [hit.entry.name for hit in found.anchors] == ["向阳桥"]
    assert metres_from(places, "向阳桥", "向阳桥东 200 米") == pytest.approx(200, abs=0.5)
    assert found.place.radius_m == 100.0
    assert metres_from(places, "向阳桥", "向阳桥西0.5公里") == pytest.approx(500, abs=1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("向杨桥东200米", "向阳桥"),
        ("新丰镇向阳桥附近", "向阳桥"),
        ("新丰镇向杨桥", "向阳桥"),
        ("xfz", "新丰镇"),
        ("330402103", "新丰镇"),
        ("南湖区大桥镇十八里村村委会旁边", "十八里村"),
        ("示例印染有限公司001北侧", "示例印染有限公司001"),
        ("新丰镇农贸市场", "新丰农贸市场"),
        ("大桥", "大桥"),
        ("平湖塘3段", "平湖塘3段"),
    ],
)
def test_what_a_text_was_taken_for(places: Places, text: str, name: str) -> None:
    found = places.find(text)
    assert found.trouble is None
    assert [hit.entry.name for hit in found.anchors] == [name]


def test_a_unit_that_answers_is_a_place_by_its_name(places: Places) -> None:
    found = places.find("新丰镇")
    assert found.place is not None
    assert found.place.radius_m == 0.0


def test_only_a_larger_place_is_known(places: Places) -> None:
    vague = places.find("余新镇南面小河浜")
    assert vague.trouble is Trouble.LARGER
    assert vague.unit is not None
    assert vague.unit.name == "余新镇"
    assert {hit.entry.layer_id for hit in vague.candidates} <= {"reaches", "rivers"}
    assert vague.candidates
    assert all(hit.entry.lat < vague.unit.lat for hit in vague.candidates)
    assert vague.radius_m > 0
    assert places.find("南湖区").trouble is Trouble.LARGER
    assert places.find("平湖塘").trouble is Trouble.LARGER
    village = places.find("十八里村小河浜")
    assert village.place is not None
    assert village.place.radius_m > 1000


def test_the_border_of_two_towns_names_both(places: Places) -> None:
    found = places.find("余新镇与凤桥镇交界处")
    assert found.place is not None
    assert [hit.entry.name for hit in found.anchors] == ["余新镇", "凤桥镇"]
    assert places.find("凤桥镇与建设街道交界").trouble is Trouble.APART
    crossing = places.find("平湖塘与海盐塘交汇处")
    assert crossing.place is not None
    assert crossing.place.radius_m < 500


def test_several_of_a_name_and_none(places: Places) -> None:
    several = places.find("示例印染厂北侧")
    assert several.trouble is Trouble.AMBIGUOUS
    assert len(several.candidates) > 1
    assert all("印染" in hit.entry.name for hit in several.candidates)
    assert places.find("没有这个地方").trouble is Trouble.UNKNOWN
    assert places.find("两镇交界处 闸口").trouble is Trouble.UNKNOWN
    assert places.find("，").trouble is Trouble.UNKNOWN


def test_the_office_sets_the_radii(project) -> None:
    assert radii_of(project).near_m == 200.0
    with project.change("settings") as change:
        change.set_setting("rules.place.near_m", 350.0)
    assert radii_of(project).near_m == 350.0
    with project.change("settings") as change:
        change.set_setting("rules.place.near_m", "far")
    with pytest.raises(ProjectError, match=r"rules\.place\.near_m"):
        radii_of(project)


def test_short_forms() -> None:
    assert "十八里村" in short_forms("十八里村委会")
    assert "金星村" in short_forms("金星村村委会")
    assert "百福弄社区" in short_forms("百福弄社区居委会")
    assert short_forms("平湖塘(示例)") == ["平湖塘"]
    assert short_forms("新丰镇") == []
