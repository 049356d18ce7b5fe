"""Sites and demand of a project, cover along the water, and the solver that can be stopped."""

import threading
import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from gridmap.capabilities.rivers.work.waters import present_waters
from gridmap.capabilities.siting.rules.program import Program
from gridmap.capabilities.siting.rules.question import Proof, Question
from gridmap.capabilities.siting.rules.siting import Means, most_cover
from gridmap.capabilities.siting.work.figures import siting_figures
from gridmap.capabilities.siting.work.ground import DemandKind, Medium, SiteKind
from gridmap.capabilities.siting.work.instance import within
from gridmap.capabilities.siting.work.siting import Asked, siting_of
from gridmap.capabilities.siting.work.solver import OwnProcess
from gridmap.core import plane
from gridmap.stopping import Cancelled, Job
from gridmap.store.example import open_example
from gridmap.store.project import Project


@pytest.fixture(scope="module")
def example():
    with open_example(read_only=True) as project:
        yield project


@pytest.fixture(scope="module")
def water(example):
    return siting_of(example, Asked(count=3, distance_m=3000.0, curve=True))


@pytest.fixture(scope="module")
def air(example):
    return siting_of(example, Asked(Medium.AIR, 2))


def test_pieces_of_river_add_up_to_the_river(example, water):
    waters = present_waters(example)
    length = sum(reach.length_m for reach in waters.ways.reaches) / 1000
    pieces = sum(one.size for one in water.ground.demands if one.kind is DemandKind.RIVER)
    assert pieces == pytest.approx(length, abs=0.001)
    assert not water.ground.left_out.get("outside_pieces")


def test_cover_is_along_the_water_by_the_rule_of_the_network(example, water):
    waters = present_waters(example)
    for column in range(0, len(water.ground.sites), 37):
        site = water.ground.sites[column]
        spots = [one.spot for one in water.ground.demands]
        ways = waters.ways.upstream(site.spot, spots, 3000.0)
        mask = np.zeros(len(water.ground.sites), bool)
        mask[column] = True
        assert set(np.flatnonzero(water.question.counts(mask))) == set(ways)


def test_it_is_proven_better_than_greedy_or_equal_and_rises_along_the_curve(water):
    assert water.answer.proof is Proof.OPTIMAL
    covered = [one.covered for one in water.curve]
    assert covered == sorted(covered)
    assert covered[-1] == pytest.approx(water.answer.covered)
    assert all(one.proof is Proof.OPTIMAL for one in water.curve)


def test_existing_sections_stand_and_candidates_have_their_kinds(example, water):
    standing = {one.code for one in water.standing}
    assert standing == {one.code for one in present_waters(example).sections}
    kinds = {one.kind for one in water.ground.sites}
    assert kinds >= {SiteKind.BORDER, SiteKind.CONFLUENCE, SiteKind.SPACED}
    assert len({one.spot for one in water.ground.sites}) == len(water.ground.sites)


def test_land_in_cells_adds_up_to_the_territory_and_cover_is_a_radius(example, air):
    land = sum(one.size for one in air.ground.demands if one.kind is DemandKind.LAND)
    assert land == pytest.approx(439.23, abs=0.1)
    for column, site in enumerate(air.ground.sites[:40]):
        mask = np.zeros(len(air.ground.sites), bool)
        mask[column] = True
        seen = air.question.counts(mask) > 0
        lons = np.array([one.lon for one in air.ground.demands])
        lats = np.array([one.lat for one in air.ground.demands])
        metres = plane.distances_to_points(site.lon, site.lat, lons, lats)
        # The plane of the zone and the tangent plane differ by well below 0.1 %.
        assert (metres[seen] < 3003).all()
        assert (metres[~seen] > 2997).all()


def test_a_site_moved_by_hand_is_counted_anew(water):
    first = water.proposed[0].site
    same = water.moved_to(1, first.lon, first.lat)
    assert same.answer.covered == pytest.approx(water.answer.covered)
    other = next(one for one in water.ground.sites if one.kind is SiteKind.SPACED)
    there = water.moved_to(1, other.lon, other.lat)
    assert there.proposed[0].site == other
    assert there.answer.covered == pytest.approx(there.question.covered(there.chosen))
    assert there.answer.covered <= water.answer.covered
    assert there.answer.bound == pytest.approx(water.answer.covered)


def test_sections_that_may_be_moved_are_those_named(example):
    found = siting_of(example, Asked(count=0, moves=1, movable=("DM02", "DM04"), distance_m=3000.0))
    assert {one.code for one in found.moved} <= {"DM02", "DM04"}
    assert found.answer.covered >= found.answer.before
    assert len(found.proposed) == len(found.moved) == 1


def test_the_curve_of_a_proposal_with_moves_ends_at_the_proposal(example):
    found = siting_of(example, Asked(count=2, moves=1, distance_m=3000.0, curve=True))
    assert found.curve[-1].covered == pytest.approx(found.answer.covered)
    assert found.curve[0].covered < found.answer.covered


def test_a_border_that_wants_two_sections_counts_only_with_both(example):
    once = siting_of(example, Asked(count=2, distance_m=3000.0))
    twice = siting_of(example, Asked(count=2, distance_m=3000.0, backup=True))
    assert twice.answer.before < once.answer.before
    border = [
        place
        for place, one in enumerate(twice.ground.demands)
        if one.kind is DemandKind.BORDER and twice.met[place]
    ]
    assert (twice.question.counts(twice.chosen)[border] >= 2).all()


def test_figures_are_those_of_the_file(example):
    figures = siting_figures(example)
    assert (figures.water.distance_m, figures.air.distance_m) == (10000.0, 3000.0)


def test_within_a_radius_the_edge_counts_exactly():
    places = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 4.0000001]])
    assert within(places, places[:1], 5.0).toarray().ravel().tolist() == [1, 1, 0]


# --- the solver's own process -------------------------------------------------------------


def hard(rows=3000, columns=500):
    rng = np.random.default_rng(2)
    cover = csr_array((rng.random((rows, columns)) < 0.03).astype(np.int64))
    return Program(
        rng.integers(1, 99, rows).astype(float), cover.indptr.astype(np.int64),
        cover.indices.astype(np.int64), np.ones(rows, np.int64), np.zeros(columns, bool), columns,
        30, 0,
    )  # fmt: skip


def test_the_process_answers_what_the_rules_answer():
    rng = np.random.default_rng(4)
    question = Question.of(rng.random(90), csr_array((rng.random((90, 40)) < 0.1).astype(int)))
    answer = most_cover(question, 6, Means(OwnProcess()))
    assert answer.proof is Proof.OPTIMAL


def test_a_job_that_is_cancelled_ends_the_solver_at_once():
    job = Job()
    solver = OwnProcess.of(job)
    heard = threading.Event()
    failed = []

    def work():
        try:
            OwnProcess(job.check, lambda _: heard.set())(hard(), 300.0)
        except Cancelled as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert heard.wait(30)  # it is deep in its work
    job.cancel()
    thread.join(30)
    assert not thread.is_alive()
    assert len(failed) == 1
    with pytest.raises(Cancelled):
        solver(hard(10, 4), 1.0)


def test_a_question_of_a_project_can_be_stopped(example):
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        siting_of(example, Asked(count=2), job)


def test_a_solver_that_ignores_its_time_is_ended(monkeypatch):
    monkeypatch.setattr("gridmap.capabilities.siting.work.solver._GRACE_S", -299.0)
    began = time.monotonic()
    found = OwnProcess()(hard(), 300.0)
    assert found.chosen is None
    assert not found.optimal
    assert time.monotonic() - began < 250


@pytest.mark.shared
def test_on_a_river_of_the_world_everything_reconciles(tuanhe_built):
    """湍河 with its neighbours: much of the water lies outside of the units, and is told so."""
    with Project.open(tuanhe_built, read_only=True) as project:
        found = siting_of(project, Asked(count=5, curve=True))
        length = sum(reach.length_m for reach in present_waters(project).ways.reaches) / 1000
    pieces = [one.size for one in found.ground.demands if one.kind is DemandKind.RIVER]
    assert found.ground.left_out["outside_pieces"] > 0
    assert found.ground.left_out["outside"] > 0
    assert sum(pieces) < length
    assert found.answer.proof is Proof.OPTIMAL
    assert found.answer.before == 0.0
    assert found.answer.before + sum(found.answer.gains) == pytest.approx(found.answer.covered)
    whole = found.ground.amounts(np.ones(len(found.ground.demands), bool))
    then, rest = found.ground.amounts(found.met), found.ground.amounts(~found.met)
    for kind, size in whole.items():
        assert then.get(kind, 0.0) + rest.get(kind, 0.0) == pytest.approx(size)
