"""The figures of siting: `resources/siting.toml`; settings `siting.…` of a project win."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import ConfigDict, Field

from gridmap.store import figures
from gridmap.store.figures import Figures
from gridmap.store.project import Project

Above = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True)
class WaterWeights:
    """What a demand on the water counts; see the file."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    river: Weight
    outlet: Weight
    enterprise: Weight
    complaint: Weight
    border: Weight
    redline: Weight


@dataclass(frozen=True)
class AirWeights:
    """What a demand of air counts; see the file."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    land: Weight
    enterprise: Weight
    complaint: Weight
    redline: Weight


@dataclass(frozen=True)
class WaterFigures:
    """Distances along the water in metres, and the weights."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    distance_m: Above
    piece_m: Annotated[float, Field(ge=10, allow_inf_nan=False)]
    spacing_m: Annotated[float, Field(ge=10, allow_inf_nan=False)]
    inside_m: Weight
    weights: WaterWeights


@dataclass(frozen=True)
class AirFigures:
    """Distances in metres of the local plane, and the weights."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    distance_m: Above
    piece_m: Annotated[float, Field(ge=10, allow_inf_nan=False)]
    spacing_m: Annotated[float, Field(ge=10, allow_inf_nan=False)]
    weights: AirWeights


@dataclass(frozen=True)
class ZoneKinds:
    """Which control zones are red-line land."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    red: tuple[str, ...]


@dataclass(frozen=True)
class SolverFigures:
    """How long the solver may work, in seconds."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    limit_s: Above


@dataclass(frozen=True)
class SitingFigures:
    """All figures of siting."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    water: WaterFigures
    air: AirFigures
    zones: ZoneKinds
    solver: SolverFigures


SITING: Final = Figures(SitingFigures, "siting", "siting")


def siting_figures(project: Project) -> SitingFigures:
    """The figures that hold in a project.

    Raises:
        FigureError: for a setting that does not fit.
    """
    return figures.read(project, SITING)
