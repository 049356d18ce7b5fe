"""The figures of the rule and of places in words: `resources/rules.toml` and settings."""

from typing import Final

from gridmap.capabilities.locate.rules.rules import Rules
from gridmap.core.placetext import Radii
from gridmap.store import figures
from gridmap.store.figures import Figures
from gridmap.store.project import Project

RULES: Final = Figures(Rules, "rules", "rules", apart=("place", "tracing"))
PLACES: Final = Figures(Radii, "rules", "rules.place", section="place")


def rules_of(project: Project) -> Rules:
    """The figures of `resources/rules.toml`; settings `rules.<name>` of the project win.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, RULES)


def radii_of(project: Project) -> Radii:
    """The table [place] of `resources/rules.toml`; settings `rules.place.<name>` win.

    What follows from them is the radius of a place, and that is part of a fingerprint.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, PLACES)
