"""`gridmap render FILE -o OUT`: the map as a picture or a printed page, without a window."""

import argparse
from datetime import datetime

from gridmap.cli import values
from gridmap.cli.drawing import painting, visible_layers
from gridmap.core.moments import ZONE
from gridmap.report.writing import replacing
from gridmap.texts import t

_PAPERS = ("A4", "A3")


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    values.add_project(parser)
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help=t("cli.help.output"))
    parser.add_argument("--size", default="1920x1080", metavar="WxH", help=t("cli.help.size"))
    parser.add_argument("--extent", metavar="W,S,E,N", help=t("cli.help.extent"))
    parser.add_argument("--page", choices=_PAPERS, help=t("cli.help.page"))


def run(options: argparse.Namespace) -> int:
    """Draw the map."""
    target = values.a_target(options.output, (".png", ".pdf"))
    size = values.a_size(options.size)
    extent = values.an_extent(options.extent) if options.extent else None
    app = painting()
    from gridmap.map import mercator, printing, render  # noqa: PLC0415  Qt only when needed

    with values.open_for_reading(options.file) as project, replacing(target) as part:
        layers = visible_layers(project)
        box = render.territory_extent(layers, project.declarations)
        if extent is not None:
            west, south, east, north = extent
            corners = mercator.project([west, east], [south, north])
            box = (*corners[0].tolist(), *corners[1].tolist())
        if options.page or target.suffix.lower() == ".pdf":
            sheet = printing.Sheet(
                title=project.title, layers=layers, date=datetime.now(ZONE).date(), extent=box,
                paper=options.page or "A4", example=project.is_example,
            )  # fmt: skip
            printing.write_sheet(sheet, part)
        else:
            image = render.render_image(layers, size, box)
            image.save(str(part))
    del app
    print(t("cli.done.written", file=target))
    return 0
