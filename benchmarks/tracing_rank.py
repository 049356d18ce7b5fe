"""How well tracing ranks the true source, over made events with noise, gaps and loops.

    uv run python benchmarks/tracing_rank.py [--events 200]

The same events are ranked by distance alone, and by chance, for comparison.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "domain" / "rivers"))
from made_events import made_event

from gridmap.capabilities.tracing.rules import trace


def ranks(events: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"score": [], "distance": [], "chance": []}
    seed = 0
    while len(found["score"]) < events:
        seed += 1
        made = made_event(seed)
        if made is None:
            continue
        answer = trace(made.net, made.event, made.sources, made.trails)
        codes = [one.source.code for one in answer.suspects]
        if made.truth not in codes:
            continue  # farther up than tracing walks
        near = sorted(answer.suspects, key=lambda one: one.way.metres)
        found["score"].append(codes.index(made.truth) + 1)
        found["distance"].append([one.source.code for one in near].index(made.truth) + 1)
        found["chance"].append((len(codes) + 1) / 2)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=200)
    options = parser.parse_args()
    found = ranks(options.events)
    print(f"{options.events} made events; rank of the true source")
    print(f"{'ranked by':12} {'mean':>6} {'median':>7} {'first':>7} {'≤ 3':>6}")
    for name, values in found.items():
        array = np.array(values)
        first, three = (array <= 1).mean(), (array <= 3).mean()
        print(f"{name:12} {array.mean():6.2f} {np.median(array):7.1f} {first:7.0%} {three:6.0%}")


if __name__ == "__main__":
    main()
