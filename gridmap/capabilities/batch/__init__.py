"""A whole sheet at once: who is responsible for each row."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="batch",
    title=Title("批量定责", "Batch assignment"),
    uses=("locate",),
    pages=(Page("batch", Title("批量", "Batch"), "F5", "batch", order=110, width=640, wide=True),),
    commands=(
        Command(
            "assign",
            Title("把整张表逐行判定由谁负责", "say for every row of a sheet who is responsible"),
            order=30,
        ),
    ),
    presenters=("presenter.batch:BatchPresenter",),
    docs=(("assign.md", Title("批量定责", "batch assignment")),),
)
