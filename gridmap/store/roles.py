"""The layers of a project by what they are for: their declared role.

Several layers may share a role. Only those with data count, in the order of their declarations.
"""

from collections.abc import Iterator
from typing import Any

import geopandas
import pandas as pd

from gridmap.store.editions import Edition
from gridmap.store.project import Project


def layers_of(project: Project, *roles: str) -> list[str]:
    """The ids of the layers of some roles that hold data."""
    present = project.editions()
    return [
        layer_id
        for layer_id, declaration in project.declarations.items()
        if declaration.role in roles and layer_id in present
    ]


def frames_of(project: Project, role: str) -> Iterator[tuple[str, Any]]:
    """The layers of a role that hold data: id and rows (see `Project.layer`), read one by one."""
    for layer_id in layers_of(project, role):
        yield layer_id, project.layer(layer_id)


def frame_of(project: Project, role: str) -> Any:
    """The rows of all layers of a role as one GeoDataFrame in EPSG:4490; without rows if none.

    With several layers the index counts from 0, else it is that of the layer.
    """
    frames = [frame for _, frame in frames_of(project, role)]
    if not frames:
        return geopandas.GeoDataFrame({"code": []}, geometry=[], crs="EPSG:4490")
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def editions_of(project: Project, *roles: str) -> dict[str, Edition]:
    """The editions of the layers of some roles by layer id, in the order of these ids."""
    return {
        layer_id: edition
        for layer_id, edition in sorted(project.editions().items())
        if project.declarations[layer_id].role in roles
    }
