"""Binds the search box: coordinates in any notation, names, codes, pinyin."""

from collections.abc import Callable

from gridmap.capabilities.locate.work.phrases import Placed, Places
from gridmap.capabilities.locate.work.placing import Found, PlaceError, coordinates_in, found_at
from gridmap.core.notation import looks_like_coordinates
from gridmap.core.search import Hit, SearchIndex
from gridmap.core.zones import Zone, zone_at
from gridmap.shell.presenter import Presenter, Shell
from gridmap.stopping import Job
from gridmap.texts import has, pick, t

_CLOSE_UP = 25_000.0
_SEARCH = "search"


class Finder(Presenter):
    """From what is typed to a question."""

    name = "find"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._index = SearchIndex(())
        self._places: Places | None = None
        self.on_found: Callable[[str, str], None] = lambda _layer, _key: None
        self._box = shell.window.top.search
        self._box.typed.connect(self._on_typed)
        self._box.entered.connect(self._on_entered)
        self._box.chosen.connect(self._on_chosen)
        shell.window.top.datum_chosen.connect(self._on_datum)
        shell.window.named_actions["find"].triggered.connect(self._focus)

    def forget(self) -> None:
        """Nothing of the project before is found any more."""
        self.drop(_SEARCH)
        self._index, self._places = SearchIndex(()), None
        self._box.hide_hits()

    def use(self, places: Places) -> None:
        """Search among these places from now on."""
        self._index, self._places = places.index, places

    def _focus(self) -> None:
        self._box.setFocus()
        self._box.selectAll()

    def _on_datum(self, datum: object) -> None:
        self._session.datum = datum  # type: ignore[assignment]

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
        index = self._index
        self.run(_SEARCH, lambda _: index.find(text), lambda hits: self._show_hits(text, hits))

    def _show_hits(self, text: str, hits: list[Hit]) -> None:
        if text != self._box.text():
            return
        if hits:
            self._box.show_hits(hits, [self._describe(hit) for hit in hits])
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
        index, places = self._index, self._places
        self._box.cancel_typing()

        def work(_: Job) -> tuple[list[Hit], Placed | None]:
            hits = index.find(text)
            if hits or places is None:
                return hits, None
            return hits, places.find(text)

        self.run(_SEARCH, work, lambda found: self._enter_hits(text, *found))

    def _enter_coordinates(self, text: str) -> None:
        try:
            found = self._coordinates(text)
        except PlaceError as error:
            self._box.show_note(str(error))
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
            self._box.show_note(t("answer.place.unknown", text=text))
        elif len(best) == 1 or best[0].entry.weight > best[1].entry.weight:
            self._on_chosen(hits[0])
            self._box.hide_hits()
        else:
            self._box.show_hits(hits, [self._describe(hit) for hit in hits])

    def _on_chosen(self, hit: Hit) -> None:
        entry = hit.entry
        self._map.look_at(entry.layer_id, entry.key)
        self._session.ask(found_at(hit, entry.name).place)
        self.on_found(entry.layer_id, entry.key)
