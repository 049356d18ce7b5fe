"""The readings of stations: curves with limits and classes, statistics, import, export."""

from gridmap.manifest import Action, Capability, Command, Panel, Title

MANIFEST = Capability(
    name="readings",
    title=Title("监测读数", "Readings"),
    uses=("stations", "quality"),
    actions=(
        Action(
            "watch_folder",
            Title("守候文件夹…", "Watch a folder…"),
            "Ctrl+Shift+W",
            checkable=True,
            menu="open",
            order=40,
        ),
    ),
    panels=(Panel("series", Title("序列", "Series"), "F4", "series", order=30, side="below"),),
    commands=(
        Command(
            "readings",
            Title("监测读数：导入、导出、统计、检查", "readings: import, export, figures, checks"),
            order=130,
        ),
    ),
    presenters=(
        "presenter.dock:SeriesPresenter",
        "presenter.views:ViewsPresenter",
        "presenter.watching:FolderWatching",
    ),
    docs=(
        (
            "readings.md",
            Title(
                "读数：存储、修订规则、导入导出",
                "readings: store, rule of revisions, import, export",
            ),
        ),
    ),
)
