"""The panels of the dock, one below the other, with one axis of time and one cursor."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gridmap.capabilities.readings.page.data import Panel, Pointed, pointed_at

if TYPE_CHECKING:
    from gridmap.capabilities.readings.page.plot import SeriesPlot

_LEAST_PANEL_PX: Final = 92
NO_EXTENT: Final = (0.0, 86_400.0)
"""First and last time where there is no series: a day."""


class SeriesStack(QScrollArea):
    """As many `SeriesPlot`s as are needed; where there is no room for all of them, they scroll.

    A plot is made when it is first needed: what draws it is large, and many never look at a series.

    Signals:
        pointed(number, Pointed or None): which panel is pointed at, and where.
        range_moved(start, end): other times are in sight, seconds since 1970 (UTC).
        selected(start, end): a span was selected; equal ends mean none.
        shifted(by): a whole span back (-1) or on (1) was asked for.
    """

    pointed = Signal(int, object)
    range_moved = Signal(float, float)
    selected = Signal(float, float)
    shifted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setObjectName("panelInner")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setWidget(inner)
        self._moving = False
        self._limits: bool | None = None
        self._selection: tuple[float, float] | None = None
        self._moment: float | None = None
        self._selecting: bool | None = None
        self.plots: list[SeriesPlot] = []

    @property
    def first(self) -> "SeriesPlot":
        """The uppermost plot."""
        self._make(1)
        return self.plots[0]

    @property
    def shown(self) -> list["SeriesPlot"]:
        """The plots that show something."""
        return [plot for plot in self.plots if plot.panel is not None]

    def show_panels(self, panels: tuple[Panel, ...]) -> None:
        """Show these; times stand below the last one."""
        self._make(len(panels))
        for place, plot in enumerate(self.plots):
            panel = panels[place] if place < len(panels) else None
            plot.show_panel(panel)
            plot.setVisible(panel is not None)
            plot.show_axis(shown=place == len(panels) - 1)
            # The last panel has its times below: as much room again for the line itself.
            self._column.setStretch(place, 5 if place == len(panels) - 1 else 4)
        for plot in self.shown:
            plot.let_move(*self.extent())
        self._line_up()

    def show_home(self, start: float, end: float) -> None:
        """Show a stretch in all panels."""
        self._all(lambda plot: plot.show_home(start, end))

    def show_range(self, start: float, end: float) -> None:
        """Show exactly these times in all panels."""
        self._all(lambda plot: plot.show_range(start, end))

    def arrange(self, size: QSize) -> None:
        """Take a size and lay out at once, without ever being seen: for pictures."""
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.resize(size)
        self.show()
        self._column.activate()
        for plot in self.shown:
            plot.arrange()

    def extent(self) -> tuple[float, float]:
        """From the first to the last time of all panels, in seconds since 1970 (UTC)."""
        ends = [plot.extent() for plot in self.shown] or [NO_EXTENT]
        return min(start for start, _ in ends), max(end for _, end in ends)

    def show_limits(self, *, shown: bool) -> None:
        """Lines of limits and bands of classes, or none."""
        self._limits = shown
        for plot in self.plots:
            plot.show_limits(shown=shown)
        self._line_up()

    def show_selection(self, span: tuple[float, float] | None) -> None:
        """Shade a span in all panels."""
        self._selection = span
        for plot in self.plots:
            plot.show_selection(span)

    def show_moment(self, at: float | None) -> None:
        """Mark the moment that the map shows in all panels."""
        self._moment = at
        for plot in self.plots:
            plot.show_moment(at)

    def let_select(self, *, on: bool) -> None:
        """Whether a plain drag selects instead of panning."""
        self._selecting = on
        for plot in self.plots:
            _let_select(plot, on=on)

    def draw(self, painter: QPainter, room: QRectF) -> None:
        """Paint the panels into a place, one below the other."""
        plots = self.shown
        total = sum(plot.height() for plot in plots) or 1
        top = room.top()
        for plot in plots:
            height = room.height() * plot.height() / total
            place = QRectF(room.left(), top, room.width(), height)
            keep = Qt.AspectRatioMode.IgnoreAspectRatio
            plot.render(painter, place, plot.viewport().rect(), keep)
            top += height

    def _line_up(self) -> None:
        """The same room for words at the right of all panels."""
        widest = max((plot.names.wanted_width() for plot in self.shown), default=0)
        for plot in self.shown:
            plot.give_names(widest)

    def _make(self, count: int) -> None:
        """Have at least so many plots, each as those before it were told to be."""
        while len(self.plots) < count:
            plot = self._made(len(self.plots))
            self.plots.append(plot)
            if self._limits is not None:
                plot.show_limits(shown=self._limits)
            if self._selecting is not None:
                _let_select(plot, on=self._selecting)
            plot.show_selection(self._selection)
            plot.show_moment(self._moment)

    def _made(self, place: int) -> "SeriesPlot":
        from gridmap.capabilities.readings.page.plot import (  # noqa: PLC0415  pyqtgraph is large
            SeriesPlot,
        )

        plot = SeriesPlot()
        plot.show_panel(None)
        plot.setVisible(False)
        plot.setMinimumHeight(_LEAST_PANEL_PX)
        plot.range_moved.connect(lambda start, end: self._follow(place, start, end))
        plot.pointed.connect(lambda pointed: self._point(place, pointed))
        plot.selected.connect(self.selected)
        plot.shifted.connect(self.shifted)
        self._column.addWidget(plot)
        return plot

    def _all(self, action: "Callable[[SeriesPlot], None]") -> None:
        self._moving = True
        try:
            for plot in self.shown:
                action(plot)
        finally:
            self._moving = False
        if self.shown:
            self.range_moved.emit(*self.first.span)

    def _follow(self, place: int, start: float, end: float) -> None:
        if self._moving or self.plots[place].panel is None:
            return
        mover = self.plots[place]
        self._all(lambda plot: None if plot is mover else plot.show_range(start, end))

    def _point(self, place: int, pointed: Pointed | None) -> None:
        for other, plot in enumerate(self.plots):
            if other != place and plot.course is not None:
                at = pointed_at(plot.course, pointed.at) if pointed else None
                plot.show_pointed(at)
        self.pointed.emit(place, pointed)


def _let_select(plot: "SeriesPlot", *, on: bool) -> None:
    plot.selecting = on
    shape = Qt.CursorShape.IBeamCursor if on else Qt.CursorShape.ArrowCursor
    plot.viewport().setCursor(shape)
