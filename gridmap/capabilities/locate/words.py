"""A verdict in words: posts, and the sections about water, zones and surroundings."""

from gridmap.capabilities.locate.rules.verdict import (
    Around,
    BorderKind,
    Holding,
    LatestClass,
    RiverLink,
    SectionNear,
    UnitRef,
    Verdict,
    ZoneFinding,
)
from gridmap.report import wording
from gridmap.report.document import Line, Section, Tone
from gridmap.report.titles import Wishes, class_look, named, shown_phone
from gridmap.texts import t


def holding_line(holding: Holding, wishes: Wishes, *, tier: bool = False) -> Line:
    """One post: the holder with a phone, or the vacancy in words and colour.

    The label is the role, with its tier before it if `tier`.
    """
    role = named("role", holding.role)
    if tier:
        role = t("verdict.post.tier_role", tier=named("tier", holding.tier), role=role)
    if holding.person is None:
        return Line(role, vacancy(holding), tone=Tone.BAD)
    aside = shown_phone(holding.person.phone, full=wishes.full_phones)
    return Line(role, holding.person.name, aside)


def vacancy(holding: Holding) -> str:
    """Why nobody is named: vacant since a day, never filled, or the roster begins later."""
    if holding.begins is not None:
        return t("verdict.post.before_roster", begins=wording.day(holding.begins))
    if holding.since is not None:
        return t("verdict.post.vacant_since", since=wording.day(holding.since))
    return t("verdict.post.vacant_never")


def river_section(river: RiverLink, wishes: Wishes) -> Section:
    """The nearest reach, where on it, and its chiefs."""
    facts = {
        "reach": river.reach_name,
        "bank": t(f"verdict.bank.{river.bank}"),
        "distance": wording.distance(river.distance_m),
    }
    if river.river_name and river.river_name not in river.reach_name:
        note = t("verdict.river.heading", river=river.river_name, **facts)
    else:
        note = t("verdict.river.heading_unnamed", **facts)
    lines = [holding_line(one, wishes, tier=True) for one in river.chiefs]
    if not lines:
        lines.append(Line("", t("verdict.river.no_chiefs"), tone=Tone.BAD))
    if river.border is not None:
        lines.append(_border_line(river))
    chainage = t(
        "verdict.river.chainage_value",
        chainage=wording.distance(river.chainage_m),
        length=wording.distance(river.length_m),
        flow=named("flow", river.flow),
    )
    lines.append(Line(t("verdict.river.chainage"), chainage, tone=Tone.QUIET))
    if river.others:
        others = t("verdict.join.names").join(
            t("verdict.river.other", name=o.name, distance=wording.distance(o.distance_m))
            for o in river.others[:3]
        )
        lines.append(Line(t("verdict.river.others"), others, tone=Tone.QUIET))
    return Section("river", t("verdict.section.river"), tuple(lines), note)


def _border_line(river: RiverLink) -> Line:
    left, right = (_unit_name(side) for side in river.sides)
    label = t("verdict.river.border")
    if river.border is BorderKind.UP_DOWN:
        here = left if left == right else f"{left} / {right}"
        return Line(label, t("verdict.border.up_down", here=here))
    text = (
        t("verdict.border.left_right", left=left, right=right)
        if river.border is BorderKind.LEFT_RIGHT
        else t("verdict.border.interlocked", left=left, right=right)
    )
    return Line(label, text, tone=Tone.WARN if left != right else Tone.PLAIN)


def _unit_name(unit: UnitRef | None) -> str:
    return t("verdict.border.nobody") if unit is None else unit.name


def zone_section(zones: tuple[ZoneFinding, ...]) -> Section:
    """Each control zone: inside or not, how far its edge is, and doubts."""
    lines = [_zone_line(zone) for zone in zones]
    if not lines:
        lines.append(Line("", t("verdict.zone.none"), tone=Tone.QUIET))
    return Section("zones", t("verdict.section.zones"), tuple(lines))


def _zone_line(zone: ZoneFinding) -> Line:
    facts = {"name": zone.name, "distance": wording.distance(zone.distance_m)}
    if zone.zone_class:
        key = "verdict.zone.inside" if zone.inside else "verdict.zone.outside"
        text = t(key, zone_class=zone.zone_class, **facts)
    else:
        key = "verdict.zone.inside_plain" if zone.inside else "verdict.zone.outside_plain"
        text = t(key, **facts)
    doubts = [t("verdict.zone.uncertain")] if zone.uncertain else []
    doubts += [t("verdict.zone.disputed")] if zone.disputed and (zone.inside or doubts) else []
    if doubts:
        text = t("verdict.join.clauses").join((text, *doubts))
    inside = Tone.BAD if zone.kind == "ecological" else Tone.WARN
    tone = Tone.WARN if zone.uncertain else (inside if zone.inside else Tone.PLAIN)
    return Line(named("zone", zone.kind), text, tone=tone)


def around_section(verdict: Verdict, wishes: Wishes) -> Section:
    """Sections up and down the water, stations nearby, firms upstream."""
    around = verdict.around
    lines = [_section_line(section, wishes) for section in around.sections]
    if around.stations:
        stations = t("verdict.join.names").join(
            t(
                "verdict.around.station",
                name=station.name,
                kind=named("around", station.kind),
                distance=wording.distance(station.distance_m),
            )
            for station in around.stations
        )
        lines.append(Line(t("verdict.around.stations"), stations))
    if verdict.river is not None:
        lines.append(_firms_line(around))
    if not lines:
        lines.append(Line("", t("verdict.around.nothing"), tone=Tone.QUIET))
    return Section("around", t("verdict.section.around"), tuple(lines))


def _section_line(section: SectionNear, wishes: Wishes) -> Line:
    distance = wording.distance(section.river_m)
    if section.target_class:
        text = t(
            "verdict.around.section",
            name=section.name, distance=distance, target=section.target_class,
        )  # fmt: skip
    else:
        text = t("verdict.around.section_no_target", name=section.name, distance=distance)
    titles, decimals = dict(wishes.item_titles), dict(wishes.item_decimals)
    if section.latest:
        shown = t("verdict.join.values").join(
            t(
                "verdict.around.reading",
                item=titles.get(one.item, one.item),
                value=wording.value(one.value, decimals.get(one.item, 2)),
                unit=one.unit,
            )
            for one in section.latest
        )
        when = t("verdict.around.reading_time", time=wording.moment(section.latest[0].time))
        text = t("verdict.join.clauses").join((text, f"{shown}{when}"))
    if section.latest_class is not None:
        text = t("verdict.join.clauses").join((text, _class_words(section.latest_class)))
    label = t("verdict.around.downstream") if section.downstream else t("verdict.around.upstream")
    return Line(label, text)


def _class_words(found: LatestClass) -> str:
    """The latest class with its numeral and time."""
    look = class_look(found.water_class, found.time.date())
    label = look[0] if look else str(int(found.water_class))
    return t("verdict.around.class", label=label, time=wording.moment(found.time))


def _firms_line(around: Around) -> Line:
    label = t("verdict.around.firms")
    if not around.firms:
        return Line(label, t("verdict.around.no_outlets"), tone=Tone.QUIET)
    nearest = around.firms[0]
    text = t(
        "verdict.around.firms_value",
        count=len(around.firms),
        distance=wording.distance(nearest.river_m),
        name=nearest.name,
    )
    return Line(label, text)
