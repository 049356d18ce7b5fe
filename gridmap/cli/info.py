"""`gridmap info FILE`: what a project holds."""

import argparse
from typing import Any

from gridmap.cli import values
from gridmap.report import wording
from gridmap.report.document import Document, Paragraph
from gridmap.report.json import json_text
from gridmap.report.terminal import terminal_text
from gridmap.store.project import Project
from gridmap.texts import has, pick, t


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    values.add_project(parser)
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def run(options: argparse.Namespace) -> int:
    """Print what the project holds."""
    with values.open_for_reading(options.file, quiet=options.json) as project:
        document = info_document(project)
    print(json_text(document, full_phones=True) if options.json else terminal_text(document))
    return 0


def info_document(project: Project) -> Document:
    """What the project holds, as a document; it names nobody."""
    data = facts(project)
    return Document("info", body=(Paragraph(tuple(_lines(project, data))),), data=data)


def facts(project: Project) -> dict[str, Any]:
    """The project's facts as plain data: layers, counts, series, log, soundness."""
    keys, log = project.series.keys(), project.log()
    return {
        "schema": "gridmap.info/1",
        "title": project.title,
        "file": project.path.name,
        "example": project.is_example,
        "revision": project.revision,
        "layers": [
            {
                "id": edition.layer_id,
                "rows": edition.rows,
                "accuracy_m": edition.accuracy_m,
                "edition_date": edition.edition_date.isoformat() if edition.edition_date else None,
                "data_status": edition.data_status,
                "content_hash": edition.content_hash,
            }
            for edition in project.editions().values()
        ],
        "people": len(project.people()),
        "posts": len(project.posts()),
        "departments": len(project.departments()),
        "series": len(keys),
        "readings": int(keys["count"].sum()),
        "first": keys["first"].min().isoformat() if len(keys) else None,
        "last": keys["last"].max().isoformat() if len(keys) else None,
        "log_entries": len(log),
        "last_change": str(log["action"].iloc[-1]) if len(log) else None,
        "damage": project.check(),
        "layer_file_problems": [str(problem) for problem in project.catalogue.problems],
    }


def _lines(project: Project, data: dict[str, Any]) -> list[str]:
    rows = [t("cli.info.title", title=data["title"], file=data["file"])]
    if data["example"]:
        rows.append(t("cli.info.example"))
    rows.append(t("cli.info.layers"))
    for layer in data["layers"]:
        title = pick(project.declarations[layer["id"]].title.as_dict())
        rows.append(
            t(
                "cli.info.layer",
                title=title,
                rows=layer["rows"],
                accuracy=wording.distance(layer["accuracy_m"]),
                date=layer["edition_date"] or "—",
                status=_status(layer["data_status"]),
            )
        )
    rows.append(t("cli.info.people", **{k: data[k] for k in ("people", "posts", "departments")}))
    if data["series"]:
        rows.append(
            t("cli.info.series", **{k: data[k] for k in ("series", "readings", "first", "last")})
        )
    else:
        rows.append(t("cli.info.no_series"))
    rows.append(t("cli.info.log", entries=data["log_entries"], last=data["last_change"] or "—"))
    rows += [t("cli.info.problem", problem=problem) for problem in data["layer_file_problems"]]
    damage = data["damage"]
    rows.append(t("cli.info.damaged", found=damage) if damage else t("cli.info.sound"))
    return rows


def _status(code: str) -> str:
    key = f"app.data_status.{code}"
    return t(key) if has(key) else code
