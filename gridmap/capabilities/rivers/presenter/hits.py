"""Which reach or sluice a click means, while the network is mended click by click.

The indexes of a project are made at the first click and follow each edit that is made here. What is
done elsewhere (an undo, an import, another program) shows by the revision and is followed by
difference. A click names what `reach_at` and `sluice_at` of `work.edits` name.
"""

import threading
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from gridmap.capabilities.locate.rules.reaches import Reach, ReachIndex
from gridmap.core import plane
from gridmap.map.editing_index import EditingIndex
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

_SPARE: Final = 1.01  # a window is as wide as metres per degree say; metres themselves are geodesic


class _Rows:
    """The features of one role by place, with their codes; positions are given once and stay."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._positions: dict[tuple[str, Any], int] = {}
        self.codes: dict[int, str] = {}
        self.states: dict[int, str] = {}
        self.index = EditingIndex()

    def follow(self, project: Project) -> None:
        """Become what the project holds now."""
        shapes: dict[int, shapely.Geometry | None] = {}
        self.codes.clear()
        self.states.clear()
        for layer_id, frame in frames_of(project, self._role):
            states = frame["state"] if "state" in frame else [""] * len(frame)
            rows = zip(frame.index, frame["code"], states, frame.geometry, strict=True)
            for fid, code, state, shape in rows:
                position = self._positions.setdefault((layer_id, fid), len(self._positions))
                shapes[position] = shape
                self.codes[position], self.states[position] = str(code), str(state)
        self.index.follow(shapes)

    def around(self, lon: float, lat: float, within_m: float) -> list[int]:
        """Candidates in a window around a place."""
        box = plane.window(lon, lat, within_m)
        return self.index.inside((box.west, box.south, box.east, box.north))

    def position_of(self, code: str) -> int | None:
        return next((one for one, known in self.codes.items() if known == code), None)


class NetworkHits:
    """Reaches and sluices of one project by place. Any thread; one at a time gets an answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision = -1
        self._reaches, self._sluices = _Rows("reach"), _Rows("sluice")

    def reach_at(self, project: Project, lon: float, lat: float, within_m: float) -> str:
        """The code of the reach nearest to a point within some metres, "" for none.

        Args:
            project: whose reaches; always the same one.
            lon: degrees of EPSG:4490.
            lat: degrees of EPSG:4490.
            within_m: metres.
        """
        with self._lock:
            self._follow(project)
            found = self._reaches.around(lon, lat, within_m)
            shapes = np.empty(len(found), dtype=object)
            shapes[:] = [self._reaches.index.shape(one) for one in found]
            index = ReachIndex([Reach(self._reaches.codes[one], "") for one in found], shapes)
            near = index.near(lon, lat, within_m)
            return index.reaches[near[0].reach].code if near else ""

    def sluice_at(
        self, project: Project, lon: float, lat: float, within_m: float
    ) -> tuple[str, str]:
        """Code and state (open, closed) of the sluice nearest to a point, "" for none."""
        with self._lock:
            self._follow(project)
            near = [
                (_metres(lon, lat, self._sluices.index.shape(one)), one)
                for one in self._sluices.around(lon, lat, within_m * _SPARE)
            ]
            metres, position = min(near, default=(np.inf, -1))
            if metres > within_m:
                return "", ""
            state = self._sluices.states[position]
            return self._sluices.codes[position], "closed" if state == "closed" else "open"

    def flipped(self, code: str, revision: int) -> None:
        """A reach was turned round, which was this revision."""
        with self._lock:
            position = self._reaches.position_of(code)
            if position is not None and self._is_next(revision):
                shape = self._reaches.index.shape(position)
                self._reaches.index.move(position, shapely.reverse(shape))

    def turned(self, code: str, state: str, revision: int) -> None:
        """A sluice was opened or closed, which was this revision."""
        with self._lock:
            position = self._sluices.position_of(code)
            if position is not None and self._is_next(revision):
                self._sluices.states[position] = state

    def _is_next(self, revision: int) -> bool:
        """Whether nothing else was changed meanwhile; else the next click follows everything."""
        if revision != self._revision + 1:
            return False
        self._revision = revision
        return True

    def _follow(self, project: Project) -> None:
        revision = project.revision
        if revision != self._revision:
            self._reaches.follow(project)
            self._sluices.follow(project)
            self._revision = revision


def _metres(lon: float, lat: float, shape: Any) -> float:
    return plane.length_m(np.array([[lon, lat], [shape.x, shape.y]]))


_HITS: "Final[WeakKeyDictionary[Project, NetworkHits]]" = WeakKeyDictionary()


def hits_of(project: Project) -> NetworkHits:
    """The hits of a project, as long as it lives."""
    return _HITS.setdefault(project, NetworkHits())
