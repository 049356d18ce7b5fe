"""The example answers as it did: the fast part of the golden answers, by digest."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOW = """To see what differs, record the fast answers here and where they were still right:
    git worktree add ../before COMMIT
    (cd ../before && uv run tests/golden/record.py /tmp/old --only quick)
    uv run tests/golden/record.py /tmp/new --only quick
    uv run tests/golden/compare.py /tmp/old /tmp/new
If the difference is meant: uv run tests/golden/record.py --digests, and name it in the commit."""


def test_the_example_answers_as_it_did(tmp_path):
    out = tmp_path / "answers"
    done = subprocess.run(
        [sys.executable, HERE / "record.py", out, "--only", "quick"],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wanted = json.loads((HERE / "example.json").read_text(encoding="utf-8"))
    found = {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file()
    }
    different = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
    assert different == [], f"answers that differ: {', '.join(sorted(different))}\n{HOW}"
