"""Binds the page of the river network to the project and the map."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from PySide6.QtGui import QPainter

from gridmap.capabilities.rivers.page.network import NetworkPage
from gridmap.capabilities.rivers.picture.network import (
    NetworkPicture,
    paint_network,
    picture_of_lines,
    picture_of_plan,
)
from gridmap.capabilities.rivers.picture.picked import paint_picked
from gridmap.capabilities.rivers.presenter.hits import hits_of
from gridmap.capabilities.rivers.presenter.picking import ReachPicking, split_at
from gridmap.capabilities.rivers.rules.building import NetRules
from gridmap.capabilities.rivers.rules.findings import NetFinding
from gridmap.capabilities.rivers.work.edits import flip_reach, set_sluice
from gridmap.capabilities.rivers.work.network import (
    SETTING,
    check_network,
    plan_network,
    river_lines,
    split_at_units,
    split_rules_of,
    write_network,
)
from gridmap.capabilities.rivers.work.plan import NetworkPlan
from gridmap.capabilities.rivers.work.posts import PostGap, gaps_in_posts
from gridmap.map.viewport import Viewport
from gridmap.shell.marks import marks_layer
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store import ProjectError
from gridmap.store.changes import ROSTERS, roles, settings
from gridmap.store.project import Project
from gridmap.store.roles import frames_of
from gridmap.texts import t

_PRESENT: Final = "present"
_PLAN: Final = "plan"
_EDIT: Final = "edit"
_CLOSE_UP: Final = 20_000.0
_PIXEL_M: Final = 0.00028  # of a map pixel on the screen
_NEAR_PIXELS: Final = 14.0
_PALETTE: Final = ("#c77700", "#2e8b57")  # waiting, resolved
_SAME_DEGREES: Final = 0.002


@dataclass(frozen=True)
class _Present:
    """The network as it is; `plan` None where there is none."""

    plan: NetworkPlan | None
    posts: tuple[PostGap, ...]
    outlets: tuple[tuple[float, float], ...]
    closed: tuple[str, ...]
    rules: NetRules
    tier: str
    picture: NetworkPicture


class NetworkPresenter(Presenter):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    name = "network"
    reads = roles("reach", "river", "sluice", "grid") | ROSTERS | settings(SETTING, "rules.")
    lazy = True

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._plan: NetworkPlan | None = None
        self._outlets: list[tuple[float, float]] = []
        self._closed: list[str] = []
        self._marked: list[NetFinding] = []
        self._picture: NetworkPicture | None = None
        page = self._page = NetworkPage()
        shell.window.add_page(self.name, page)
        page.plan_wanted.connect(self.plan)
        page.write_wanted.connect(self.write)
        page.cancel_wanted.connect(lambda: self.cancel(_PRESENT, _PLAN))
        page.accept_wanted.connect(self._accept)
        page.finding_chosen.connect(self._show_place)
        page.post_chosen.connect(lambda gap: self._look_at_reach(gap.reach))
        self._picking = ReachPicking(shell, self, page, lambda: self._paint(self._picture))
        self._claim.take_clicks(self._on_click)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_PRESENT, _PLAN, _EDIT)
        self._plan, self._marked, self._picture = None, [], None
        self._outlets, self._closed = [], []
        page = self._page
        page.use_tool("none")
        self._picking.nothing()
        page.show_outlets(0)
        page.posts.show_posts([])
        page.show_findings([], {}, planned=False)
        page.show_busy(busy=False)
        page.show_message(t("network.hint"))

    def on_opened(self) -> None:
        """Where no river is in view, the map goes to them: outlets are chosen on what is seen."""
        self._bring_into_view()

    def on_left(self) -> None:
        """The tool is put away."""
        self._page.use_tool("none")

    # --- the network as it is -------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the network as it is now; a plan for what it was is worth nothing."""
        project, today = self._project, self._session.today()
        self._plan = None
        self.drop(_PLAN)
        if project is not None:
            self.run(
                _PRESENT, lambda job: _present(project, today, job.check), self._take,
                failed=self._failed, stopped=self._stopped,
            )  # fmt: skip

    def _take(self, found: _Present) -> None:
        page = self._page
        self._outlets, self._closed = list(found.outlets), list(found.closed)
        page.choose(found.rules.snap_m, found.rules.bridge_m, found.tier)
        page.show_outlets(len(self._outlets))
        page.show_busy(busy=False)
        page.posts.show_posts(found.posts)
        self._paint(found.picture)
        if self.is_open:
            self._bring_into_view()
        if found.plan is None:
            page.show_findings([], {}, planned=False)
            self._marked = []
            self._claim.show_marks(None)
            drawn = len(found.picture.lines)
            page.show_message(t("network.lines", count=drawn) if drawn else t("network.no_lines"))
            return
        metres = sum(one.built.length_m for one in found.plan.reaches)
        page.show_message(
            t("network.present", reaches=len(found.plan.reaches), km=f"{metres / 1000:,.1f}")
        )
        self._show_findings(found.plan, planned=False)

    # --- planning -------------------------------------------------------------------------

    def plan(self) -> None:
        """Plan with what is chosen on the page."""
        project, page = self._project, self._page
        if project is None:
            return
        rules, tier = page.rules, page.tier
        outlets, closed = tuple(self._outlets), tuple(self._closed)
        page.show_busy(busy=True)
        page.show_message(t("network.working"))
        self.drop(_PRESENT)
        self.run(
            _PLAN, lambda job: _planned(project, rules, tier, (outlets, closed), job.check),
            self._take_plan, failed=self._failed, stopped=self._stopped,
            label=t("network.working"),
        )  # fmt: skip

    def _take_plan(self, plan: NetworkPlan) -> None:
        self._plan = plan
        page = self._page
        page.show_busy(busy=False)
        metres = sum(one.built.length_m for one in plan.reaches)
        page.show_message(
            t(
                "network.planned", reaches=len(plan.reaches),
                rivers=len({one.built.river for one in plan.reaches}),
                km=f"{metres / 1000:,.1f}", parts=len({one.built.part for one in plan.reaches}),
            )
        )  # fmt: skip
        self._paint(picture_of_plan(plan, self._outlets))
        self._show_findings(plan, planned=True)

    def write(self) -> None:
        """Write the plan."""
        plan, project = self._plan, self._project
        if plan is None or project is None:
            return
        told = t("network.wrote", reaches=len(plan.reaches))
        page = self._page
        page.show_message(t("network.writing"))
        self.run(
            _EDIT, lambda _: write_network(project, plan), lambda _: self.say(told),
            failed=self._failed, label=t("network.writing"), writes=True,
        )  # fmt: skip

    def _accept(self, finding: str) -> None:
        self._closed.append(finding)
        self.plan()

    def _stopped(self) -> None:
        self._page.show_busy(busy=False)
        self._page.show_message(t("network.hint"))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ProjectError) and error.key == "network.error.unknown_finding":
            # Other distances, other gaps: what was decided about one that is no more is forgotten.
            self._closed = [one for one in self._closed if one != error.facts.get("finding")]
            self.plan()
            return
        page = self._page
        page.show_busy(busy=False)
        page.show_message(t("network.failed", reason=error))

    # --- the map --------------------------------------------------------------------------

    def _show_findings(self, plan: NetworkPlan, *, planned: bool) -> None:
        page = self._page
        page.show_findings(plan.findings, plan.rivers, planned=planned)
        self._marked = list(plan.findings)
        if not self._marked:
            self._claim.show_marks(None)
            return
        lon = np.array([one.lon for one in self._marked])
        lat = np.array([one.lat for one in self._marked])
        fills = np.array([int(one.resolved) for one in self._marked], np.int16)
        marks = marks_layer(lon, lat, fills, _PALETTE, 11.0)
        self._claim.show_marks(marks, lambda row: page.choose_finding(self._marked[row]))

    def _paint(self, picture: NetworkPicture | None) -> None:
        """Lines, gaps and outlets over the map while the page is open."""
        self._picture = picture
        if picture is None:
            return

        def paint(painter: QPainter, viewport: Viewport) -> None:
            paint_network(painter, viewport, picture)
            paint_picked(painter, viewport, self._picking.lines)

        self._claim.show_overlay(paint)

    def _bring_into_view(self) -> None:
        extent = None if self._picture is None else self._picture.extent
        if extent is None:
            return
        west, south, east, north = self._window.canvas.viewport.extent
        if extent[0] > east or extent[2] < west or extent[1] > north or extent[3] < south:
            self._window.canvas.fit(extent, margin=0.08)

    def _show_place(self, one: NetFinding) -> None:
        self._window.canvas.centre_on(one.lon, one.lat, _CLOSE_UP)
        self._window.canvas.set_pin(one.lon, one.lat, 0.0)

    def _look_at_reach(self, code: str) -> None:
        self._map.look_at("reaches", code)

    def _on_click(self, lon: float, lat: float) -> bool:
        project, page = self._project, self._page
        if page.tool == "none" or project is None:
            return False
        if page.tool == "outlet":
            self._toggle_outlet(lon, lat)
            return True
        near_m = self._window.canvas.viewport.scale_denominator * _PIXEL_M * _NEAR_PIXELS
        if page.tool in {"join", "chiefs"}:
            self._picking.pick(project, lon, lat, near_m)
            return True
        act = {"flip": _flip, "split": split_at, "sluice": _turn_sluice}[page.tool]
        self.run(
            _EDIT, lambda _: act(project, lon, lat, near_m), self.say,
            failed=lambda error: self.say(str(error)), writes=True,
        )  # fmt: skip
        return True

    def _toggle_outlet(self, lon: float, lat: float) -> None:
        here = [one for one in self._outlets
                if max(abs(one[0] - lon), abs(one[1] - lat)) < _SAME_DEGREES]  # fmt: skip
        for one in here:
            self._outlets.remove(one)
        if not here:
            self._outlets.append((lon, lat))
        self._page.show_outlets(len(self._outlets))
        if self._picture is not None:
            self._paint(self._picture.with_outlets(self._outlets))


def _present(project: Project, today: date, check: Callable[[], None]) -> _Present:
    """The network as it is. Any thread."""
    kept = project.settings.get(SETTING, {})
    try:
        plan = check_network(project, check)
    except ProjectError as error:
        if error.key != "network.error.no_reaches":
            raise
        plan = None
    outlets = tuple((float(lon), float(lat)) for lon, lat in kept.get("outlets", []))
    if plan is None:
        picture = picture_of_lines(river_lines(project), outlets)
    else:
        picture = picture_of_plan(plan, outlets)
    return _Present(
        plan, gaps_in_posts(project, today) if plan else (), outlets,
        tuple(kept.get("closed", [])), NetRules(**kept.get("rules", {})),
        str(kept.get("tier", _usual_tier(project))), picture,
    )  # fmt: skip


def _usual_tier(project: Project) -> str:
    """Reaches are cut at townships where the project has any; else they stay whole."""
    for _, frame in frames_of(project, "grid"):
        if "tier" in frame and (frame["tier"] == "township").any():
            return "township"
    return ""


def _planned(
    project: Project,
    rules: NetRules,
    tier: str,
    decided: tuple[tuple[tuple[float, float], ...], tuple[str, ...]],
    check: Callable[[], None],
) -> NetworkPlan:
    """A plan from the project's rivers with outlets and gaps to close. Any thread."""
    outlets, closed = decided
    plan = plan_network(project, outlets=outlets, rules=rules, closed=closed, check=check)
    if not tier:
        return plan
    units, figures = project.layer("grid_units"), split_rules_of(project)
    return split_at_units(plan, units, tier, figures, check)


def _flip(project: Project, lon: float, lat: float, near_m: float) -> str:
    """Flip the reach at a place; what to say of it. Any thread."""
    hits = hits_of(project)
    code = hits.reach_at(project, lon, lat, near_m)
    if not code:
        raise ProjectError("network.nothing_there")
    hits.flipped(code, flip_reach(project, code))
    return t("network.done.flip", reach=code)


def _turn_sluice(project: Project, lon: float, lat: float, near_m: float) -> str:
    """Open or close the sluice at a place; what to say of it. Any thread."""
    hits = hits_of(project)
    code, state = hits.sluice_at(project, lon, lat, near_m)
    if not code:
        raise ProjectError("network.nothing_there")
    state = "open" if state == "closed" else "closed"
    hits.turned(code, state, set_sluice(project, code, state))
    return t(f"network.done.sluice.{state}", sluice=code)
