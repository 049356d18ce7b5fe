"""What a click on the network means is the same by the index and by looking at every reach."""

import shutil

import numpy as np
import pytest

from gridmap.capabilities.locate.work.answering import AnsweringProject
from gridmap.capabilities.rivers.presenter.hits import hits_of
from gridmap.capabilities.rivers.work.edits import (
    flip_reach,
    join_ends,
    reach_at,
    set_sluice,
    sluice_at,
    split_reach,
)
from gridmap.store.example import shipped_example


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "例.gridmap.gpkg"
    shutil.copyfile(shipped_example(), path)
    with AnsweringProject.open(path) as opened:
        yield opened


@pytest.fixture
def places(project):
    """Clicks near reaches and sluices, some on them, some far from all."""
    rng = np.random.default_rng(11)
    on = [
        shape.interpolate(share, normalized=True)
        for shape in project.layer("reaches").geometry
        for share in (0.0, 0.4)
    ]
    on += list(project.layer("sluices").geometry)
    beside = rng.normal(0, 0.0015, (len(on), 2))
    return [(p.x + x, p.y + y) for p, (x, y) in zip(on, beside, strict=True)][::6] + [
        (p.x, p.y) for p in on[::12]
    ]


def agrees(project, places):
    hits = hits_of(project)
    for lon, lat in places:
        for within_m in (5.0, 180.0):
            where = (project, lon, lat, within_m)
            assert hits.reach_at(*where) == reach_at(*where)
            assert hits.sluice_at(*where) == sluice_at(*where)


def test_the_index_names_what_looking_at_everything_names(project, places):
    agrees(project, places)


def test_it_follows_its_own_edits_and_those_of_others(project, places):
    few = places[::4]
    hits, reaches = hits_of(project), project.layer("reaches").set_index("code")
    agrees(project, few)
    code = str(reaches.index[3])
    hits.flipped(code, flip_reach(project, code))
    sluice, state = next(found for found in (hits.sluice_at(project, *p, 300.0) for p in places)
                         if found[0])  # fmt: skip
    other = "open" if state == "closed" else "closed"
    hits.turned(sluice, other, set_sluice(project, sluice, other))
    agrees(project, few)
    middle = reaches.geometry[code].interpolate(0.5, normalized=True)
    lower = split_reach(project, code, middle.x, middle.y)
    agrees(project, few)
    assert hits.reach_at(project, middle.x, middle.y, 1.0) in {code, lower}
    project.undo()
    agrees(project, few)
    join_ends(project, code, str(reaches.index[6]), within_m=1e6)
    agrees(project, few)


def test_an_edit_made_meanwhile_is_not_overlooked(project):
    hits, reaches = hits_of(project), project.layer("reaches").set_index("code")
    one, other = str(reaches.index[0]), str(reaches.index[9])
    end = reaches.geometry[other].interpolate(1.0, normalized=True)
    assert hits.reach_at(project, end.x, end.y, 1.0)
    revision = flip_reach(project, one)
    middle = reaches.geometry[other].interpolate(0.5, normalized=True)
    lower = split_reach(project, other, middle.x, middle.y)
    hits.flipped(one, revision)
    near_end = reaches.geometry[other].interpolate(0.9, normalized=True)
    assert hits.reach_at(project, near_end.x, near_end.y, 1.0) == lower


def test_the_index_is_kept_over_clicks(project, monkeypatch):
    hits = hits_of(project)
    place = project.layer("reaches").geometry.iloc[2].interpolate(0.3, normalized=True)
    code = hits.reach_at(project, place.x, place.y, 20.0)
    hits.flipped(code, flip_reach(project, code))
    monkeypatch.setattr(project, "layer", lambda _: pytest.fail("the layer is read again"))
    assert hits.reach_at(project, place.x, place.y, 20.0) == code
    assert hits_of(project) is hits
