"""What is snapped to reaches, brought along when the reaches change: by its place on the old line.

Sections, outlets, intakes, sluices and signboards name their reach. After a change of the reaches
the name has to be that of the piece on which the same place of the water lies now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.capabilities.locate.rules.reaches import Reach, ReachIndex
from gridmap.store.change import Change
from gridmap.store.project import Project
from gridmap.store.roles import layers_of

FIELD: Final = "reach_code"
_SAME_M: Final = 0.5  # so near to the old line the new one still is the same water
_NEAR_M: Final = 50.0  # lines that are drawn anew may be moved by snapping


@dataclass(frozen=True)
class Attached:
    """One layer whose features belong to other reaches now: its rows, changed ones only."""

    layer_id: str
    rows: gpd.GeoDataFrame

    @property
    def codes(self) -> dict[str, str]:
        """Code of a feature to the reach that it lies on now."""
        return dict(zip(self.rows["code"], self.rows[FIELD], strict=True))


def index_of(frame: gpd.GeoDataFrame) -> ReachIndex:
    """The reaches of a layer by nearness."""
    reaches = [Reach(str(code), "") for code in frame["code"]]
    return ReachIndex(reaches, np.array(frame.geometry, dtype=object))


def reattached(
    project: Project, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> list[Attached]:
    """Everything that names a reach of `before` and lies on another one in `after`.

    Args:
        project: whose layers are looked through.
        before: reaches as they were, code and lines in EPSG:4490; those that changed suffice.
        after: the same as they will be.

    A feature keeps its reach as long as its place is still on it. One whose place is on no
    reach any more keeps the name that it has.
    """
    old, new = index_of(before), index_of(after)
    found = []
    for layer_id, frame in _snapped(project):
        codes = {
            row: code
            for row, reach, point in zip(frame.index, frame[FIELD], frame.geometry, strict=True)
            if (code := _reach_now(old, new, reach, point)) is not None and code != reach
        }
        if codes:
            rows = frame.loc[list(codes)].copy()
            rows[FIELD] = list(codes.values())
            found.append(Attached(layer_id, rows))
    return found


def write_attached(change: Change, project: Project, moved: Sequence[Attached]) -> None:
    """Store what belongs to other reaches now, as part of the change that moved the reaches."""
    editions = project.editions()
    for one in moved:
        change.merge_layer(one.layer_id, one.rows, editions[one.layer_id])
    if moved:
        change.detail["attached"] = {one.layer_id: one.codes for one in moved}


def _snapped(project: Project) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """The layers with data whose features name a reach."""
    roles = {one.role for one in project.declarations.values()} - {"reach"}
    for layer_id in layers_of(project, *sorted(roles)):
        if any(one.name == FIELD for one in project.declarations[layer_id].fields):
            yield layer_id, project.layer(layer_id)


def _reach_now(old: ReachIndex, new: ReachIndex, reach: Any, point: Any) -> str | None:
    """The reach on which the place of a feature lies now; None where there is nothing to say."""
    if reach is None or pd.isna(reach) or point is None or shapely.is_empty(point):
        return None
    position = old.position_of(str(reach))
    if position is None:
        return None
    seen = old.on(position, point.x, point.y)
    same = new.position_of(str(reach))
    if same is not None and new.on(same, seen.lon, seen.lat).distance_m <= _SAME_M:
        return str(reach)
    near = new.near(seen.lon, seen.lat, _NEAR_M)
    return new.reaches[near[0].reach].code if near else None
