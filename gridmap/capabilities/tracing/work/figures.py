"""The figures of tracing: `resources/tracing_rules.toml`, and what a project sets."""

from dataclasses import dataclass, fields
from typing import Annotated, Final

from pydantic import Field

from gridmap.capabilities.tracing.rules.scoring import TraceRules
from gridmap.store import figures
from gridmap.store.figures import Figures
from gridmap.store.project import Project


@dataclass(frozen=True, kw_only=True)
class TracingFigures(TraceRules):
    """All figures of tracing.

    Attributes:
        own_jump: an outlet's own readings count beyond so many times their usual median.
        size_of: the size of a source by the kind of its permit, 0–1.
        permit_names: names of pollutants in permits, by item.
    """

    own_jump: Annotated[float, Field(gt=1, allow_inf_nan=False)]
    size_of: dict[str, Annotated[float, Field(ge=0, le=1)]]
    permit_names: dict[str, list[str]]

    @property
    def rules(self) -> TraceRules:
        """The part that scores need."""
        return TraceRules(**{one.name: getattr(self, one.name) for one in fields(TraceRules)})


TRACING: Final = Figures(
    TracingFigures, "tracing_rules", "rules.tracing", apart=("velocity", "warning")
)


def tracing_figures(project: Project) -> TracingFigures:
    """The figures that hold in a project; its settings `rules.tracing.<name>` win.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, TRACING)


def trace_rules_of(project: Project) -> TraceRules:
    """The figures and weights of scores; see `tracing_figures`."""
    return tracing_figures(project).rules
