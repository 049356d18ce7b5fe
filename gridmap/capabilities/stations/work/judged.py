"""Which readings judgements count, and why not the others. Nothing is ever deleted.

A reading does not count if it was published as missing, if its flag says so, if somebody
excluded it, or if its station was under maintenance; the first reason of these is given.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridmap.capabilities.stations.work import exclusions
from gridmap.core.moments import DAY_US
from gridmap.standards.files import standards
from gridmap.standards.flags import FlagTable, NonDetectPurpose
from gridmap.standards.item_files import items
from gridmap.store import records
from gridmap.store.project import Project

MISSING: Final = "missing"
MAINTENANCE: Final = "maintenance"
DECISIONS: Final = "usable_flags"
"""Setting: what an office decided about flags, {"<protocol>|<flag>": true or false}."""

_EIGHT_HOURS: Final = 28_800_000_000
_FOREVER: Final = 2**62


@dataclass(frozen=True)
class _Span:
    """Times of a series, µs since 1970 UTC, both included; item "" is every item."""

    item: str
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Decided:
    """What counts, for readings in the order given; all of shape (n,).

    Attributes:
        used: whether judgements count the reading.
        why: "" or why not: "missing", "flag:<flag>", "excluded:<id>", "maintenance".
        counted: the value as means count it: half the limit for a non-detect (a rule of
            `non_detects.toml`), NaN where it is not used.
        non_detect: whether it counts and lies below the detection limit.
    """

    used: NDArray[np.bool_]
    why: NDArray[np.object_]
    counted: NDArray[np.float64]
    non_detect: NDArray[np.bool_]


class Judge:
    """Decides which readings count, by one state of a project; made once for bulk work."""

    def __init__(
        self, project: Project, station: str | None = None, *, with_exclusions: bool = True
    ) -> None:
        """Read flags, exclusions (if asked) and maintenance, of one station or of all."""
        self._flags = flag_table(project)
        self._spans: dict[str, list[_Span]] = defaultdict(list)
        active = exclusions.exclusions(project, active=True)
        for row in active.to_dict("records") if with_exclusions else ():
            span = _Span(
                row["item"], row["start_t"], row["end_t"], f"excluded:{row['exclusion_id']}"
            )
            self._spans[row["station"]].append(span)
        with project.reading() as connection:
            notes = records.read_notes(connection, station)
        for note in notes[notes["kind"] == MAINTENANCE].to_dict("records"):
            # The end of a note is the first moment after it; without an end it goes on.
            start = -_FOREVER if pd.isna(note["start"]) else note["start"].value // 1000
            end = _FOREVER if pd.isna(note["end"]) else note["end"].value // 1000 - 1
            self._spans[note["station"]].append(_Span(note["item"], start, end, MAINTENANCE))

    def decide(
        self,
        series: tuple[str, str],
        times: NDArray[np.int64],
        values: NDArray[np.float64],
        flags: NDArray[np.object_],
        protocols: NDArray[np.object_] | None = None,
    ) -> Decided:
        """Decide on readings of the series (station, item).

        Args:
            series: station and item.
            times: µs since 1970 UTC, shape (n,), rising.
            values: shape (n,), NaN = published as missing.
            flags: text, shape (n,), "" where there is none.
            protocols: of each reading, "" where unknown; None if none is known.
        """
        station, item = series
        why = np.full(len(times), "", dtype=object)
        counted = values.copy()
        missing = np.isnan(values)
        below = np.zeros(len(times), dtype=bool)
        self._by_maintenance_and_exclusion(why, station, item, times)
        medium = items()[item].medium if item in items() else "water"
        for mask, flag, protocol in _kinds(flags, protocols):
            days = ((times[mask] + _EIGHT_HOURS) // DAY_US).astype("datetime64[D]")
            for some, day in self._flags.stretches(flag, days):
                if not self._flags.usable(protocol, flag, day):
                    why[mask[some]] = f"flag:{flag}"
                elif self._flags.is_non_detect(protocol, flag, day):
                    share = self._flags.share(medium, NonDetectPurpose.MEAN, day)
                    counted[mask[some]] *= share
                    below[mask[some]] = True
        why[missing] = MISSING
        used: NDArray[np.bool_] = why == ""
        counted[~used] = np.nan
        return Decided(used, why, counted, below & used)

    def _by_maintenance_and_exclusion(
        self, why: NDArray[np.object_], station: str, item: str, times: NDArray[np.int64]
    ) -> None:
        # What is written last is told; an exclusion is told rather than maintenance, and of
        # several exclusions the first one made.
        spans = [span for span in self._spans.get(station, ()) if span.item in {"", item}]
        for span in reversed(spans):
            low, high = np.searchsorted(times, (span.start, span.end + 1))
            why[low:high] = span.why


def judged(
    project: Project,
    station: str,
    item: str,
    start: datetime | None = None,
    end: datetime | None = None,
) -> pd.DataFrame:
    """The readings of a series with what judgements make of them.

    Args:
        project: where they are.
        station: code of the station.
        item: id of the item.
        start: first time, aware, included; None for the first reading.
        end: last time, aware, excluded; None for the last reading.

    Returns:
        A frame indexed by aware time (Asia/Shanghai, rising): `value` (float64, as published,
        NaN = missing), `flag` (text), `used` (bool), `why` (text, see `Decided`), `counted`
        (float64, the value as means count it, NaN where it is not used). Classes and limits
        use `value.where(used)`, means use `counted`.

    Raises:
        ProjectError: `project.error.naive_time` for a bound without zone.
    """
    frame = project.series.details(station, item, start, end)
    decided = Judge(project, station).decide(
        (station, item),
        pd.DatetimeIndex(frame.index).as_unit("us").asi8,
        frame["value"].to_numpy(np.float64),
        frame["flag"].to_numpy(dtype=object),
        frame["protocol"].to_numpy(dtype=object),
    )
    frame["used"], frame["why"], frame["counted"] = decided.used, decided.why, decided.counted
    return frame[["value", "flag", "used", "why", "counted"]]


def flag_table(project: Project) -> FlagTable:
    """What flags mean in a project: the shipped tables with the office's decisions."""
    stored: dict[str, Any] = project.settings.get(DECISIONS, {})
    pairs = {tuple(name.split("|", 1)): bool(usable) for name, usable in stored.items()}
    decisions = {(pair[0], pair[-1]): usable for pair, usable in pairs.items()}
    return replace(standards().flags, decisions=decisions)


def _kinds(
    flags: NDArray[np.object_], protocols: NDArray[np.object_] | None
) -> Iterator[tuple[NDArray[np.intp], str, str]]:
    """Positions of each flag there is, with the flag and the protocol that it came by."""
    flagged = np.flatnonzero(flags != "")
    for flag, at in _grouped(flags, flagged):
        if protocols is None:
            yield at, flag, ""
        else:
            for protocol, some in _grouped(protocols, at):
                yield some, flag, protocol


def _grouped(
    cells: NDArray[np.object_], at: NDArray[np.intp]
) -> Iterable[tuple[str, NDArray[np.intp]]]:
    if not len(at):
        return
    codes, found = pd.factorize(cells[at])
    for code, text in enumerate(found):
        yield str(text), at[codes == code]
