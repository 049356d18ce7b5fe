"""Another program changes the project that is open in the window."""

import shutil
import subprocess
import sys

import pytest

from gridmap.store.example import shipped_example

ANOTHER = """
import sys
from gridmap.store import Project

with Project.open(sys.argv[1]) as project:
    print("open", flush=True)
    sys.stdin.readline()
    with project.change("rename", actor="李四") as change:
        change.set_setting("title", "别处改的名")
    print("done", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def another(tmp_path):
    """Another process that has the project open for writing."""
    path = tmp_path / "shared.gridmap.gpkg"
    shutil.copy(shipped_example(), path)
    process = subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "open\n"
    yield path, process
    process.communicate("\n")


def test_what_another_program_wrote_is_shown_without_a_click(another, desk):
    path, process = another
    mine = desk(path)
    page = mine.open_page("data")
    assert "李四" not in mine.cells(page)
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"
    mine.until(lambda: "李四" in mine.cells(page))
    assert mine.window.windowTitle().startswith("别处改的名")
