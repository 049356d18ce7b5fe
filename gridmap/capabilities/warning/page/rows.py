"""The rows of the page of warnings, out of an answer."""

from gridmap.capabilities.warning.page.list import Row
from gridmap.capabilities.warning.picture import RAMP
from gridmap.capabilities.warning.rules import Arrival, TargetKind, band_of
from gridmap.capabilities.warning.words import SHOWN, arrival_words, call_words
from gridmap.capabilities.warning.work.warning import WarningAnswer
from gridmap.core.moments import HOUR_US
from gridmap.report.document import Tone
from gridmap.texts import t

_TONES = {Tone.BAD: "bad", Tone.WARN: "warn"}


def call_rows(answer: WarningAnswer) -> list[Row]:
    """The calls in order; phones masked."""
    rows = []
    for call in answer.calls:
        told = call_words(answer, call)
        dot = t("warning.dot")
        rows.append(
            Row(
                title=dot.join(filter(None, (told.post, told.name))),
                right=told.phone,
                second=dot.join(filter(None, (told.before, told.detail))),
                tone=_TONES.get(told.tone, ""),
                number=told.order,
            )
        )
    return rows


def arrival_rows(answer: WarningAnswer) -> list[Row]:
    """What is reached besides reaches, and the closed sluices that stop the water."""
    return [_row(answer, one) for one in answer.found.of(TargetKind.SLUICE, *SHOWN)]


def reach_rows(answer: WarningAnswer) -> list[Row]:
    """The reaches passed."""
    return [_row(answer, one) for one in answer.found.of(TargetKind.REACH)]


def _row(answer: WarningAnswer, one: Arrival) -> Row:
    told = arrival_words(answer, one)
    kind = one.target.kind
    tone = "bad" if told.urgent else "warn" if kind is TargetKind.SLUICE else ""
    start, until = answer.found.start, max(a.latest for a in answer.found.arrivals)
    whole = max(until - start, 1)
    bar = (
        (one.earliest - start) / whole,
        min(one.way.hours * HOUR_US / whole, 1.0),
        (one.latest - start) / whole,
    )
    return Row(
        title=told.name,
        right=told.window,
        second=t("warning.dot").join((told.kind, told.hours, told.distance)),
        tone=tone,
        bar=bar,
        ink=RAMP[band_of(one.way.hours)],
        key=(kind.value, one.target.code),
    )
