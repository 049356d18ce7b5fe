"""Station symbols by class and AQI: at the latest moment, or at one of a replay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from gridmap.capabilities.stations.page.timeline_bar import TimelineBar
from gridmap.capabilities.stations.page.words import grade_legend, rows_of, rows_then
from gridmap.capabilities.stations.picture import Look, faced, roomy
from gridmap.capabilities.stations.work.facts import STATION_READS, stations_of
from gridmap.capabilities.stations.work.rings import Ring, grades_at, live_grades, rings_of
from gridmap.capabilities.stations.work.standing import (
    FRESH_STEPS,
    STEP,
    Replay,
    Standing,
    latest,
    replay,
)
from gridmap.core.moments import ZONE, moment_of
from gridmap.map.source import MapLayer
from gridmap.map.viewport import Extent
from gridmap.shell.presenter import Presenter, Shell
from gridmap.standards.classing import Medium
from gridmap.stopping import unheard
from gridmap.store.changes import ALERTS, JUDGED
from gridmap.store.project import Project
from gridmap.texts import t

_PRESENT: Final = "present"
_REPLAY: Final = "replay"
_ROLES: Final = frozenset({"station", "section"})


@dataclass(frozen=True)
class Present:
    """How all stations stand now: the moment taken for now, each standing by code, rings.

    `live` is the gravest grade of what is live about a station; `rings` are all there were.
    """

    at: datetime
    standings: Mapping[str, Standing]
    live: Mapping[str, int]
    rings: Sequence[Ring]


class StationsPresenter(Presenter):
    """Keeps the stations' symbols up to date. Owned by the GUI thread."""

    name = "replay"
    reads = STATION_READS | JUDGED | ALERTS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._present: Present | None = None
        self._replay: Replay | None = None
        self._bases: dict[str, tuple[MapLayer, MapLayer]] = {}
        bar, action = TimelineBar(), shell.window.named_actions["replay"]
        self._bar = bar
        shell.window.add_under_map(self.name, bar)
        bar.moment_shown.connect(self._on_moment)
        bar.span_wanted.connect(lambda _: self._load_replay())
        bar.hide_wanted.connect(lambda: action.setChecked(False))
        action.toggled.connect(self._on_toggled)
        shell.map.describe = self.rows_of
        self.answers("classes_shown", self.classes_shown)

    # --- reading --------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_PRESENT, _REPLAY)
        self._present = self._replay = None
        self._bases.clear()

    def refresh(self) -> None:
        """Read how the stations stand."""
        project = self._project
        if project is None:
            return
        self.run(_PRESENT, lambda _: present_of(project), self._take)
        if self._window.named_actions["replay"].isChecked():
            self._load_replay()

    def _take(self, present: Present) -> None:
        self._present = present
        self._paint()
        self._map.show_feature_again()

    def _load_replay(self) -> None:
        project, span = self._project, self._bar.span
        self._replay = None
        self._bar.show_replay(None, t("standing.loading"))
        if project is None:
            return
        self.run(
            _REPLAY, lambda job: replay_of(project, span, job.tell), self._take_replay,
            stopped=lambda: self._take_replay(None), label=t("standing.loading"),
        )  # fmt: skip

    def _take_replay(self, found: Replay | None) -> None:
        self._replay = found
        self._bar.show_replay(found, t("standing.nothing"))

    # --- events ---------------------------------------------------------------------------

    def _on_toggled(self, on: bool) -> None:
        self._bar.setVisible(on)
        if on:
            self._load_replay()
            return
        self._bar.stop()
        self.drop(_REPLAY)
        self._replay = None
        self._session.show_moment(None)
        self._paint()
        self._map.show_feature_again()

    def _on_moment(self, position: int) -> None:
        if self._replay is None:
            return
        self._session.show_moment(_moment(self._replay, position))
        self._paint()
        if not self._bar.playing:
            self._map.show_feature_again()

    # --- painting -------------------------------------------------------------------------

    def rows_of(self, code: str) -> tuple[tuple[str, str], ...]:
        """What a station's card says of how it stands, or stood at the moment shown."""
        if self._replay is not None:
            position = self._bar.strip.position
            for facts, (grade, index, _) in zip(
                self._replay.stations, self._replay.standing(position), strict=True
            ):
                if facts.code == code:
                    return rows_then(facts.medium, grade, index, _moment(self._replay, position))
        present = self._present
        if present is None or code not in present.standings:
            return ()
        pinned = self._project is not None and self._project.is_example
        return rows_of(present.standings[code], present.at.date(), pinned=pinned)

    def classes_shown(self, extent: Extent) -> tuple[tuple[str, str], ...]:
        """Colour and meaning of the classes and levels of stations in an extent (EPSG:3857)."""
        found = self._looks()
        if found is None:
            return ()
        looks, day = found
        seen: set[tuple[str, int]] = set()
        for layer in self._map.layers_of(_ROLES):
            if layer.key in self._window.canvas.state.visible:
                codes = self._map.codes_of(layer)
                own = [looks.get(codes[place]) for place in layer.inside(extent).tolist()]
                seen |= {(one.medium.value, one.grade) for one in own if one and one.grade}
        return grade_legend([(Medium(medium), grade) for medium, grade in sorted(seen)], day)

    def _looks(self) -> tuple[dict[str, Look], date] | None:
        present = self._present
        if self._replay is not None:
            position = self._bar.strip.position
            moment = _moment(self._replay, position)
            rings = grades_at(present.rings if present else (), moment)
            return looks_at(self._replay, position, rings), moment.date()
        if present is None:
            return None
        looks = {
            code: Look(one.facts.medium, one.grade, one.index, one.fresh, present.live.get(code))
            for code, one in present.standings.items()
        }
        return looks, present.at.date()

    def _paint(self) -> None:
        found = self._looks()
        if found is None:
            return
        looks, day = found
        styled = {}
        for layer in self._map.layers_of(_ROLES):
            codes = self._map.codes_of(layer)
            media = {looks[code].medium for code in codes if code in looks}
            if media:
                medium = next(iter(media))
                base = self._base(layer, medium)
                own = [looks.get(code, Look(medium)) for code in codes]
                styled[layer.key] = faced(base, own, day)
        self._map.restyle(styled)

    def _base(self, layer: MapLayer, medium: Medium) -> MapLayer:
        """The view with room for numerals; made once, so that labels stay where they are."""
        known = self._bases.get(layer.key)
        if known is None or known[0] is not layer:
            known = self._bases[layer.key] = (layer, roomy(layer, medium))
        return known[1]


def present_of(project: Project) -> Present:
    """How all stations stand now; of the example, at its last reading. Any thread."""
    stations = stations_of(project)
    at = datetime.now(ZONE)
    if project.is_example and stations:
        at = project.series.keys()["last"].max().to_pydatetime()
    standings = {one.facts.code: one for one in latest(project, at, stations)}
    rings = rings_of(project)
    return Present(at, standings, live_grades(rings), rings)


def replay_of(
    project: Project, span: timedelta, tell: Callable[[float], None] = unheard
) -> Replay | None:
    """The replay of a span that ends with the last reading; None without readings."""
    keys = project.series.keys()
    if not len(keys):
        return None
    end = keys["last"].max().floor("h").to_pydatetime()
    return replay(project, max(end - span, keys["first"].min().to_pydatetime()), end, tell=tell)


def looks_at(found: Replay, position: int, rings: Mapping[str, int]) -> dict[str, Look]:
    """How the stations of a replay looked at one of its moments."""
    looks = {}
    for facts, (grade, index, age) in zip(found.stations, found.standing(position), strict=True):
        fresh = age <= FRESH_STEPS * STEP[facts.rhythm] / timedelta(hours=1)
        number = None if np.isnan(index) else int(index)
        looks[facts.code] = Look(facts.medium, grade, number, fresh, rings.get(facts.code))
    return looks


def _moment(found: Replay, position: int) -> datetime:
    return moment_of(found.times[position])
