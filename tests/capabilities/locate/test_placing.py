"""What somebody typed as a place: a coordinate, a name, or words around a name."""

from collections.abc import Iterator

import pytest

from gridmap.capabilities.locate.work.phrases import Places
from gridmap.capabilities.locate.work.placing import PlaceError, place_of
from gridmap.store.example import open_example


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with open_example(read_only=True) as project:
        yield Places.of(project)


def test_words_are_read_only_where_names_find_nothing(places: Places) -> None:
    named = place_of("新丰镇", places.index, places=places)
    assert named.place.radius_m == 0.0
    found = place_of("向阳桥东 200 米", places.index, places=places)
    assert found.place.radius_m == 100.0
    assert found.hit is not None
    assert found.hit.entry.name == "向阳桥"
    with pytest.raises(PlaceError, match="没有找到"):
        place_of("向阳桥东 200 米", places.index)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("余新镇南面小河浜", r"只能确定大致范围（余新镇）.*海盐塘"),
        ("凤桥镇与建设街道交界", "并不相接：凤桥镇、建设街道"),
        ("示例印染厂北侧", "对应 20 处"),
        ("没有这个地方", "没有找到"),
    ],
)
def test_why_not(places: Places, text: str, says: str) -> None:
    with pytest.raises(PlaceError, match=says):
        place_of(text, places.index, places=places)
