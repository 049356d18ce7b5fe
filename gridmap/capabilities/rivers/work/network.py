"""The river network of a project: planned from drawn lines, split at borders, written as reaches.

A plan changes nothing. Writing it is one change that can be undone.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import UnitRef
from gridmap.capabilities.locate.work.figures import rules_of
from gridmap.capabilities.rivers.rules.building import NetRules, build
from gridmap.capabilities.rivers.rules.dead_ends import Directed, dead_ends
from gridmap.capabilities.rivers.rules.findings import NetFinding, NetKind
from gridmap.capabilities.rivers.rules.splitting import SplitRules, split_at_borders
from gridmap.capabilities.rivers.work.attached import reattached, write_attached
from gridmap.capabilities.rivers.work.lines import LineFacts, drawn_lines, lakes_of, text_of
from gridmap.capabilities.rivers.work.plan import NetworkPlan, PlannedReach, numbered
from gridmap.core import plane
from gridmap.core.plane import Floats
from gridmap.stopping import never
from gridmap.store.editions import MIXED, Edition
from gridmap.store.errors import ProjectError
from gridmap.store.project import Project
from gridmap.store.roles import editions_of, frames_of
from gridmap.texts import Text

REACHES: Final = "reaches"
SETTING: Final = "river_network"
_DIRECTED: Final = frozenset({"known", "dominant"})
_TOUCHING_M: Final = 0.5  # ends of written reaches that near are one place


def plan_network(  # noqa: PLR0913  each argument is one decision of the user
    project: Project,
    *,
    lines: gpd.GeoDataFrame | None = None,
    lakes: gpd.GeoDataFrame | None = None,
    outlets: Iterable[tuple[float, float]] = (),
    rules: NetRules | None = None,
    closed: Collection[str] = (),
    edition: Edition | None = None,
    check: Callable[[], None] = never,
) -> NetworkPlan:
    """Plan a network; nothing is written.

    Args:
        project: whose layer of rivers is taken where `lines` is None.
        lines: EPSG:4490, see `river_lines.drawn_lines`.
        lakes: areas in EPSG:4490 that join what runs into them with what leaves.
        outlets: degrees of EPSG:4490 near which the water leaves.
        rules: distances in metres.
        closed: ids of gaps that somebody decided to bridge.
        edition: where `lines` come from.
        check: called between steps; what it raises ends the work.

    Raises:
        ProjectError: `network.error.no_rivers`, `.no_lines`, `.not_lines`,
            `.unknown_finding` for an id in `closed` that is no gap found.
    """
    if lines is None:
        lines, edition = _rivers(project)
    rules = rules or NetRules()
    asked, mouths = tuple(dict.fromkeys(closed)), tuple(outlets)
    drawn, facts = drawn_lines(lines)
    check()
    net = build(drawn, lakes_of(lakes), mouths, rules, asked, check)
    if asked:
        # A gap that is bridged is no gap any more: what was there is seen without bridges.
        wide = replace(rules, bridge_m=0.0)
        found = build(drawn, lakes_of(lakes), mouths, wide, check=check).findings
        gaps = {one.id for one in found if one.kind is NetKind.GAP}
        for one in asked:
            if one not in gaps:
                raise ProjectError("network.error.unknown_finding", finding=one)
    reaches = [
        PlannedReach(one, facts[one.line] if one.line >= 0 else LineFacts()) for one in net.reaches
    ]
    given = edition or Edition(REACHES, data_status=_status(facts))
    return NetworkPlan(
        numbered(reaches), dict(net.nodes), net.findings, replace(given, layer_id=REACHES),
        mouths, rules, asked, rivers={one.key: one.river for one in drawn},
    )  # fmt: skip


def split_at_units(
    plan: NetworkPlan,
    units: gpd.GeoDataFrame,
    tier: str = "township",
    rules: SplitRules | None = None,
    check: Callable[[], None] = never,
) -> NetworkPlan:
    """Cut the reaches of a plan at the borders of a tier, and name the units.

    Args:
        plan: not yet split.
        units: EPSG:4490 with code, name, tier, perhaps data_status.
        tier: whose borders count.
        rules: figures; the defaults if omitted.
        check: called between reaches; what it raises ends the work.

    Raises:
        ProjectError: `network.error.no_units` if there is no unit of the tier.
    """
    chosen = units[units["tier"] == tier]
    if not len(chosen):
        raise ProjectError("network.error.no_units", tier=Text(f"verdict.tier.{tier}"))
    refs = [
        UnitRef(str(code), str(name), tier)
        for code, name in zip(chosen["code"], chosen["name"], strict=True)
    ]
    index = UnitIndex(refs, np.asarray(chosen.geometry.array, dtype=object))
    names = {unit.code: unit.name for unit in refs}
    nodes = dict(plan.nodes)
    pieces: list[PlannedReach] = []
    for one in plan.reaches:
        check()
        pieces += _cut(one, index, names, nodes, rules)
    status = plan.edition.data_status
    own = set(chosen["data_status"].dropna()) if "data_status" in chosen else set()
    if own - {status}:
        # A reach that ends at an invented border is no longer a real one.
        status = MIXED
        pieces = [
            replace(one, facts=replace(one.facts, data_status=MIXED)) if one.border else one
            for one in pieces
        ]
    edition = replace(plan.edition, data_status=status)
    return replace(plan, reaches=numbered(pieces), nodes=nodes, edition=edition, tier=tier)


def split_rules_of(project: Project) -> SplitRules:
    """The figures of splitting: those of the project's rule, tolerance from its layers."""
    rules = rules_of(project)
    accuracy = [one.accuracy_m for one in editions_of(project, "grid").values()]
    given = SplitRules(
        border_share=rules.border_share, interlocked_share=rules.interlocked_share
    )  # fmt: skip
    return replace(given, tolerance_m=max(accuracy)) if accuracy else given


def write_network(project: Project, plan: NetworkPlan, *, actor: str = "") -> int:
    """Write a plan as the layer `reaches`: one change, undoable.

    Posts stay as they are; those of reaches that are no more are counted in the log. What is
    snapped to a former reach belongs to the reach that runs at its place now.

    Returns:
        The revision.

    Raises:
        ProjectError: `network.error.no_lines` for an empty plan; those of `Project.change`.
    """
    if not plan.reaches:
        raise ProjectError("network.error.no_lines")
    codes = {one.code for one in plan.reaches}
    posts = project.posts()
    lost = posts[(posts["scope"] == "reach") & ~posts["scope_code"].isin(codes)]
    frame = plan.frame()
    former = project.layer(REACHES) if REACHES in project.editions() else frame.iloc[:0]
    moved = reattached(project, former, frame)
    with project.change("river network", actor=actor) as change:
        change.replace_layer(REACHES, frame, plan.edition)
        write_attached(change, project, moved)
        change.set_setting(
            SETTING,
            {
                "outlets": [list(place) for place in plan.outlets],
                "rules": asdict(plan.rules),
                "closed": list(plan.closed),
                "tier": plan.tier,
            },
        )
        change.detail["network"] = {
            "reaches": len(plan.reaches),
            "findings": _counts(plan.findings),
            "closed": list(plan.closed),
            "posts_without_reach": len(lost),
        }
        return change.revision


def check_network(project: Project, check: Callable[[], None] = never) -> NetworkPlan:
    """The reaches that the project has, looked at anew: its open findings are what to mend.

    Raises:
        ProjectError: `network.error.no_reaches`.
    """
    if REACHES not in project.editions():
        raise ProjectError("network.error.no_reaches")
    kept = project.settings.get(SETTING, {})
    outlets = [(float(lon), float(lat)) for lon, lat in kept.get("outlets", [])]
    # What crosses in the layer without a node there crosses on purpose; what is apart is apart.
    frame = project.layer(REACHES).assign(crosses="1")
    plan = plan_network(
        project, lines=frame, outlets=outlets, rules=NetRules(snap_m=_TOUCHING_M),
        edition=project.editions()[REACHES], check=check,
    )  # fmt: skip
    flow = dict(zip(frame["code"], frame["flow"], strict=True))

    def counts(one: NetFinding) -> bool:
        """Directions are what the layer says, not what could be guessed from the drawing."""
        if one.kind is NetKind.UNKNOWN:
            return flow.get(one.line) not in _DIRECTED
        return one.kind not in {NetKind.OUTLET, NetKind.CROSSING}

    kept_findings = [one for one in plan.findings if counts(one)]
    return replace(plan, findings=(*kept_findings, *_dead_ends(frame, outlets)))


def _dead_ends(
    frame: gpd.GeoDataFrame, outlets: Sequence[tuple[float, float]]
) -> Iterator[NetFinding]:
    """Nodes of the layer where water cannot go on, or comes from nowhere."""
    reaches: list[Directed] = []
    places: dict[str, Floats] = {}
    for row in frame.itertuples():
        start, end = text_of(row.from_node), text_of(row.to_node)
        reaches.append(Directed(str(row.code), start, end, text_of(row.flow) in _DIRECTED))
        if row.geometry is not None and not row.geometry.is_empty:
            line = shapely.get_coordinates(row.geometry)
            places |= {start: line[0], end: line[-1]}
    places.pop("", None)
    names = list(places)
    all_places = np.array([places[name] for name in names]).reshape(-1, 2)
    mouths = {names[int(np.argmin(_squares(all_places, place)))] for place in outlets if names}
    for one in dead_ends(reaches, mouths):
        lon, lat = places.get(one.node, (np.nan, np.nan))
        kind = NetKind.SINK if one.sink else NetKind.SOURCE
        yield NetFinding(kind, float(lon), float(lat), one.reaches[0], "、".join(one.reaches))


def _squares(places: Floats, place: tuple[float, float]) -> Floats:
    """Squares of the distances (m²) from places to one, shape (n,)."""
    away = (places - place) * plane.metres_per_degree(place[1])
    found: Floats = (away**2).sum(axis=1)
    return found


# --- pieces -------------------------------------------------------------------------------


def river_lines(project: Project) -> list[shapely.Geometry]:
    """The lines of rivers as they are drawn, degrees of EPSG:4490; none where there are none."""
    return [
        shape
        for _, frame in frames_of(project, "river")
        for shape in frame.geometry
        if shape is not None and not shape.is_empty
    ]


def _rivers(project: Project) -> tuple[gpd.GeoDataFrame, Edition]:
    for layer_id, frame in frames_of(project, "river"):
        return frame, project.editions()[layer_id]
    raise ProjectError("network.error.no_rivers")


def _status(facts: Sequence[LineFacts]) -> str:
    found = {one.data_status for one in facts}
    return found.pop() if len(found) == 1 else MIXED


def _counts(findings: Iterable[NetFinding]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in findings:
        counts[one.kind.value] += 1
    return dict(sorted(counts.items()))


def _cut(
    one: PlannedReach,
    units: UnitIndex,
    names: dict[str, str],
    nodes: dict[str, tuple[float, float]],
    rules: SplitRules | None,
) -> list[PlannedReach]:
    """The pieces of one reach; new nodes are added to `nodes`."""
    width = one.facts.figures.get("width_m", 0.0)
    found = split_at_borders(one.built.geometry, units, width, rules)
    start = one.built.from_node
    pieces = []
    for number, piece in enumerate(found):
        end = one.built.to_node
        if number + 1 < len(found):
            end = f"N{len(nodes) + 1:04d}"
            nodes[end] = piece.geometry.coords[-1]
        built = replace(
            one.built, geometry=piece.geometry, from_node=start, to_node=end,
            length_m=piece.end_m - piece.start_m,
        )  # fmt: skip
        pieces.append(
            replace(
                one, built=built, units=piece.units,
                unit_names=tuple(names[code] for code in piece.units),
                border=piece.kind.value if piece.kind else "",
            )
        )  # fmt: skip
        start = end
    return pieces
