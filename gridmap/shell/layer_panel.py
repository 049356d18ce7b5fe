"""The layer panel: every view with its symbol, its count, and why it is not seen."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridmap.core.declaration import LayerDeclaration, View
from gridmap.map.legend import swatch
from gridmap.map.source import MapLayer
from gridmap.shell.pieces import clear, heading, quiet
from gridmap.texts import pick, t

_SWATCH = QSize(28, 17)


class LayerPanel(QWidget):
    """Checkboxes over the views. Emits intent; `show_layers` and `show_scale` set it.

    Signals:
        visibility_changed(key, visible): the user switched a view (`layer_id/view_id`).
        basemap_wanted(): the user wants to choose a base map.
    """

    visibility_changed = Signal(str, bool)
    basemap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidePanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows: dict[str, tuple[QCheckBox, QLabel, MapLayer]] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        inner = QWidget()
        inner.setObjectName("panelInner")
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 10, 12)
        column.addWidget(heading(t("app.panel.layers")))
        column.addLayout(self._list)
        column.addSpacing(8)
        self._basemap = QPushButton()
        self._basemap.setToolTip(t("app.panel.basemap"))
        self.show_basemap("")
        self._basemap.clicked.connect(self.basemap_wanted)
        column.addWidget(self._basemap)
        self._problems = QVBoxLayout()
        column.addLayout(self._problems)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def show_layers(
        self,
        layers: Sequence[MapLayer],
        declarations: Mapping[str, LayerDeclaration],
        visible: frozenset[str],
        problems: Sequence[str] = (),
    ) -> None:
        """List these layers, topmost first, views without data last."""
        clear(self._list)
        clear(self._problems)
        self._rows.clear()
        present = {layer.key for layer in layers}
        for layer in sorted(layers, key=lambda one: -one.view.order):
            self._add_row(layer, checked=layer.key in visible)
        for declaration in declarations.values():
            for view in declaration.views:
                if f"{declaration.id}/{view.id}" not in present:
                    self._add_absent(view)
        if any(declarations[layer.layer_id].role == "station" for layer in layers):
            self._list.addWidget(quiet(t("standing.key")))
        if not layers:
            self._list.addWidget(quiet(t("app.panel.empty")))
        for problem in problems:
            told = quiet(t("app.panel.broken_file", problem=problem))
            told.setObjectName("bad")
            self._problems.addWidget(told)

    def show_scale(self, denominator: float) -> None:
        """Say which views the present scale (1 : denominator) hides."""
        for box, note, layer in self._rows.values():
            limit = layer.view.max_scale_denominator
            hidden = not layer.shown_at(denominator) and limit is not None
            note.setVisible(hidden and box.isChecked())
            if hidden:
                note.setText(t("app.panel.beyond_scale", scale=f"{limit:,.0f}"))

    def show_basemap(self, name: str) -> None:
        """Name the base map in use; empty for none."""
        metrics = self._basemap.fontMetrics()
        shown = name or t("app.panel.basemap_none")
        text = t("app.panel.basemap_button", name=shown)
        self._basemap.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, 170))

    def _add_row(self, layer: MapLayer, *, checked: bool) -> None:
        box = QCheckBox(pick(layer.view.title.as_dict()))
        box.setChecked(checked)
        box.setIcon(QIcon(QPixmap.fromImage(swatch(layer.view, layer.geometry, 2.0))))
        box.setIconSize(_SWATCH)
        box.toggled.connect(lambda on, key=layer.key: self.visibility_changed.emit(key, on))
        count = QLabel(f"{len(layer):,}")
        count.setObjectName("quiet")
        row = QHBoxLayout()
        row.addWidget(box, 1)
        row.addWidget(count)
        note = quiet("")
        note.setContentsMargins(26, 0, 0, 2)
        note.hide()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(note)
        self._list.addWidget(holder)
        self._rows[layer.key] = (box, note, layer)

    def _add_absent(self, view: View) -> None:
        box = QCheckBox(pick(view.title.as_dict()))
        box.setEnabled(False)
        reason = QLabel(t("app.panel.no_data"))
        reason.setObjectName("quiet")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 1, 0, 1)
        line.addWidget(box, 1)
        line.addWidget(reason)
        self._list.addWidget(row)
