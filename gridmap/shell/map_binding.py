"""Binds the map: layers and panel, clicks, features, pin, position, base map."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from gridmap.core.declaration import FieldDeclaration, FieldType, LayerDeclaration
from gridmap.core.place import Place
from gridmap.core.zones import zone_at
from gridmap.map.furniture import scale_text
from gridmap.map.hits import Hit
from gridmap.map.render import territory_extent
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef
from gridmap.map.tiles import MBTiles, TileError, TileSource, WebTiles
from gridmap.shell.claims import Claim, Claims
from gridmap.shell.data_page import status_title
from gridmap.shell.dialogs import BaseMapDialog
from gridmap.shell.main_window import MainWindow
from gridmap.shell.marks import MARKS
from gridmap.shell.opening import Opened
from gridmap.shell.preferences import BaseMapChoice, Preferences
from gridmap.shell.session import Feature, Session
from gridmap.texts import pick, t

_CARD_ROLES = frozenset({
    "station", "section", "enterprise", "outlet", "sluice", "intake", "signboard", "place",
})  # fmt: skip
_CHINA = (60.0, 150.0, 0.0, 60.0)


class MapBinding:
    """Everything between canvas, layer panel, status bar and session."""

    def __init__(self, window: MainWindow, session: Session, preferences: Preferences) -> None:
        self._window, self._session, self._preferences = window, session, preferences
        self._opened: Opened | None = None
        self._claims = Claims(self._show_claimed)
        self._used = False
        self._hit_listeners: list[Callable[[list[Hit]], None]] = []
        self._styled: dict[str, MapLayer] = {}
        self.describe: Callable[[str], tuple[tuple[str, str], ...]] = lambda _: ()
        canvas, actions = window.canvas, window.named_actions
        canvas.clicked.connect(self._on_clicked)
        canvas.features_clicked.connect(self._on_features)
        canvas.cursor_moved.connect(self._show_cursor)
        canvas.cursor_left.connect(lambda: window.status.show_place("", ""))
        canvas.viewport_changed.connect(self._on_viewport)
        canvas.rendering.connect(window.status.show_drawing)
        canvas.measured.connect(window.status.show_message)
        canvas.tool_changed.connect(self._on_tool)
        canvas.map_failed.connect(window.notices.tell)
        window.layer_panel.visibility_changed.connect(canvas.set_view_visible)
        actions["zoom_in"].triggered.connect(canvas.zoom_in)
        actions["zoom_out"].triggered.connect(canvas.zoom_out)
        actions["full"].triggered.connect(self.fit)
        actions["back"].triggered.connect(canvas.back)
        actions["forward"].triggered.connect(canvas.forward)
        for name in ("distance", "area"):
            actions[name].triggered.connect(
                lambda on, tool=name: canvas.use_tool(tool if on else "identify")
            )
        self.use_basemap(preferences.basemap())
        window.page_changed.connect(self._claims.open)
        self._claims.open(window.open_page)

    def claim(self, owner: str) -> Claim:
        """What a page draws on the map, and its clicks; they are there while the page is open."""
        return self._claims.claim(owner)

    # --- layers ---------------------------------------------------------------------------

    def show_layers(self, opened: Opened, *, fit: bool) -> None:
        """Draw these layers and list them; those that stayed as they were keep their faces."""
        selected = [] if fit else self._selected()
        before = set() if self._opened is None else {id(layer) for layer in self._opened.layers}
        kept = {layer.key for layer in opened.layers if id(layer) in before}
        self._styled = {key: one for key, one in self._styled.items() if key in kept}
        there = set() if self._opened is None else {
            layer.layer_id for layer in self._opened.layers if len(layer)
        }  # fmt: skip
        self._opened = opened
        canvas = self._window.canvas
        # A layer that was not there before, or held nothing, is seen as its declaration says.
        fresh = {
            layer.key
            for layer in opened.layers
            if layer.view.visible and layer.layer_id not in there and len(layer)
        }
        canvas.set_layers([*self._project_layers(), *self._marks()], keep_visible=not fit)
        if not fit:
            canvas.set_visible(canvas.state.visible | fresh)
        canvas.set_note(t("map.note.example") if opened.project.is_example else "")
        self._list_layers()
        if fit:
            self.fit()
        rows = [(layer_id, self.row_of(layer_id, key)) for layer_id, key in selected]
        canvas.select(FeatureRef(layer_id, row) for layer_id, row in rows if row is not None)
        self._on_viewport(canvas.viewport)

    def _list_layers(self) -> None:
        opened, canvas = self._opened, self._window.canvas
        if opened is None:
            return
        self._window.layer_panel.show_layers(
            [layer for layer in canvas.layers if layer.layer_id != MARKS],
            opened.project.declarations,
            canvas.state.visible,
            [str(problem) for problem in opened.project.catalogue.problems],
        )

    def go_to(self, layer_id: str, keys: Collection[str]) -> bool:
        """Show a layer, whatever was hidden of it, and go to some of its features.

        Args:
            layer_id: of the project.
            keys: values of its key field.

        Returns:
            False while the map does not have these features yet.
        """
        if self._opened is None or layer_id not in self._opened.frames:
            return False
        frame = self._opened.frames[layer_id]
        known = frame[self._opened.project.declarations[layer_id].key].astype(str)
        rows = frame.index[known.isin(set(keys))]
        if len(rows) < len(set(keys)):
            return False
        canvas = self._window.canvas
        holding = [
            layer
            for layer in self._opened.layers
            if layer.layer_id == layer_id and any(row in layer.positions for row in rows)
        ]
        usual = [layer for layer in holding if layer.view.visible] or holding
        canvas.set_visible(canvas.state.visible | {layer.key for layer in usual})
        self._list_layers()
        canvas.fit_features([FeatureRef(layer_id, row) for row in rows])
        scale = canvas.viewport.scale_denominator
        limits = [layer.view.max_scale_denominator for layer in usual]
        if usual and not any(layer.shown_at(scale) for layer in usual):
            # Too far away for them to be drawn: as close as they are, at the first of them.
            first = next(layer for layer in usual if any(row in layer.positions for row in rows))
            row = next(row for row in rows if row in first.positions)
            box = first.bounds[first.positions[row]]
            middle = (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)
            nearest = max(limit for limit in limits if limit is not None)
            canvas.look(canvas.viewport.centred(*middle).at_scale(nearest))
        return True

    def _selected(self) -> list[tuple[str, str]]:
        """What is highlighted, by the value of its key field: rows move when data change."""
        if self._opened is None:
            return []
        found = []
        for ref in self._window.canvas.state.selection:
            frame = self._opened.frames.get(ref.layer_id)
            if frame is not None and ref.key in frame.index:
                key = self._opened.project.declarations[ref.layer_id].key
                found.append((ref.layer_id, str(frame.loc[ref.key, key])))
        return found

    def fit(self) -> None:
        """Show the whole territory."""
        canvas = self._window.canvas
        if self._opened is not None:
            layers, declarations = self._project_layers(), self._opened.project.declarations
            canvas.fit(territory_extent(layers, declarations))

    def _role(self, layer_id: str) -> str:
        if self._opened is None or layer_id not in self._opened.project.declarations:
            return ""
        return self._opened.project.declarations[layer_id].role

    def _on_viewport(self, viewport: Any) -> None:
        self._window.status.show_scale(scale_text(viewport))
        self._window.layer_panel.show_scale(viewport.scale_denominator)

    # --- questions ------------------------------------------------------------------------

    def hear_hits(self, listener: Callable[[list[Hit]], None]) -> None:
        """Call `listener` with the features under each click that no page used."""
        self._hit_listeners.append(listener)

    def _on_clicked(self, lon: float, lat: float) -> None:
        """The open page may use a click; then it neither asks nor selects anything."""
        self._used = self._claims.current.use_click(lon, lat)
        if not self._used and self._session.project is not None:
            self._session.ask(Place(lon, lat))

    def _on_features(self, hits: list[Hit]) -> None:
        """Show the topmost point feature under the click; areas are the verdict's business."""
        if self._used:
            return
        self._show_hit(hits)
        for listener in self._hit_listeners:
            listener(hits)

    def _show_hit(self, hits: list[Hit]) -> None:
        for hit in hits:
            if hit.layer_id == MARKS:
                self._claims.current.use_mark(int(str(hit.key)))
                return
            if self._role(hit.layer_id) in _CARD_ROLES:
                self.show_feature(hit.layer_id, hit.key)
                return
        self._session.show_feature(None)

    def show_feature(self, layer_id: str, row: Any) -> None:
        """Show a feature's card and, for a station, its series."""
        feature = self._feature(layer_id, row)
        self._session.show_feature(feature)
        if feature is not None and self._role(layer_id) in {"station", "section", "outlet"}:
            self._session.show_station(feature.key)

    def show_feature_again(self) -> None:
        """Show the present feature's card anew: what describes it has changed, or it is gone."""
        feature = self._session.feature
        if feature is not None:
            row = self.row_of(feature.layer_id, feature.key)
            again = None if row is None else self._feature(feature.layer_id, row)
            self._session.show_feature(again)

    def _feature(self, layer_id: str, row: Any) -> Feature | None:
        if self._opened is None:
            return None
        declaration = self._opened.project.declarations[layer_id]
        feature = feature_of(declaration, self._opened.frames[layer_id].loc[row])
        return replace(feature, rows=(*self.describe(feature.key), *feature.rows))

    def row_of(self, layer_id: str, key: str) -> Any:
        """The row of a feature by the value of its key field, None if there is none."""
        if self._opened is None or layer_id not in self._opened.frames:
            return None
        frame = self._opened.frames[layer_id]
        found = frame.index[frame[self._opened.project.declarations[layer_id].key] == key]
        return found[0] if len(found) else None

    def look_at(self, layer_id: str, key: str) -> None:
        """Bring a feature into view and show its card."""
        row = self.row_of(layer_id, key)
        if row is None:
            return
        self._window.canvas.fit_features([FeatureRef(layer_id, row)])
        self._window.canvas.select([FeatureRef(layer_id, row)])
        if self._role(layer_id) in _CARD_ROLES:
            self.show_feature(layer_id, row)
        else:
            self._session.show_feature(None)

    # --- answers --------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Put the pin where the question is."""
        self._window.canvas.set_pin(place.lon, place.lat, place.radius_m)

    def show_answer(self, place: Place, tolerance_m: float, layer_id: str, key: str) -> None:
        """Pin with the tolerance around it; the feature that answers is outlined, "" for none."""
        canvas = self._window.canvas
        canvas.set_pin(place.lon, place.lat, tolerance_m)
        row = self.row_of(layer_id, key) if key else None
        canvas.select([] if row is None else [FeatureRef(layer_id, row)])

    def clear(self) -> None:
        """Take pin and highlight away."""
        self._window.canvas.clear_pin()
        self._window.canvas.select([])

    # --- what belongs to a page -----------------------------------------------------------

    def _show_claimed(self) -> None:
        """Draw overlay and marks of the open page, and those of no other."""
        canvas, marks = self._window.canvas, self._marks()
        canvas.set_overlay(self._claims.current.overlay)
        if marks != [layer for layer in canvas.layers if layer.layer_id == MARKS]:
            self._set_layers([*self._project_layers(), *marks])
            for layer in marks:
                canvas.set_view_visible(layer.key, True)

    def _marks(self) -> list[MapLayer]:
        marks = self._claims.current.marks
        return [] if marks is None else [marks]

    # --- faces ----------------------------------------------------------------------------

    def layers_of(self, roles: Collection[str]) -> list[MapLayer]:
        """The project's views whose layer has one of the roles, as their declaration says."""
        if self._opened is None:
            return []
        return [layer for layer in self._opened.layers if self._role(layer.layer_id) in roles]

    def codes_of(self, layer: MapLayer) -> list[str]:
        """The value of the key field of each feature of a view."""
        if self._opened is None:
            return []
        declaration = self._opened.project.declarations[layer.layer_id]
        frame = self._opened.frames[layer.layer_id]
        return [str(code) for code in frame.loc[list(layer.keys), declaration.key]]

    def restyle(self, styled: Mapping[str, MapLayer]) -> None:
        """Draw these views instead of the project's own ones of the same key."""
        self._styled = dict(styled)
        self._set_layers([*self._project_layers(), *self._marks()])

    def _project_layers(self) -> list[MapLayer]:
        layers = [] if self._opened is None else self._opened.layers
        return [self._styled.get(layer.key, layer) for layer in layers]

    def _set_layers(self, layers: Sequence[MapLayer]) -> None:
        self._window.canvas.set_layers(layers, keep_visible=True)

    # --- cursor, tools, base map ----------------------------------------------------------

    def _show_cursor(self, lon: float, lat: float) -> None:
        west, east, south, north = _CHINA
        if not (west <= lon <= east and south <= lat <= north):
            self._window.status.show_place("", "")
            return
        zone = zone_at(lon)
        easting, northing = zone.to_metres(lon, lat)
        degrees = t("app.status.position", lon=f"{lon:.5f}", lat=f"{lat:.5f}")
        metres = t(
            "app.status.zone", zone=zone.number, northing=_grouped(float(northing)),
            easting=_grouped(float(easting)),
        )  # fmt: skip
        self._window.status.show_place(degrees, metres)

    def _on_tool(self, name: str) -> None:
        for tool in ("distance", "area"):
            self._window.named_actions[tool].setChecked(tool == name)

    def choose_basemap(self) -> None:
        """Ask for the base map to lay under the map."""
        dialog = BaseMapDialog(self._preferences.basemap(), self._window)

        def accepted() -> None:
            self._preferences.put_basemap(dialog.choice)
            self.use_basemap(dialog.choice)

        dialog.accepted.connect(accepted)
        dialog.open()

    def use_basemap(self, choice: BaseMapChoice) -> None:
        """Lay a base map under the map; what cannot be used says why and changes nothing."""
        try:
            source = _source(choice)
        except TileError as error:
            self._window.notices.tell(str(error))
            source, choice = None, BaseMapChoice()
        self._window.canvas.set_base_map(source)
        self._window.layer_panel.show_basemap(choice.name)


def _source(choice: BaseMapChoice) -> TileSource | None:
    if choice.file:
        return MBTiles(Path(choice.file))
    if choice.address:
        return WebTiles(choice.address, key=choice.key, attribution=choice.attribution)
    return None


def _grouped(metres: float) -> str:
    """Metres with a thin gap between thousands, as surveyors write them."""
    return f"{metres:,.1f}".replace(",", " ")


def feature_of(declaration: LayerDeclaration, row: Any) -> Feature:
    """What the card of a feature shows: declared fields with their titles; personal ones masked."""
    rows: list[tuple[str, str]] = []
    for name in declaration.card.fields:
        field = declaration.field(name)
        value = row[name]
        if pd.isna(value) or field.personal:
            continue
        titles = field.value_titles.get(str(value))
        shown = pick(titles.as_dict()) if titles else _shown(value, field)
        unit = f" {field.unit}" if field.unit else ""
        rows.append((pick(field.title.as_dict()), f"{shown}{unit}"))
    heading = str(row[declaration.card.heading])
    return Feature(declaration.id, str(row[declaration.key]), heading, tuple(rows))


def _shown(value: Any, field: FieldDeclaration) -> str:
    if field.name == "data_status":
        return status_title(str(value))
    if field.type is FieldType.REAL:
        return f"{float(value):g}"
    return str(value)
