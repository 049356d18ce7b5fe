"""One person becomes chief of many reaches: by hand on the map, and on the command line."""

import shutil
from datetime import date

import pytest

from gridmap import shipped
from gridmap.capabilities.rivers.work.chiefs import Appointment, appoint
from gridmap.store import Project, ProjectError

SINCE = date(2026, 12, 1)


@pytest.fixture
def path(tmp_path):
    copied = tmp_path / "南湖.gpkg"
    shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", copied)
    return copied


def terms(project, reach, tier="township"):
    """Name, first and last day of all who held or hold the post, by their first day."""
    posts = project.posts()
    mine = posts[(posts["scope_code"] == reach) & (posts["tier"] == tier)]
    mine = mine[(mine["role"] == "river_chief") & (mine["scope"] == "reach")]
    people = project.people()
    names = dict(zip(people["person_id"], people["name"], strict=True))
    rows = mine.sort_values("valid_from")[["person_id", "valid_from", "valid_to"]]
    return [(names.get(who), first, last) for who, first, last in rows.itertuples(index=False)]


def test_who_was_there_goes_the_day_before_and_all_of_it_is_one_change(path):
    wanted = Appointment("新河长", "township", SINCE, "13800000000")
    with Project.open(path) as project:
        reaches = project.layer("reaches")["code"].tolist()[:3]
        before = {code: terms(project, code) for code in reaches}
        count = len(project.log())
        done = appoint(project, reaches, wanted)
        assert done.reaches == tuple(reaches)
        assert len(project.log()) == count + 1
        for code in reaches:
            now = terms(project, code)
            assert now[-1] == ("新河长", SINCE, None)
            held = [one[0] for one in before[code] if one[2] is None or one[2] >= SINCE]
            assert held == [who for who, _, last in now[:-1] if last == date(2026, 11, 30)]
        again = appoint(project, reaches, wanted)
        assert (again.reaches, again.already) == ((), tuple(reaches))
        assert len(project.log()) == count + 1
        project.undo()
        assert {code: terms(project, code) for code in reaches} == before
        assert "新河长" not in set(project.people()["name"])


def test_a_term_that_begins_later_is_never_touched(path):
    with Project.open(path) as project:
        code = str(project.layer("reaches")["code"].iloc[0])
        appoint(project, [code], Appointment("后任", "township", date(2027, 3, 1)))
        with pytest.raises(ProjectError) as told:
            appoint(project, [code], Appointment("前任", "township", SINCE))
        assert told.value.key == "network.error.later_term"
        assert {"2027-03-01", "后任"} <= set(map(str, told.value.facts.values()))
        with pytest.raises(ProjectError) as told:
            appoint(project, ["没有"], Appointment("某", "township", SINCE))
        assert told.value.key == "network.error.no_reach"


def test_the_command_line_appoints_and_says_what_it_did(gridmap, path):
    with Project.open(path, read_only=True) as project:
        codes = project.layer("reaches")["code"].tolist()[:2]
    said = gridmap(
        "river", "appoint", path, *codes, "--name", "张三", "--tier", "township",
        "--since", "2026-12-01",
    )  # fmt: skip
    assert said.code == 0
    assert "张三 自 2026-12-01 起任 2 个河段" in said.out
    nobody = gridmap("river", "appoint", path, codes[0], "--name", " ", "--tier", "village")
    assert nobody.code != 0
    assert "没有写明姓名" in nobody.err


# --- in the window ------------------------------------------------------------------------


def middle_of(project, code):
    frame = project.layer("reaches")
    at = frame.geometry[frame["code"] == code].iloc[0].interpolate(0.5, normalized=True)
    return at.x, at.y


def test_reaches_are_picked_on_the_map_and_get_a_chief(desk):
    pytest.importorskip("PySide6")
    from PySide6.QtWidgets import QPushButton  # noqa: PLC0415

    from gridmap.capabilities.rivers.page.chiefs import AppointDialog  # noqa: PLC0415

    mine = desk()
    page = mine.open_page("network")
    project = mine.controller.session.project
    codes = project.layer("reaches")["code"].tolist()[:2]
    mine.click(mine.button("选河段", page))
    for code in codes:
        mine.window.canvas.centre_on(*middle_of(project, code), 20_000.0)
        mine.settle()
        mine.click_map(*middle_of(project, code))
    mine.click(mine.button("为 2 个河段指派河长…", page))
    dialog = mine.window.findChild(AppointDialog)
    mine.type(dialog.name, "李四")
    mine.click(next(one for one in dialog.findChildren(QPushButton) if one.text() == "指派"))
    mine.until(lambda: "李四" in set(project.people()["name"]))
    assert all("李四" in [who for who, *_ in terms(project, code, "village")] for code in codes)
    assert "李四" in mine.texts(mine.window.notices)
    assert not mine.button("指派河长…", page).isEnabled()  # nothing is picked any more


def test_a_reach_is_split_and_its_ends_are_joined_with_the_mouse(desk):
    mine = desk()
    page = mine.open_page("network")
    project = mine.controller.session.project
    before = set(project.layer("reaches")["code"])
    code = min(before)
    mine.window.canvas.centre_on(*middle_of(project, code), 20_000.0)
    mine.settle()
    mine.click(mine.button("打断河段", page))
    mine.click_map(*middle_of(project, code))
    mine.until(lambda: len(project.layer("reaches")) == len(before) + 1)
    (lower,) = set(project.layer("reaches")["code"]) - before
    assert lower in mine.texts(mine.window.notices)
    # The two pieces meet already: joining them says so, and changes nothing.
    count = len(project.log())
    mine.click(mine.button("相接端点", page))
    for one in (code, lower):
        mine.click_map(*middle_of(project, one))
    assert "相接" in mine.texts(mine.window.notices)
    assert len(project.log()) == count
