"""What the project already knows, against which a new file is held: units, rivers, stations."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.core.declaration import Geometry
from gridmap.intake.looks.matching import folded
from gridmap.store import Project
from gridmap.store.changes import EVERY, roles
from gridmap.store.geopackage import Geometries

REFERENCE_READS: Final = roles(EVERY)

_AREAL_ROLES: Final = frozenset({"grid", "context"})
# From small to large; names of small units say more about a place.
_TIERS: Final = ("cell", "village", "park", "township", "county", "city", "province")
_WIDE_ENOUGH: Final = 2
_MEASURED: Final = frozenset({"station", "section"})


@dataclass(frozen=True)
class References:
    """The areas and places of a project at one revision.

    `areas`: code, name, tier ("" where unknown) and geometry of grid units and outlines, in
    EPSG:4490; `rivers`: lines; `stations`: name → code of stations and sections, where one only
    bears the name; `layers`: stored frames by id; `sites`: code → name of what has readings.
    """

    revision: int
    areas: Any
    rivers: Geometries
    stations: dict[str, str]
    layers: dict[str, Any]
    sites: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project) -> "References":
        """Read what is needed of a project."""
        revision = project.revision
        frames = {name: project.layer(name) for name in project.editions()}
        parts, rivers = [], []
        sites: dict[str, str] = {}
        for name, frame in frames.items():
            declaration = project.declarations.get(name)
            if declaration is None:
                continue
            if declaration.role in _AREAL_ROLES and declaration.geometry is Geometry.POLYGON:
                tier = frame["tier"] if "tier" in frame else pd.Series("", frame.index)
                shapes = frame.geometry.to_numpy()
                codes, names = frame[declaration.key], frame["name"]
                parts.append(
                    pd.DataFrame({"code": codes, "name": names, "tier": tier, "geometry": shapes})
                )
            if declaration.role in {"reach", "river"}:
                rivers.append(frame.geometry.to_numpy())
            if declaration.role in _MEASURED:
                pairs = zip(frame["name"], frame[declaration.key], strict=True)
                sites |= {str(code): str(name or code) for name, code in pairs}
        columns = ["code", "name", "tier", "geometry"]
        areas = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
        lines = np.concatenate(rivers) if rivers else np.empty(0, dtype=object)
        return cls(revision, areas, lines, _alone(sites), frames, sites)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the areas; positions are rows of `areas`."""
        return shapely.STRtree(self.areas["geometry"].to_numpy(dtype=object))

    @cached_property
    def river_tree(self) -> shapely.STRtree:
        """Index of the rivers."""
        return shapely.STRtree(self.rivers)

    @cached_property
    def territory(self) -> Any:
        """The land that the project is about: its largest units; None where it has none."""
        grid = self.areas[self.areas["tier"] != ""]
        for tier in ("county", "city", "province", "township", "village"):
            chosen = grid.loc[grid["tier"] == tier, "geometry"].to_numpy(dtype=object)
            if chosen.size:
                joined = shapely.union_all(chosen)
                shapely.prepare(joined)
                return joined
        return None

    @cached_property
    def by_name(self) -> dict[str, npt.NDArray[np.int64]]:
        """Folded name → positions in `areas`."""
        found: dict[str, list[int]] = {}
        for i, name in enumerate(self.areas["name"].tolist()):
            if name and len(name) >= _WIDE_ENOUGH:
                found.setdefault(folded(str(name)), []).append(i)
        return {name: np.array(rows) for name, rows in found.items()}

    @cached_property
    def by_code(self) -> dict[str, int]:
        """Code → position in `areas`."""
        return {str(code): i for i, code in enumerate(self.areas["code"].tolist())}

    @cached_property
    def tier_rank(self) -> npt.NDArray[np.int64]:
        """How small each area's tier is, shape (n,): 0 = a cell."""
        rank = {tier: i for i, tier in enumerate(_TIERS)}
        return np.array([rank.get(t, len(_TIERS)) for t in self.areas["tier"]], dtype=np.int64)

    def containing(self, points: Geometries, tier: str | None = None) -> npt.NDArray[np.int64]:
        """The smallest area that covers each point, −1 where none does; shape (n,).

        Args:
            points: points in EPSG:4490; missing ones give −1.
            tier: look at this tier only.
        """
        found = np.full(len(points), -1, dtype=np.int64)
        if not len(self.areas):
            return found
        point, area = self.tree.query(points, predicate="covered_by")
        if tier is not None:
            fits = (self.areas["tier"] == tier).to_numpy()[area]
            point, area = point[fits], area[fits]
        order = np.argsort(-self.tier_rank[area], kind="stable")
        found[point[order]] = area[order]  # the smallest is written last
        return found

    def on_rivers(self, points: Geometries, within_deg: float = 0.0001) -> float | None:
        """The share of points that fall on a river (about 10 m); None without rivers."""
        there = ~shapely.is_missing(points)
        if not len(self.rivers) or not there.any():
            return None
        hit = self.river_tree.query(points[there], predicate="dwithin", distance=within_deg)[0]
        return float(len(np.unique(hit)) / there.sum())


def _alone(sites: Mapping[str, str]) -> dict[str, str]:
    """Name → code, for the names that one place only bears."""
    count = Counter(sites.values())
    return {name: code for code, name in sites.items() if count[name] == 1}
