"""Binds the page 一河一档 to the project, the map and the search."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.river_view import RiverView, river_view
from gridmap.app.session import Session, Topic
from gridmap.domain.declaration import Geometry
from gridmap.map import mercator
from gridmap.map.hits import Hit
from gridmap.map.river_map import river_picture
from gridmap.map.state import FeatureRef
from gridmap.output.river_report import river_document
from gridmap.output.river_tables import place_of
from gridmap.output.river_words import RiverWriting, signboard_lines
from gridmap.output.saving import save
from gridmap.project.answering import AnsweringProject
from gridmap.project.river_boards import signboard_text
from gridmap.project.river_parts import River, rivers_of
from gridmap.texts import t

_CHANNEL: Final = "river"
_RIVERS: Final = "river-list"
_ROLES: Final = frozenset({"river", "reach"})


class RiverBinding(QObject):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    def __init__(
        self, window: MainWindow, session: Session, runner: Runner, map_binding: MapBinding
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._runner, self._map = runner, map_binding
        self._rivers: tuple[River, ...] = ()
        self._shown: RiverView | None = None
        self._wanted = ""
        self._stale = True
        page = window.river_page
        page.river_chosen.connect(self._load)
        page.row_chosen.connect(self._show_row)
        page.print_wanted.connect(self.print_sheet)
        page.export_wanted.connect(self.export)
        page.copy_wanted.connect(self._copy)
        window.canvas.features_clicked.connect(self._on_features)
        window.named_actions["river"].toggled.connect(self._on_toggled)
        session.subscribe(self._on_session)

    @property
    def open(self) -> bool:
        """Whether the page is shown."""
        return self._window.named_actions["river"].isChecked()

    def show_feature(self, layer_id: str, key: str) -> None:
        """Open the page with a river or reach that was searched for; other layers are passed."""
        project = self._session.project
        if project is None or project.declarations[layer_id].role not in _ROLES:
            return
        self._wanted = key
        if self.open and not self._stale:
            self._show_wanted()
        else:
            self._window.named_actions["river"].setChecked(True)

    def refresh(self) -> None:
        """Gather again, now if the page is open, else when it is opened."""
        self._stale = True
        if self.open:
            self._load_rivers()

    # --- what happens ---------------------------------------------------------------------

    def _on_session(self, topic: Topic) -> None:
        if topic == "project":
            self._shown = None
            self.refresh()
        elif topic == "question" and self._shown is not None and self._is_of_another_day():
            self.refresh()

    def _is_of_another_day(self) -> bool:
        return self._shown is not None and self._shown.words.file.on != self._session.day

    def _on_toggled(self, on: bool) -> None:
        if on and self._stale:
            self._load_rivers()
        elif on:
            self._show_wanted()
        elif self._shown is not None:
            self._map.clear()

    def _on_features(self, hits: list[Hit]) -> None:
        """A click on a reach shows its river; while the page is closed it is only offered."""
        for hit in hits:
            code = self._code_of(hit)
            if code:
                self._wanted = code
                if not self.open:
                    self._window.status.show_message(t("river.on_map", river=code))
                elif not self._stale:
                    self._show_wanted()
                return

    def _code_of(self, hit: Hit) -> str:
        for layer in self._map.layers_of(_ROLES):
            if layer.layer_id == hit.layer_id and hit.key in layer.positions:
                return self._map.codes_of(layer)[layer.positions[hit.key]]
        return ""

    # --- loading --------------------------------------------------------------------------

    def _load_rivers(self) -> None:
        project = self._session.project
        if project is None:
            return
        self._stale = False
        self._runner.run(_RIVERS, lambda: rivers_of(project), self._take_rivers)

    def _take_rivers(self, rivers: tuple[River, ...]) -> None:
        self._rivers = rivers
        page = self._window.river_page
        page.show_rivers([(one.code, one.name) for one in rivers])
        if not rivers:
            page.show_file(None)
            page.show_message(t("river.nothing"))
            return
        if not self._show_wanted():
            self._load(page.code)

    def _show_wanted(self) -> bool:
        """Show the river that was clicked or searched; False if there is none."""
        wanted, self._wanted = self._wanted, ""
        for one in self._rivers:
            if wanted and wanted in {one.code, *one.reaches}:
                shown = None if self._shown is None else self._shown.words.file.river.code
                self._window.river_page.choose(one.code)
                if shown != one.code:
                    self._load(one.code)
                return True
        return False

    def _load(self, code: str) -> None:
        project = self._session.project
        if project is None or not code:
            return
        on = self._session.day
        page = self._window.river_page
        name = next((one.name for one in self._rivers if one.code == code), code)
        page.show_message(t("river.working", river=name))
        self._runner.run(
            _CHANNEL, lambda: river_view(project, code, on), self._take, failed=self._on_failed
        )

    def _take(self, view: RiverView) -> None:
        self._shown = view
        page = self._window.river_page
        page.show_message("")
        page.show_file(view)
        refs = self._river_refs()
        if self.open and refs:
            self._window.canvas.fit_features(refs)
            self._window.canvas.select(refs)

    def _on_failed(self, error: Exception) -> None:
        self._shown = None
        page = self._window.river_page
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
        view, project = self._shown, self._session.project
        if view is None or project is None:
            return
        reach = reach_of(view.words, key)
        if not reach:  # none of its reaches is drawn
            return
        on, example = view.words.file.on, project.is_example

        def job() -> str:
            board = signboard_text(project, reach, on)
            return "\n".join(signboard_lines(board, full_phones=False, example=example))

        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._window.status.show_message(t("river.copied", reach=reach))

        self._runner.run("river-board", job, done)

    def print_sheet(self, target: Path | None = None) -> None:
        """The river as a printed sheet; asks where to unless told."""
        view, project = self._shown, self._session.project
        if view is None or project is None:
            return
        path = target or self._ask(view, "river.print", "river.pdf_files", ".pdf")
        if path is None:
            return
        canvas, today = self._window.canvas, self._session.today()
        layers = [layer for layer in canvas.layers if layer.key in canvas.state.visible]
        refs = self._river_refs()

        def job() -> Path:
            document = river_document(view.words, _board(project, view.words))
            return save(document.showing(today, map=lambda: river_picture(layers, refs)), path)

        self._runner.run("print", job, self._written, label=t("app.job.printing"))

    def export(self, target: Path | None = None) -> None:
        """The tables as a file; asks where to unless told."""
        view = self._shown
        if view is None:
            return
        path = target or self._ask(view, "river.export", "river.files", ".xlsx")
        if path is None:
            return
        words = view.words
        self._runner.run("river-export", lambda: save(river_document(words), path), self._written)

    def _ask(self, view: RiverView, title: str, kinds: str, suffix: str) -> Path | None:
        file = view.words.file
        name = t("river.file_name", river=file.river.name, on=file.on.isoformat())
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, t(title), f"{name.replace('/', '_')}{suffix}", t(kinds)
        )
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)

    def _written(self, path: Path) -> None:
        self._window.status.show_message(t("river.written", file=path))


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


def _board(project: AnsweringProject, words: RiverWriting) -> list[str]:
    reach = reach_of(words, "")
    if not reach:
        return []
    board = signboard_text(project, reach, words.file.on)
    return signboard_lines(board, full_phones=False, example=words.context.example)
