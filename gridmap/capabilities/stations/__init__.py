"""Stations: what they are, which readings count, what class or AQI they show now or then."""

from gridmap.manifest import Action, Capability, Title

MANIFEST = Capability(
    name="stations",
    title=Title("站点", "Stations"),
    actions=(
        Action(
            "replay",
            Title("时间回放", "Replay"),
            "Ctrl+R",
            "replay",
            checkable=True,
            on_map=True,
            order=330,
        ),
    ),
    tables=(("series_exclusions", 2),),
    presenters=("presenter:StationsPresenter",),
    docs=(
        (
            "stations.md",
            Title("站点：类别、回放、达标与排名", "stations: classes, replay, attainment"),
        ),
        (
            "standards.md",
            Title("标准：表、取舍、与公布结果的一致", "standards: tables, choices, agreement"),
        ),
    ),
)
