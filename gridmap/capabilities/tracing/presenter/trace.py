"""Binds the trace page: choose an exceedance, trace it off this thread, show, rank, print."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtGui import QPainter

from gridmap.capabilities.stations.work.facts import StationFacts
from gridmap.capabilities.tracing.page.data import (
    TRACE_READS,
    Offer,
    Request,
    Traced,
    Wish,
    offer_of,
    sections_of,
    traced_of,
)
from gridmap.capabilities.tracing.page.list import SuspectPanel
from gridmap.capabilities.tracing.page.page import TracePage
from gridmap.capabilities.tracing.page.profile import TraceProfile
from gridmap.capabilities.tracing.picture.upstream import (
    UpstreamLook,
    paint_hours,
    paint_upstream,
    upstream_view,
)
from gridmap.capabilities.tracing.presenter.files import TraceFiles
from gridmap.capabilities.tracing.report.profile import profile_of
from gridmap.capabilities.tracing.report.weights import reweighed
from gridmap.capabilities.tracing.rules import PartKind, Suspect
from gridmap.map.viewport import Viewport
from gridmap.report.document import Line
from gridmap.shell.presenter import Presenter, Shell
from gridmap.texts import GridMapError, t

_SECTIONS: Final = "sections"
_OFFER: Final = "offer"
_TRACE: Final = "trace"
_CLICK_PX: Final = 14.0
_BEFORE, _AFTER = timedelta(days=3), timedelta(days=2)


class TracePresenter(Presenter):
    """Between the trace page, the project, the map and the profile. Owned by the GUI thread."""

    name = "trace"
    reads = TRACE_READS

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._sections: Mapping[str, StationFacts] = {}
        self._wish: Wish | None = None
        self._traced: Traced | None = None
        self._ordered: list[Suspect] = []
        self._chosen = ""
        self._unseen = False
        self._weights: Mapping[PartKind, float] | None = None
        self._page, self._suspects, self._profile = TracePage(), SuspectPanel(), TraceProfile()
        shell.window.add_page(self.name, self._page)
        shell.window.add_beside(self.name, self._suspects)
        shell.window.add_below(self.name, t("tracing.page.profile"), self._profile)
        self.files = TraceFiles(shell, self._page, self._profile)
        self._connect()

    def _connect(self) -> None:
        page = self._page
        page.station_chosen.connect(lambda code: self.wish(Wish(code)))
        page.item_chosen.connect(lambda item: self.wish(Wish(page.station, item)))
        page.trace_wanted.connect(self.trace)
        page.cancel_wanted.connect(lambda: self.cancel(_OFFER, _TRACE))
        page.weights_moved.connect(self._rank)
        page.weights_reset.connect(self._reset)
        page.warn_wanted.connect(self._warn)
        self._suspects.chosen.connect(self.choose)
        self._suspects.pointed.connect(self._point)
        self._suspects.filtered.connect(lambda: self._suspects.choose(self._chosen))
        self._profile.outlet_chosen.connect(self.choose)
        self._profile.section_chosen.connect(self._session.show_station)
        self._profile.moment_wanted.connect(self._session.show_moment)
        self.answers("trace", self._on_request)
        self.answers("can_trace", self.can_trace)
        self._claim.take_clicks(self._on_click)
        self._session.moment_shown.connect(self._show_moment)
        self._session.station_shown.connect(self._on_station)

    def on_built(self) -> None:
        """Offer to warn downstream where somebody can."""
        self._page.allow_warning(allowed=self._requests.known("warn_from_spot"))

    # --- events ---------------------------------------------------------------------------

    @property
    def traced(self) -> Traced | None:
        """The trace shown."""
        return self._traced

    @property
    def ordered(self) -> list[Suspect]:
        """The suspects in the order shown."""
        return self._ordered

    @property
    def chosen(self) -> str:
        """Code of the suspect that is highlighted."""
        return self._chosen

    def _on_station(self) -> None:
        code = self._session.station
        if self.is_open and code in self._sections and code != self._page.station:
            self.wish(Wish(str(code)))

    def on_opened(self) -> None:
        """Go on with what was traced, else trace from the station that is shown."""
        if self._traced is None and self._wish is None and self._session.station is not None:
            self._on_request(self._session.station)
        elif self._traced is not None and self._unseen:
            self._go_there(self._traced)

    def forget(self) -> None:
        """Nothing of the project before stays."""
        self.drop(_SECTIONS, _OFFER, _TRACE)
        self._sections, self._wish, self._weights = {}, None, None
        self._clear(t("tracing.page.hint"))
        self._page.offer_stations(())
        self._page.show_busy(busy=False)

    def _clear(self, message: str) -> None:
        self._traced, self._ordered, self._chosen, self._unseen = None, [], "", False
        self.files.take(None, ())
        self._page.show_nothing(message)
        self._suspects.show_suspects((), "")
        self._profile.show_nothing(message)
        self._paint()

    def refresh(self) -> None:
        """Read the sections, and trace again what is traced, in place."""
        project = self._project
        if project is not None:
            self.run(_SECTIONS, lambda _: sections_of(project), self._take_sections)

    def _take_sections(self, sections: Mapping[str, StationFacts]) -> None:
        self._sections = sections
        self._page.offer_stations(list(sections.values()))
        if self._traced is not None:
            request = self._traced.request
            wish = Wish(request.station, request.item, request.start, request.end)
            self._ask(wish, fresh=False)
        elif self._wish is not None:
            self.wish(self._wish)

    def take_over(self, former: "TracePresenter") -> None:
        """Trace again what was traced in the window before, ranked as it was there."""
        self._refresh_or_wait()
        if former.traced is None:
            return
        page, before = self._page, former._page  # noqa: SLF001  itself
        self._traced, self._chosen = former.traced, former.chosen
        self._weights = before.weights.weights
        page.set_range(before.km)
        page.set_faster(before.faster)

    # --- asking ---------------------------------------------------------------------------

    def can_trace(self, code: str) -> bool:
        """Whether a station or section has readings that can be traced."""
        return self._code_of(code) is not None

    def _code_of(self, code: str) -> str | None:
        """The code that readings stand under: its own, or that of the section's station."""
        if code in self._sections:
            return code
        return next((one.code for one in self._sections.values() if one.section == code), None)

    def wish(self, wish: Wish) -> None:
        """Trace from a section; what the wish leaves open is chosen by what exceeds."""
        self._wish = wish
        self._ask(wish, fresh=True)

    def _ask(self, wish: Wish, *, fresh: bool) -> None:
        """Find what can be traced; `fresh` goes to where it is, else all stays in its place."""
        facts, project = self._sections.get(self._code_of(wish.station) or ""), self._project
        if facts is None or project is None:
            if not fresh:
                self._clear(t("tracing.page.hint"))
            return
        self._page.show_busy(busy=True)
        self.run(
            _OFFER, lambda _: offer_of(project, facts, wish),
            lambda offer: self._take_offer(offer, fresh=fresh),
            failed=self._failed, stopped=self._stopped,
        )  # fmt: skip

    def _take_offer(self, offer: Offer, *, fresh: bool) -> None:
        page = self._page
        page.show_offer(offer)
        if fresh and self.is_open and self._session.station != offer.facts.code:
            self._session.show_station(offer.facts.code)
        if offer.chosen < 0:
            page.show_busy(busy=False)
            self._clear(t("tracing.page.no_event", station=offer.facts.name))
        else:
            self._run(fresh=fresh)

    def _on_request(
        self,
        station: str | None,
        item: str = "",
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        insist: bool = True,
    ) -> None:
        """Trace from a station; what is left open is chosen by what exceeded last.

        `insist`: on the item, even if it never exceeded.
        """
        if station is not None:
            self.open_page()
            self.wish(Wish(station, item, start, end, insist=insist))

    def trace(self) -> None:
        """Trace the event chosen within the range set."""
        self._run(fresh=False)

    def _run(self, *, fresh: bool) -> None:
        page, project = self._page, self._project
        event = page.exceedance
        if project is None or event is None:
            return
        known = self._traced is not None
        km = page.km if known else None
        request = Request(page.station, event.item, event.start, event.end, km, page.faster)
        page.show_busy(busy=True)
        self.run(
            _TRACE, lambda job: traced_of(project, request, job.tell),
            lambda found: self._take(found, fresh=fresh),
            failed=self._failed, stopped=self._stopped, label=t("tracing.page.running"),
        )  # fmt: skip

    def _stopped(self) -> None:
        self._page.show_busy(busy=False)

    def _failed(self, error: Exception) -> None:
        self._page.show_busy(busy=False)
        if isinstance(error, GridMapError):
            self._clear(str(error))
        else:
            self._jobs.failed.emit(error)

    # --- showing --------------------------------------------------------------------------

    def _take(self, traced: Traced, *, fresh: bool) -> None:
        page, words = self._page, traced.words
        first = self._traced is None
        self._traced, self._chosen = traced, "" if fresh else self._chosen
        page.show_busy(busy=False)
        page.show_event(words.title(), words.event_lines())
        page.set_range(words.answer.rules.limit_m / 1000.0)
        page.bracket.show_lines([Line("", words.speeds()), *words.bracket_lines()])
        if first:
            self._show_weights()
        elif self._weights is not None:
            page.weights.show_weights(self._weights)
            self._weights = None
        self._rank()
        if fresh and self.is_open:
            self._go_there(traced)
        else:
            self._unseen = self._unseen or fresh

    def _go_there(self, traced: Traced) -> None:
        """Bring the way of the water, the time and the moment of the event into view."""
        self._unseen = False
        view = upstream_view(traced.look, self._canvas_size(), 1.0)
        self._window.canvas.look(view)
        request = traced.request
        self.request("show_span", request.start - _BEFORE, request.end + _AFTER)
        self._session.show_moment(traced.words.answer.peak[1])
        self._show_moment()

    def _canvas_size(self) -> tuple[int, int]:
        return self._window.canvas.width(), self._window.canvas.height()

    def _show_weights(self) -> None:
        if self._traced is not None:
            rules = self._traced.words.answer.rules
            self._page.weights.show_weights({kind: rules.weight(kind) for kind in PartKind})

    def _reset(self) -> None:
        self._show_weights()
        self._rank()

    def _rank(self) -> None:
        """Rank by the sliders: scores are put together anew, nothing is read."""
        traced = self._traced
        if traced is None:
            return
        words = traced.words
        weights = self._page.weights.weights
        self._ordered = reweighed(words.answer.found.suspects, weights)
        message = "" if self._ordered else t("tracing.suspect.none")
        self._suspects.show_suspects(words.suspects(self._ordered), words.basis(), message)
        self.files.take(traced, tuple(self._ordered))
        codes = [one.source.code for one in self._ordered]
        self.choose(self._chosen if self._chosen in codes else next(iter(codes), ""))

    def choose(self, code: str) -> None:
        """Highlight a suspect in the list, on the map and in the profile; name its chiefs."""
        traced = self._traced
        if traced is None:
            return
        self._chosen = code
        one = next((s for s in self._ordered if s.source.code == code), None)
        self._suspects.choose(code)
        self._page.notice.show_lines(traced.words.notice_lines(one))
        profile = self._profile
        shown = profile.canvas.profile
        spot = None if one is None else one.source.spot
        kept = (
            shown is not None
            and shown.answer is traced.words.answer
            and (code == "" or code in {outlet.code for outlet in shown.outlets})
        )
        if not kept:
            moment = self._moment() or traced.words.answer.peak[1]
            profile.show_profile(profile_of(traced.words.answer, spot), moment)
        self._show_chosen(code)

    def _point(self, code: str) -> None:
        """The cursor is over a suspect of the list."""
        self._show_chosen(code or self._chosen)

    def _show_chosen(self, code: str) -> None:
        self._profile.show_numbers(self._numbers(), code)
        self._paint(code)

    def _numbers(self) -> dict[str, int]:
        return {one.source.code: number for number, one in enumerate(self._ordered, 1)}

    def _moment(self) -> datetime | None:
        return self._session.moment

    def _show_moment(self) -> None:
        traced = self._traced
        if traced is not None and self._profile.moment is not None:
            self._profile.show_moment(self._moment() or traced.words.answer.peak[1])

    # --- map ------------------------------------------------------------------------------

    def _look(self, code: str | None = None) -> UpstreamLook | None:
        if self._traced is None:
            return None
        chosen = self._chosen if code is None else code
        return self._traced.look.numbered(self._numbers(), chosen)

    def _paint(self, code: str | None = None) -> None:
        look = self._look(code)
        if look is None:
            self._claim.show_overlay(None)
            return

        def paint(painter: QPainter, viewport: Viewport) -> None:
            paint_upstream(painter, viewport, look)
            paint_hours(painter, viewport, look)

        self._claim.show_overlay(paint)

    def _on_click(self, lon: float, lat: float) -> bool:
        """A click on a number chooses the suspect."""
        look = self._look()
        if look is None:
            return False
        viewport = self._window.canvas.viewport
        x, y = viewport.px_of(lon, lat)
        for one in sorted(look.suspects, key=lambda suspect: suspect.number):
            px, py = viewport.to_px(*one.at)
            if (px - x) ** 2 + (py - y) ** 2 <= _CLICK_PX**2:
                self.choose(one.code)
                return True
        return False

    # --- on to the warning ----------------------------------------------------------------

    def _warn(self) -> None:
        if self._traced is not None:
            answer = self._traced.words.answer
            self.request("warn_from_spot", answer.found.event.spot, answer.peak[1])
