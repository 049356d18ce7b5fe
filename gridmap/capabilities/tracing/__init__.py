"""Tracing: from an exceedance upstream to its likely sources, with the chief of each reach."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="tracing",
    title=Title("溯源", "Tracing"),
    uses=("locate", "stations", "alerts", "rivers"),
    pages=(Page("trace", Title("溯源", "Trace"), "F11", "trace", order=60, width=310, card=False),),
    commands=(
        Command(
            "trace",
            Title("从超标断面向上游溯源", "trace an exceedance upstream to its likely sources"),
            order=100,
        ),
    ),
    presenters=("presenter.trace:TracePresenter",),
    figures=("work.figures:TRACING",),
    docs=(
        ("trace.md", Title("溯源：评分是什么、不是什么", "tracing: what a score is and is not")),
    ),
)
