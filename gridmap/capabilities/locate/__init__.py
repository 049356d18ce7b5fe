"""Who is responsible here: one place, one day, one verdict with its reason."""

from gridmap.manifest import Action, Capability, Command, Panel, Title

MANIFEST = Capability(
    name="locate",
    title=Title("责任判定", "Verdict"),
    uses=("stations",),
    actions=(
        Action(
            "print_sheet",
            Title("打印判定单…", "Print sheet…"),
            "Ctrl+P",
            "print",
            menu="export",
            order=50,
        ),
        Action(
            "copy",
            Title("复制判定", "Copy verdict"),
            "Ctrl+Shift+C",
            "copy",
            menu="export",
            order=70,
        ),
        Action(
            "copy_json",
            Title("复制为 JSON", "Copy as JSON"),
            "Ctrl+Shift+J",
            menu="export",
            order=80,
        ),
        Action("find", Title("查找", "Find"), "Ctrl+F", "search", order=100),
        Action("clear", Title("清除判定", "Clear verdict"), "Ctrl+L", order=110),
    ),
    panels=(Panel("verdict", Title("定责", "Verdict"), "F3", "verdict", order=20),),
    commands=(
        Command(
            "locate", Title("判定一个地点由谁负责", "name who is responsible at a place"), order=20
        ),
    ),
    presenters=(
        "presenter.verdict:VerdictPresenter",
        "presenter.finder:Finder",
        "presenter.sheet:SheetPresenter",
    ),
    figures=("work.figures:RULES", "work.figures:PLACES"),
    offers=(("answer_in_words", "command:in_words"),),
    docs=(
        ("rule.md", Title("责任判定规则，一页", "the rule, on one page")),
        ("json.md", Title("`--json` 的每个键", "every key of the JSON forms")),
    ),
)
