"""Pictures and paper without a window: Qt is loaded only here, and only when it is needed."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridmap.core.moments import ZONE
from gridmap.report.document import Document, Paint
from gridmap.report.saving import save
from gridmap.store.project import Project

if TYPE_CHECKING:
    from gridmap.map.source import MapLayer


def painting() -> Any:
    """The application that Qt needs for drawing; keep it while you draw."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  Qt only when needed

    return QGuiApplication.instance() or QGuiApplication(["gridmap"])


def visible_layers(project: Project) -> "list[MapLayer]":
    """The layers of a project that a map shows at first."""
    from gridmap.map.source import build_layers  # noqa: PLC0415  Qt only when needed

    return [
        layer
        for layer_id in project.editions()
        for layer in build_layers(project.declarations[layer_id], project.layer(layer_id))
        if layer.view.visible
    ]


def print_document(
    document: Document, target: Path, pictures: Callable[[], dict[str, Paint]]
) -> None:
    """Write a document as a printed sheet of today.

    Args:
        document: with its paper.
        target: ends in .pdf or .png.
        pictures: gives them by name once Qt is there.

    Raises:
        WriteError: `print.error.write` if the file cannot be written.
    """
    app = painting()
    save(document.showing(datetime.now(ZONE).date(), **pictures()), target)
    del app
