"""The printed sheet of a warning without a window: `gridmap warn … --pdf FILE`."""

import os
from datetime import datetime
from pathlib import Path

from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.warning import WarningAnswer


def print_warning_sheet(
    project: AnsweringProject, answer: WarningAnswer, target: Path, *, full_phones: bool
) -> None:
    """Write a warning as a printed sheet with a map.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  Qt only when needed

    from gridmap.map.source import build_layers  # noqa: PLC0415
    from gridmap.map.warning_map import warning_look, warning_picture  # noqa: PLC0415
    from gridmap.output.warning_print import PICTURE, RATIO, print_warning  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["gridmap"])
    layers = [
        layer
        for layer_id in project.editions()
        for layer in build_layers(project.declarations[layer_id], project.layer(layer_id))
        if layer.view.visible
    ]
    picture = warning_picture(layers, warning_look(answer), PICTURE, RATIO)
    print_warning(
        answer, target, map_image=picture, printed_on=datetime.now(ZONE).date(),
        full_phones=full_phones,
    )  # fmt: skip
    del app
