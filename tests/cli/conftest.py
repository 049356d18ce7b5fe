"""Running the command line inside the test's own process, and for real."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gridmap import cli

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a run gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def gridmap(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in-process; Chinese unless it says otherwise."""
    monkeypatch.setenv("GRIDMAP_LANG", "zh_CN")

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = cli.run([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def program() -> Run:
    """Runs `python main.py …` as a process of its own."""

    def run(*arguments: object, **environment: str) -> Said:
        done = subprocess.run(
            [sys.executable, str(REPOSITORY / "main.py"), *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
            env={**os.environ, "GRIDMAP_LANG": "zh_CN", **environment},
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    return run
