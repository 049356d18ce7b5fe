"""Binds the page of data: editions and log; layers are exported, and taken out."""

from collections.abc import Callable

from gridmap.shell.actions import title_of
from gridmap.shell.data_page import facts_of
from gridmap.shell.dialogs import confirm
from gridmap.shell.exporting import Exporter
from gridmap.shell.opening import remove_layer
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import tables
from gridmap.texts import pick, t

_FACTS, _CHANGE = "facts", "change"


class DataPresenter(Presenter):
    """Between the page of data and the project."""

    name = "data"
    reads = tables("log")
    lazy = True

    def __init__(self, shell: Shell, exporter: Exporter) -> None:
        super().__init__(shell)
        page, actions = shell.window.data_page, shell.window.named_actions
        page.import_wanted.connect(lambda: self.request("import"))
        page.export_wanted.connect(exporter.export_layer)
        page.undo_wanted.connect(self.undo)
        page.remove_wanted.connect(self._ask_removal)
        actions["undo"].triggered.connect(self.undo)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_FACTS, _CHANGE)

    def refresh(self) -> None:
        """Read editions and log anew."""
        project, today = self._project, self._session.today()
        if project is not None:
            self.run(_FACTS, lambda _: facts_of(project, today), self._window.data_page.show_facts)

    def undo(self) -> None:
        """Take the last change back."""
        if self._project is not None:
            self._change(self._project.undo, t("app.dialog.undone"))

    def _ask_removal(self, layer_id: str) -> None:
        """Take a layer's features out of the project, after asking; undoable."""
        project = self._project
        if project is None:
            return
        title = pick(project.declarations[layer_id].title.as_dict())
        question = t("app.data.really_remove", layer=title, undo=title_of("undo"))
        removed = t("app.data.removed", layer=title)
        confirm(
            self._window, question,
            lambda: self._change(lambda: remove_layer(project, layer_id), removed),
        )  # fmt: skip

    def _change(self, act: Callable[[], object], told: str) -> None:
        """Change the project off this thread; whoever reads what was touched hears of it."""
        self.run(
            _CHANGE, lambda _: act(), lambda _: self.say(told), label=t("app.job.changing"),
            writes=True,
        )  # fmt: skip
