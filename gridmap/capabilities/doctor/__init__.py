"""The import doctor: what is in other people's files, what is wrong, what to do about it."""

from gridmap.manifest import Capability, Command, Page, Title

MANIFEST = Capability(
    name="doctor",
    title=Title("导入医生", "Import doctor"),
    pages=(
        Page("import", Title("导入", "Import"), "F7", "import", order=120, width=640, wide=True),
    ),
    commands=(
        Command("import", Title("把文件导入一个图层", "import a file into a layer"), order=70),
    ),
    presenters=("presenter:DoctorPresenter",),
    docs=(("import.md", Title("导入：格式、检查、建议", "import: formats, checks, proposals")),),
)
