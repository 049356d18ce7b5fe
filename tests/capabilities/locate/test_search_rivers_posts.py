from datetime import date

from gridmap.capabilities.locate.rules.posts import Post, PostBook
from gridmap.capabilities.locate.rules.verdict import Person
from gridmap.core.rivernet import RiverNet
from gridmap.core.search import Entry, Match, SearchIndex, one_apart
from tests.worlds import ROLES


def entry(name, *codes, weight=1.0):
    return Entry("grid_units", name, name, "township", 120.8, 30.7, codes, weight)


INDEX = SearchIndex([
    entry("新丰镇", "330402103", weight=1.2), entry("新丰镇中心小学"), entry("丰新桥"),
    entry("余新镇", "330402104", weight=1.2), entry("向阳桥"), entry("ABC 印染有限公司", "9133"),
])  # fmt: skip


def names(text):
    return [(hit.entry.name, hit.match) for hit in INDEX.find(text)]


def test_exact_before_beginning_before_inside():
    assert names("新丰镇")[:2] == [("新丰镇", Match.EXACT), ("新丰镇中心小学", Match.START)]
    assert names("小学") == [("新丰镇中心小学", Match.INSIDE)]


def test_codes_pinyin_initials_and_width():
    assert names("330402104") == [("余新镇", Match.EXACT)]
    assert set(names("3304021")) == {("新丰镇", Match.CODE), ("余新镇", Match.CODE)}
    assert names("xfz")[0] == ("新丰镇", Match.SPOKEN)
    assert names("xf")[0] == ("新丰镇", Match.INITIALS)
    assert names("xinfengzhen")[0] == ("新丰镇", Match.SPOKEN)
    assert names("fengzhen")[0] == ("新丰镇", Match.PINYIN)
    assert names("ａｂｃ印染")[0][0] == "ABC 印染有限公司"


def test_one_wrong_character_is_forgiven_and_ranked_last():
    assert ("向阳桥", Match.NEARLY) in names("向杨桥")
    assert names("某某某") == []
    assert names("") == []


def test_one_apart():
    assert one_apart("向阳桥", "向杨桥")
    assert one_apart("向阳桥", "向阳大桥")
    assert not one_apart("向阳桥", "阳向桥")
    assert not one_apart("向阳", "向阳大桥")


def test_walks_follow_the_water_and_end_in_loops():
    net = RiverNet(["a", "b", "b", "c", "d"], ["b", "c", "d", "e", "b"], [100, 200, 300, 400, 50])
    down = {step.reach: step.distance_m for step in net.downstream(0, 10.0, 1000.0)}
    assert down == {1: 10.0, 2: 10.0, 3: 210.0, 4: 310.0}
    up = {step.reach: step.distance_m for step in net.upstream(3, 0.0, 1000.0)}
    assert up == {1: 0.0, 0: 200.0, 4: 200.0, 2: 250.0}
    assert [step.reach for step in net.downstream(0, 10.0, 100.0)] == [1, 2]
    assert net.joined
    assert not RiverNet(["a", "c"], ["b", "d"], [1, 1]).joined
    assert list(RiverNet(["", ""], ["", ""], [1, 1]).downstream(0, 0.0, 100.0)) == []


def test_both_days_of_a_term_are_included_and_two_holders_are_both_named():
    post, half = ("grid_head", "township", "unit", "1"), date(2024, 6, 30)
    terms = [
        Post(*post, Person("甲"), date(2024, 1, 1), half),
        Post(*post, Person("乙"), half, None),
    ]
    book = PostBook.of(ROLES, terms)

    def heads(day):
        held = book.on(day, "unit", "1", ("township",))
        return [h.person.name if h.person else None for h in held]

    assert heads(date(2023, 12, 31)) == [None]
    assert heads(date(2024, 1, 1)) == ["甲"]
    assert heads(date(2024, 6, 30)) == ["甲", "乙"]
    assert heads(date(2024, 7, 1)) == ["乙"]
    assert book.on(date(2023, 12, 31), "unit", "1", ("township",))[0].since is None
    assert book.on(date(2025, 1, 1), "unit", "2", ("village",))[0].role == "grid_member"
    assert book.on(date(2025, 1, 1), "reach", "none") == ()
