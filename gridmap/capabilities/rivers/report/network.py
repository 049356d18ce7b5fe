"""Findings of a river network and posts that are not in order: in words, and as files."""

from collections.abc import Mapping, Sequence
from typing import Final

from gridmap.capabilities.rivers.rules.findings import NetFinding, NetKind
from gridmap.capabilities.rivers.work.chiefs import Appointed, Appointment
from gridmap.capabilities.rivers.work.posts import PostGap
from gridmap.report.document import Document, Table
from gridmap.report.titles import named
from gridmap.texts import t

_KM: Final = 1000.0


def finding_words(one: NetFinding, rivers: Mapping[str, str]) -> str:
    """What was found, where and how far, as a sentence; `rivers` names the drawn lines."""
    metres = f"{one.metres:.1f}" if one.metres < _KM else f"{one.metres:,.0f}"
    return t(
        f"network.finding.{one.kind}",
        line=_line(one.line, rivers),
        other=_line(one.other, rivers),
        metres=metres,
        km=f"{one.metres / _KM:,.1f}",
        percent=f"{one.metres * 100:.0f}",
    )


def _line(key: str, rivers: Mapping[str, str]) -> str:
    """The river of a drawn line with the line's key, unless the key says it already."""
    river = rivers.get(key, "")
    return key if not river or river in key else t("network.line", river=river, key=key)


def kind_title(kind: NetKind) -> str:
    """The name of a kind of finding."""
    return t(f"network.kind.{kind}")


def state_title(one: NetFinding) -> str:
    """Whether something was done or waits for somebody."""
    return t("network.state.resolved") if one.resolved else t("network.state.open")


def gap_words(one: PostGap) -> str:
    """What is not in order about the posts of a reach, as a sentence."""
    return t(
        f"network.post.{one.kind}",
        reach=one.name or one.reach,
        role=named("role", one.role) if one.role else "",
        tier=named("tier", one.tier) if one.tier else "",
        people="、".join(one.people),
        since=one.since or t("network.post.unknown_day"),
    )


def appoint_words(wanted: Appointment, done: Appointed) -> str:
    """What an appointment did, as sentences."""
    post = named("tier", wanted.tier), named("role", wanted.role)
    said = t(
        "network.done.appoint", name=wanted.name, tier=post[0], role=post[1],
        since=wanted.since, count=len(done.reaches), ended=done.ended,
    )  # fmt: skip
    if done.already:
        said += t("network.done.appointed_already", reaches="、".join(done.already))
    return said


def network_document(findings: Sequence[NetFinding], rivers: Mapping[str, str]) -> Document:
    """Findings with their places (degrees of EPSG:4490), a row each."""
    rows = [
        (one.id, kind_title(one.kind), state_title(one), finding_words(one, rivers), one.line,
         one.other, round(one.metres, 2), round(one.lon, 7), round(one.lat, 7))
        for one in findings
    ]  # fmt: skip
    names = ("id", "kind", "state", "what", "line", "other", "metres", "lon", "lat")
    heads = [t(f"network.column.{name}") for name in names]
    title = t("network.findings")
    return Document(kind="network", headline=title, tables=(Table.of(title, heads, rows),))
