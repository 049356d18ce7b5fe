"""Binds the page of siting: question, solver, list and map, what if, files."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from PySide6.QtGui import QPainter

from gridmap.capabilities.siting.page.page import SitingPage
from gridmap.capabilities.siting.picture import (
    GRAB,
    SitingLook,
    curve_picture,
    paint_siting,
    paint_siting_legend,
    siting_look,
    siting_picture,
    siting_view,
)
from gridmap.capabilities.siting.presenter.dragging import Dragging
from gridmap.capabilities.siting.report.proposal import siting_document, sums_of
from gridmap.capabilities.siting.rules.question import Proof
from gridmap.capabilities.siting.words import (
    alone_words,
    headline,
    percent,
    place_of,
    proof_words,
    reason,
    sums_line,
    weighed,
)
from gridmap.capabilities.siting.work.figures import siting_figures
from gridmap.capabilities.siting.work.ground import DemandKind, Medium
from gridmap.capabilities.siting.work.siting import SITING_READS, SitingAnswer, siting_of
from gridmap.map.viewport import Viewport
from gridmap.report.saving import save
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store.figures import FigureError
from gridmap.texts import GridMapError, t

_SOLVE: Final = "solve"
_SUFFIXES: Final = (".pdf", ".xlsx", ".json", ".csv", ".png")


class SitingPresenter(Presenter):
    """Everything between the page, the project and the map. Owned by the GUI thread."""

    name = "siting"
    reads = SITING_READS
    lazy = True

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._page = SitingPage()
        shell.window.add_page(self.name, self._page)
        self._proposal: SitingAnswer | None = None  # as it was solved
        self._answer: SitingAnswer | None = None  # as it is shown, perhaps moved by hand
        self._look: SitingLook | None = None
        self._chosen = 0
        page = self._page
        page.solve_wanted.connect(self._solve)
        page.cancel_wanted.connect(lambda: self.cancel(_SOLVE))
        page.back_wanted.connect(self._back)
        page.export_wanted.connect(self._ask_export)
        page.medium_chosen.connect(self._on_medium)
        page.site_chosen.connect(self._choose)
        self._dragging = Dragging(shell.window.canvas, self._grab, self._move)

    @property
    def answer(self) -> SitingAnswer | None:
        """The proposal shown."""
        return self._answer

    # --- asking ---------------------------------------------------------------------------

    def _solve(self) -> None:
        project, page = self._project, self._page
        if project is None:
            return
        asked = page.asked
        page.show_busy(busy=True)

        def work(job: Job) -> tuple[SitingAnswer, SitingLook]:
            answer = siting_of(project, asked, job)
            return answer, siting_look(answer)

        self.run(
            _SOLVE, work, lambda found: self._take(*found), failed=self._failed,
            stopped=self._stopped, heard=lambda share: page.show_busy(busy=True, share=share),
            label=t("siting.page.running"),
        )  # fmt: skip

    def _stopped(self) -> None:
        self._page.show_busy(busy=False)
        self.say(t("siting.page.cancelled"))

    def _failed(self, error: Exception) -> None:
        self._page.show_busy(busy=False)
        if isinstance(error, GridMapError):
            self._clear(str(error))
        else:
            self._jobs.failed.emit(error)

    # --- events ---------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_SOLVE)
        self._page.show_busy(busy=False)
        self._clear(t("siting.page.hint"))

    def refresh(self) -> None:
        """Figures of the project; a proposal of data that have changed is made anew."""
        if self._answer is not None:
            self._solve()
        else:
            self._on_medium(Medium.WATER)

    def take_over(self, former: "SitingPresenter") -> None:
        """The proposal of the window before, in the words of now."""
        asked = former._page.asked  # noqa: SLF001  the same page, former words
        self._stale = False
        weights = {DemandKind(name): value for name, value in asked.weights}
        if weights:
            self._page.set_figures(asked.medium, asked.distance_m or 0.0, weights)
        else:
            self._stale = True
        self._page.count.setValue(asked.count)
        self._page.moves.setValue(asked.moves)
        self._page.backup.setChecked(asked.backup)
        self._proposal = former._proposal  # noqa: SLF001
        if former.answer is not None:
            self._answer, self._look = former.answer, siting_look(former.answer)
            self._show()

    def on_opened(self) -> None:
        """Show what there is."""
        self._paint()

    def _on_medium(self, medium: Medium) -> None:
        project = self._project
        if project is None:
            return
        try:
            figures = siting_figures(project)
        except FigureError as error:
            self._clear(str(error))
            return
        own = figures.water if medium is Medium.WATER else figures.air
        weights = {
            DemandKind(one.name): float(getattr(own.weights, one.name))
            for one in fields(own.weights)
        }
        self._page.set_figures(medium, own.distance_m, weights)
        if self._answer is not None and self._answer.asked.medium is not medium:
            self._clear(t("siting.page.hint"))

    # --- showing --------------------------------------------------------------------------

    def _take(self, answer: SitingAnswer, look: SitingLook) -> None:
        self._page.show_busy(busy=False)
        self._proposal, self._answer, self._look = answer, answer, look
        self._chosen = 0
        self._show()
        if self.is_open and answer.proposed:
            canvas = self._window.canvas
            canvas.look(siting_view(look, (canvas.width(), canvas.height()), 1.0))

    def _clear(self, message: str) -> None:
        self._proposal, self._answer, self._look, self._chosen = None, None, None, 0
        self._page.show_nothing(message)
        self._claim.show_overlay(None)

    def _show(self) -> None:
        answer = self._answer
        if answer is None:
            return
        total = answer.answer.total
        sites = [
            "\n".join((
                f"{one.rank}  {place_of(one.site)}  "
                + t("siting.plus", share=percent(one.gain, total)),
                reason(answer, one),
                alone_words(answer, one),
            ))
            for one in answer.proposed
        ]  # fmt: skip
        proven = answer.answer.proof is Proof.OPTIMAL and not answer.by_hand
        self._page.show_proposal(
            answer, (headline(answer), weighed(answer), proof_words(answer)), sites,
            [sums_line(answer, *row) for row in sums_of(answer)], proven=proven,
        )  # fmt: skip
        self._paint()

    def _choose(self, rank: int) -> None:
        """Highlight a site and bring it into view."""
        answer = self._answer
        self._chosen = rank
        if answer is not None and 0 < rank <= len(answer.proposed):
            site, canvas = answer.proposed[rank - 1].site, self._window.canvas
            x, y = canvas.viewport.px_of(site.lon, site.lat)
            if not (0 <= x <= canvas.width() and 0 <= y <= canvas.height()):
                canvas.centre_on(site.lon, site.lat)
        self._paint()

    def _paint(self) -> None:
        look = self._look
        if look is None:
            self._claim.show_overlay(None)
            return
        shown = replace(look, chosen=self._chosen)

        def paint(painter: QPainter, viewport: Viewport) -> None:
            paint_siting(painter, viewport, shown)
            paint_siting_legend(painter, viewport, shown)

        self._claim.show_overlay(paint)

    # --- what if --------------------------------------------------------------------------

    def _grab(self, x: float, y: float) -> int:
        """The rank of the proposed site at a place of the map, 0 for none."""
        answer = self._answer
        if answer is None or not self.is_open:
            return 0
        view = self._window.canvas.viewport
        for one in answer.proposed:
            px, py = view.px_of(one.site.lon, one.site.lat)
            if (px - x) ** 2 + (py - y) ** 2 <= GRAB**2:
                self._chosen = one.rank
                self._page.choose(one.rank)
                self._paint()
                return one.rank
        return 0

    def _move(self, rank: int, lon: float, lat: float) -> None:
        answer = self._answer
        if answer is None:
            return
        moved = answer.moved_to(rank, lon, lat)
        if moved is answer:
            return
        self._answer, self._look = moved, siting_look(moved)
        self._show()

    def _back(self) -> None:
        """The proposal as it was solved."""
        if self._proposal is not None:
            self._answer, self._look = self._proposal, siting_look(self._proposal)
            self._show()

    # --- files ----------------------------------------------------------------------------

    def _ask_export(self) -> None:
        if self._answer is None:
            return
        path = self._saver.ask(
            t("siting.page.export"), t("siting.print.title"), t("siting.page.files"), _SUFFIXES
        )
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the proposal: a sheet with map and curve (.pdf, .png), tables, or JSON."""
        answer, look = self._answer, self._look
        if answer is None or look is None:
            return
        canvas, today = self._window.canvas, self._session.today()
        shown = [layer for layer in canvas.layers if layer.key in canvas.state.visible]

        def write(file: Path) -> None:
            document = siting_document(answer).showing(
                today, map=lambda: siting_picture(shown, look), curve=lambda: curve_picture(answer)
            )
            save(document, file)

        self._saver.write(path, write, label=t("app.job.printing"), owner=self.name)
