"""Binds the page 一河一档 to the project, the map and the search."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication

from gridmap.capabilities.locate.work.answering import VERDICT_READS
from gridmap.capabilities.rivers.page.file import RiverPage
from gridmap.capabilities.rivers.page.view import RiverView, river_view
from gridmap.capabilities.rivers.picture.river import river_picture
from gridmap.capabilities.rivers.report.file import river_document
from gridmap.capabilities.rivers.report.tables import place_of
from gridmap.capabilities.rivers.words import RiverWriting, signboard_lines
from gridmap.capabilities.rivers.work.boards import signboard_text
from gridmap.capabilities.rivers.work.parts import River
from gridmap.capabilities.rivers.work.rivers import rivers_of
from gridmap.capabilities.rivers.work.waters import WATER_READS
from gridmap.core.declaration import Geometry
from gridmap.map import mercator
from gridmap.map.hits import Hit
from gridmap.map.state import FeatureRef
from gridmap.report.saving import FORMATS, save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store.changes import ALERTS, roles
from gridmap.store.project import Project
from gridmap.texts import t

_FILE: Final = "file"
_RIVERS: Final = "rivers"
_BOARD: Final = "board"
_PAPERS: Final = (".pdf", ".png")
_SHEETS: Final = (".xlsx", *FORMATS)
_ROLES: Final = frozenset({"river", "reach"})


class RiverPresenter(Presenter):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    name = "river"
    reads = WATER_READS | VERDICT_READS | ALERTS | roles("river", "signboard")
    lazy = True

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._rivers: tuple[River, ...] = ()
        self._shown: RiverView | None = None
        self._wanted = ""
        page = self._page = RiverPage()
        shell.window.add_page(self.name, page)
        self.answers("show_river", self.show_feature)
        page.river_chosen.connect(self._load)
        page.row_chosen.connect(self._show_row)
        page.print_wanted.connect(self.print_sheet)
        page.export_wanted.connect(self.export)
        page.copy_wanted.connect(self._copy)
        shell.map.hear_hits(self._on_features)
        shell.session.asked.connect(self._on_asked)

    def show_feature(self, layer_id: str, key: str) -> None:
        """Open the page with a river or reach that was searched for; other layers are passed."""
        project = self._project
        if project is None or project.declarations[layer_id].role not in _ROLES:
            return
        self._wanted = key
        if self.is_open:
            self._show_wanted()
        else:
            self.open_page()

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_RIVERS, _FILE, _BOARD)
        self._rivers, self._shown, self._wanted = (), None, ""
        page = self._page
        page.show_rivers([])
        page.show_file(None)
        page.show_message("")

    def refresh(self) -> None:
        """Gather again; the river that is shown stays, if there still is one."""
        project = self._project
        if project is not None:
            self.run(_RIVERS, lambda _: rivers_of(project), self._take_rivers)

    def take_over(self, former: "RiverPresenter") -> None:
        """The river that was shown in the window before."""
        shown = former._shown  # noqa: SLF001  of the same page
        self._wanted = "" if shown is None else shown.words.file.river.code
        self._refresh_or_wait()

    # --- what happens ---------------------------------------------------------------------

    def _on_asked(self) -> None:
        if self._shown is not None and self._is_of_another_day():
            self._refresh_or_wait()

    def _is_of_another_day(self) -> bool:
        return self._shown is not None and self._shown.words.file.on != self._session.day

    def on_opened(self) -> None:
        """Show what was clicked or searched meanwhile, else the river that was shown."""
        if not self._show_wanted() and self._shown is not None:
            self._window.canvas.select(self._river_refs())

    def on_left(self) -> None:
        """The river is highlighted no more."""
        if self._shown is not None:
            self._map.clear()

    def _on_features(self, hits: list[Hit]) -> None:
        """A click on a reach shows its river; while the page is closed it is only offered."""
        for hit in hits:
            code = self._code_of(hit)
            if code:
                self._wanted = code
                if self.is_open:
                    self._show_wanted()
                else:
                    self.say(t("river.on_map", river=code))
                return

    def _code_of(self, hit: Hit) -> str:
        for layer in self._map.layers_of(_ROLES):
            if layer.layer_id == hit.layer_id and hit.key in layer.positions:
                return self._map.codes_of(layer)[layer.positions[hit.key]]
        return ""

    # --- loading --------------------------------------------------------------------------

    def _take_rivers(self, rivers: tuple[River, ...]) -> None:
        self._rivers = rivers
        page = self._page
        page.show_rivers([(one.code, one.name) for one in rivers])
        if not rivers:
            page.show_file(None)
            page.show_message(t("river.nothing"))
            return
        if not self._show_wanted():
            self._load(page.code)

    def _show_wanted(self) -> bool:
        """Show the river that was clicked or searched; False if there is none."""
        if self._jobs.is_under_way(f"{self.name}:{_RIVERS}"):
            return False  # it will be asked for when they are known
        wanted, self._wanted = self._wanted, ""
        for one in self._rivers:
            if wanted and wanted in {one.code, *one.codes, *one.reaches}:
                shown = None if self._shown is None else self._shown.words.file.river.code
                self._page.choose(one.code)
                if shown != one.code:
                    self._load(one.code)
                return True
        return False

    def _load(self, code: str) -> None:
        project = self._project
        if project is None or not code:
            return
        on = self._session.day
        page = self._page
        name = next((one.name for one in self._rivers if one.code == code), code)
        page.show_message(t("river.working", river=name))
        self.run(_FILE, lambda _: river_view(project, code, on), self._take, failed=self._on_failed)

    def _take(self, view: RiverView) -> None:
        before, self._shown = self._shown, view
        page = self._page
        page.show_message("")
        page.show_file(view)
        refs = self._river_refs()
        if not self.is_open or not refs:
            return
        if before is None or before.words.file.river.code != view.words.file.river.code:
            self._window.canvas.fit_features(refs)
        self._window.canvas.select(refs)

    def _on_failed(self, error: Exception) -> None:
        self._shown = None
        page = self._page
        page.show_file(None)
        page.show_message(t("river.failed", reason=error))

    # --- the map --------------------------------------------------------------------------

    def _river_refs(self) -> list[FeatureRef]:
        if self._shown is None:
            return []
        found = []
        for one in self._shown.words.file.reaches:
            row = self._map.row_of(one.layer_id, one.code)
            if row is not None:
                found.append(FeatureRef(one.layer_id, row))
        return found

    def _show_row(self, key: str) -> None:
        """Bring what a row is about into view; the river stays highlighted around a point."""
        layer_id, code = place_of(key)
        self._map.look_at(layer_id, code)
        row = self._map.row_of(layer_id, code)
        if row is None or self._shown is None:
            return
        ref = FeatureRef(layer_id, row)
        of_river = any(one.layer_id == layer_id for one in self._shown.words.file.reaches)
        if not of_river:
            self._window.canvas.select([*self._river_refs(), ref])
        self._point_at(ref)

    def _point_at(self, ref: FeatureRef) -> None:
        """A pin on a point, because its layer may be hidden; none on what is larger."""
        canvas = self._window.canvas
        for layer in canvas.layers:
            if layer.layer_id == ref.layer_id and layer.geometry is Geometry.POINT:
                first = layer.rings[layer.features[layer.positions[ref.key]]]
                lon, lat = mercator.unproject(*layer.xy[first].tolist())
                canvas.set_pin(float(lon), float(lat), 0.0)
                return
        canvas.clear_pin()

    # --- what leaves ----------------------------------------------------------------------

    def _copy(self, key: str) -> None:
        view, project = self._shown, self._project
        if view is None or project is None:
            return
        reach = reach_of(view.words, key)
        if not reach:  # none of its reaches is drawn
            return
        on, example = view.words.file.on, project.is_example

        def work(_: Job) -> str:
            board = signboard_text(project, reach, on)
            return "\n".join(signboard_lines(board, full_phones=False, example=example))

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.say(t("river.copied", reach=reach))

        self.run(_BOARD, work, done)

    def print_sheet(self, target: Path | None = None) -> None:
        """The river as a printed sheet; asks where to unless told."""
        view, project = self._shown, self._project
        if view is None or project is None:
            return
        path = target or self._ask(view, "river.print", "river.pdf_files", _PAPERS)
        if path is None:
            return
        canvas, today = self._window.canvas, self._session.today()
        layers = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        refs = self._river_refs()

        def write(file: Path) -> None:
            document = river_document(view.words, _board(project, view.words))
            save(document.showing(today, map=lambda: river_picture(layers, refs)), file)

        self._saver.write(path, write, label=t("app.job.printing"), owner=self.name)

    def export(self, target: Path | None = None) -> None:
        """The tables as a file; asks where to unless told."""
        view = self._shown
        if view is None:
            return
        path = target or self._ask(view, "river.export", "river.files", _SHEETS)
        if path is not None:
            self._saver.write(
                path, lambda file: save(river_document(view.words), file), owner=self.name
            )

    def _ask(self, view: RiverView, title: str, kinds: str, suffixes: Sequence[str]) -> Path | None:
        file = view.words.file
        name = t("river.file_name", river=file.river.name, on=file.on.isoformat())
        # The day in a name is no ending.
        return self._saver.ask(t(title), f"{name}{suffixes[0]}", t(kinds), suffixes)


def reach_of(words: RiverWriting, key: str) -> str:
    """The reach that a row is about; without one that whose signboard is most wrong."""
    _, code = place_of(key)
    file = words.file
    places = {one.code: one.reach for one in file.sections}
    places |= {one.code: one.reach for one in file.outlets}
    places |= {one.board.code: one.board.reach for one in file.boards}
    if code in places:
        return places[code]
    if any(one.code == code for one in file.reaches):
        return code
    wrong = [state.board.reach for state in file.outdated if state.board.reach]
    reaches = [one.code for one in file.reaches]
    return next(iter((*wrong, *reaches)), "")


def _board(project: Project, words: RiverWriting) -> list[str]:
    reach = reach_of(words, "")
    if not reach:
        return []
    board = signboard_text(project, reach, words.file.on)
    return signboard_lines(board, full_phones=False, example=words.context.example)
