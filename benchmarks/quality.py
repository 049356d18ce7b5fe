"""How well and how fast the checks of readings work: `python benchmarks/quality.py`.

1. The example's labelled faults: precision and recall.
2. Faults put into the example's series at random places: recall by kind and size, and how many
   other findings of the same checks there are.
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from gridmap import shipped
from gridmap.capabilities.quality.rules.agreement import Label, agreement
from gridmap.capabilities.quality.rules.checks import examine
from gridmap.capabilities.quality.rules.findings import CheckedSeries
from gridmap.capabilities.quality.work.checking import run_checks
from gridmap.capabilities.quality.work.figures import shipped_figures
from gridmap.capabilities.quality.work.labels import labelled_faults
from gridmap.capabilities.stations.work.judged import Judge
from gridmap.standards.item_files import items
from gridmap.store.project import Project

EXAMPLE = Path(shipped.example_dir()) / "nanhu.gridmap.gpkg"
SPIKES = ((3.0, 5.0), (5.0, 10.0), (10.0, 20.0))
DIPS = ((0.05, 0.2), (0.2, 0.4))
STUCK = ((6, 8), (9, 15), (16, 48))


def every_series(project):
    judge = Judge(project)
    for station, item, _, times, values, flags in project.series.sweep():
        decided = judge.decide((station, item), times, values, flags)
        known = items()[item]
        step = int(np.median(np.diff(times)))
        yield CheckedSeries(
            station, item, known.medium, known.decimals, step, times, values, decided.used,
            decided.non_detect,
        )  # fmt: skip


def harmed(series, kind, size, rng):
    """The series with one fault in a quiet place, and the fault's label."""
    values = series.values.copy()
    sound = np.flatnonzero(series.sound)
    at = int(rng.integers(50, len(sound) - 100))
    if kind == "stuck":
        where = sound[at : at + int(rng.integers(size[0], size[1] + 1))]
        values[where] = values[where[0]]
    else:
        where = sound[at : at + 1]
        values[where] = round(float(values[where[0]] * rng.uniform(*size)), series.decimals)
    check = "stuck" if kind == "stuck" else "spike"
    label = Label(check, series.station, series.item, tuple(series.times[where].tolist()))
    return replace(series, values=values), label


def injected(project, rounds=3):
    figures = shipped_figures()
    known = {(one.station, one.item) for one in labelled_faults(project)}
    clean = [one for one in every_series(project) if (one.station, one.item) not in known]
    rng = np.random.default_rng(7)
    kinds = [("spike", size) for size in SPIKES] + [("dip", size) for size in DIPS]
    kinds += [("stuck", size) for size in STUCK]
    for kind, size in kinds:
        total = found = others = 0
        for series in clean * rounds:
            if series.item in {"ph", "water_temperature"} and kind != "stuck":
                continue  # multiples mean nothing there
            bad, label = harmed(series, kind, size, rng)
            result = examine(bad, bad.sound, figures, int(bad.times[-1]))
            outcome = agreement([label], result.findings)
            total += 1
            found += outcome.found
            others += outcome.findings - outcome.right
        yield kind, size, total, found, others


def main():
    with Project.open(EXAMPLE, read_only=True) as project:
        started = time.perf_counter()
        run = run_checks(project)
        seconds = time.perf_counter() - started
        outcome = agreement(labelled_faults(project), run.findings)
        print(f"{run.series} series, {run.readings:,} readings, all checks: {seconds:.1f} s")
        print(
            f"labelled faults: {outcome.labels}, found {outcome.found}; findings of the same "
            f"checks {outcome.findings}, right {outcome.right}: "
            f"precision {outcome.precision:.2f}, recall {outcome.recall:.2f}"
        )
        print("\nfaults put in at random    n   recall   other findings")
        for kind, size, total, found, others in injected(project):
            print(f"{kind:6} {size[0]:>5} – {size[1]:<6} {total:8} {found / total:8.2f} {others:8}")


if __name__ == "__main__":
    main()
