"""What the page of a river shows, made off the GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.report.tables import river_tables
from gridmap.capabilities.rivers.words import RiverWriting, class_colour, river_context
from gridmap.capabilities.rivers.work.file import river_file
from gridmap.report.document import SheetTable
from gridmap.store.project import Project


@dataclass(frozen=True)
class RiverView:
    """The file of a river in words.

    `quality` is the class of the latest month on the ground `colour` ("" without a class);
    `chips` are (text, "good" | "warn" | "bad" | "quiet").
    """

    words: RiverWriting
    sentence: str
    facts: str
    quality: str
    colour: str
    chips: Sequence[tuple[str, str]]
    tables: tuple[SheetTable, ...]


def river_view(project: Project, code: str, on: date) -> RiverView:
    """Gather the file of a river; any thread.

    Raises:
        ProjectError: `river.error.*`, `answer.rule.bad`.
    """
    file = river_file(project, code, on)
    words = RiverWriting(file, river_context(project, rules_of(project).owner_tier))
    latest = file.latest_class
    colour = "" if latest is None else class_colour(latest[0], on)
    return RiverView(
        words, words.sentence(), f"{words.grade()}\n{words.goal()}", words.quality(), colour,
        words.chips(), river_tables(words),
    )  # fmt: skip
