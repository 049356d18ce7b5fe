"""The national layer drawn by QGIS; run by map_render.py with the system's python3-qgis.

Arguments: file, fill, line, width in pixels, then one extent (EPSG:3857) per picture as
xmin,ymin,xmax,ymax. Prints one JSON line: seconds per picture, the best of five.
"""

import json
import sys
import time

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def draw(layer, extent, job_class):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(1920, 1080))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(extent)
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.UseRenderingOptimization, True)
    job = job_class(settings)
    start = time.perf_counter()
    job.start()
    job.waitForFinished()
    return time.perf_counter() - start


def main():
    path, fill, line, width, *extents = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(path, "national", "ogr")
    symbol = {
        "color": fill,
        "outline_color": line,
        "outline_width": width,
        "outline_width_unit": "Pixel",
    }
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(symbol)))
    jobs = (QgsMapRendererParallelJob, QgsMapRendererSequentialJob)
    seconds = []
    for text in extents:
        extent = QgsRectangle(*(float(part) for part in text.split(",")))
        seconds.append(min(draw(layer, extent, job) for job in jobs for _ in range(5)))
    print(json.dumps({"version": Qgis.QGIS_VERSION, "seconds": seconds}))


main()
