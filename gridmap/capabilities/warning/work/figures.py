"""The figures of a warning: the table [warning] of `resources/tracing_rules.toml`."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from gridmap.store import figures
from gridmap.store.figures import Figures
from gridmap.store.project import Project


@dataclass(frozen=True)
class WarningFigures:
    """How far a warning looks down the water, and how near to it a zone is reached; metres."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    limit_m: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    zone_m: Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True)
class _Table:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    warning: WarningFigures


WARNING: Final = Figures(_Table, "tracing_rules", "rules.tracing", only=("warning",))


def warning_figures(project: Project) -> WarningFigures:
    """The figures that hold in a project; its settings `rules.tracing.warning.<name>` win.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, WARNING).warning
