"""What a dock shows as a saved view, and back."""

from collections.abc import Callable
from datetime import datetime

from gridmap.capabilities.readings.page.head import SeriesHead
from gridmap.capabilities.readings.page.stretch import Span
from gridmap.capabilities.readings.work.views import SavedView
from gridmap.core.moments import ZONE
from gridmap.texts import t


def kept(head: SeriesHead, station: str, items: tuple[str, ...], asked: Span | None) -> SavedView:
    """What the head has chosen for a station; `asked` is a stretch of one's own."""
    first, last = (
        (None, None) if asked is None else (datetime.fromtimestamp(one, ZONE) for one in asked)
    )
    compare = head.compare
    return SavedView(
        station, items, head.mode, head.spans.name, first, last,
        compare.last_year.isChecked(), compare.upstream.isChecked(), compare.others,
    )  # fmt: skip


def tick(head: SeriesHead, view: SavedView, show_span: Callable[[datetime, datetime], None]) -> str:
    """Choose in the head what a view has, as far as it is offered; nothing is read.

    Returns:
        What is not there any more, "" if everything is.
    """
    head.show_mode(view.mode)
    compare = head.compare
    compare.tick(last_year=view.last_year, upstream=view.upstream, others=view.others)
    if view.first is not None and view.last is not None:
        show_span(view.first, view.last)
    else:
        head.spans.choose(view.span)
    gone = [item for item in view.items if item not in head.items.offered]
    gone += [code for code in view.others if code not in compare.others]
    return t("series.view.gone", names=t("series.comma").join(gone)) if gone else ""
