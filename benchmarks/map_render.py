"""The national layer on the map: time to a sharp picture, toggling, and whether the window lags.

    python benchmarks/map_render.py

Needs the shared data (GRIDMAP_SHARED) and, for the comparison, a python3 with QGIS
(GRIDMAP_QGIS_PYTHON, default /usr/bin/python3). Prints ratios and, last, one JSON line.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import geopandas as gpd
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gridmap import shipped
from gridmap.core.declaration import LayerDeclaration
from gridmap.map import raster
from gridmap.map.render import compose, draw_layer
from gridmap.map.source import MapLayer, build_layers
from gridmap.map.viewport import Viewport
from gridmap.shell.canvas import MapCanvas

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRIDMAP_SHARED", ROOT.parent / "shared"))
NATIONAL = SHARED / "data" / "national" / "townships_41k_synthetic.gpkg"
SIZE = (1920, 1080)


def best(job: Callable[[], object], times: int = 7) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return min(found)


def declaration(name: str) -> LayerDeclaration:
    path = shipped.layers_dir() / f"{name}.toml"
    return LayerDeclaration.model_validate(tomllib.loads(path.read_text("utf-8")))


def national_frame() -> gpd.GeoDataFrame:
    frame = gpd.read_file(NATIONAL).to_crs(4490)
    frame["tier"] = "township"
    return frame


def national_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    points = frame.geometry.representative_point()
    return gpd.GeoDataFrame({"name": frame["name"], "kind": "air"}, geometry=points, crs=4490)


def qgis_seconds(layer: MapLayer, views: list[Viewport]) -> dict[str, object] | None:
    python = os.environ.get("GRIDMAP_QGIS_PYTHON", "/usr/bin/python3")
    symbol = layer.view.symbol
    extents = [",".join(str(v) for v in view.extent) for view in views]
    command = [
        python,
        str(ROOT / "benchmarks" / "map_qgis.py"),
        str(NATIONAL),
        str(symbol.fill),
        str(symbol.line),
        str(symbol.width),
        *extents,
    ]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command,
        env=clean | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else None


class Heartbeat:
    """Gaps between the ticks of a 2 ms timer of the GUI thread, in milliseconds."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=2)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1e3)
        self._last = now

    def over(self, job: Callable[[], None], loop: QEventLoop) -> dict[str, float]:
        self.gaps.clear()
        self._timer.start()
        QTimer.singleShot(20, job)
        loop.exec()
        self._timer.stop()
        ordered = sorted(self.gaps[1:])
        return {
            "p50_ms": round(statistics.median(ordered), 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99) - 1], 1),
            "worst_ms": round(ordered[-1], 1),
        }


def heartbeat(frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> dict[str, dict[str, float]]:
    canvas = MapCanvas()
    canvas.resize(*SIZE)
    canvas.show()
    loop, beat = QEventLoop(), Heartbeat()

    def settled(busy: bool, _fraction: float) -> None:
        if not busy and canvas.layers:
            QTimer.singleShot(40, lambda: canvas.engine.busy or loop.quit())

    canvas.rendering.connect(settled)
    steps = iter([(300, 0), (0, 200), (-500, 100), (120, -160)] * 5)

    def drag() -> None:
        step = next(steps, None)
        if step is not None:
            canvas.look(canvas.viewport.panned(*step))
            QTimer.singleShot(16, drag)

    def build() -> list[MapLayer]:
        return [layer for layer in build_all(frame, points) if len(layer)]

    def load() -> None:
        raster.prepare()
        watch = QTimer(canvas, interval=5)
        watch.timeout.connect(lambda: raster.kernels() is None or (watch.stop(), loop.quit()))
        watch.start()

    found = {
        "loading the compiled loops": beat.over(load, loop),
        "building layers": beat.over(lambda: canvas.prepare_layers(build, then=canvas.fit), loop),
        "zooming in": beat.over(canvas.zoom_in, loop),
        "dragging": beat.over(drag, loop),
        "full extent": beat.over(canvas.fit, loop),
        "toggling": beat.over(lambda: canvas.set_view_visible("stations/air", False), loop),
    }
    canvas.close()
    return found


def build_all(frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> list[MapLayer]:
    areas = build_layers(declaration("grid_units"), frame)
    return [*areas, *build_layers(declaration("stations"), points)]


def toggle_seconds(layers: list[MapLayer], view: Viewport) -> float:
    images = [draw_layer(layer, view) for layer in layers]
    return best(lambda: compose([images[0], None, *images[2:]], view), 20)


def main() -> None:
    application = QApplication([])
    frame = national_frame()
    points = national_points(frame)
    layers = [layer for layer in build_all(frame, points) if len(layer)]
    national = next(layer for layer in layers if layer.view.id == "township")
    # Eight pictures over each other, as an ordinary project has.
    stack = [national, layers[-1], *[national.recoloured(None, ()) for _ in range(6)]]
    gaps = heartbeat(frame, points)
    raster.prepare(wait=True)
    full = Viewport.fitting(national.extent, *SIZE, margin=0.0)
    sixteenth = full.zoomed(4.0)
    ours = [
        best(lambda v=view: compose([draw_layer(national, v)], v)) for view in (full, sixteenth)
    ]
    toggle = toggle_seconds(stack, full)
    theirs = qgis_seconds(national, [full, sixteenth])
    names = ("full view", "a sixteenth")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{len(national)} polygons, {len(national.xy)} vertices, {SIZE[0]} x {SIZE[1]}"
    )
    for place, name in enumerate(names):
        line = f"{name}: {ours[place] * 1e3:.0f} ms"
        if theirs is not None:
            other = theirs["seconds"][place]
            line += (
                f"; QGIS {theirs['version']} {other * 1e3:.0f} ms; ratio {ours[place] / other:.3f}"
            )
        print(line)
    share = toggle / (ours[0] * len(stack))
    print(
        f"toggling one of 8 views: {toggle * 1e3:.1f} ms, {toggle / ours[0]:.3f} of drawing "
        f"one national view, {share:.3f} of drawing all eight"
    )
    for name, gap in gaps.items():
        print(f"gaps of the GUI thread, {name}: {gap}")
    print(
        json.dumps(
            {
                "benchmark": "map_render",
                "full_s": ours[0],
                "sixteenth_s": ours[1],
                "toggle_s": toggle,
                "toggle_of_full": toggle / ours[0],
                "gaps": gaps,
                "qgis": theirs,
                "ratio": None
                if theirs is None
                else [mine / other for mine, other in zip(ours, theirs["seconds"], strict=True)],
            }
        )
    )
    application.shutdown()


if __name__ == "__main__":
    sys.exit(main())
