"""Siting: where the next stations buy most, with proof."""

from gridmap.manifest import Capability, Command, Title

MANIFEST = Capability(
    name="siting",
    title=Title("布点", "Siting"),
    uses=("locate", "rivers"),
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
