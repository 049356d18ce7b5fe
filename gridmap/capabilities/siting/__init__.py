"""Siting: where the next stations buy most, with proof."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="siting",
    title=Title("布点", "Siting"),
    uses=("locate", "rivers"),
    pages=(
        Page(
            "siting", Title("布点", "Siting"), "Ctrl+F12", "siting", order=75, width=330, card=False
        ),
    ),
    presenters=("presenter.siting:SitingPresenter",),
    commands=(
        Command(
            "site",
            Title(
                "下一批断面、站点放在哪里，各管多少",
                "where the next stations go, and what each buys",
            ),
            order=115,
        ),
    ),
    figures=("work.figures:SITING",),
    docs=(("siting.md", Title("布点：下一批站点与证明", "siting: the next stations, with proof")),),
)
