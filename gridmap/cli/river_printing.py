"""The printed sheet of a river without a window: `gridmap river show … --pdf FILE`."""

import os
from datetime import datetime
from pathlib import Path

from gridmap.output.river_words import RiverWriting, signboard_lines
from gridmap.project.answering import AnsweringProject
from gridmap.project.columns import ZONE
from gridmap.project.river_boards import signboard_text


def print_river_sheet(
    project: AnsweringProject, words: RiverWriting, target: Path, *, full_phones: bool = False
) -> None:
    """Write the file of a river as a printed sheet with a map and the text of one signboard.

    The board is that of a reach whose present one is wrong, else of the first reach.

    Raises:
        SheetError: `print.error.write` if the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication  # noqa: PLC0415  Qt only when needed

    from gridmap.map.river_map import river_picture  # noqa: PLC0415
    from gridmap.map.source import build_layers  # noqa: PLC0415
    from gridmap.map.state import FeatureRef  # noqa: PLC0415
    from gridmap.output.river_print import print_river  # noqa: PLC0415

    app = QGuiApplication.instance() or QGuiApplication(["gridmap"])
    layers = [
        layer
        for layer_id in project.editions()
        for layer in build_layers(project.declarations[layer_id], project.layer(layer_id))
        if layer.view.visible
    ]
    codes = {(one.layer_id, one.code) for one in words.file.reaches}
    refs = [
        FeatureRef(layer_id, row)
        for layer_id in {layer_id for layer_id, _ in codes}
        for row, code in project.layer(layer_id)["code"].items()
        if (layer_id, str(code)) in codes
    ]
    reach = board_reach(words)
    board = (
        signboard_lines(
            signboard_text(project, reach, words.file.on),
            full_phones=full_phones,
            example=words.context.example,
        )
        if reach
        else []
    )
    print_river(
        words, target, map_image=river_picture(layers, refs),
        printed_on=datetime.now(ZONE).date(), board=board,
    )  # fmt: skip
    del app


def board_reach(words: RiverWriting) -> str:
    """The reach whose signboard is most in need of a new text, "" if none is drawn."""
    wrong = [one.board.reach for one in words.file.outdated if one.board.reach]
    reaches = [one.code for one in words.file.reaches]
    return next(iter((*wrong, *reaches)), "")
