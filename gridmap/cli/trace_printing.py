"""The printed sheet of a trace without a window: `gridmap trace … --print FILE`."""

import os
from datetime import datetime
from pathlib import Path

from gridmap.output.trace_words import TraceWriting
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE


def print_trace_sheet(project: AnsweringProject, words: TraceWriting, target: Path) -> None:
    """Write a trace as a printed sheet with map and profile.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  Qt only when needed

    from gridmap.map.source import build_layers  # noqa: PLC0415
    from gridmap.map.upstream import upstream_look, upstream_picture  # noqa: PLC0415
    from gridmap.output.trace_print import PICTURE, RATIO, print_trace  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["gridmap"])
    layers = [
        layer
        for layer_id in project.editions()
        for layer in build_layers(project.declarations[layer_id], project.layer(layer_id))
        if layer.view.visible
    ]
    look = upstream_look(words.answer, words.caption())
    picture = upstream_picture(layers, look, PICTURE, RATIO)
    print_trace(words, target, map_image=picture, printed_on=datetime.now(ZONE).date())
    del app
