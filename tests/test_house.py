"""The house is built as its plan says (tests/house.py); import-linter holds the rooms, too."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from gridmap import capabilities as rooms
from gridmap import shipped
from gridmap.capabilities import capabilities, load
from tests import house

PACKAGE = Path(__file__).resolve().parent.parent / "gridmap"
MODULES = house.modules_of(PACKAGE, "gridmap")
KNOWN = {one.name: one for one in capabilities()}


def test_every_import_follows_the_plan() -> None:
    found = [fault for name, path in MODULES.items() for fault in house.faults(name, path, KNOWN)]
    assert found == []


def test_the_rules_and_the_ground_ask_no_clock_and_open_nothing() -> None:
    ground = [
        path for name, path in MODULES.items()
        if name.startswith(("gridmap.core", "gridmap.capabilities")) and _is_rule(name)
    ]  # fmt: skip
    assert len(ground) > 50
    assert [one for path in ground for one in house.asks(path)] == []


def test_the_rules_hold_no_text_for_people() -> None:
    for name, path in MODULES.items():
        if _is_rule(name):
            named = {one.module for one in house.imports_of(path)}
            assert "gridmap.texts" not in named, name


def _is_rule(name: str) -> bool:
    parts = name.split(".")
    if len(parts) < 2:
        return False
    return parts[1] == "core" or (len(parts) > 3 and parts[3] == "rules")


def test_what_manifests_name_is_there() -> None:
    pytest.importorskip("PySide6")
    for one in capabilities():
        named = [command.module for command in one.commands]
        named += [*one.presenters, *(["tables:METADATA"] if one.tables else [])]
        named += [*one.figures, *(reference for _, reference in one.offers)]
        for reference in named:
            assert load(one, reference) is not None, reference


def test_names_in_manifests_are_unique() -> None:
    pages = [page.name for one in capabilities() for page in (*one.pages, *one.panels)]
    keys = [a.keys for one in capabilities() for a in (*one.pages, *one.panels, *one.actions)]
    commands = [command.name for one in capabilities() for command in one.commands]
    for names in (pages, [key for key in keys if key], commands):
        assert len(names) == len(set(names))


def test_uses_are_what_is_imported() -> None:
    seen: dict[str, set[str]] = {one: set() for one in KNOWN}
    for name, path in MODULES.items():
        parts = name.split(".")
        if parts[1:2] != ["capabilities"] or len(parts) < 4:
            continue
        for one in house.imports_of(path):
            other = one.named.split(".")
            if other[:2] == ["gridmap", "capabilities"] and len(other) > 3:
                seen[parts[2]].add(other[2])
    assert {name: found - {name} for name, found in seen.items()} == {
        name: set(one.uses) for name, one in KNOWN.items()
    }


def test_the_toy_rules_see_a_fault(tmp_path: Path) -> None:
    bad = tmp_path / "rules.py"
    bad.write_text("import sqlite3\nfrom gridmap.store.project import Project\n", "utf-8")
    found = list(house.faults("gridmap.capabilities.locate.rules", bad, KNOWN))
    assert len(found) == 2
    bad.write_text(
        "from . import picture\nimport gridmap\nimport gridmap.capabilities.alerts\n", "utf-8"
    )
    found = list(house.faults("gridmap.capabilities.locate.rules", bad, KNOWN))
    assert len(found) == 3


def test_nobody_spins_the_event_loop_or_sleeps() -> None:
    found = []
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"processEvents", "sleep"}:
                found.append(f"{path.name}:{node.lineno} {node.attr}")
            if isinstance(node, ast.ExceptHandler) and [type(n) for n in node.body] == [ast.Pass]:
                found.append(f"{path.name}:{node.lineno} except: pass")
    assert found == []


def test_what_ships_is_there() -> None:
    assert list(shipped.layers_dir().glob("*.toml"))
    assert shipped.resource("fonts", "GridMapSansSC-Regular.otf").is_file()
    assert shipped.resource("texts", "zh_CN", "verdict.toml").is_file()
    assert (shipped.example_dir() / "nanhu.gridmap.gpkg").is_file()
    assert rooms.__path__


def test_every_dependency_is_used() -> None:
    """What is installed is imported somewhere, or waits for a reason that is told here."""
    waiting = {
        "folium": "the web map",
        "tzdata": "data that zoneinfo finds by itself",
    }
    names = {
        "PySide6-Essentials": "PySide6",
        "chinesecalendar": "chinese_calendar",
        "python-calamine": "python_calamine",
    }
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [re.split(r"[<>=!]", one)[0] for one in project["project"]["dependencies"]]
    used = {
        one.named.partition(".")[0] for path in MODULES.values() for one in house.imports_of(path)
    }
    assert {one for one in wanted if names.get(one, one) not in used} <= set(waiting)
