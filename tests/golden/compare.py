"""Which of two recordings' answers differ, and how.

    uv run tests/golden/compare.py OLD NEW [--lines N] [--common]

Texts are shown as a short unified diff, pictures as the share of pixels that differ. Exit code
1 if anything differs, 0 if nothing does.
"""

import argparse
import difflib
import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the differences of two folders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--lines", type=int, default=12, metavar="N", help="of each diff")
    parser.add_argument("--common", action="store_true", help="only answers that both have")
    options = parser.parse_args(arguments)
    old, new = set(_names(options.old)), set(_names(options.new))
    names = sorted(old & new if options.common else old | new)
    if not names:
        parser.error("there is nothing to compare")
    different = 0
    for name in names:
        lines = list(difference(options.old / name, options.new / name, options.lines))
        different += bool(lines)
        if lines:
            sys.stdout.write("\n".join((f"≠ {name}", *(f"    {line}" for line in lines))) + "\n")
    sys.stdout.write(f"{len(names)} answers, {different} differ\n")
    return int(different > 0)


def difference(old: Path, new: Path, count: int) -> Iterator[str]:
    """Lines that say how two answers differ; none if they are the same."""
    if not (old.exists() and new.exists()):
        yield "only in the new one" if new.exists() else "only in the old one"
    elif old.read_bytes() != new.read_bytes():
        yield from _pixels(old, new) if old.suffix == ".png" else _words(old, new, count)


def _words(old: Path, new: Path, count: int) -> Iterator[str]:
    before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
    lines = difflib.unified_diff(before, after, "old", "new", lineterm="", n=0)
    for line in itertools.islice(lines, 2, count + 2):
        yield line if len(line) <= 160 else f"{line[:160]}…"
    rest = sum(1 for _ in lines)
    if rest:
        yield f"… {rest} more lines"


def _pixels(old: Path, new: Path) -> Iterator[str]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import numpy as np  # noqa: PLC0415  only for pictures
    from PySide6.QtGui import QImage  # noqa: PLC0415

    images = [QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) for path in (old, new)]
    sizes = [(image.width(), image.height()) for image in images]
    if sizes[0] != sizes[1]:
        yield f"size {sizes[0]} → {sizes[1]}"
        return
    one, other = (
        np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., :3]
        for image in images
    )
    apart = (one != other).any(axis=2)
    if not apart.any():
        yield "the same pixels in another file"
        return
    rows, columns = np.nonzero(apart)
    yield (
        f"{apart.mean():.4%} of the pixels, between x {columns.min()}–{columns.max()}, "
        f"y {rows.min()}–{rows.max()}"
    )


def _names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


if __name__ == "__main__":
    sys.exit(main())
