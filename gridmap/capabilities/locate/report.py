"""The document of a verdict: what card, terminal, JSON and print all show.

It says in the order in which a reader asks: what is the answer, how sure, who is it, what else
applies, on what basis.
"""

from dataclasses import asdict
from typing import Any, Final

from gridmap.capabilities.locate.rules.verdict import (
    Candidate,
    ChainLink,
    Duty,
    Holding,
    Reason,
    RuleStep,
    Status,
    Verdict,
)
from gridmap.capabilities.locate.words import (
    around_section,
    holding_line,
    river_section,
    zone_section,
)
from gridmap.report import wording
from gridmap.report.document import ANSWER, SIGNED, Document, Line, PictureOf, Section, Tone
from gridmap.report.json import plain, rounded
from gridmap.report.titles import Wishes, named, wishes_for
from gridmap.store.project import Project
from gridmap.texts import t

SCHEMA: Final = "gridmap.verdict/1"
TONES: Final = {
    Status.CERTAIN: Tone.GOOD,
    Status.BORDERLINE: Tone.WARN,
    Status.SHARED: Tone.WARN,
    Status.UNASSIGNED: Tone.BAD,
    Status.OUTSIDE: Tone.QUIET,
}
_SHORT_FINGERPRINT: Final = 16
_MOST_NAMED: Final = 2
_MAP_MM: Final = 78.0


def verdict_document(
    verdict: Verdict,
    wishes: Wishes | None = None,
    *,
    project_title: str = "",
    example: bool = False,
) -> Document:
    """A verdict as a document in the current language; on paper with the picture "map"."""
    wishes = wishes or Wishes()
    sections = tuple(section for section in _sections(verdict, wishes) if section is not None)
    return Document(
        kind="verdict",
        headline=_headline(verdict, t(f"verdict.status.{verdict.status}")),
        status=t(f"verdict.status.{verdict.status}"),
        tone=_tone(verdict),
        sentence=_sentence(verdict),
        advice=_advice(verdict),
        body=sections,
        paper=(ANSWER, PictureOf("map", _MAP_MM, noted=True, below_mm=1.0), *sections, SIGNED),
        data=_data(verdict, example=example),
        heading=t("verdict.sheet_title"),
        project_title=project_title,
        example=example,
        fingerprint=verdict.basis.fingerprint,
    )


def document_of(project: Project, verdict: Verdict, *, full_phones: bool = False) -> Document:
    """The document of a verdict that a project gave."""
    wishes = wishes_for(project, full_phones=full_phones)
    return verdict_document(
        verdict, wishes, project_title=project.title, example=project.is_example
    )


def _data(verdict: Verdict, *, example: bool) -> dict[str, Any]:
    """A verdict as dicts, lists, texts, numbers and null.

    Distances are metres, coordinates degrees of EPSG:4490, days ISO 8601, moments ISO
    8601 with offset. A distance that does not exist is null. `example` marks answers
    from an example project.
    """
    return {
        "schema": SCHEMA,
        "crs": "EPSG:4490",
        "example": example,
        **rounded(plain(asdict(verdict))),
    }


def _sections(verdict: Verdict, wishes: Wishes) -> list[Section | None]:
    sections = [_grid_section(verdict, wishes), _river(verdict, wishes)]
    sections += [_district_section(verdict, wishes)] if verdict.districts else []
    sections += [_duty_section(verdict.duty, verdict)] if verdict.duty else []
    sections += [_candidate_section(verdict)] if len(verdict.candidates) > 1 else []
    if verdict.status is not Status.OUTSIDE:
        sections.append(zone_section(verdict.zones))
    return [*sections, around_section(verdict, wishes), _basis_section(verdict, wishes)]


def _headline(verdict: Verdict, status: str) -> str:
    if verdict.reason is Reason.NO_GRID:
        return t("verdict.headline.no_grid")
    if verdict.owner is None:
        return t("verdict.headline.outside")
    if verdict.status is Status.UNASSIGNED:
        return t("verdict.headline.gap", status=status)
    return t("verdict.headline.owner", owner=verdict.owner.name, status=status)


def _others(verdict: Verdict) -> str:
    names = [c.unit.name for c in verdict.candidates if c.unit != verdict.owner]
    return t("verdict.join.names").join(names[:_MOST_NAMED])


def _sentence(verdict: Verdict) -> str:
    reason, others = str(verdict.reason), _others(verdict)
    if not others and verdict.reason is Reason.NEAR_BORDER:
        reason = "near_edge"
    elif not others and verdict.reason is Reason.ON_BORDER:
        reason = "on_edge"
    tolerance_m, border_m = verdict.basis.tolerance_m, verdict.border_m
    # "50 m is more than 50 m" helps nobody: a decimal shows which is the larger.
    fine = wording.distance(border_m) == wording.distance(tolerance_m)
    dispute = [dict(s.facts).get("name", "") for s in verdict.basis.rules if s.rule == "dispute"]
    return t(
        f"verdict.sentence.{reason}",
        owner=verdict.owner.name if verdict.owner else "",
        others=others,
        border=wording.distance(border_m, fine=fine),
        tolerance=wording.distance(tolerance_m),
        dispute=dispute[0] if dispute else "",
    )


def _posts(verdict: Verdict) -> list[Holding]:
    """Everybody whom the answer would name: along the grid and along the river."""
    river = () if verdict.river is None else verdict.river.chiefs
    return [*(post for link in verdict.chain for post in link.posts), *river]


def _nobody(verdict: Verdict) -> bool:
    """Whether the unit is certain and yet nobody is there to whom it could be handed over."""
    posts = _posts(verdict)
    return verdict.status is Status.CERTAIN and bool(posts) and all(one.vacant for one in posts)


def _tone(verdict: Verdict) -> Tone:
    return Tone.WARN if _nobody(verdict) else TONES[verdict.status]


def _advice(verdict: Verdict) -> str:
    others = _others(verdict)
    if _nobody(verdict):
        posts, day = _posts(verdict), wording.day(verdict.on)
        begins = min((one.begins for one in posts if one.begins is not None), default=None)
        recorded = "nobody" if any(one.since is not None for one in posts) else "no_posts"
        if begins is not None:
            return t("verdict.advice.before_roster", day=day, begins=wording.day(begins))
        return t(f"verdict.advice.{recorded}", day=day)
    if verdict.reason is Reason.NO_GRID:
        return ""
    if verdict.status is Status.BORDERLINE and not others:
        return t("verdict.advice.check_on_site")
    owner = verdict.owner.name if verdict.owner else ""
    return t(f"verdict.advice.{verdict.status}", owner=owner, others=others)


def _grid_section(verdict: Verdict, wishes: Wishes) -> Section | None:
    lines = [line for link in verdict.chain for line in _chain_lines(link, wishes)]
    return Section("grid", t("verdict.section.grid"), tuple(lines)) if lines else None


def _chain_lines(link: ChainLink, wishes: Wishes) -> list[Line]:
    name, tone = link.unit.name, Tone.PLAIN
    if link.by_code:
        name, tone = t("verdict.chain.by_code", unit=name), Tone.WARN
    elif link.status is Status.BORDERLINE:
        border = wording.distance(link.border_m)
        name, tone = t("verdict.chain.uncertain", unit=name, border=border), Tone.WARN
    tier = named("tier", link.unit.tier)
    lines = [Line(tier, name, tone=tone, strong=True)]
    posts = [holding_line(holding, wishes) for holding in link.posts]
    if not posts:
        posts = [Line("", t("verdict.post.none"), tone=Tone.QUIET)]
    return [*lines, *posts]


def _river(verdict: Verdict, wishes: Wishes) -> Section | None:
    if verdict.river is not None:
        return river_section(verdict.river, wishes)
    if verdict.status is Status.OUTSIDE:
        return None
    nothing = Line("", t("verdict.river.nothing_near"), tone=Tone.QUIET)
    return Section("river", t("verdict.section.river"), (nothing,))


def _district_section(verdict: Verdict, wishes: Wishes) -> Section:
    lines: list[Line] = []
    for district in verdict.districts:
        tone = Tone.WARN if district.uncertain else Tone.PLAIN
        held = [holding.person.name for holding in district.posts if holding.person is not None]
        names = t("verdict.join.names").join(held)
        lines.append(Line(district.name, names or t("verdict.post.none"), tone=tone))
        lines += [holding_line(h, wishes) for h in district.posts if h.vacant]
    return Section("districts", t("verdict.section.districts"), tuple(lines))


def _duty_section(duty: Duty, verdict: Verdict) -> Section:
    townships = [link.unit.name for link in verdict.chain if link.unit.tier == "township"]
    who = t("verdict.duty.alone", department=duty.department)
    if duty.with_township and townships:
        who = t("verdict.duty.with_township", department=duty.department, township=townships[0])
    elif duty.with_township:
        who = t("verdict.duty.with_township_unknown", department=duty.department)
    title = duty.title_en if t("verdict.language") == "en" else duty.title_zh
    term = "" if duty.work_days is None else t("verdict.duty.days", days=duty.work_days)
    lines = [Line(title or duty.problem, who, term)]
    if duty.basis:
        lines.append(Line(t("verdict.duty.basis"), duty.basis, tone=Tone.QUIET))
    return Section("duty", t("verdict.section.duty"), tuple(lines))


def _candidate_section(verdict: Verdict) -> Section:
    lines = tuple(
        _candidate_line(candidate)
        for candidate in verdict.candidates
        if candidate.unit != verdict.owner
    )
    return Section("candidates", t("verdict.section.candidates"), lines)


def _candidate_line(candidate: Candidate) -> Line:
    key = "verdict.candidate.covers" if candidate.covers else "verdict.candidate.near"
    text = t(key, distance=wording.distance(candidate.distance_m))
    return Line(candidate.unit.name, text, candidate.unit.code)


def _basis_section(verdict: Verdict, wishes: Wishes) -> Section:
    basis, place = verdict.basis, verdict.place
    where = t(
        "verdict.basis.place_value", lon=wording.degrees(place.lon), lat=wording.degrees(place.lat)
    )
    if place.radius_m:
        where += t("verdict.basis.radius", radius=wording.distance(place.radius_m))
    lines = [Line(t("verdict.basis.place"), where, tone=Tone.QUIET)]
    if place.text:
        read_in = "" if place.datum is None else t("verdict.basis.read_in", datum=place.datum.value)
        lines.append(Line(t("verdict.basis.typed"), f"{place.text}{read_in}", tone=Tone.QUIET))
    lines.append(Line(t("verdict.basis.on"), wording.day(verdict.on), tone=Tone.QUIET))
    rules = " → ".join(_rule(step) for step in basis.rules)
    lines.append(Line(t("verdict.basis.rules"), rules, tone=Tone.QUIET))
    lines.append(Line(t("verdict.basis.editions"), _editions(verdict, wishes), tone=Tone.QUIET))
    mark = f"{basis.fingerprint[:_SHORT_FINGERPRINT]}…"
    label = t("verdict.basis.fingerprint")
    lines.append(Line(label, mark, tone=Tone.QUIET, whole=basis.fingerprint))
    return Section("basis", t("verdict.section.basis"), tuple(lines), small=True)


def _rule(step: RuleStep) -> str:
    facts = {
        name: wording.distance(value)
        if name.endswith("_m") and not isinstance(value, str)
        else value
        for name, value in step.facts
    }
    return t(f"verdict.rule.{step.rule}", **facts)


def _editions(verdict: Verdict, wishes: Wishes) -> str:
    titles = dict(wishes.layer_titles)
    shown: list[str] = []
    for edition in verdict.basis.editions:
        if edition.layer_id not in titles:
            continue
        facts = {
            "layer": titles[edition.layer_id],
            "accuracy": wording.distance(edition.accuracy_m),
        }
        if edition.edition_date is None:
            shown.append(t("verdict.basis.edition_undated", **facts))
        else:
            when = wording.day(edition.edition_date)
            shown.append(t("verdict.basis.edition", date=when, **facts))
    return t("verdict.join.values").join(shown)
