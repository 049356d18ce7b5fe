"""Binds the map: layers and panel, clicks, features, pin, position, base map."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from gridmap.app.data_page import status_title
from gridmap.app.dialogs import BaseMapDialog
from gridmap.app.main_window import MainWindow
from gridmap.app.marks import MARKS
from gridmap.app.opening import Opened
from gridmap.app.preferences import BaseMapChoice, Preferences
from gridmap.app.session import Feature, Session
from gridmap.domain.declaration import FieldDeclaration, FieldType, LayerDeclaration
from gridmap.domain.responsibility import Place, Verdict
from gridmap.domain.zones import zone_at
from gridmap.map.furniture import scale_text
from gridmap.map.hits import Hit
from gridmap.map.render import territory_extent
from gridmap.map.source import MapLayer
from gridmap.map.state import FeatureRef
from gridmap.map.tiles import MBTiles, TileError, TileSource, WebTiles
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
        self._on_mark: Callable[[int], None] | None = None
        self._first_listeners: list[Callable[[float, float], bool]] = []
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
        canvas.map_failed.connect(window.status.show_message)
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

    # --- layers ---------------------------------------------------------------------------

    def show_layers(self, opened: Opened, *, fit: bool) -> None:
        """Draw these layers and list them."""
        self._opened = opened
        self._styled = {}
        canvas = self._window.canvas
        canvas.set_layers(opened.layers, keep_visible=not fit)
        canvas.set_note(t("map.note.example") if opened.project.is_example else "")
        self._window.layer_panel.show_layers(
            canvas.layers,
            opened.project.declarations,
            canvas.state.visible,
            [str(problem) for problem in opened.project.catalogue.problems],
        )
        if fit:
            self.fit()
        self._on_viewport(canvas.viewport)

    def fit(self) -> None:
        """Show the whole territory."""
        canvas = self._window.canvas
        if self._opened is not None:
            canvas.fit(territory_extent(canvas.layers, self._opened.project.declarations))

    def _role(self, layer_id: str) -> str:
        if self._opened is None or layer_id not in self._opened.project.declarations:
            return ""
        return self._opened.project.declarations[layer_id].role

    def _on_viewport(self, viewport: Any) -> None:
        self._window.status.show_scale(scale_text(viewport))
        self._window.layer_panel.show_scale(viewport.scale_denominator)

    # --- questions ------------------------------------------------------------------------

    def listen(self, first: Callable[[float, float], bool]) -> None:
        """Ask `first(lon, lat)` before a click becomes a question; True keeps the click."""
        self._first_listeners.append(first)

    def _on_clicked(self, lon: float, lat: float) -> None:
        if any(first(lon, lat) for first in self._first_listeners):
            return
        if self._session.project is not None:
            self._session.ask(Place(lon, lat))

    def _on_features(self, hits: list[Hit]) -> None:
        """Show the topmost point feature under the click; areas are the verdict's business."""
        for hit in hits:
            if hit.layer_id == MARKS and self._on_mark is not None:
                self._on_mark(int(str(hit.key)))
                return
            if self._role(hit.layer_id) in _CARD_ROLES:
                self.show_feature(hit.layer_id, hit.key)
                return
        self._session.show_feature(None)

    def show_feature(self, layer_id: str, row: Any) -> None:
        """Show a feature's card and, for a station, its series."""
        if self._opened is None:
            return
        declaration = self._opened.project.declarations[layer_id]
        feature = feature_of(declaration, self._opened.frames[layer_id].loc[row])
        feature = replace(feature, rows=(*self.describe(feature.key), *feature.rows))
        self._session.show_feature(feature)
        if declaration.role in {"station", "section", "outlet"}:
            self._session.show_station(feature.key)

    def show_feature_again(self) -> None:
        """Show the present feature's card anew: what describes it has changed."""
        feature = self._session.feature
        if feature is not None and (row := self.row_of(feature.layer_id, feature.key)) is not None:
            self.show_feature(feature.layer_id, row)

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

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Pin with the tolerance around it; the owner outlined."""
        canvas = self._window.canvas
        if verdict is None:
            return
        place = verdict.place
        canvas.set_pin(place.lon, place.lat, verdict.basis.tolerance_m)
        row = None if verdict.owner is None else self.row_of("grid_units", verdict.owner.code)
        canvas.select([] if row is None else [FeatureRef("grid_units", row)])

    def clear(self) -> None:
        """Take pin and highlight away."""
        self._window.canvas.clear_pin()
        self._window.canvas.select([])

    # --- marks ----------------------------------------------------------------------------

    def show_marks(self, marks: MapLayer, on_mark: Callable[[int], None] | None = None) -> None:
        """Draw marks over the layers; `on_mark(row)` hears of clicks on one."""
        self._on_mark = on_mark
        self._set_layers([*self._project_layers(), marks])
        self._window.canvas.set_view_visible(marks.key, True)

    def clear_marks(self) -> None:
        """Take the marks away."""
        self._on_mark = None
        if any(layer.layer_id == MARKS for layer in self._window.canvas.layers):
            self._set_layers(self._project_layers())

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
        marks = [one for one in self._window.canvas.layers if one.layer_id == MARKS]
        self._set_layers([*self._project_layers(), *marks])

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
            self._window.status.show_message(str(error))
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
