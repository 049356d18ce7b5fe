"""Whether the readings are true, exact and complete: findings beside them, never over them."""

from gridmap.manifest import Capability, Page, Title

MANIFEST = Capability(
    name="quality",
    title=Title("数据质量", "Data quality"),
    uses=("stations",),
    pages=(
        Page(
            "quality",
            Title("质量", "Quality"),
            "F8",
            "quality",
            order=80,
            width=640,
            wide=True,
            dock=True,
        ),
    ),
    presenters=("presenter:QualityPresenter",),
    tables=(("series_findings", 2),),
    figures=("work.figures:QUALITY",),
    docs=(
        ("quality.md", Title("数据质量：检查、标记、剔除", "quality: checks, flags, exclusions")),
    ),
)
