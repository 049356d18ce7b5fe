"""The first page: open, new, recent; what a project holds, and what it still lacks."""

from gridmap.manifest import Action, Capability, Command, Page, Title

MANIFEST = Capability(
    name="projects",
    title=Title("项目", "Project"),
    actions=(
        Action("new_project", Title("新建项目…", "New project…"), "Ctrl+N", menu="open", order=5),
    ),
    pages=(
        Page("project", Title("项目", "Project"), "F12", "open", order=2, width=460, card=True),
    ),
    commands=(
        Command(
            "checklist",
            Title("项目有什么、还缺什么", "what a project holds and what it lacks"),
            module="command.checklist",
            order=30,
        ),
        Command(
            "template",
            Title("写一张空表，供别人填写", "write an empty table for others to fill in"),
            module="command.template",
            order=60,
        ),
    ),
    presenters=("presenter:ProjectsPresenter",),
    docs=(("new-project.md", Title("新建项目：顺序与空表", "a new project: order, templates")),),
)
