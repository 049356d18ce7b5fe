"""Reaches picked on the map: two whose ends are joined, many to which a chief is appointed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import shapely

from gridmap.capabilities.rivers.page.chiefs import AppointDialog
from gridmap.capabilities.rivers.page.network import NetworkPage
from gridmap.capabilities.rivers.presenter.hits import hits_of
from gridmap.capabilities.rivers.report.network import appoint_words
from gridmap.capabilities.rivers.work.chiefs import Appointment, appoint
from gridmap.capabilities.rivers.work.edits import join_ends, split_reach
from gridmap.map import mercator
from gridmap.map.water_picture import Points
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of
from gridmap.texts import t

_PICK: Final = "pick"
_EDIT: Final = "edit"
_TIERS: Final = ("village", "township", "county", "city")


@dataclass(frozen=True, eq=False)
class PickedReach:
    """A reach that was clicked: its code and its line, shape (n, 2), metres of EPSG:3857."""

    code: str
    line: Points


class ReachPicking:
    """What was clicked so far with the tools `join` and `chiefs`. Owned by the GUI thread."""

    def __init__(
        self, shell: Shell, presenter: Presenter, page: NetworkPage, repaint: Callable[[], None]
    ) -> None:
        self._shell, self._presenter = shell, presenter
        self._page, self._repaint = page, repaint
        self._picked: dict[str, PickedReach] = {}
        page.tool_chosen.connect(lambda _: self.nothing())
        page.appoint_wanted.connect(self._ask)

    @property
    def lines(self) -> list[Points]:
        """What is painted over the network."""
        return [one.line for one in self._picked.values()]

    def nothing(self) -> None:
        """Nothing is picked any more."""
        self._picked = {}
        self._show()

    def pick(self, project: Project, lon: float, lat: float, near_m: float) -> None:
        """Take the reach at a place of a click."""
        self._presenter.run(
            _PICK, lambda _: picked_at(project, lon, lat, near_m),
            lambda found: self._take(project, found), failed=self._tell,
        )  # fmt: skip

    def _take(self, project: Project, found: PickedReach) -> None:
        """Of chiefs, pick it or leave it; of two ends to be joined, the first or the second."""
        joining, others = self._page.tool == "join", [*self._picked]
        if self._picked.pop(found.code, None) is None:
            self._picked[found.code] = found
        if joining and others and found.code not in others:
            self._picked = {}
            self._change(lambda: joined(project, others[0], found.code))
        elif joining and self._picked:
            self._presenter.say(t("network.join_with", reach=found.code))
        self._show()

    def _show(self) -> None:
        self._page.posts.show_picked(len(self._picked) if self._page.tool == "chiefs" else 0)
        self._repaint()

    def _ask(self, listed: tuple[str, ...]) -> None:
        shell = self._shell
        project = shell.session.project
        codes = tuple(dict.fromkeys((*self._picked, *listed)))
        if project is None or not codes:
            return
        people = [(str(one.name), str(one.phone or "")) for one in project.people().itertuples()]
        dialog = AppointDialog(shell.window, codes, people, _TIERS, shell.session.today())
        dialog.wanted.connect(lambda wanted: self._appoint(project, codes, wanted))
        dialog.open()

    def _appoint(self, project: Project, codes: tuple[str, ...], wanted: Appointment) -> None:
        self.nothing()
        self._change(lambda: appoint_words(wanted, appoint(project, codes, wanted)))

    def _change(self, change: Callable[[], str]) -> None:
        self._presenter.run(
            _EDIT, lambda _: change(), self._presenter.say, failed=self._tell, writes=True
        )

    def _tell(self, error: Exception) -> None:
        self._presenter.say(str(error))


def picked_at(project: Project, lon: float, lat: float, near_m: float) -> PickedReach:
    """The reach at a place.

    Raises:
        ProjectError: `network.nothing_there`.
    """
    code = _reach_at(project, lon, lat, near_m)
    for _, frame in frames_of(project, "reach"):
        found = frame.geometry[frame["code"] == code]
        if len(found):
            return PickedReach(code, mercator.project(*shapely.get_coordinates(found.iloc[0]).T))
    raise ProjectError("network.nothing_there")


def split_at(project: Project, lon: float, lat: float, near_m: float) -> str:
    """Cut the reach at a place; what to say of it.

    Raises:
        ProjectError: `network.nothing_there`; those of `split_reach`.
    """
    code = _reach_at(project, lon, lat, near_m)
    lower = split_reach(project, code, lon, lat, within_m=near_m)
    return t("network.done.split", reach=code, lower=lower)


def joined(project: Project, code: str, other: str) -> str:
    """Bring the nearest end of a reach to the other one; what to say of it.

    Raises:
        ProjectError: those of `join_ends`.
    """
    metres = join_ends(project, code, other)
    return t("network.done.join", reach=code, other=other, metres=f"{metres:.0f}")


def _reach_at(project: Project, lon: float, lat: float, near_m: float) -> str:
    code = hits_of(project).reach_at(project, lon, lat, near_m)
    if not code:
        raise ProjectError("network.nothing_there")
    return code
