"""The rooms keep to themselves: what import-linter cannot say, read from the source."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridmap import shipped

PACKAGE = Path(__file__).resolve().parent.parent / "gridmap"
WIDGETS = ("PySide6.QtWidgets", "PySide6.QtPrintSupport", "pyqtgraph")
QT = ("PySide6", "shiboken6", "pyqtgraph")
NO_QT_ROOMS = ("domain", "project", "intake")
# Files and the machine. `datetime` is a value type; only asking it the time is not (CLOCKS).
NOT_IN_DOMAIN = (
    "sqlite3",
    "pathlib",
    "os",
    "io",
    "time",
    "random",
    "logging",
    "argparse",
    "shutil",
)
CLOCKS = {"now", "today", "utcnow"}
OPENERS = {"open", "print", "input"}


def modules(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((PACKAGE / room).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Full names of everything a module imports, at its top or later."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_one_of(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def title(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_widgets_and_plots_live_in_app_only() -> None:
    others = [path for path in sorted(PACKAGE.rglob("*.py")) if "app" not in path.parts]
    found = {
        title(path): name for path in others for name in imported(path) if is_one_of(name, WIDGETS)
    }
    assert found == {}


@pytest.mark.parametrize("room", NO_QT_ROOMS)
def test_a_room_without_qt(room: str) -> None:
    found = [title(p) for p in modules(room) if any(is_one_of(n, QT) for n in imported(p))]
    assert found == []


def test_texts_and_shipped_need_no_qt() -> None:
    for name in ("texts.py", "shipped.py", "__init__.py"):
        assert not any(is_one_of(one, QT) for one in imported(PACKAGE / name))


def test_the_rules_know_no_file_and_no_machine() -> None:
    found = {
        title(path): name
        for path in modules("domain")
        for name in imported(path)
        if is_one_of(name, NOT_IN_DOMAIN)
    }
    assert found == {}


def test_the_rules_ask_no_clock_and_open_nothing() -> None:
    found = []
    for path in modules("domain"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            asked = node.func
            if isinstance(asked, ast.Attribute) and asked.attr in CLOCKS:
                found.append(f"{title(path)}:{node.lineno} {asked.attr}")
            if isinstance(asked, ast.Name) and asked.id in OPENERS:
                found.append(f"{title(path)}:{node.lineno} {asked.id}")
    assert found == []


def test_the_rules_hold_no_text_for_people() -> None:
    found = [title(p) for p in modules("domain") if "gridmap.texts" in set(imported(p))]
    assert found == []


def test_nobody_spins_the_event_loop_or_sleeps() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"processEvents", "sleep"}:
                found.append(f"{title(path)}:{node.lineno} {node.attr}")
            if isinstance(node, ast.ExceptHandler) and [type(n) for n in node.body] == [ast.Pass]:
                found.append(f"{title(path)}:{node.lineno} except: pass")
    assert found == []


def test_what_ships_is_there() -> None:
    assert list(shipped.layers_dir().glob("*.toml"))
    assert shipped.resource("fonts", "GridMapSansSC-Regular.otf").is_file()
    assert shipped.resource("texts", "zh_CN", "verdict.toml").is_file()
    assert (shipped.example_dir() / "nanhu.gridmap.gpkg").is_file()


def test_every_dependency_is_used() -> None:
    """What is installed is imported somewhere, or waits for a reason that is told here."""
    waiting = {
        "folium": "the web map",
        "rtree": "editing on the map",
        "tzdata": "data that zoneinfo finds by itself",
    }
    names = {"PySide6-Essentials": "PySide6", "python-calamine": "python_calamine"}
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [re.split(r"[<>=!]", one)[0] for one in project["project"]["dependencies"]]
    used = {
        name.partition(".")[0] for path in sorted(PACKAGE.rglob("*.py")) for name in imported(path)
    }
    assert {one for one in wanted if names.get(one, one) not in used} <= set(waiting)
