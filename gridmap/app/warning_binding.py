"""Binds the page of warnings: place, time, velocity; lists, map, call list as files."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog

from gridmap.app.background import Runner
from gridmap.app.main_window import MainWindow
from gridmap.app.map_binding import MapBinding
from gridmap.app.session import Session, Topic
from gridmap.app.warning_rows import arrival_rows, call_rows, reach_rows
from gridmap.domain.rivers.waterways import Spot
from gridmap.map.viewport import Viewport
from gridmap.map.warning_map import (
    WarningLook,
    paint_warning,
    paint_warning_legend,
    warning_look,
    warning_picture,
    warning_view,
)
from gridmap.output import wording
from gridmap.output.saving import FORMATS, save
from gridmap.output.warning_report import warning_document
from gridmap.output.warning_words import advice, headline, sentence
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.warning import WarningAnswer, warning_of
from gridmap.project.waters import Waters, tracing_figures, waters_of
from gridmap.texts import GridMapError, t

_CHANNEL: Final = "warning"
_PLACE: Final = "warning-place"
_WRITE: Final = "warning-write"
_MORNING: Final = time(8)
_PAPERS: Final = (".pdf", ".png")
_HOUR: Final = timedelta(hours=1)


class _Dropped(Exception):  # noqa: N818  no error: something else was asked meanwhile
    """Ends a walk that nobody waits for any more."""


class WarningBinding(QObject):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    _progress = Signal(int, float)

    def __init__(
        self, window: MainWindow, session: Session, runner: Runner, map_binding: MapBinding
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._runner = window, session, runner
        self._page = window.warning_page
        self._place: tuple[float, float] | None = None
        self._answer: WarningAnswer | None = None
        self._look: WarningLook | None = None
        self._waters: tuple[int, Waters] | None = None
        self._front: float | None = None
        self._number = 0
        page = self._page
        page.pick_toggled.connect(self._on_picking)
        page.here_wanted.connect(self._warn_here)
        page.start_chosen.connect(self._on_start)
        page.factor_moved.connect(self._on_factor)
        page.km_chosen.connect(lambda _: self._run())
        page.front_moved.connect(self._on_front)
        page.target_chosen.connect(self._choose)
        page.cancel_wanted.connect(self._cancel)
        page.print_wanted.connect(self._ask_print)
        page.export_wanted.connect(self._ask_export)
        window.named_actions["warn"].toggled.connect(self._on_toggled)
        self._progress.connect(self._on_progress)
        map_binding.listen(self._on_click)
        session.subscribe(self._on_session)
        page.set_start(self._default_start())

    # --- asking ---------------------------------------------------------------------------

    @property
    def answer(self) -> WarningAnswer | None:
        """The warning shown."""
        return self._answer

    def warn_from(self, lon: float, lat: float, moment: datetime | None = None) -> None:
        """Open the page and warn downstream of a place (EPSG:4490) from a moment (aware) on."""
        self._place = (lon, lat)
        self._page.set_picking(on=False)
        if moment is not None:
            self._page.set_start(moment)
        self._window.named_actions["warn"].setChecked(True)
        self._run(fresh=True)

    def warn_from_spot(self, spot: Spot, moment: datetime) -> None:
        """Likewise from a place on the water."""
        project = self._session.project
        if project is None:
            return
        self._window.named_actions["warn"].setChecked(True)

        def place() -> tuple[float, float]:
            return self._waters_of(project).place_of(spot)

        def take(found: tuple[float, float]) -> None:
            self.warn_from(found[0], found[1], moment)

        self._runner.run(_PLACE, place, take)

    def _waters_of(self, project: AnsweringProject) -> Waters:
        """The water of the project's present state; read once. Any thread."""
        known, revision = self._waters, project.revision
        if known is not None and known[0] == revision:
            return known[1]
        made = waters_of(project)
        self._waters = (revision, made)
        return made

    def _run(self, *, fresh: bool = False) -> None:
        project, place = self._session.project, self._place
        if project is None or place is None:
            return
        page = self._page
        self._number += 1
        number, start, factor = self._number, page.start, page.factor
        limit_m = page.km.value() * 1000.0
        page.show_busy(busy=True)

        def tell(share: float) -> None:
            if number != self._number:
                raise _Dropped
            self._progress.emit(number, share)

        def job() -> tuple[WarningAnswer, WarningLook]:
            tell(0.05)
            waters = self._waters_of(project)
            answer = warning_of(
                project, *place, start, limit_m=limit_m, factor=factor, waters=waters, tell=tell
            )
            return answer, warning_look(answer)

        self._runner.run(
            _CHANNEL, job, lambda found: self._take(*found, fresh=fresh), failed=self._failed,
            label=t("warning.page.running"),
        )  # fmt: skip

    def _on_progress(self, number: int, share: float) -> None:
        if number == self._number:
            self._page.show_busy(busy=True, share=share)

    def _cancel(self) -> None:
        self._number += 1
        self._runner.drop(_CHANNEL)
        self._page.show_busy(busy=False)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, _Dropped):
            return
        self._page.show_busy(busy=False)
        if isinstance(error, GridMapError):
            self._clear(str(error))
        else:
            self._runner.failed.emit(error)

    # --- events ---------------------------------------------------------------------------

    def _open(self) -> bool:
        return self._window.named_actions["warn"].isChecked()

    def _on_session(self, topic: Topic) -> None:
        if topic == "project":
            self._cancel()
            self._place, self._waters = None, None
            self._clear(t("warning.page.hint"))
            project = self._session.project
            self._page.set_start(self._default_start())
            if project is not None:
                self._page.set_km(float(tracing_figures(project)["warning"]["limit_m"]) / 1000.0)
        elif topic == "moment" and self._open():
            self._follow_replay()

    def _on_toggled(self, on: bool) -> None:
        if not on:
            self._page.set_picking(on=False)
            self._window.canvas.set_overlay(None)
            return
        if self._place is None:
            self._page.pick.setChecked(True)
        self._follow_replay()
        self._paint()

    def _on_picking(self, on: bool) -> None:
        if on:
            self._window.status.show_message(t("warning.page.pick_tip"))

    def _on_click(self, lon: float, lat: float) -> bool:
        if not (self._open() and self._page.pick.isChecked()):
            return False
        self.warn_from(lon, lat)
        return True

    def _warn_here(self) -> None:
        place = self._session.place
        if place is None:
            self._window.status.show_message(t("warning.page.no_place"))
            return
        self.warn_from(place.lon, place.lat)

    def _on_start(self, start: datetime) -> None:
        answer = self._answer
        if answer is None:
            return
        if start.date() == answer.start.date():
            self._retime(start, self._page.factor)
        else:
            self._run()

    def _on_factor(self, factor: float) -> None:
        self._page.show_factor(factor)
        if self._answer is not None:
            self._retime(self._page.start, factor)

    def _retime(self, start: datetime, factor: float) -> None:
        """Another time or velocity of the same walk: arithmetic, at once."""
        answer, look = self._answer, self._look
        if answer is None or look is None:
            return
        self._look = look.retimed(answer.factor / factor)
        self._answer = answer.retimed(start, factor)
        self._show()

    def _default_start(self) -> datetime:
        """Now; on the day of a pinned clock, its morning."""
        now = datetime.now(ZONE).replace(second=0, microsecond=0)
        day = self._session.day
        return now if day == now.date() else datetime.combine(day, _MORNING, ZONE)

    # --- showing --------------------------------------------------------------------------

    def _take(self, answer: WarningAnswer, look: WarningLook, *, fresh: bool) -> None:
        self._answer, self._look = answer, look
        self._page.show_busy(busy=False)
        # The sliders may have moved while the water was walked.
        self._retime(self._page.start, self._page.factor)
        if fresh:
            canvas = self._window.canvas
            canvas.look(warning_view(look, (canvas.width(), canvas.height()), 1.0))

    def _clear(self, message: str) -> None:
        self._answer, self._look, self._front = None, None, None
        self._page.show_nothing(message)
        if self._open():
            self._window.canvas.set_overlay(None)

    def _show(self) -> None:
        answer = self._answer
        if answer is None:
            return
        words = headline(answer), sentence(answer), advice(answer)
        self._page.show_warning(words, call_rows(answer), arrival_rows(answer), reach_rows(answer))
        self._paint()

    def _on_front(self, share: float | None) -> None:
        self._front = share
        self._paint()

    def _follow_replay(self) -> None:
        """The moment of the replay, while there is one within the way of the water."""
        answer, moment = self._answer, self._session.moment
        if answer is None or not self._window.named_actions["replay"].isChecked():
            return
        if moment is None or moment <= answer.start or moment >= answer.until:
            self._front = None
        else:
            self._front = (moment - answer.start) / (answer.until - answer.start)
        self._page.set_front(self._front)
        self._paint()

    def _choose(self, kind: str, code: str) -> None:
        """Highlight a target and bring it into view."""
        answer, look = self._answer, self._look
        if answer is None or look is None:
            return
        self._look = replace(look, chosen=(kind, code))
        for one in answer.found.arrivals:
            if (one.target.kind.value, one.target.code) == (kind, code):
                lon, lat = answer.waters.place_of(one.target.spot)
                canvas = self._window.canvas
                x, y = canvas.viewport.px_of(lon, lat)
                if not (0 <= x <= canvas.width() and 0 <= y <= canvas.height()):
                    canvas.centre_on(lon, lat)
        self._paint()

    def _paint(self) -> None:
        answer, look, canvas = self._answer, self._look, self._window.canvas
        if not self._open():
            return
        if answer is None or look is None:
            canvas.set_overlay(None)
            return
        elapsed = None
        if self._front is not None:
            span = answer.until - answer.start
            elapsed = self._front * (span / _HOUR)
            at = answer.start + self._front * span
            self._page.show_front(wording.moment(at))
        else:
            self._page.show_front(t("warning.page.whole"))
        shown = replace(look, elapsed_h=elapsed)

        def paint(painter: QPainter, viewport: Viewport) -> None:
            paint_warning(painter, viewport, shown)
            paint_warning_legend(painter, viewport, shown)

        canvas.set_overlay(paint)

    # --- files ----------------------------------------------------------------------------

    def _ask_print(self) -> None:
        self._ask(t("warning.page.print"), t("warning.print.title"), _PAPERS,
                  t("warning.page.print_files"))  # fmt: skip

    def _ask_export(self) -> None:
        self._ask(t("warning.page.export"), t("warning.sheet.calls"), (".xlsx", *FORMATS),
                  t("warning.page.table_files"))  # fmt: skip

    def _ask(self, title: str, name: str, suffixes: tuple[str, ...], kinds: str) -> None:
        if self._answer is None:
            return
        suggested = f"{name}{suffixes[0]}"
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, suggested, kinds)
        if chosen:
            path = Path(chosen)
            known = path.suffix.lower() in suffixes
            self.write(path if known else path.with_name(path.name + suffixes[0]))

    def write(self, path: Path) -> None:
        """Write the call list: a sheet with a map (.pdf, .png) or a table (.xlsx, .csv, .tsv)."""
        answer, look = self._answer, self._look
        if answer is None or look is None:
            return
        canvas, today = self._window.canvas, self._session.today()
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]

        def job() -> Path:
            plain = replace(look, chosen=("", ""))
            document = warning_document(answer)
            return save(document.showing(today, map=lambda: warning_picture(shown, plain)), path)

        self._runner.run(_WRITE, job, self._written, label=t("app.job.printing"))

    def _written(self, path: Path) -> None:
        self._window.status.show_message(t("app.dialog.done", file=path))
