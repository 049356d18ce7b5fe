"""Binds the page of projects: new, recent, the checklist, files to bring in, empty tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog

from gridmap.capabilities.projects.page import ProjectsPage, Row, TitleDialog
from gridmap.capabilities.projects.report.checklist import state_of, title_of
from gridmap.capabilities.projects.report.templates import template_document
from gridmap.capabilities.projects.rules import Item, State
from gridmap.capabilities.projects.work.checklist import CHECKLIST_READS, checklist_of, target_of
from gridmap.capabilities.projects.work.templates import has_template
from gridmap.report.sheets import write_sheets
from gridmap.shell.opening import recent_projects
from gridmap.shell.presenter import Presenter, Shell
from gridmap.store.changes import settings
from gridmap.store.project import Project
from gridmap.texts import t

_LIST: Final = "list"
_MADE: Final = "made"
_ENDING: Final = ".gridmap.gpkg"


class ProjectsPresenter(Presenter):
    """Between the page of projects, the session and the doctor."""

    name = "project"
    reads = CHECKLIST_READS | settings("title")

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        page = self._page = ProjectsPage()
        shell.window.add_page("project", page)
        actions = shell.window.named_actions
        actions["new_project"].triggered.connect(self._ask_title)
        page.new_wanted.connect(self._ask_title)
        page.open_wanted.connect(actions["open"].trigger)
        page.example_wanted.connect(actions["open_example"].trigger)
        page.recent_wanted.connect(lambda path: self.request("open_project", path))
        page.import_wanted.connect(self._ask_files)
        page.template_wanted.connect(self._write_template)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_LIST)
        self._page.show_rows(())

    def refresh(self) -> None:
        """The checklist of the project that is open; one without units begins here."""
        project = self._project
        open_now = None if project is None or project.is_example else project.path
        recent = [one for one in recent_projects(self._preferences) if one != open_now]
        self._page.show_recent(recent)
        if project is None:
            return
        self._page.show_title(project.title)
        self.run(_LIST, lambda _: checklist_of(project), lambda items: self._show(project, items))

    def _show(self, project: Project, items: Sequence[Item]) -> None:
        self._page.show_rows([self._row(project, item) for item in items])
        self._page.show_one_sheet(can_import=bool(items[0].count) and not project.read_only)
        if not items[0].count and self._window.open_page in {"", "layers"}:
            self.open_page()

    def _row(self, project: Project, item: Item) -> Row:
        target = target_of(project, item.step.source)
        return Row(
            item.step.source, title_of(item), state_of(item), item.state.value,
            can_import=item.state is not State.WAITING and not project.read_only,
            has_template=has_template(target, project.declarations),
        )  # fmt: skip

    # --- another project ------------------------------------------------------------------

    def _ask_title(self) -> None:
        dialog = TitleDialog(self._window)
        dialog.named.connect(self._ask_place)
        dialog.open()

    def _ask_place(self, title: str) -> None:
        kinds = t("app.dialog.project_files")
        path = self._saver.ask(t("projects.new_title"), title + _ENDING, kinds, (_ENDING, ".gpkg"))
        if path is None:
            return
        self.run(
            _MADE, lambda _: Project.create(path, title=title).close(), lambda _: self._made(path),
            label=t("projects.making"), writes=True,
        )  # fmt: skip

    def _made(self, path: Path) -> None:
        self.say(t("projects.made", file=path.name))
        self.request("open_project", path)

    # --- what is missing ------------------------------------------------------------------

    def _ask_files(self, source: str) -> None:
        project = self._project
        if project is None:
            return
        names, _ = QFileDialog.getOpenFileNames(self._window, t("projects.import"))
        if names:
            target = target_of(project, source)
            self.request("import_files", [Path(name) for name in names], target=target)

    def _write_template(self, source: str) -> None:
        project = self._project
        if project is None:
            return
        document = template_document(target_of(project, source), project.declarations)
        kinds = "XLSX (*.xlsx);;CSV (*.csv)"
        path = self._saver.ask(
            t("projects.template_tip"), document.headline, kinds, (".xlsx", ".csv")
        )
        if path is not None:
            self._saver.write(path, lambda part: write_sheets(document, part), owner=self.name)
