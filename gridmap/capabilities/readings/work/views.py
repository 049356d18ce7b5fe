"""Saved views of series: which station and items, how, against what, over which days; by name.

They belong to the project, so that everybody who opens it has them: one setting, written through
its log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from gridmap.capabilities.readings.work.means import Mode
from gridmap.store.change import Change
from gridmap.store.project import Project
from gridmap.texts import GridMapError

SETTING: Final = "series_views"


class ViewError(GridMapError):
    """A saved view that cannot be read: the facts name `file`, `setting` and `reason`."""


@dataclass(frozen=True)
class SavedView:
    """What the dock shows.

    Attributes:
        station: code of the station or section.
        items: ids of the items, in the order of the panels.
        mode: readings, days, months or calendar.
        span: one of the lengths (`week`, … `all`), "" where `first` and `last` say it.
        first, last: aware moments, both or none.
        last_year, upstream: whether it is set against these.
        others: codes of the stations that it is set against.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    station: str
    items: tuple[str, ...]
    mode: Mode = Mode.READINGS
    span: str = "month"
    first: datetime | None = None
    last: datetime | None = None
    last_year: bool = False
    upstream: bool = False
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse half a stretch, one without a zone, and one that ends before it begins."""
        if (self.first is None) != (self.last is None):
            raise ValueError("half")
        if self.first is not None and self.last is not None:
            if self.first.tzinfo is None or self.last.tzinfo is None:
                raise ValueError("zone")
            if self.last <= self.first:
                raise ValueError("order")


_ADAPTER: Final = TypeAdapter(dict[str, SavedView])


def views_of(project: Project) -> Mapping[str, SavedView]:
    """The saved views of a project by name, in the order of saving.

    Raises:
        ViewError: `series.view.unreadable` if somebody else wrote the setting.
    """
    stored = project.settings.get(SETTING, {})
    try:
        return _ADAPTER.validate_python(stored)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = ".".join(map(str, found["loc"]))
        raise ViewError(
            "series.view.unreadable", file=project.path.name, setting=f"{SETTING}.{where}"
        ) from error


def save_view(project: Project, name: str, view: SavedView) -> None:
    """Keep a view under a name; one of that name is replaced.

    Raises:
        ViewError: if those that are there cannot be read.
        ProjectError: if the project cannot be written.
    """
    views = {**views_of(project), name: view}
    with project.change("save_view", note=name) as change:
        _put(change, views)


def delete_view(project: Project, name: str) -> None:
    """Forget a view.

    Raises:
        ViewError: if those that are there cannot be read.
        ProjectError: if the project cannot be written.
    """
    kept = {one: view for one, view in views_of(project).items() if one != name}
    with project.change("delete_view", note=name) as change:
        _put(change, kept)


def _put(change: Change, views: dict[str, SavedView]) -> None:
    plain: Any = _ADAPTER.dump_python(views, mode="json")
    change.set_setting(SETTING, plain or None)
