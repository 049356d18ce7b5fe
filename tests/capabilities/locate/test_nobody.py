"""A unit that is certain while nobody is there to whom it could be handed over."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from gridmap.store.example import shipped_example
from gridmap.store.project import Project

PLACE = "120.7512,30.7421"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "南湖.gridmap.gpkg"
    shutil.copy(shipped_example(), path)
    return path


def test_before_the_roster_begins_nothing_is_said_of_appointments(gridmap: Any) -> None:
    said = gridmap("locate", PLACE, "--on", "1990-01-01")
    assert "无记录（任职记录自 2024-03-01 起）" in said.out
    assert "从未任命" not in said.out
    assert "可直接交办" not in said.out
    assert not said.out.startswith("●")
    data = gridmap("locate", PLACE, "--on", "1990-01-01", "--json").data
    begins = data["chain"][0]["posts"][0]["begins"]
    assert "2024-01-01" <= begins < "2026-11-22"
    said = gridmap("locate", PLACE, "--on", begins)
    assert said.out.startswith("●")
    assert "可直接交办" in said.out


def test_with_every_post_vacant_nothing_can_be_handed_over(gridmap: Any, copy: Path) -> None:
    with Project.open(copy) as project, project.change("test") as change:
        posts = project.posts()
        posts["valid_to"] = "2025-12-31"
        change.put_posts(posts, replace_all=True)
    said = gridmap("locate", PLACE, "--on", "2026-11-22", "--project", copy)
    assert said.out.startswith("▲ 新兴街道 · 确定")
    assert "各岗位均空缺，没有可交办的人" in said.out
    assert "空缺（自 2026-01-01）" in said.out
    with Project.open(copy) as project, project.change("test") as change:
        change.put_posts(project.posts().iloc[:0], replace_all=True)
    said = gridmap("locate", PLACE, "--on", "2026-11-22", "--project", copy)
    assert "没有任何任职记录" in said.out
    assert "可直接交办" not in said.out
