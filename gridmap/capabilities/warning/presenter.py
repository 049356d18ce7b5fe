"""Binds the page of warnings: place, time, velocity; lists, map, call list as files."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtGui import QPainter

from gridmap.capabilities.locate.work.answering import VERDICT_READS
from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.rivers.work.waters import WATER_READS, present_waters
from gridmap.capabilities.warning.page.page import WarningPage
from gridmap.capabilities.warning.page.rows import arrival_rows, call_rows, reach_rows
from gridmap.capabilities.warning.picture import (
    WarningLook,
    paint_warning,
    paint_warning_legend,
    warning_look,
    warning_picture,
    warning_view,
)
from gridmap.capabilities.warning.report import warning_document
from gridmap.capabilities.warning.words import advice, headline, sentence
from gridmap.capabilities.warning.work.figures import warning_figures
from gridmap.capabilities.warning.work.warning import WarningAnswer, warning_of
from gridmap.core.moments import ZONE
from gridmap.map.viewport import Viewport
from gridmap.report import wording
from gridmap.report.saving import FORMATS, save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store.changes import roles
from gridmap.store.figures import FigureError
from gridmap.texts import GridMapError, t

_WALK: Final = "walk"
_PLACE: Final = "place"
_MORNING: Final = time(8)
_PAPERS: Final = (".pdf", ".png")
_HOUR: Final = timedelta(hours=1)


class WarningPresenter(Presenter):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    name = "warn"
    reads = WATER_READS | VERDICT_READS | roles("zone", "context")

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._page = WarningPage()
        shell.window.add_page(self.name, self._page)
        self.answers("warn", self.warn_from)
        self.answers("warn_from_spot", self.warn_from_spot)
        self._place: tuple[float, float] | None = None
        self._answer: WarningAnswer | None = None
        self._look: WarningLook | None = None
        self._front: float | None = None
        self._unseen = False
        page = self._page
        page.pick_toggled.connect(self._on_picking)
        page.here_wanted.connect(self._warn_here)
        page.start_chosen.connect(self._on_start)
        page.factor_moved.connect(self._on_factor)
        page.km_chosen.connect(lambda _: self._run())
        page.front_moved.connect(self._on_front)
        page.target_chosen.connect(self._choose)
        page.cancel_wanted.connect(lambda: self.cancel(_WALK, _PLACE))
        page.print_wanted.connect(self._ask_print)
        page.export_wanted.connect(self._ask_export)
        self._claim.take_clicks(self._on_click)
        shell.session.moment_shown.connect(self._follow_replay)
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
        self.open_page()
        self._run(fresh=True)

    def warn_from_spot(self, spot: Spot, moment: datetime) -> None:
        """Likewise from a place on the water."""
        project = self._project
        if project is None:
            return
        self.open_page()

        def take(found: tuple[float, float]) -> None:
            self.warn_from(found[0], found[1], moment)

        self.run(_PLACE, lambda _: present_waters(project).place_of(spot), take)

    def _run(self, *, fresh: bool = False) -> None:
        project, place = self._project, self._place
        if project is None or place is None:
            return
        page = self._page
        start, factor, limit_m = page.start, page.factor, page.km.value() * 1000.0
        page.show_busy(busy=True)

        def work(job: Job) -> tuple[WarningAnswer, WarningLook]:
            job.tell(0.05)
            answer = warning_of(
                project, *place, start, limit_m=limit_m, factor=factor, tell=job.tell
            )
            return answer, warning_look(answer)

        self.run(
            _WALK, work, lambda found: self._take(*found, fresh=fresh), failed=self._failed,
            stopped=lambda: page.show_busy(busy=False),
            heard=lambda share: page.show_busy(busy=True, share=share),
            label=t("warning.page.running"),
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._page.show_busy(busy=False)
        if isinstance(error, GridMapError):
            self._clear(str(error))
        else:
            self._jobs.failed.emit(error)

    # --- events ---------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_WALK, _PLACE)
        self._place = None
        self._page.show_busy(busy=False)
        self._clear(t("warning.page.hint"))
        self._page.set_start(self._default_start())
        project = self._project
        if project is not None:
            try:
                self._page.set_km(warning_figures(project).limit_m / 1000.0)
            except FigureError as error:  # told again by the warning itself
                self.say(str(error))

    def refresh(self) -> None:
        """Warn again, in place, from where it is warned."""
        if self._answer is not None:
            self._run()

    def take_over(self, former: "WarningPresenter") -> None:
        """The warning of the window before, in the words of now."""
        page, before = self._page, former._page  # noqa: SLF001  the same page, former words
        self._place, answer = former._place, former.answer  # noqa: SLF001
        self._front = former._front  # noqa: SLF001
        page.set_start(before.start)
        page.set_km(before.km.value())
        page.set_factor(before.factor)
        if answer is not None:
            self._answer, self._look = answer, warning_look(answer)
            page.set_front(self._front)
            self._show()

    def on_opened(self) -> None:
        """Ask for a place if there is none, else show what there is."""
        if self._place is None:
            self._page.pick.setChecked(True)
        self._follow_replay()
        self._paint()
        if self._look is not None and self._unseen:
            self._go_there(self._look)

    def on_left(self) -> None:
        """No place is waited for any more."""
        self._page.set_picking(on=False)

    def _on_picking(self, on: bool) -> None:
        if on:
            self.say(t("warning.page.pick_tip"))

    def _on_click(self, lon: float, lat: float) -> bool:
        if not self._page.pick.isChecked():
            return False
        self.warn_from(lon, lat)
        return True

    def _warn_here(self) -> None:
        place = self._session.place
        if place is None:
            self.say(t("warning.page.no_place"))
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
        if fresh and self.is_open:
            self._go_there(look)
        else:
            self._unseen = self._unseen or fresh

    def _go_there(self, look: WarningLook) -> None:
        self._unseen = False
        canvas = self._window.canvas
        canvas.look(warning_view(look, (canvas.width(), canvas.height()), 1.0))

    def _clear(self, message: str) -> None:
        self._answer, self._look, self._front, self._unseen = None, None, None, False
        self._page.show_nothing(message)
        self._claim.show_overlay(None)

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
        replaying = self._window.named_actions["replay"].isChecked()
        if answer is None or not self.is_open or not replaying:
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
        answer, look = self._answer, self._look
        if answer is None or look is None:
            self._claim.show_overlay(None)
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

        self._claim.show_overlay(paint)

    # --- files ----------------------------------------------------------------------------

    def _ask_print(self) -> None:
        self._ask(t("warning.page.print"), t("warning.print.title"), _PAPERS,
                  t("warning.page.print_files"))  # fmt: skip

    def _ask_export(self) -> None:
        self._ask(t("warning.page.export"), t("warning.sheet.calls"), (".xlsx", *FORMATS),
                  t("warning.page.table_files"))  # fmt: skip

    def _ask(self, title: str, name: str, suffixes: tuple[str, ...], kinds: str) -> None:
        path = self._saver.ask(title, name, kinds, suffixes) if self._answer is not None else None
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the call list: a sheet with a map (.pdf, .png) or a table (.xlsx, .csv, .tsv)."""
        answer, look = self._answer, self._look
        if answer is None or look is None:
            return
        canvas, today = self._window.canvas, self._session.today()
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]

        def write(file: Path) -> None:
            plain = replace(look, chosen=("", ""))
            document = warning_document(answer)
            save(document.showing(today, map=lambda: warning_picture(shown, plain)), file)

        self._saver.write(path, write, label=t("app.job.printing"), owner=self.name)
