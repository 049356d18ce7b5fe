"""Write down today's answers, one file each, so that tomorrow's can be compared with them.

    uv run tests/golden/record.py OUT_DIR [--only NAME…] [--skip NAME…]
    uv run tests/golden/record.py --digests

A NAME is the beginning of a section's name (`example-`, `help`, `chaobai-verdicts`, `pages-en`).
The shared data (GRIDMAP_SHARED, default ../shared) are needed for all but `example-`, `help`,
`faults`, `pages`. Paper is read with `pdftotext` (poppler-utils). With `--digests` the fast
answers of the example are recorded and their SHA-256 written into `example.json`.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIGESTS = HERE / "example.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Record and say how long each section took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", nargs="?", type=Path, help="a folder; what is in it goes")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--skip", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--add", action="store_true", help="keep what is in the folder")
    parser.add_argument("--digests", action="store_true", help="renew tests/golden/example.json")
    options = parser.parse_args(arguments)
    if options.digests:
        DIGESTS.write_text(json.dumps(digests(), indent=0, sort_keys=True) + "\n", "utf-8")
        return 0
    if options.out is None:
        parser.error("OUT_DIR is missing")
    out = options.out.absolute()
    if options.add:
        record(out, only=options.only, skip=options.skip)
        return 0
    shutil.rmtree(out, ignore_errors=True)
    # The window and the commands that print want different applications, and Qt allows but one.
    windowed = [name for name in options.only if name.startswith("pages")]
    others = [name for name in options.only if name not in windowed]
    if others or not options.only:
        _apart(out, "--only", *others, "--skip", "pages", *options.skip)
    if windowed or not options.only:
        _apart(out, "--only", *(windowed or ["pages"]), "--skip", *options.skip)
    return 0


def _apart(out: Path, *options: str) -> None:
    """Record in a process of its own, beside what is there."""
    subprocess.run([sys.executable, __file__, str(out), "--add", *options], check=True)


def digests() -> dict[str, str]:
    """SHA-256 of each fast answer of the example, by the answer's name."""
    with tempfile.TemporaryDirectory() as folder:
        names = record(Path(folder), only=["quick"], skip=[])
        return {
            name: hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest() for name in names
        }


def record(out: Path, *, only: Sequence[str], skip: Sequence[str]) -> list[str]:
    """Record sections into a folder, in a process whose clock is pinned from now on.

    Returns:
        The names of the answers, which are paths below `out`.
    """
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]
    import pinned  # noqa: PLC0415  before anything of gridmap

    work = Path(tempfile.mkdtemp(prefix="golden-")).resolve()
    pinned.install(work)
    from door import Answers  # noqa: PLC0415
    from pages import PAGES  # noqa: PLC0415
    from questions import SECTIONS, quick  # noqa: PLC0415

    sections = {"quick": quick, **SECTIONS, **PAGES}
    chosen = [
        name
        for name in sections
        if (any(map(name.startswith, only)) if only else name != "quick")
        and not any(map(name.startswith, skip))
    ]
    answers = Answers(out, work)
    for name in chosen:
        started = time.perf_counter()
        sections[name](answers)
        sys.stderr.write(f"{name}: {time.perf_counter() - started:.1f} s\n")
    shutil.rmtree(work, ignore_errors=True)
    return answers.names


if __name__ == "__main__":
    sys.exit(main())
