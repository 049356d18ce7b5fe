"""Where did it come from: likely sources of an exceedance, ranked, with every part of the score."""

from gridmap.capabilities.tracing.rules.brackets import Bracket, State, Trail
from gridmap.capabilities.tracing.rules.event import Event
from gridmap.capabilities.tracing.rules.scoring import (
    Part,
    PartKind,
    Source,
    Suspect,
    Trace,
    TraceRules,
    trace,
)

__all__ = [
    "Bracket",
    "Event",
    "Part",
    "PartKind",
    "Source",
    "State",
    "Suspect",
    "Trace",
    "TraceRules",
    "Trail",
    "trace",
]
