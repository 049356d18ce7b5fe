"""`gridmap river build | check | flip | join | split | sluice | flow`: the network itself."""

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from gridmap import intake
from gridmap.capabilities.rivers.report.network import finding_words, gap_words, network_document
from gridmap.capabilities.rivers.rules.building import NetRules
from gridmap.capabilities.rivers.rules.findings import NetFinding
from gridmap.capabilities.rivers.work import edits as river_edits
from gridmap.capabilities.rivers.work.lines import in_own_words, without_lines
from gridmap.capabilities.rivers.work.network import (
    check_network,
    plan_network,
    split_at_units,
    split_rules_of,
    write_network,
)
from gridmap.capabilities.rivers.work.plan import NetworkPlan
from gridmap.capabilities.rivers.work.posts import PostGap, gaps_in_posts
from gridmap.cli import values
from gridmap.core.moments import ZONE
from gridmap.intake.looks.geometry import to_stored
from gridmap.report.json import as_json
from gridmap.report.saving import FORMATS, save
from gridmap.report.titles import wishes_for
from gridmap.report.wording import one_line
from gridmap.store import Edition, ProjectError
from gridmap.store.operators import login
from gridmap.store.project import Project
from gridmap.texts import t

_TIERS: Final = ("city", "county", "township", "village", "cell", "park")
_MOST_M: Final = 100_000.0
_ROWS: Final = 40


@dataclass(frozen=True)
class Subcommand:
    """One subcommand of `gridmap river`."""

    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


# --- build --------------------------------------------------------------------------------


def _add_build(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument
    option("project", metavar="PROJECT", help=t("importing.help.project"))
    option("--lines", metavar="FILE", help=t("network.cli.lines"))
    option("--lakes", metavar="FILE", help=t("network.cli.lakes"))
    option("--crs", metavar="CRS", help=t("cli.help.crs"))
    option("--outlet", action="append", default=[], metavar="LON,LAT", help=t("network.cli.outlet"))
    option("--snap", metavar="M", help=t("network.cli.snap"))
    option("--gap", metavar="M", help=t("network.cli.gap"))
    option("--bridge", metavar="M", help=t("network.cli.bridge"))
    option("--close", action="append", default=[], metavar="ID", help=t("network.cli.close"))
    option("--split", choices=_TIERS, help=t("network.cli.split"))
    option("--dry-run", action="store_true", help=t("network.cli.dry_run"))
    option("--findings", metavar="FILE", help=t("network.cli.findings"))
    option("--all", action="store_true", help=t("network.cli.all"))
    option("--json", action="store_true", help=t("cli.help.json"))
    option("--by", metavar="NAME", default="", help=t("network.cli.by"))


def _build(options: argparse.Namespace) -> int:
    target = values.a_target(options.findings, FORMATS) if options.findings else None
    outlets = [_a_place(text) for text in options.outlet]
    rules = _rules(options)
    lines = None if options.lines is None else _features(Path(options.lines), options.crs)
    lakes = None if options.lakes is None else _features(Path(options.lakes), options.crs)
    with Project.open(options.project, read_only=options.dry_run) as project:
        if lines is not None:
            lines = in_own_words(lines, project)
            _tell_left_out(lines, Path(options.lines).name)
        plan = plan_network(
            project, lines=lines, lakes=lakes, outlets=outlets, rules=rules, closed=options.close,
            edition=None if lines is None else Edition("reaches", source=Path(options.lines).name),
        )  # fmt: skip
        if options.split:
            units = project.layer("grid_units")
            plan = split_at_units(plan, units, options.split, split_rules_of(project))
        revision, attached = None, ""
        if not options.dry_run:
            revision = write_network(project, plan, actor=options.by or login())
            attached = _attached_words(project)
    if target is not None:
        save(network_document(plan.findings, plan.rivers), target)
        print(t("cli.done.written", file=target), file=sys.stderr)
    if options.json:
        print(as_json(_plan_json(plan, revision)))
    else:
        _print_plan(plan, revision, whole=options.all)
        if attached:
            print(attached)
    return 0


def _tell_left_out(lines: gpd.GeoDataFrame, file: str) -> None:
    rows = without_lines(lines)
    if rows:
        shown = t("series.comma").join(map(str, rows[:_ROWS])) + ("…" if len(rows) > _ROWS else "")
        told = t("network.cli.left_out", file=file, count=len(rows), rows=shown)
        print(one_line(told), file=sys.stderr)


def _rules(options: argparse.Namespace) -> NetRules:
    usual = NetRules()
    return NetRules(
        _metres(options.snap, usual.snap_m),
        _metres(options.gap, usual.gap_m),
        _metres(options.bridge, usual.bridge_m),
    )


def _metres(text: str | None, usual: float) -> float:
    if text is None:
        return usual
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= _MOST_M:
        raise values.UsageError("network.cli.bad_metres", text=text)
    return found


def _a_place(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise values.UsageError("network.cli.bad_place", text=text) from None
    if not (60 <= lon <= 150 and 0 <= lat <= 60):  # noqa: PLR2004  a coarse box around China
        raise values.UsageError("network.cli.bad_place", text=text)
    return lon, lat


def _features(path: Path, crs: str | None) -> gpd.GeoDataFrame:
    """The features of a file in EPSG:4490, all cells text."""
    table = intake.read_features(path)
    if table.geometry is None:
        raise ProjectError("network.error.no_lines")
    shapes, _, _ = to_stored(table, table.geometry, crs)
    return gpd.GeoDataFrame(table.cells, geometry=shapes, crs="EPSG:4490")


def _print_plan(plan: NetworkPlan, revision: int | None, *, whole: bool) -> None:
    parts = {one.built.part for one in plan.reaches}
    metres = sum(one.built.length_m for one in plan.reaches)
    rivers = {one.built.river or one.facts.river_code for one in plan.reaches}
    print(
        t(
            "network.cli.sum", reaches=len(plan.reaches), rivers=len(rivers),
            km=f"{metres / 1000:,.1f}", parts=len(parts),
            done=len(plan.findings) - len(plan.open_findings), open=len(plan.open_findings),
        )
    )  # fmt: skip
    for rivers_met, below in sorted(plan.confluences(), key=lambda met: met[1]):
        met = "、".join(sorted(rivers_met))
        print(one_line(t("network.cli.confluence", rivers=met, below=below)))
    _print_findings(plan, plan.findings if whole else plan.open_findings, whole=whole)
    if revision is None:
        print(t("network.cli.nothing_written"))
    else:
        print(t("network.cli.written", revision=revision))


def _print_findings(plan: NetworkPlan, findings: Sequence[NetFinding], *, whole: bool) -> None:
    shown = findings if whole else findings[:_ROWS]
    for one in shown:
        print(one_line(f"[{one.id}] {finding_words(one, plan.rivers)}"))
    if len(findings) > len(shown):
        print(t("network.cli.more", count=len(findings) - len(shown)))


def _plan_json(plan: NetworkPlan, revision: int | None) -> dict[str, Any]:
    return {
        "revision": revision,
        "reaches": [
            {
                "code": one.code, "name": one.name, "river": one.built.river,
                "from_node": one.built.from_node, "to_node": one.built.to_node,
                "flow": one.built.flow, "length_m": round(one.built.length_m, 1),
                "units": list(one.units), "border": one.border or None,
                "bridge": one.built.bridge, "lake": one.built.lake or None,
            }
            for one in plan.reaches
        ],
        "confluences": sorted(
            [{"rivers": sorted(rivers), "below": below} for rivers, below in plan.confluences()],
            key=lambda met: (met["below"], met["rivers"]),
        ),
        "findings": _findings_json(plan.findings, plan.rivers),
    }  # fmt: skip


def _findings_json(
    findings: Iterable[NetFinding], rivers: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id, "kind": one.kind.value, "resolved": one.resolved, "line": one.line,
            "other": one.other or None, "metres": round(one.metres, 2),
            "lon": round(one.lon, 7), "lat": round(one.lat, 7), "text": finding_words(one, rivers),
        }
        for one in findings
    ]  # fmt: skip


# --- check --------------------------------------------------------------------------------


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help=t("cli.help.file"))
    parser.add_argument("--on", metavar="DAY", help=t("network.cli.on"))
    parser.add_argument("--json", action="store_true", help=t("cli.help.json"))


def _check(options: argparse.Namespace) -> int:
    day = values.a_day(options.on) if options.on else datetime.now(ZONE).date()
    with values.open_for_reading(options.project, quiet=options.json) as project:
        plan = check_network(project)
        posts = gaps_in_posts(project, day)
    if options.json:
        found = {
            "on": day.isoformat(),
            "findings": _findings_json(plan.open_findings, plan.rivers),
            "posts": [_gap_json(one) for one in posts],
        }
        print(as_json(found))
        return 0
    counts = {"reaches": len(plan.reaches), "open": len(plan.open_findings), "posts": len(posts)}
    print(t("network.cli.checked", day=day, **counts))
    _print_findings(plan, plan.open_findings, whole=True)
    for one in posts:
        print(one_line(f"[{one.reach}] {gap_words(one)}"))
    return 0


def _gap_json(one: PostGap) -> dict[str, Any]:
    return {
        "kind": one.kind.value, "reach": one.reach, "name": one.name, "role": one.role or None,
        "tier": one.tier or None, "people": list(one.people),
        "since": one.since.isoformat() if one.since else None,
    }  # fmt: skip


# --- edits --------------------------------------------------------------------------------


def _adding(*arguments: str) -> Callable[[argparse.ArgumentParser], None]:
    """Declare the project, then these, all required, then who does it."""

    def add(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT", help=t("importing.help.project"))
        for name in arguments:
            choices = _CHOICES.get(name)
            parser.add_argument(
                name, metavar=name.upper(), choices=choices, help=t(f"network.argument.{name}")
            )
        parser.add_argument("--by", metavar="NAME", default="", help=t("network.cli.by"))

    return add


_CHOICES: Final = {"state": river_edits.STATES, "flow": river_edits.FLOWS}


def _add_join(parser: argparse.ArgumentParser) -> None:
    _adding("reach", "other")(parser)
    parser.add_argument("--within", metavar="M", help=t("network.cli.within"))


def _flip(options: argparse.Namespace) -> int:
    with Project.open(options.project) as project:
        river_edits.flip_reach(project, options.reach, actor=options.by or login())
        attached = _attached_words(project)
    print(t("network.done.flip", reach=options.reach), attached, sep="")
    return 0


def _join(options: argparse.Namespace) -> int:
    within = _metres(options.within, NetRules().gap_m)
    with Project.open(options.project) as project:
        metres = river_edits.join_ends(
            project, options.reach, options.other, within_m=within, actor=options.by or login()
        )
        attached = _attached_words(project)
    said = t("network.done.join", reach=options.reach, other=options.other, metres=f"{metres:.0f}")
    print(said, attached, sep="")
    return 0


def _split(options: argparse.Namespace) -> int:
    lon, lat = _a_place(options.place)
    with Project.open(options.project) as project:
        new = river_edits.split_reach(project, options.reach, lon, lat, actor=options.by or login())
        attached = _attached_words(project)
    print(t("network.done.split", reach=options.reach, lower=new), attached, sep="")
    return 0


def _sluice(options: argparse.Namespace) -> int:
    with Project.open(options.project) as project:
        river_edits.set_sluice(project, options.sluice, options.state, actor=options.by or login())
    print(t(f"network.done.sluice.{options.state}", sluice=options.sluice))
    return 0


def _flow(options: argparse.Namespace) -> int:
    with Project.open(options.project) as project:
        river_edits.mark_flow(project, options.reach, options.flow, actor=options.by or login())
    print(t(f"network.done.flow.{options.flow}", reach=options.reach))
    return 0


def _attached_words(project: Project) -> str:
    """What the last change brought to other reaches, "" for nothing."""
    titles = dict(wishes_for(project).layer_titles)
    counts = [
        t("network.attached.layer", layer=titles[layer], count=len(codes))
        for layer, codes in sorted(project.log()["detail"].iloc[-1].get("attached", {}).items())
    ]
    return t("network.attached.all", list=t("verdict.join.clauses").join(counts)) if counts else ""


BUILD: Final = Subcommand(_add_build, _build)
CHECK: Final = Subcommand(_add_check, _check)
FLIP: Final = Subcommand(_adding("reach"), _flip)
JOIN: Final = Subcommand(_add_join, _join)
SPLIT: Final = Subcommand(_adding("reach", "place"), _split)
SLUICE: Final = Subcommand(_adding("sluice", "state"), _sluice)
FLOW: Final = Subcommand(_adding("reach", "flow"), _flow)
