"""Warning: what a spill reaches downstream, when, and whom to call."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="warning",
    title=Title("下游预警", "Downstream warning"),
    uses=("locate", "rivers"),
    pages=(
        Page(
            "warn", Title("下游预警", "Warn"), "Ctrl+F11", "warn", order=70, width=430, card=False
        ),
    ),
    commands=(
        Command(
            "warn",
            Title(
                "从一处向下游预警：到达、时段、通知名单",
                "warn downstream of a place: arrivals, windows, whom to call",
            ),
            order=110,
        ),
    ),
    presenters=("presenter:WarningPresenter",),
    figures=("work.figures:WARNING",),
    docs=(("warning.md", Title("下游预警：到达、名单", "downstream warning: arrivals, calls")),),
)
