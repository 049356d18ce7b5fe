"""Write the index of the documentation: `uv run docs/index.py`.

The pages of a capability come from its manifest, so that a new one stands in the index by itself.
"""

from pathlib import Path
from typing import Final

from gridmap.capabilities import capabilities
from gridmap.manifest import Title

HERE: Final = Path(__file__).resolve().parent
HOUSE: Final = (
    ("commands.md", Title("命令行与 Python", "command line and Python")),
    ("project-file.md", Title("项目文件里有什么", "what a project file holds")),
    ("add-a-layer.md", Title("加一个图层 = 加一个文件", "a new layer is a new file")),
    ("example.md", Title("示例：南湖区", "the example district")),
    ("speed.md", Title("速度：与同类的比值", "speed: ratios against peers")),
    ("architecture.md", Title("房间与机制", "rooms and mechanisms")),
    ("add-a-capability.md", Title("加一个功能 = 加一个文件夹", "a new capability is a new folder")),
    ("adr/", Title("为什么这样做", "why it is so, a page per decision")),
    ("screenshots/", Title("截图与生成脚本", "pictures, made by `make.py`")),
)


def index() -> str:
    """The index as Markdown."""
    rows = [page for one in capabilities() for page in one.docs]
    lines = ["# 文档 · Documentation", "", "| | |", "|---|---|"]
    lines += [f"| [{name}]({name}) | {one.zh} · {one.en} |" for name, one in (*rows, *HOUSE)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "README.md").write_text(index(), encoding="utf-8")
