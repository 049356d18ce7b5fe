"""Alerts: one per event, graded, already assigned; each step of the office is kept."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="alerts",
    title=Title("预警", "Alerts"),
    uses=("locate", "stations"),
    pages=(
        Page(
            "alerts",
            Title("预警", "Alerts"),
            "F9",
            "alerts",
            order=50,
            width=560,
            card=False,
            remembered=True,
        ),
    ),
    commands=(
        Command(
            "alerts",
            Title(
                "站点预警：列出、评估、处置，编辑规则",
                "station alerts: list, evaluate, act, edit rules",
            ),
            order=90,
        ),
    ),
    presenters=("presenter:AlertsPresenter",),
    tables=(("alert_rules", 2), ("alerts", 2), ("alert_steps", 2), ("alert_states", 2)),
    offers=(("station_rings", "work.rings:rings"),),
    docs=(("alerts.md", Title("预警：规则、评估、处置", "alerts: rules, evaluation, steps")),),
)
