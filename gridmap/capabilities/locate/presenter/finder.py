"""Binds the search box: coordinates in any notation, names, codes, pinyin."""

from collections.abc import Callable
from dataclasses import dataclass

from gridmap.capabilities.locate.page.search_bar import SearchBar
from gridmap.capabilities.locate.work.answering import RULE_READS, responsibility_of
from gridmap.capabilities.locate.work.phrases import Placed, Places, places_of
from gridmap.capabilities.locate.work.placing import Found, PlaceError, coordinates_in, found_at
from gridmap.core.datum import Datum
from gridmap.core.place import Place
from gridmap.core.quoted_places import looks_like_coordinates
from gridmap.core.search import Hit, SearchIndex
from gridmap.core.zones import Zone, zone_at
from gridmap.report import wording
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.store.changes import EVERY, roles
from gridmap.store.project import Project
from gridmap.texts import current_language, has, pick, t

_CLOSE_UP = 25_000.0
_SEARCH, _READY = "search", "ready"


@dataclass(frozen=True)
class Ready:
    """What is at hand once the map is seen: places to search, types of problem (id, zh, en)."""

    places: Places
    problems: tuple[tuple[str, str, str], ...]


def ready_of(project: Project) -> Ready:
    """Build the rule and the search index, unless they are at hand. Any thread."""
    problems = responsibility_of(project).problems.values()
    titles = tuple((duty.problem, duty.title_zh, duty.title_en) for duty in problems)
    return Ready(places_of(project), titles)


class Finder(Presenter):
    """From what is typed to a question."""

    name = "find"
    reads = RULE_READS | roles(EVERY)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._index = SearchIndex(())
        self._places: Places | None = None
        bar = SearchBar()
        shell.window.top.put_middle(bar)
        self._box = bar.box
        self._box.typed.connect(self._on_typed)
        self._box.entered.connect(self._on_entered)
        self._box.chosen.connect(self._on_chosen)
        bar.datum_chosen.connect(self._on_datum)
        bar.show_datum(shell.session.datum)
        shell.session.asked.connect(self._on_asked)
        shell.session.refused.connect(lambda _reason, place: self._keep_text_of(place))
        shell.window.named_actions["find"].triggered.connect(self._focus)
        shell.window.named_actions["clear"].triggered.connect(self._box.clear)

    def forget(self) -> None:
        """Nothing of the project before is found any more."""
        self.drop(_SEARCH, _READY)
        self._index, self._places = SearchIndex(()), None
        self._box.hide_hits()

    def refresh(self) -> None:
        """Build the rule and the search index, after the map is seen; then search among them."""
        project = self._project
        if project is not None:
            self.run(_READY, lambda _: ready_of(project), self._use, label=t("app.job.searching"))

    def _use(self, ready: Ready) -> None:
        self._index, self._places = ready.places.index, ready.places
        english = current_language() == "en"
        problems = [(key, en if english else zh) for key, zh, en in ready.problems]
        self.request("offer_problems", problems, self._session.problem)

    def _focus(self) -> None:
        self._box.setFocus()
        self._box.selectAll()

    def _on_datum(self, datum: Datum) -> None:
        """What is typed is read in the other datum; a batch has its own."""
        self._session.datum = datum
        place, text = self._session.place, self._box.text()
        if place is not None and place.datum is not None and place.text == text:
            self._enter_coordinates(text)
        elif text and self._box.hits_shown:
            self._on_typed(text)

    def _on_asked(self) -> None:
        self._keep_text_of(self._session.place)

    def _keep_text_of(self, place: Place | None) -> None:
        """The box says what was asked, or nothing; what is being refused just now stays."""
        if place is not None and place.text != self._box.text():
            self._box.clear()

    def _refuse(self, reason: str) -> None:
        """Say why, in the list and on the card: no answer of before stays beside the text."""
        self._box.show_note(reason)
        self._session.ask_nothing(reason)

    def _zone(self) -> Zone:
        """The zone for metres without prefix: that of the map's middle."""
        viewport = self._window.canvas.viewport
        lon, _ = viewport.lonlat_at(viewport.width / 2, viewport.height / 2)
        return zone_at(lon)

    def _coordinates(self, text: str) -> Found:
        return coordinates_in(text, datum=self._session.datum, zone=self._zone())

    def _on_typed(self, text: str) -> None:
        if looks_like_coordinates(text):
            try:
                found = self._coordinates(text)
            except PlaceError as error:
                self._box.show_note(str(error))
                return
            shown = f"{found.place.lon:.6f}, {found.place.lat:.6f}"
            self._box.show_note(t("app.hit.coordinates", text=shown))
            return
        self._look(text, lambda found: self._show_hits(text, *found))

    def _look(self, text: str, take: Callable[[tuple[list[Hit], Placed | None]], None]) -> None:
        """What a text means, for suggestions and Enter alike: names, else a place in words."""
        index, places = self._index, self._places

        def work(_: Job) -> tuple[list[Hit], Placed | None]:
            hits = index.find(text)
            if hits or places is None:
                return hits, None
            return hits, places.find(text)

        self.run(_SEARCH, work, take)

    def _show_hits(self, text: str, hits: list[Hit], placed: Placed | None) -> None:
        if text != self._box.text():
            return
        offered = hits or list(placed.candidates if placed is not None else ())
        if placed is not None and placed.place is not None:
            radius = wording.distance(placed.place.radius_m)
            self._box.show_note(t("app.hit.place", text=text, radius=radius))
        elif offered:
            self._box.show_hits(offered, [self._describe(hit) for hit in offered])
        else:
            self._box.show_note(t("app.hit.nothing", text=text))

    def _describe(self, hit: Hit) -> str:
        """What kind of thing a hit is, and its first code."""
        entry, kind = hit.entry, ""
        if self._project is not None:
            declaration = self._project.declarations[entry.layer_id]
            kind = pick(declaration.title.as_dict())
            if has(f"verdict.tier.{entry.kind}"):
                kind = t(f"verdict.tier.{entry.kind}")
        return "  ".join(part for part in (kind, *entry.codes[:1]) if part)

    def _on_entered(self, text: str) -> None:
        if looks_like_coordinates(text):
            self._enter_coordinates(text)
            return
        self._box.cancel_typing()
        self._look(text, lambda found: self._enter_hits(text, *found))

    def _enter_coordinates(self, text: str) -> None:
        try:
            found = self._coordinates(text)
        except PlaceError as error:
            self._refuse(str(error))
            return
        self._box.hide_hits()
        if found.swapped:
            self.say(t("app.card.swapped"))
        self._window.canvas.centre_on(found.place.lon, found.place.lat, _CLOSE_UP)
        self._session.show_feature(None)
        self._session.ask(found.place)

    def _enter_hits(self, text: str, hits: list[Hit], placed: Placed | None) -> None:
        """Enter takes a single best hit; several of the same rank are offered.

        A text that is no name may still be a place in words, with its radius.
        """
        best = [hit for hit in hits if hits and hit.match == hits[0].match]
        if placed is not None and placed.place is not None:
            self._box.hide_hits()
            self._session.show_feature(None)
            self._window.canvas.centre_on(placed.place.lon, placed.place.lat, _CLOSE_UP)
            self._session.ask(placed.place)
        elif placed is not None and placed.candidates:
            offered = list(placed.candidates)
            self._box.show_hits(offered, [self._describe(hit) for hit in offered])
        elif not hits:
            self._refuse(t("answer.place.unknown", text=text))
        elif len(best) == 1 or best[0].entry.weight > best[1].entry.weight:
            self._on_chosen(hits[0])
            self._box.hide_hits()
        else:
            self._box.show_hits(hits, [self._describe(hit) for hit in hits])

    def _on_chosen(self, hit: Hit) -> None:
        entry = hit.entry
        self._map.look_at(entry.layer_id, entry.key)
        self._session.ask(found_at(hit, entry.name).place)
        self.request("show_river", entry.layer_id, entry.key)
