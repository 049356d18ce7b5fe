"""Siting: this program against spopt in one run, and a question the peer has no memory for.

    uv run --with spopt --with pulp benchmarks/siting.py

Both solve the same maximal covering on the same distances. The peer gets a matrix of distances, as
its documentation shows (`spopt.locate.MCLP.from_cost_matrix`), and its default solver (CBC from
PuLP); what is timed is building and solving, not the distances. Without spopt only the own figures
are printed.
"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np
from scipy.spatial.distance import cdist

from gridmap.capabilities.siting.rules.program import solved
from gridmap.capabilities.siting.rules.question import Answer, Question
from gridmap.capabilities.siting.rules.siting import Means, most_cover
from gridmap.capabilities.siting.work.instance import within

SEED = 20261122
SIDE_M = 100_000.0


def world(demands: int, sites: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of demand, candidates, weights 1–99; evenly at random in a square of 100 km."""
    rng = np.random.default_rng(SEED)
    return (
        rng.random((demands, 2)) * SIDE_M,
        rng.random((sites, 2)) * SIDE_M,
        rng.integers(1, 100, demands).astype(float),
    )


def ours(
    places: np.ndarray, sites: np.ndarray, weights: np.ndarray, radius: float, count: int
) -> tuple[Answer, float]:
    """The answer and its seconds, the search for who covers whom included."""
    begin = time.perf_counter()
    question = Question.of(weights, within(places, sites, radius))
    answer = most_cover(question, count, Means(solved, 120.0))
    return answer, time.perf_counter() - begin


def peer(
    places: np.ndarray, sites: np.ndarray, weights: np.ndarray, radius: float, count: int
) -> tuple[float, float] | None:
    """What spopt covers and its seconds; None where it is not installed."""
    try:
        import pulp  # noqa: PLC0415  perhaps not there
        from spopt.locate import MCLP  # noqa: PLC0415
    except ImportError:
        return None
    matrix = cdist(places, sites)
    begin = time.perf_counter()
    model = MCLP.from_cost_matrix(matrix, weights, radius, p_facilities=count)
    model = model.solve(pulp.PULP_CBC_CMD(msg=False))
    seconds = time.perf_counter() - begin
    chosen = [place for place, one in enumerate(model.fac2cli) if one]
    covered = (matrix[:, chosen] <= radius).any(axis=1)
    return float(weights[covered].sum()), seconds


def against(demands: int, sites: int, count: int, radius: float, runs: int) -> None:
    """One size, both in turn; the best of some runs each."""
    places, candidates, weights = world(demands, sites)
    mine, theirs = [], []
    answer, covered = None, None
    for _ in range(runs):
        answer, seconds = ours(places, candidates, weights, radius, count)
        mine.append(seconds)
        other = peer(places, candidates, weights, radius, count)
        if other is not None:
            covered = other[0]
            theirs.append(other[1])
    assert answer is not None
    print(
        f"{demands:,} × {sites:,} × {count}, radius {radius:,.0f} m: ours {min(mine):.2f} s, "
        f"covered {answer.covered:,.0f} ({answer.proof}, gap {answer.gap:.2%})"
    )
    if covered is None:
        print("  spopt is not installed: uv run --with spopt --with pulp benchmarks/siting.py")
        return
    ratio = min(theirs) / min(mine)
    print(f"  spopt {min(theirs):.2f} s, covered {covered:,.0f}: ours is {ratio:.1f} × as fast")


def large(demands: int, sites: int, count: int, radius: float) -> None:
    """The large question: run in a process of its own, so that its memory is its own."""
    places, candidates, weights = world(demands, sites)
    answer, seconds = ours(places, candidates, weights, radius, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{demands:,} × {sites:,} × {count}, radius {radius:,.0f} m: {seconds:.1f} s, "
        f"{peak:.0f} MB peak, covered {answer.covered:,.0f} of {answer.total:,.0f} "
        f"({answer.proof}, gap {answer.gap:.2%})"
    )


def peer_memory(demands: int, sites: int, radius: float, count: int) -> None:
    """What the peer takes on top of its imports, in a process of its own, and scaled by pairs."""
    places, candidates, weights = world(demands, sites)
    peer(places[:50], candidates[:20], weights[:50], radius, 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    if peer(places, candidates, weights, radius, count) is None:
        return
    seconds = time.perf_counter() - begin
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    pairs = demands * sites
    print(
        f"spopt at {demands:,} × {sites:,}: {seconds:.1f} s, {taken:.0f} MB on top of its imports, "
        f"{taken * 2**20 / pairs:.0f} bytes a pair; at 20,000 × 2,000 that is "
        f"{taken / 1024 * 4e7 / pairs:.1f} GB (scaled, not run)"
    )


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", type=float, help="radius in metres: only the large question")
    parser.add_argument("--peer-memory", action="store_true", help="only what the peer takes")
    options = parser.parse_args()
    if options.peer_memory:
        peer_memory(4_000, 1_000, 5_000.0, 20)
        return
    if options.large is not None:
        large(20_000, 2_000, 40, options.large)
        return
    for count, radius in ((10, 8_000.0), (20, 5_000.0)):
        against(2_000, 500, count, radius, options.runs)
    for radius in (3_000.0, 5_000.0):
        subprocess.run([sys.executable, __file__, "--large", str(radius)], check=True)
    subprocess.run([sys.executable, __file__, "--peer-memory"], check=True)


if __name__ == "__main__":
    main()
