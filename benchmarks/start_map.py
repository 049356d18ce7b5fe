"""The window from nothing to the first whole map of the example; run by start.py as a process.

Prints one JSON line as soon as the map is on the canvas, with what QGIS has to draw to do the
same: size in pixels, extent in EPSG:3857, layers with geometry, colours and widths of their views.
A second line follows when the window has nothing more to do, with the memory in use (kB).
"""

import json
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, QTimer

from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, today, wait_until


def memory():
    """Resident memory now and at its most, kB; None where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return {"rss_kb": None, "peak_kb": None}
    found = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return {
        "rss_kb": int(found["VmRSS"].split()[0]),
        "peak_kb": int(found["VmHWM"].split()[0]),
    }


def drawn(canvas):
    visible = canvas.state.visible
    return [
        {
            "layer": layer.layer_id,
            "view": layer.view.id,
            "geometry": layer.geometry.value,
            "fill": layer.view.symbol.fill,
            "line": layer.view.symbol.line,
            "width": layer.view.symbol.width,
            "size": layer.view.symbol.size,
        }
        for layer in canvas.layers
        if layer.key in visible and layer.shown_at(canvas.viewport.scale_denominator)
    ]


def main():
    app = application()
    settings = QSettings(os.devnull, QSettings.Format.IniFormat)
    controller = Controller(Preferences(settings), today, lambda: None, remember=False)
    controller.window.resize(1600, 900)
    controller.show()
    controller.open(None)
    canvas = controller.window.canvas
    watch = QTimer(interval=2)

    def look():
        if not canvas.layers or canvas.engine.busy:
            return
        watch.stop()
        canvas.grab()
        size = [canvas.width(), canvas.height()]
        told = {"size": size, "extent": canvas.viewport.extent, "layers": drawn(canvas)}
        print(json.dumps(told), flush=True)
        app.quit()

    watch.timeout.connect(look)
    watch.start()
    quitting = app.quitOnLastWindowClosed()
    app.setQuitOnLastWindowClosed(False)
    app.exec()
    wait_until(lambda: controller.settled)
    print(json.dumps(memory()), flush=True)
    app.setQuitOnLastWindowClosed(quitting)
    controller.window.close()
    controller.close()


main()
