"""The printed sheet without a window: `gridmap locate … --pdf FILE`."""

import os
from datetime import datetime
from pathlib import Path

from gridmap.domain.verdict import Verdict
from gridmap.output.verdict_lines import Wishes
from gridmap.output.verdict_sheet import present
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE


def print_sheet(project: AnsweringProject, verdict: Verdict, wishes: Wishes, target: Path) -> None:
    """Write a verdict as a printed sheet with a map of the place.

    Args:
        project: that answered; its layers are drawn.
        verdict: the answer.
        wishes: how items, layers and phones are shown.
        target: the PDF file to write.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  Qt only when needed

    from gridmap.map.source import build_layers  # noqa: PLC0415
    from gridmap.map.verdict_map import map_of_place  # noqa: PLC0415
    from gridmap.output.verdict_print import print_verdict  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["gridmap"])
    layers = [
        layer
        for layer_id in project.editions()
        for layer in build_layers(project.declarations[layer_id], project.layer(layer_id))
        if layer.view.visible
    ]
    place = verdict.place
    picture = map_of_place(layers, place.lon, place.lat, verdict.basis.tolerance_m)
    print_verdict(
        present(verdict, wishes), target,
        project_title=project.title, example=project.is_example, map_image=picture,
        printed_on=datetime.now(ZONE).date(), fingerprint=verdict.basis.fingerprint,
    )  # fmt: skip
    del app
