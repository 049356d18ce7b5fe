"""Saved views of the dock of series: offered, shown, kept, forgotten."""

from collections.abc import Mapping
from typing import Final

from gridmap.capabilities.readings.page.dock import SeriesDock
from gridmap.capabilities.readings.page.views import ViewDialog
from gridmap.capabilities.readings.work.views import (
    SETTING,
    SavedView,
    delete_view,
    save_view,
    views_of,
)
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import settings
from gridmap.texts import t

_READ: Final = "read"
_WRITE: Final = "write"


class ViewsPresenter(Presenter):
    """Between the views of a project and the dock."""

    name = "series_views"
    reads = settings(SETTING)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        dock = shell.window.panels["series"]
        assert isinstance(dock, SeriesDock)  # noqa: S101  its presenter came first
        self._dock = dock
        self._views: Mapping[str, SavedView] = {}
        dock.shown.connect(self._offer)
        dock.head.views.wanted.connect(self._show)
        dock.head.views.save_wanted.connect(self._ask)
        dock.head.views.delete_wanted.connect(self._delete)

    def forget(self) -> None:
        """The views belong to their project."""
        self._take({})

    def refresh(self) -> None:
        """Read the views anew."""
        project = self._project
        if project is None:
            self._take({})
            return
        self.run(_READ, lambda _: views_of(project), self._take)

    def _take(self, views: Mapping[str, SavedView]) -> None:
        self._views = views
        self._offer()

    def _offer(self) -> None:
        project = self._project
        writable = project is not None and not project.read_only
        shown = bool(self._dock.panels)
        self._dock.head.views.offer(tuple(self._views), shown=shown, writable=writable)

    def _show(self, name: str) -> None:
        self._dock.show_view(self._views[name])

    def _ask(self) -> None:
        """Ask for a name; propose what is seen."""
        dock, view = self._dock, self._dock.state
        if view is None:
            return
        items = t("series.comma").join(panel.main.title for panel in dock.panels)
        proposal = t(
            "series.view.proposal", station=dock.panels[0].main.name, items=items,
            span=dock.head.spans.text,
        )  # fmt: skip
        dialog = ViewDialog(self._window, proposal, tuple(self._views))
        dialog.named.connect(lambda name: self._save(name, view))
        dialog.open()

    def _save(self, name: str, view: SavedView) -> None:
        project = self._project
        if project is not None:
            self.run(
                _WRITE, lambda _: save_view(project, name, view),
                lambda _: self.say(t("series.view.saved", name=name)), writes=True,
            )  # fmt: skip

    def _delete(self, name: str) -> None:
        project = self._project
        if project is not None:
            self.run(
                _WRITE, lambda _: delete_view(project, name),
                lambda _: self.say(t("series.view.deleted", name=name)), writes=True,
            )  # fmt: skip
