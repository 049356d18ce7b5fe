"""What a start of the program loads, seen from outside: in a process of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gridmap import shipped

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = """
import json, sys
from gridmap.cli import run
try:
    code = run(sys.argv[1:])
except SystemExit as end:
    code = end.code
loaded = sorted({name.partition(".")[0] for name in sys.modules} | {"code=%s" % (code or 0)})
print(json.dumps(loaded), file=sys.stderr)
"""
HEAVY = {
    "PySide6", "folium", "geopandas", "numba", "numpy", "openpyxl", "pandas", "pyarrow",
    "pydantic", "pyogrio", "pypinyin", "pyproj", "pyqtgraph", "python_calamine", "scipy",
    "shapely", "sqlalchemy", "sqlite3",
}  # fmt: skip


def loaded_by(*arguments: str) -> set[str]:
    """The top-level packages that a process has loaded when it ends with exit code 0."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "code=0" in loaded
    return loaded


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("river", "--help"), ("readings", "--help")]
)
def test_version_and_help_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) & HEAVY == set()


def test_one_place_needs_no_compiler_and_no_tables() -> None:
    loaded = loaded_by("locate", "120.85,30.72", "--json")
    assert loaded & {
        "PySide6", "folium", "numba", "openpyxl", "pyogrio", "pypinyin",
        "pyqtgraph", "python_calamine", "scipy", "sqlalchemy",
    } == set()  # fmt: skip


def test_the_window_opens_without_what_is_needed_later(tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    project = shutil.copy(shipped.example_dir() / "nanhu.gridmap.gpkg", tmp_path / "own.gpkg")
    loaded = loaded_by(str(project), "--screenshot", str(tmp_path / "window.png"))
    assert (tmp_path / "window.png").stat().st_size > 10_000
    assert loaded & {"folium", "numba", "pyqtgraph", "scipy", "sqlalchemy"} == set()
