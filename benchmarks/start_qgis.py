"""The same map drawn by QGIS; run by start.py with the system's python3-qgis.

Arguments: the GeoPackage, and a JSON object of size, extent and layers as start_map.py prints it.
Each view is drawn as its whole layer with one simple symbol of the view's colours, no labels.
Prints one JSON line as soon as the picture is there, and a second with the memory in use (kB).
"""

import json
import sys
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def memory():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    found = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return {
        "rss_kb": int(found["VmRSS"].split()[0]),
        "peak_kb": int(found["VmHWM"].split()[0]),
    }


def symbol_of(view):
    fill, line = view["fill"] or "#888888", view["line"] or "#444444"
    width = str(view["width"] or 1)
    if view["geometry"] == "point":
        return QgsMarkerSymbol.createSimple(
            {"color": fill, "outline_color": line, "size": str(view["size"]), "size_unit": "Pixel"}
        )
    if view["geometry"] == "line":
        return QgsLineSymbol.createSimple({"color": line, "width": width, "width_unit": "Pixel"})
    return QgsFillSymbol.createSimple(
        {
            "color": fill,
            "outline_color": line,
            "outline_width": width,
            "outline_width_unit": "Pixel",
        }
    )


def main():
    path, told = sys.argv[1], json.loads(sys.argv[2])
    application = QgsApplication([], False)
    application.initQgis()
    layers = []
    for view in told["layers"]:
        layer = QgsVectorLayer(f"{path}|layername={view['layer']}", view["layer"], "ogr")
        layer.setRenderer(QgsSingleSymbolRenderer(symbol_of(view)))
        layers.append(layer)
    settings = QgsMapSettings()
    settings.setLayers(layers[::-1])
    settings.setOutputSize(QSize(*told["size"]))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(*told["extent"]))
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, 99, 9)}
    valid = all(layer.isValid() for layer in layers) and len(colours) > 1
    print(json.dumps({"version": Qgis.QGIS_VERSION, "valid": valid}), flush=True)
    print(json.dumps(memory()), flush=True)


main()
