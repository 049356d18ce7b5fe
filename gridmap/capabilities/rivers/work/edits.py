"""The network mended by hand: each edit is one change, logged, and can be undone."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.capabilities.locate.rules.reaches import Reach, ReachIndex
from gridmap.capabilities.rivers.work.attached import Attached, reattached, write_attached
from gridmap.core import plane
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import frames_of

FLOWS: Final = ("known", "dominant", "unknown")
STATES: Final = ("open", "closed")
_MOVED_M: Final = 20.0  # an end nearer than that is moved; beyond, the line is drawn on
_END_M: Final = 1.0
_NUMBERED: Final = re.compile(r"(.+)-(\d+)")


def flip_reach(project: Project, code: str, *, actor: str = "") -> int:
    """Turn a reach round: line and nodes.

    Returns:
        The revision.

    Raises:
        ProjectError: `network.error.no_reach`; those of `Project.change`.
    """
    layer, frame, row = _reach(project, code)
    turned = frame.loc[[row]].copy()
    turned.geometry = [_line(turned.geometry.iloc[0]).reverse()]
    turned[["from_node", "to_node"]] = frame.loc[[row], ["to_node", "from_node"]].to_numpy()
    detail = {"flip": {"reach": code}}
    return _store(project, layer, turned, "flip reach", actor, detail)


def mark_flow(project: Project, code: str, flow: str, *, actor: str = "") -> int:
    """Say of a reach whether its direction is known, dominant (may reverse) or unknown.

    Raises:
        ProjectError: `network.error.bad_flow`, `.no_reach`.
    """
    if flow not in FLOWS:
        raise ProjectError("network.error.bad_flow", flow=flow, known=" / ".join(FLOWS))
    layer, frame, row = _reach(project, code)
    marked = frame.loc[[row]].copy()
    marked["flow"] = flow
    return _store(
        project, layer, marked, "mark flow", actor, {"flow": {"reach": code, "flow": flow}}
    )


def join_ends(
    project: Project, code: str, other: str, *, within_m: float = 2000.0, actor: str = ""
) -> float:
    """Join the nearest ends of two reaches: that of the first is brought to the other's node.

    An end up to 20 m away is moved; from farther away the line is drawn on straight.

    Returns:
        Metres between the ends before.

    Raises:
        ProjectError: `network.error.no_reach`, `.same_reach`, `.joined`, `.ends_far`.
    """
    if code == other:
        raise ProjectError("network.error.same_reach", reach=code)
    layer, frame, row = _reach(project, code)
    _, others, other_row = _reach(project, other)
    own = shapely.get_coordinates(_line(frame.geometry.loc[row]))
    theirs = shapely.get_coordinates(_line(others.geometry.loc[other_row]))
    pairs = [
        (plane.length_m(np.array([own[a], theirs[b]])), a, b) for a in (0, -1) for b in (0, -1)
    ]
    metres, side, their_side = min(pairs)
    nodes = ("from_node", "to_node")
    node = str(others.loc[other_row, nodes[their_side]] or "")
    if metres < _END_M and node and node == frame.loc[row, nodes[side]]:
        raise ProjectError("network.error.joined", reach=code, other=other)
    if metres > within_m:
        raise ProjectError(
            "network.error.ends_far", reach=code, other=other, metres=round(metres),
            most=round(within_m),
        )  # fmt: skip
    end = theirs[their_side]
    if metres <= _MOVED_M:
        own[side] = end
    else:
        own = np.vstack((end, own) if side == 0 else (own, end))
    joined = frame.loc[[row]].copy()
    joined.geometry = [shapely.LineString(own)]
    node = node or f"J-{other}-{'ab'[their_side]}"
    joined[nodes[side]] = node
    rows = [joined]
    if not others.loc[other_row, nodes[their_side]]:
        beside = others.loc[[other_row]].copy()
        beside[nodes[their_side]] = node
        rows.append(beside)
    detail = {"join": {"reach": code, "other": other, "metres": round(metres, 2)}}
    _store(project, layer, _stacked(rows), "join reaches", actor, detail)
    return float(metres)


def split_reach(
    project: Project, code: str, lon: float, lat: float, *, within_m: float = 200.0, actor: str = ""
) -> str:
    """Cut a reach at the place nearest to a point; the lower piece gets a new code.

    Whoever holds a post of the reach holds it for both pieces; what is snapped to the reach
    belongs to the piece on which it lies.

    Args:
        project: the project.
        code: the reach.
        lon: degrees of EPSG:4490.
        lat: degrees of EPSG:4490.
        within_m: how far the point may lie from the reach.
        actor: for the log.

    Returns:
        The code of the lower piece.

    Raises:
        ProjectError: `network.error.no_reach`, `.far_from_reach`, `.at_end`.
    """
    layer, frame, row = _reach(project, code)
    line = _line(frame.geometry.loc[row])
    index = ReachIndex([Reach(code, "")], [line])
    on = index.on(0, lon, lat)
    if on.distance_m > within_m:
        raise ProjectError(
            "network.error.far_from_reach", reach=code, metres=round(on.distance_m),
            most=round(within_m),
        )  # fmt: skip
    length = float(index.lengths_m[0])
    if not _END_M < on.chainage_m < length - _END_M:
        raise ProjectError("network.error.at_end", reach=code)
    upper_line, lower_line = _cut(line, on.lon, on.lat)
    new = _next_code(code, frame["code"])
    node = f"{new}^"
    upper, lower = frame.loc[[row]].copy(), frame.loc[[row]].copy()
    upper.geometry, lower.geometry = [upper_line], [lower_line]
    upper["to_node"], lower["from_node"] = node, node
    lower["code"] = new
    lower["name"] = f"{frame.loc[row, 'name']}②"
    if not pd.isna(frame.loc[row, "chainage_m"]):
        lower["chainage_m"] = round(float(frame.loc[row, "chainage_m"]) + on.chainage_m, 1)
    posts = project.posts()
    own = posts[(posts["scope"] == "reach") & (posts["scope_code"] == code)].copy()
    own["post_id"] = [f"{post}/{new}" for post in own["post_id"]]
    own["scope_code"] = new
    detail = {"split": {"reach": code, "lower": new, "chainage_m": round(on.chainage_m, 1)}}
    _store(project, layer, _stacked([upper, lower]), "split reach", actor, detail, own)
    return new


def set_sluice(project: Project, code: str, state: str, *, actor: str = "") -> int:
    """Open or close a sluice.

    Raises:
        ProjectError: `network.error.bad_state`, `.no_sluice`.
    """
    if state not in STATES:
        raise ProjectError("network.error.bad_state", state=state, known=" / ".join(STATES))
    for layer, frame in frames_of(project, "sluice"):
        rows = frame.index[frame["code"] == code]
        if len(rows):
            sluice = frame.loc[rows].copy()
            sluice["state"] = state
            detail = {"sluice": {"code": code, "state": state}}
            return _store(project, layer, sluice, "set sluice", actor, detail)
    raise ProjectError("network.error.no_sluice", sluice=code)


def reach_at(project: Project, lon: float, lat: float, within_m: float) -> str:
    """The code of the reach nearest to a point within some metres, "" for none."""
    reaches, shapes = [], []
    for _, frame in frames_of(project, "reach"):
        reaches += [Reach(str(code), "") for code in frame["code"]]
        shapes += list(frame.geometry)
    index = ReachIndex(reaches, np.array(shapes, dtype=object))
    near = index.near(lon, lat, within_m)
    return index.reaches[near[0].reach].code if near else ""


def sluice_at(project: Project, lon: float, lat: float, within_m: float) -> tuple[str, str]:
    """Code and state of the sluice nearest to a point within some metres, "" for none."""
    found = [
        (plane.length_m(np.array([[lon, lat], [row.geometry.x, row.geometry.y]])), row)
        for _, frame in frames_of(project, "sluice")
        for row in frame.itertuples()
        if row.geometry is not None and not row.geometry.is_empty
    ]
    metres, row = min(found, key=lambda pair: pair[0], default=(np.inf, None))
    if row is None or metres > within_m:
        return "", ""
    return str(row.code), "closed" if row.state == "closed" else "open"


# --- rows ---------------------------------------------------------------------------------


def _reach(project: Project, code: str) -> tuple[str, gpd.GeoDataFrame, Any]:
    """The layer of a reach, its rows and the index of the reach among them."""
    for layer, frame in frames_of(project, "reach"):
        rows = frame.index[frame["code"] == code]
        if len(rows):
            return layer, frame, rows[0]
    raise ProjectError("network.error.no_reach", reach=code)


def _line(shape: shapely.Geometry) -> shapely.LineString:
    """The one line of a reach; parts that meet are put together."""
    parts = shapely.get_parts(shape)
    if len(parts) == 1:
        return parts[0]
    merged = shapely.line_merge(shape, directed=True)
    if merged.geom_type != "LineString":
        raise ProjectError("network.error.parts", parts=len(parts))
    return merged


def _cut(
    line: shapely.LineString, lon: float, lat: float
) -> tuple[shapely.LineString, shapely.LineString]:
    xy = shapely.get_coordinates(line)
    place = np.array([lon, lat])
    steps = np.hypot(*np.diff(xy, axis=0).T)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    at = float(shapely.line_locate_point(line, shapely.Point(lon, lat)))
    upper = np.vstack((xy[along < at], place))
    lower = np.vstack((place, xy[along > at]))
    return shapely.LineString(upper), shapely.LineString(lower)


def _next_code(code: str, taken: Iterable[str]) -> str:
    """The next free number of the river, else the code with a number behind it."""
    known = set(taken)
    found = _NUMBERED.fullmatch(code)
    prefix, digits = (found[1], len(found[2])) if found else (code, 2)
    number = 1
    for one in known:
        same = _NUMBERED.fullmatch(one)
        if same and same[1] == prefix:
            number = max(number, int(same[2]))
    return f"{prefix}-{number + 1:0{digits}d}"


def _stacked(rows: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=rows[0].crs)


def _store(
    project: Project,
    layer: str,
    rows: gpd.GeoDataFrame,
    action: str,
    actor: str,
    detail: dict[str, Any],
    posts: pd.DataFrame | None = None,
) -> int:
    """Store rows of a layer; reaches take along what is snapped to them, in the same change."""
    moved: Sequence[Attached] = ()
    if project.declarations[layer].role == "reach":
        frame = project.layer(layer)
        moved = reattached(project, frame[frame["code"].isin(rows["code"])], rows)
    edition = project.editions()[layer]
    with project.change(action, actor=actor) as change:
        change.merge_layer(layer, rows, edition)
        if posts is not None and len(posts):
            change.put_posts(posts)
        write_attached(change, project, moved)
        change.detail.update(detail)
        return change.revision
