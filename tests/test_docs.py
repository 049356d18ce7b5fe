"""The documentation tells the truth: links lead somewhere, examples print what they say."""

import importlib.util
import io
import os
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from gridmap import cli

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
READMES = ("README.md", "README.en.md")
COMMANDS = "docs/commands.md"
CELL = re.compile(r"(?<!\\)\|(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(REPOSITORY).as_posix() for path in paths]


@pytest.mark.parametrize("page", names(PAGES))
def test_links_lead_somewhere(page: str) -> None:
    path = REPOSITORY / page
    links = LINK.findall(path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("page", READMES)
def test_the_answer_shown_is_the_answer_given(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDMAP_LANG", "zh_CN")
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    (block,) = re.findall(r"```console\n\$ uv run gridmap (.*?)```", text, re.DOTALL)
    command, *shown = block.splitlines()
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert cli.run(shlex.split(command)) == 0
    printed = out.getvalue().splitlines()
    wanted = [line for line in shown if line.strip() not in {"", "…"}]
    assert [line for line in wanted if line not in printed] == []


def test_the_python_shown_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    text = (REPOSITORY / COMMANDS).read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(code, COMMANDS, "exec"), {})  # noqa: S102  the example itself is under test
    said = re.findall(r"^ +# (.*)$", code, re.MULTILINE)
    assert out.getvalue().splitlines() == said


def test_every_command_shown_exists() -> None:
    text = (REPOSITORY / COMMANDS).read_text(encoding="utf-8")
    parser = cli.build_parser()
    lines = re.findall(r"^uv run gridmap (.*)$", text, re.MULTILINE)
    assert len(lines) > 20
    for line in lines:
        options = parser.parse_args(cli.normalise(shlex.split(line, comments=True)))
        assert callable(options.run)


def test_both_readmes_have_the_same_parts() -> None:
    parts = [
        len(re.findall(r"^## ", (REPOSITORY / page).read_text(encoding="utf-8"), re.MULTILINE))
        for page in READMES
    ]
    assert parts[0] == parts[1] > 5


@pytest.mark.parametrize("page", names(PAGES))
def test_tables_are_tables(page: str) -> None:
    """Every run of lines with bars has a head, a rule below it, and rows of the same width."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    runs = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
    for run in runs:
        rows = [CELL.split(line.strip().strip("|")) for line in run.splitlines()]
        assert len(rows) > 2, run
        assert all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in rows[1]), run
        assert {len(row) for row in rows} == {len(rows[0])}, run


def test_the_index_is_that_of_today() -> None:
    spec = importlib.util.spec_from_file_location("docs_index", REPOSITORY / "docs" / "index.py")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    assert written == module.index(), "run `uv run docs/index.py`"


def test_every_page_of_documentation_is_in_the_index() -> None:
    written = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (REPOSITORY / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in written} == set()


def test_no_lock_file_and_no_index_address() -> None:
    """The program installs from wherever the machine is set up to install from."""
    assert "uv.lock" in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").split()
    build = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert not re.search(r"index-url|tool\.uv\.index|\bindex\s*=", build)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no executable bit")
def test_the_ci_script_can_be_run() -> None:
    assert os.access(REPOSITORY / ".ci" / "run", os.X_OK)
