"""Who meets the target: sections, stations, rivers, units and chiefs over a period, ranked."""

from gridmap.manifest import Capability, Page, Title

MANIFEST = Capability(
    name="attainment",
    title=Title("达标与排名", "Attainment and ranking"),
    uses=("locate", "stations"),
    pages=(
        Page(
            "attainment",
            Title("达标", "Ranking"),
            "F10",
            "attainment",
            order=40,
            width=640,
            wide=True,
        ),
    ),
    presenters=("presenter:AttainmentPresenter",),
)
