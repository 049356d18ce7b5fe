"""The projects that are asked: the shipped example and three made from the shared data."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from door import REPOSITORY, done, run, told

MOUTH = "112.3364662,32.1693312"
GAP = "gap:osm-way-159628501:112.31338,32.44241"
EXAMPLE = "nanhu.gridmap.gpkg"
_DAY = ("--date", "2024-01-01")

Notes = list[tuple[str, str]]


def shared() -> Path:
    """The folder of real data, by a link in the work folder, so that no answer names a machine."""
    link = Path("shared")
    if not link.exists():
        asked = os.environ.get("GRIDMAP_SHARED", "../shared")
        link.symlink_to((REPOSITORY / asked).resolve() / "data")
    return link


@cache
def example() -> str:
    """A copy of the example that may be written to; never written to here."""
    shutil.copyfile(REPOSITORY / "data/example" / EXAMPLE, EXAMPLE)
    return EXAMPLE


@cache
def evaluated() -> str:
    """A copy of the example with alerts evaluated and findings of quality stored."""
    Path("judged").mkdir(exist_ok=True)
    path = f"judged/{EXAMPLE}"
    shutil.copyfile(REPOSITORY / "data/example" / EXAMPLE, path)
    done("alerts", "--project", path, "--evaluate")
    done("readings", "check", "--project", path, "--store")
    return path


def _steps(notes: Notes, name: str, *arguments: object) -> None:
    notes.append((name, told(arguments, run(*arguments))))


def _tuned(path: str, title: str) -> Notes:
    notes: Notes = []
    _steps(notes, "new", "new", path, "--title", title)
    return notes


@cache
def chaobai() -> tuple[str, Notes]:
    """Townships, counties, air stations, river, water and hourly air of the Chaobai."""
    path, data = "chaobai.gpkg", shared() / "chaobai"
    notes = _tuned(path, "潮白河")
    _steps(
        notes, "townships", "import", path, data / "townships.geojson", "--layer", "grid_units",
        "--fixed", "tier=township", "--column", "code=code9", "--column", "parent_code=adcode",
        "--accuracy", "100", *_DAY, "--source", "民政部门", "--all",
    )  # fmt: skip
    _steps(
        notes, "counties", "import", path, data / "counties_tianditu.geojson",
        "--layer", "grid_units", "--fixed", "tier=county", "--column", "code=district_adcode",
        "--column", "name=district_name", "--all",
    )  # fmt: skip
    _steps(
        notes, "stations", "import", path, data / "air_stations.geojson", "--layer", "stations",
        "--fixed", "kind=air", "--column", "code=监测点编码", "--column", "name=监测点名称",
        "--column", "unit_name=name", "--all",
    )  # fmt: skip
    _steps(
        notes, "rivers", "import", path, data / "rivers_gshhg.geojson", "--layer", "rivers", "--all"
    )
    for name in ("beijing_daily.csv", "beijing_4h.csv", "air_hourly_uci_huairou_shunyi.csv.gz"):
        _steps(notes, f"readings-{name}", "readings", "import", path, data / name, "--accept")
    return path, notes


@cache
def tuanhe() -> tuple[str, Notes]:
    """River lines of OpenStreetMap made to a network, with invented townships."""
    path, data = "tuanhe.gpkg", shared() / "tuanhe"
    notes = _tuned(path, "湍河")
    _steps(
        notes, "rivers", "import", path, data / "rivers.geojson", "--layer", "rivers",
        "--column", "code=id", "--all",
    )  # fmt: skip
    _steps(
        notes, "townships", "import", path,
        data / "townships_SYNTHETIC_from_real_centres.geojson", "--layer", "grid_units",
        "--fixed", "tier=township", "--fixed", "data_status=synthetic", "--column", "code=code9",
        "--column", "parent_code=adcode", "--all",
    )  # fmt: skip
    lakes = data / "osm-reservoir-surfaces.geojson"
    build = ("river", "build", path, "--outlet", MOUTH, "--lakes", lakes)
    _steps(notes, "build-tried", "--lang", "en", *build, "--dry-run")
    _steps(notes, "build-tried-json", *build, "--dry-run", "--json")
    _steps(notes, "build-closed", *build, "--close", GAP, "--dry-run")
    _steps(
        notes, "build", *build, "--bridge", 1500, "--split", "township",
        "--findings", "findings.csv",
    )  # fmt: skip
    notes.append(("build-findings.csv", Path("findings.csv").read_text(encoding="utf-8-sig")))
    _steps(notes, "readings", "readings", "import", path, data / "sections_4h.csv", "--accept")
    return path, notes


@cache
def dirty() -> tuple[str, Notes]:
    """Files as they are in life: swapped axes, wrong provinces, GB18030, HTML in JSON."""
    path, data = "dirty.gpkg", shared() / "dirty"
    notes = _tuned(path, "脏数据")
    sections = data / "sections_dirty_coordinates.csv"
    lines = sections.read_text(encoding="utf-8-sig").splitlines()
    coded = [f"code,{lines[0]}", *(f"DM{row:02d},{line}" for row, line in enumerate(lines[1:], 1))]
    Path("sections.csv").write_text("\n".join(coded) + "\n", encoding="utf-8")
    for name, file in (("sections-uncoded", sections), ("sections", "sections.csv")):
        _steps(
            notes, name, "import", path, file, "--layer", "sections", "--crs", "EPSG:4490", "--all"
        )
    _steps(
        notes, "stations", "import", path, data / "air_stations_gb18030.csv",
        "--layer", "stations", "--fixed", "kind=air", "--column", "code=监测点编码",
        "--column", "name=监测点名称", "--crs", "EPSG:4490", "--all",
    )  # fmt: skip
    water = data / "cnemc_water_2020-12-01.json"
    _steps(notes, "readings-no-year", "readings", "import", path, water)
    _steps(
        notes, "readings", "readings", "import", path, water, "--year", "2020", "--accept", "--all"
    )
    return path, notes


SHARED: dict[str, Callable[[], tuple[str, Notes]]] = {
    "chaobai": chaobai, "tuanhe": tuanhe, "dirty": dirty,
}  # fmt: skip
BOUNDS = {
    "example": (120.64, 30.59, 121.0, 30.86),
    "chaobai": (116.2, 39.9, 117.6, 40.9),
    "tuanhe": (111.4, 32.1, 112.6, 33.3),
    "dirty": (105.0, 22.0, 122.0, 42.0),
}


def places(name: str, count: int, seed: int = 9) -> list[tuple[str, str]]:
    """Seeded places in the bounds of a project: longitude and latitude, seven decimals."""
    rng = np.random.default_rng([seed, *name.encode()])
    west, south, east, north = BOUNDS[name]
    lon, lat = rng.uniform(west, east, count), rng.uniform(south, north, count)
    return [(f"{x:.7f}", f"{y:.7f}") for x, y in zip(lon, lat, strict=True)]


def outlets(count: int) -> list[tuple[str, str]]:
    """Where outlets of the example are, in degrees of EPSG:4490."""
    import pyogrio  # noqa: PLC0415  only here

    frame = pyogrio.read_dataframe(example(), layer="outlets")
    points = frame.sort_values("code").geometry.iloc[:: max(1, len(frame) // count)]
    return [(f"{point.x:.7f}", f"{point.y:.7f}") for point in points[:count]]
