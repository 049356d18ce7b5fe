"""Binds the page of data: editions and log; layers are exported, and taken out."""

from collections.abc import Callable

from gridmap.shell.actions import title_of
from gridmap.shell.data_page import facts_of
from gridmap.shell.dialogs import PhonesDialog, confirm
from gridmap.shell.exporting import Exporter
from gridmap.shell.opening import remove_layer
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import tables
from gridmap.texts import pick, t

_FACTS, _CHANGE = "facts", "change"
_OPERATOR = "operator"


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
        page.operator_named.connect(self._name_operator)
        page.phones_wanted.connect(self._toggle_phones)
        shell.session.project_opened.connect(self._show_operator)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_FACTS, _CHANGE)

    def refresh(self) -> None:
        """Read editions and log anew."""
        project, today = self._project, self._session.today()
        if project is not None:
            self.run(_FACTS, lambda _: facts_of(project, today), self._window.data_page.show_facts)

    def take_over(self, former: "DataPresenter") -> None:
        """Who works, in the words of now."""
        super().take_over(former)
        self._show_operator()

    def _show_operator(self) -> None:
        """Who was named once stands in the log of every project."""
        project, named = self._project, self._preferences.text(_OPERATOR)
        if project is not None:
            project.operator = named or project.operator
            phones = self._session.full_phones
            self._window.data_page.show_operator(project.operator, phones=phones)

    def _name_operator(self, name: str) -> None:
        if name:
            self._preferences.put(_OPERATOR, name)
        self._show_operator()

    def _toggle_phones(self) -> None:
        """Phone numbers in full only for a reason, which is logged; hidden again at once."""
        if self._project is None:
            return
        if self._session.full_phones:
            self._session.show_phones(shown=False)
            self._show_operator()
        else:
            PhonesDialog(self._project.operator, self._show_phones, self._window).open()

    def _show_phones(self, who: str, reason: str) -> None:
        project = self._project
        if project is None:
            return
        self._name_operator(who)

        def write() -> None:
            with project.change("show_phones", note=reason) as change:
                change.detail["phones"] = "shown"

        def done() -> None:
            self._session.show_phones(shown=True)
            self._show_operator()

        self._change(write, t("app.data.phones_shown"), done)

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

    def _change(
        self, act: Callable[[], object], told: str, then: Callable[[], None] = lambda: None
    ) -> None:
        """Change the project off this thread; whoever reads what was touched hears of it."""

        def done(_: object) -> None:
            self.say(told)
            then()

        self.run(_CHANGE, lambda _: act(), done, label=t("app.job.changing"), writes=True)
