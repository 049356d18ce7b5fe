"""Rivers: the network made of drawn lines, and one file per river."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="rivers",
    title=Title("河流", "Rivers"),
    uses=("locate", "stations", "attainment", "alerts"),
    pages=(
        Page(
            "river",
            Title("一河一档", "River file"),
            "Ctrl+F10",
            "river",
            order=90,
            width=640,
            wide=True,
        ),
        Page("network", Title("河网", "Network"), "Ctrl+F9", "network", order=100, card=False),
    ),
    commands=(
        Command(
            "river",
            Title("河流：一河一档、河长公示牌", "rivers: file per river, signboards"),
            order=120,
        ),
    ),
    presenters=("presenter.file:RiverPresenter", "presenter.network:NetworkPresenter"),
    figures=("work.figures:CHIEFS", "work.figures:VELOCITY"),
    docs=(
        (
            "river-network.md",
            Title("河网：由线到网", "the network: from lines to water that flows"),
        ),
        ("river-file.md", Title("一河一档、公示牌", "one file per river, signboards")),
    ),
)
