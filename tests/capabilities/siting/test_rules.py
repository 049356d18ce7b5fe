"""Covering: the optimum against brute force, greedy and published instances' kind of questions."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gridmap.capabilities.siting.rules.bounding import bounded, remaining
from gridmap.capabilities.siting.rules.program import Solution, program_of, solved
from gridmap.capabilities.siting.rules.question import CoverError, Proof, Question
from gridmap.capabilities.siting.rules.reducing import dropped, merged, reduced, settled
from gridmap.capabilities.siting.rules.searching import Room, greedy, value_of
from gridmap.capabilities.siting.rules.siting import (
    Means,
    fewest_sites,
    gain_curve,
    most_cover,
    what_if,
)

MEANS = Means(solved)


@st.composite
def questions(draw, backup=True, standing=True):
    """Small questions: 1–9 demands, 2–7 sites, some standing, some demand that needs two."""
    n, s = draw(st.integers(1, 9)), draw(st.integers(2, 7))
    cells = draw(st.lists(st.booleans(), min_size=n * s, max_size=n * s))
    weights = draw(st.lists(st.sampled_from([0.0, 0.1, 0.3, 1, 2, 5, 7]), min_size=n, max_size=n))
    stands = draw(st.lists(st.booleans(), min_size=s, max_size=s)) if standing else [False] * s
    moves = draw(st.lists(st.booleans(), min_size=s, max_size=s))
    needs = draw(st.lists(st.integers(1, 2 if backup else 1), min_size=n, max_size=n))
    cover = csr_array(np.array(cells, float).reshape(n, s))
    return Question.of(weights, cover, stands, moves, needs)


def best_of(question, new, moves=0):
    """The optimum by trying everything."""
    free = np.flatnonzero(~question.standing)
    movable = np.flatnonzero(question.movable)
    best = 0.0
    for gone in range(moves + 1):
        for left in combinations(movable, gone):
            for sites in combinations(free, min(new + gone, len(free))):
                mask = question.standing.copy()
                mask[list(left)] = False
                mask[list(sites)] = True
                best = max(best, question.covered(mask))
    return best


def fewest_of(question, target):
    free = np.flatnonzero(~question.standing)
    for count in range(len(free) + 1):
        for sites in combinations(free, count):
            mask = question.standing.copy()
            mask[list(sites)] = True
            if question.covered(mask) >= target - 1e-9:
                return count
    return None


def proposed(question, answer):
    mask = question.standing.copy()
    mask[list(answer.moved)] = False
    mask[list(answer.sites)] = True
    return mask


def askable(question, new=1, moves=0):
    enough = new + moves <= question.candidates and moves <= question.movable.sum()
    return question.total > 0 and enough


@settings(max_examples=120, deadline=None)
@given(question=questions(), new=st.integers(1, 3))
def test_most_cover_is_what_trying_everything_finds(question, new):
    if not askable(question, new):
        return
    answer = most_cover(question, new, MEANS)
    assert answer.proof is Proof.OPTIMAL
    assert not answer.doubted
    assert answer.covered == pytest.approx(best_of(question, new))
    assert answer.covered == question.covered(proposed(question, answer))
    assert len(answer.sites) <= new
    assert not question.standing[list(answer.sites)].any()


@settings(max_examples=80, deadline=None)
@given(question=questions(), new=st.integers(0, 2), moves=st.integers(1, 2))
def test_moved_sites_are_what_trying_everything_finds(question, new, moves):
    if not askable(question, new, moves):
        return
    answer = most_cover(question, new, MEANS, moves=moves)
    assert answer.covered == pytest.approx(best_of(question, new, moves))
    assert answer.covered == pytest.approx(question.covered(proposed(question, answer)))
    assert len(answer.moved) <= moves
    assert question.movable[list(answer.moved)].all()
    assert len(answer.sites) <= new + len(answer.moved)


@settings(max_examples=80, deadline=None)
@given(question=questions(), share=st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_the_fewest_sites_are_what_trying_everything_finds(question, share):
    if not askable(question):
        return
    most = question.covered(np.ones(len(question.standing), bool))
    target = most if share == 1 else share * question.total
    if target > most + 1e-9:
        with pytest.raises(CoverError) as told:
            fewest_sites(question, share, MEANS)
        assert told.value.code == "unreachable"
        assert told.value.facts["share"] == pytest.approx(most / question.total)
        return
    answer = fewest_sites(question, share, MEANS)
    assert answer.proof is Proof.OPTIMAL
    assert len(answer.sites) == fewest_of(question, target) == answer.least
    assert answer.covered >= target - 1e-9
    assert answer.covered == pytest.approx(best_of(question, len(answer.sites)))


@settings(max_examples=120, deadline=None)
@given(question=questions(), new=st.integers(1, 3), moves=st.integers(0, 1))
def test_merging_and_dropping_keep_the_optimum(question, new, moves):
    """Proof by trying everything: each step by itself and both together."""
    if not askable(question, new, moves):
        return
    whole = settled(question, moves)
    best = best_of(question, new, moves)
    for found in (whole, merged(whole), dropped(whole), reduced(question, moves)):
        room = Room(new, moves)
        columns = found.cover.shape[1]
        values = [
            value_of(found, mask)
            for size in range(columns + 1)
            for pick in combinations(range(columns), size)
            for mask in [np.isin(np.arange(columns), pick)]
            if room.fits(found, mask)
        ]
        assert max(values) == pytest.approx(best)


@settings(max_examples=120, deadline=None)
@given(question=questions(), new=st.integers(1, 3), built=st.integers(0, 3))
def test_the_bound_holds_and_what_remains_has_every_better_answer(question, new, built):
    if not askable(question, new):
        return
    found, room = reduced(question), Room(new)
    best = best_of(question, new)
    start = greedy(found, Room(min(built, new)), MEANS.check)[-1]  # good or poor
    value = value_of(found, start)
    by = bounded(found, room, value, MEANS.check)
    assert by.bound >= best - 1e-9
    rest = remaining(found, room, value, by, MEANS.check)
    columns = rest.found.cover.shape[1]
    inside = max(
        value_of(rest.found, np.isin(np.arange(columns), pick))
        for size in range(min(rest.room.new, columns) + 1)
        for pick in combinations(range(columns), size)
    )
    assert max(inside, value) == pytest.approx(best)
    if columns and rest.room.new:
        chosen = np.arange(columns) < min(rest.room.new, columns)
        whole = rest.whole(chosen)
        assert whole.sum() <= new
        assert value_of(found, whole) >= value_of(rest.found, chosen) - 1e-9


def test_dropping_keeps_the_first_of_equal_candidates_and_both_where_two_are_needed():
    cover = csr_array(np.array([[1, 1, 1], [0, 1, 1]]))
    once = Question.of([1, 1], cover)
    assert reduced(once).sites.tolist() == [1]
    twice = Question.of([1, 1], cover, needs=[2, 1])
    assert reduced(twice).sites.tolist() == [0, 1, 2]
    assert most_cover(twice, 2, MEANS).sites == (1, 0)


@settings(max_examples=60, deadline=None)
@given(question=questions(), new=st.integers(1, 3))
def test_it_is_never_worse_than_greedy_and_what_is_told_of_each_site_adds_up(question, new):
    if not askable(question, new):
        return
    found = reduced(question)
    simple = value_of(found, greedy(found, Room(new), MEANS.check)[-1])
    answer = most_cover(question, new, MEANS)
    assert answer.covered >= simple - 1e-9
    assert answer.before + sum(answer.gains) == pytest.approx(answer.covered)
    for site, alone in zip(answer.sites, answer.alone, strict=True):
        rest = proposed(question, answer)
        rest[site] = False
        assert answer.covered - question.covered(rest) == pytest.approx(alone)


def test_ties_go_to_the_earlier_candidate_and_the_same_question_has_the_same_answer():
    rng = np.random.default_rng(7)
    cover = csr_array((rng.random((60, 24)) < 0.15).astype(int))
    twins = csr_array(np.hstack([cover.toarray(), cover.toarray()]))  # each candidate twice
    weights = rng.integers(1, 9, 60)
    first = most_cover(Question.of(weights, twins), 5, MEANS)
    assert max(first.sites) < 24
    for _ in range(3):
        assert most_cover(Question.of(weights, twins), 5, MEANS) == first


def test_the_curve_rises_by_less_and_less_and_each_point_is_proven():
    rng = np.random.default_rng(3)
    question = Question.of(rng.random(80), csr_array((rng.random((80, 30)) < 0.08).astype(int)))
    curve = gain_curve(question, 6, MEANS)
    covered = [one.covered for one in curve]
    assert covered == sorted(covered)
    assert all(one.proof is Proof.OPTIMAL for one in curve)
    assert covered[2] == pytest.approx(best_of(question, 3))


@pytest.mark.parametrize("seed", range(12))
def test_larger_questions_with_a_loose_bound_are_what_trying_everything_finds(seed):
    """Nearly all is coverable: the bound is capped, and nothing may be settled by the cap."""
    rng = np.random.default_rng(seed)
    places, sites = rng.random((70, 2)), rng.random((22, 2))
    apart = np.linalg.norm(places[:, None] - sites[None], axis=2)
    cover = csr_array((apart < 0.45).astype(int))
    question = Question.of(rng.integers(1, 60, 70), cover)
    answer = most_cover(question, 3, MEANS)
    assert answer.proof is Proof.OPTIMAL
    assert answer.covered == best_of(question, 3)
    assert answer.bound == answer.covered <= question.total


def test_a_site_that_adds_nothing_is_not_proposed():
    question = Question.of([2, 3], csr_array(np.array([[1, 0, 1], [1, 0, 0]])))
    answer = most_cover(question, 3, MEANS)
    assert answer.sites == (0,)
    assert answer.gains == (5.0,)
    assert len(gain_curve(question, 3, MEANS)) == 1


def test_time_that_is_up_leaves_the_best_so_far_with_its_bound():
    rng = np.random.default_rng(5)
    question = Question.of(
        rng.integers(1, 90, 400), csr_array((rng.random((400, 120)) < 0.04).astype(int))
    )
    proven = most_cover(question, 9, MEANS)
    found = reduced(question)
    late = most_cover(question, 9, Means(lambda *_: Solution(None, np.nan, np.nan, optimal=False)))
    assert late.proof is Proof.WITHIN
    assert late.covered <= proven.covered <= late.bound <= found.most
    assert 0 < late.gap < 1
    assert late.covered >= value_of(found, greedy(found, Room(9), MEANS.check)[-1])


def test_a_solver_that_is_wrong_is_not_believed():
    """ERGO-Code/HiGHS#3094: an `optimal` below what greedy reaches, or a value it does not have."""
    rng = np.random.default_rng(5)
    question = Question.of(
        rng.integers(1, 90, 400), csr_array((rng.random((400, 120)) < 0.04).astype(int))
    )

    def poor(program, _):
        chosen = np.zeros(program.columns, bool)
        chosen[:2] = True
        value = float(program.weights[_covers(program, chosen)].sum())
        return Solution(chosen, value, value, optimal=True)

    def boasting(program, _):
        chosen = solved(program, 10).chosen
        return Solution(chosen, 1e6, 1e6, optimal=True)

    for solve in (poor, boasting):
        answer = most_cover(question, 9, Means(solve))
        assert answer.doubted
        assert answer.proof is Proof.WITHIN
        assert answer.covered <= answer.bound


def _covers(program, chosen):
    shape = (len(program.weights), program.columns)
    cover = csr_array((np.ones(len(program.indices)), program.indices, program.indptr), shape=shape)
    return cover @ chosen.astype(float) >= program.needs


def test_the_program_of_weights_that_are_tiny_is_solved_to_its_very_optimum():
    rng = np.random.default_rng(11)
    cover = csr_array((rng.random((60, 14)) < 0.2).astype(int))
    question = Question.of(rng.random(60) * 1e-7, cover)
    answer = most_cover(question, 3, MEANS)
    assert answer.covered == pytest.approx(best_of(question, 3), rel=1e-12)
    assert answer.proof is Proof.OPTIMAL
    assert solved(program_of(reduced(question), Room(3)), 5).optimal


def test_what_if_counts_what_somebody_chose():
    question = Question.of([2, 3, 4], csr_array(np.eye(3)), [True, False, False])
    answer = what_if(question, [2])
    assert (answer.before, answer.covered, answer.gains) == (2.0, 6.0, (4.0,))
    assert answer.alone == (4.0,)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda q: most_cover(q, 0, MEANS), "bad_count"),
        (lambda q: most_cover(q, 9, MEANS), "too_many"),
        (lambda q: most_cover(q, 1, MEANS, moves=1), "too_many_moves"),
        (lambda q: fewest_sites(q, 0.0, MEANS), "bad_share"),
        (lambda q: fewest_sites(q, 1.5, MEANS), "bad_share"),
        (lambda _: most_cover(Question.of([1], csr_array([[1]]), [True]), 1, MEANS),
         "no_candidates"),
        (lambda _: most_cover(Question.of([0], csr_array([[1]])), 1, MEANS), "no_demand"),
    ],
)  # fmt: skip
def test_questions_without_an_answer_say_why(ask, code):
    question = Question.of([1, 1], csr_array(np.eye(2)))
    with pytest.raises(CoverError) as told:
        ask(question)
    assert told.value.code == code


def test_shapes_and_weights_that_cannot_be_are_refused():
    for weights, needs in (([1, 2], None), ([-1], None), ([np.nan], None), ([1], [0])):
        with pytest.raises(ValueError, match=r".+"):
            Question.of(weights, csr_array([[1]]), needs=needs)


def test_work_stops_between_two_steps_when_asked():
    class Stopped(Exception):  # noqa: N818
        pass

    def stop():
        raise Stopped

    question = Question.of([1, 1], csr_array(np.eye(2)))
    with pytest.raises(Stopped):
        most_cover(question, 1, Means(solved, check=stop))
