"""The document of a proposal: sites with their reasons, sums, gain curve, tables, JSON form."""

from typing import Any, Final

from gridmap.capabilities.siting.rules.question import Answer
from gridmap.capabilities.siting.words import (
    alone_words,
    basis_of,
    from_to,
    headline,
    kind_of,
    percent,
    place_of,
    proof_of,
    reason,
    sentence,
    tone_of,
    unit_of,
)
from gridmap.capabilities.siting.work.ground import DemandKind, Site
from gridmap.capabilities.siting.work.siting import Proposed, SitingAnswer
from gridmap.report import wording
from gridmap.report.document import (
    ANSWER,
    SIGNED,
    Block,
    Column,
    Document,
    Line,
    Paragraph,
    PictureOf,
    Rows,
    Section,
    Table,
    Tone,
    Word,
)
from gridmap.texts import t

SCHEMA: Final = "gridmap.siting/1"
_MAP_MM: Final = 100.0
_CURVE_MM: Final = 42.0
_DIGITS: Final = 6


def siting_document(answer: SitingAnswer) -> Document:
    """A proposal in words; on paper with the pictures "map" and "curve"."""
    sites, moved, sums, curve, basis = (
        _sites(answer), _moved(answer), _sums(answer), _curve(answer), _basis(answer),
    )  # fmt: skip
    return Document(
        kind="siting",
        headline=headline(answer),
        status=t(f"siting.status.{answer.answer.proof.value}"),
        tone=tone_of(answer),
        sentence=sentence(answer),
        body=tuple(one for one in (sites, moved, sums, curve, basis) if one.lines),
        paper=_paper(answer),
        tables=_tables(answer),
        data=siting_data(answer),
        heading=t("siting.print.title"),
        project_title=answer.title,
        example=answer.example,
    )


# --- sections -----------------------------------------------------------------------------


def _sites(answer: SitingAnswer) -> Section:
    lines = []
    for one in answer.proposed:
        share = percent(one.gain, answer.answer.total)
        lines.append(
            Line(str(one.rank), place_of(one.site), t("siting.plus", share=share), strong=True)
        )
        lines.append(Line("", reason(answer, one)))
        lines.append(Line("", alone_words(answer, one), tone=Tone.QUIET))
    return Section("sites", t("siting.section.sites"), tuple(lines))


def _moved(answer: SitingAnswer) -> Section:
    lines = tuple(Line("", place_of(one), tone=Tone.WARN) for one in answer.moved)
    return Section("moved", t("siting.section.moved"), lines)


def _sums(answer: SitingAnswer) -> Section:
    lines = tuple(
        Line(
            t(f"siting.demand.{kind.value}"),
            from_to(answer, kind, before, after, total),
            percent(after, total),
        )
        for kind, before, after, total in sums_of(answer)
    )
    return Section("sums", t("siting.section.sums"), lines)


def _curve(answer: SitingAnswer) -> Section:
    total = answer.answer.total
    lines = tuple(
        Line(str(number), percent(one.covered, total), proof_of(one), tone=Tone.QUIET)
        for number, one in enumerate(answer.curve, start=1)
    )
    return Section("curve", t("siting.section.curve"), lines)


def _basis(answer: SitingAnswer) -> Section:
    lines = tuple(Line(title, text, tone=Tone.QUIET) for title, text in basis_of(answer))
    return Section("basis", t("siting.section.basis"), lines, small=True)


def sums_of(answer: SitingAnswer) -> list[tuple[DemandKind, float, float, float]]:
    """Each kind with how much is covered today, with the proposal, and how much there is."""
    ground = answer.ground
    whole = ground.amounts(answer.met_today | True)
    before, after = ground.amounts(answer.met_today), ground.amounts(answer.met)
    return [(kind, before.get(kind, 0.0), after.get(kind, 0.0), whole[kind]) for kind in whole]


# --- paper --------------------------------------------------------------------------------


def _paper(answer: SitingAnswer) -> tuple[Block, ...]:
    sites = Rows(
        "sites",
        t("siting.section.sites"),
        (Column(0.05, "", quiet=True), Column(0.34), Column(0.5), Column(0.11, align=1)),
        tuple(
            (
                Word(str(one.rank)), Word(place_of(one.site)),
                Word(t("siting.stop").join((reason(answer, one), alone_words(answer, one)))),
                Word(t("siting.plus", share=percent(one.gain, answer.answer.total))),
            )
            for one in answer.proposed
        ),
    )  # fmt: skip
    blocks: list[Block] = [ANSWER, PictureOf("map", _MAP_MM, noted=True), sites]
    if answer.moved:
        rows = tuple((Word(place_of(one), Tone.WARN),) for one in answer.moved)
        blocks.append(Rows("moved", t("siting.section.moved"), (Column(1.0),), rows))
    if answer.curve:
        blocks.append(Paragraph((t("siting.section.curve"),), strong=True))
        blocks.append(PictureOf("curve", _CURVE_MM))
    lines = [(line.label, line.value, line.aside) for line in _sums(answer).lines]
    sums = tuple((Word(a), Word(b), Word(c)) for a, b, c in lines)
    columns = (Column(0.25, quiet=True), Column(0.6), Column(0.15, align=1))
    blocks.append(Rows("sums", t("siting.section.sums"), columns, sums))
    basis = tuple((Word(title), Word(text)) for title, text in basis_of(answer))
    two = (Column(0.2, quiet=True), Column(0.8))
    blocks.append(Rows("basis", t("siting.section.basis"), two, basis, ruled=False))
    return (*blocks, SIGNED)


# --- tables -------------------------------------------------------------------------------


def _tables(answer: SitingAnswer) -> tuple[Table, ...]:
    heads = [
        t("siting.sheet.rank"), t("siting.sheet.place"), t("siting.sheet.kind"),
        t("siting.sheet.unit"), t("siting.sheet.lon"), t("siting.sheet.lat"),
        t("siting.sheet.reach"), t("siting.sheet.chainage"), t("siting.sheet.gain"),
        t("siting.sheet.alone"), t("siting.sheet.reason"),
    ]  # fmt: skip
    sites = [_site_cells(answer, one) for one in answer.proposed]
    total = answer.answer.total
    curve = [
        [number, round(one.covered, _DIGITS), round(one.covered / total, 4), proof_of(one)]
        for number, one in enumerate(answer.curve, start=1)
    ]
    sums = [
        [t(f"siting.demand.{kind.value}"), unit_of(kind, answer.asked.medium), round(before, 3),
         round(after, 3), round(whole, 3)]
        for kind, before, after, whole in sums_of(answer)
    ]  # fmt: skip
    about = [
        (t("siting.print.title"), headline(answer)), ("", sentence(answer)), *basis_of(answer),
        *((t("siting.section.moved"), place_of(one)) for one in answer.moved),
        (t("siting.sheet.project"), answer.title),
    ]  # fmt: skip
    if answer.example:
        about.append(("", t("verdict.example_note")))
    tables = [
        Table.of(t("siting.section.sites"), heads, sites),
        Table.of(
            t("siting.section.sums"),
            [t("siting.sheet.demand"), t("siting.sheet.measure"), t("siting.sheet.before"),
             t("siting.sheet.after"), t("siting.sheet.total")],
            sums,
        ),
    ]  # fmt: skip
    if curve:
        heads = [
            t("siting.sheet.count"), t("siting.sheet.covered"), t("siting.sheet.share"),
            t("siting.sheet.proof"),
        ]  # fmt: skip
        tables.append(Table.of(t("siting.section.curve"), heads, curve))
    told = [[wording.one_line(title), wording.one_line(text)] for title, text in about]
    heads = [t("siting.sheet.what"), t("siting.sheet.value")]
    return (*tables, Table.of(t("siting.sheet.about"), heads, told))


def _site_cells(answer: SitingAnswer, one: Proposed) -> list[Any]:
    spot = one.site.spot
    return [
        one.rank, place_of(one.site), kind_of(one.site), one.site.unit,
        round(one.site.lon, _DIGITS), round(one.site.lat, _DIGITS),
        "" if spot is None else spot.reach,
        None if spot is None else round(spot.chainage_m),
        round(one.gain, 3), round(one.alone, 3),
        t("siting.stop").join((reason(answer, one), alone_words(answer, one))),
    ]  # fmt: skip


# --- data ---------------------------------------------------------------------------------


def siting_data(answer: SitingAnswer) -> dict[str, Any]:
    """A proposal as JSON types: metres, degrees of EPSG:4490, weights as the figures say."""
    found, asked = answer.answer, answer.asked
    return {
        "schema": SCHEMA,
        "crs": "EPSG:4490",
        "example": answer.example,
        "for": asked.medium.value,
        "k": None if asked.share is not None else asked.count,
        "share_asked": asked.share,
        "distance_m": answer.distance_m,
        "backup": asked.backup,
        "weights": dict(asked.weights),
        "candidates": answer.question.candidates,
        "standing": len(answer.standing),
        "left_out": dict(answer.ground.left_out),
        **proof_data(found),
        "by_hand": answer.by_hand,
        "before": round(found.before, _DIGITS),
        "least": found.least,
        "beyond": round(found.beyond, _DIGITS),
        "sites": [_site_data(answer, one) for one in answer.proposed],
        "moved": [{"code": one.code, "name": one.name} for one in answer.moved],
        "sums": [
            {"kind": kind.value, "before": round(before, 4), "after": round(after, 4),
             "total": round(whole, 4)}
            for kind, before, after, whole in sums_of(answer)
        ],
        "curve": [
            {"k": number, **proof_data(one)} for number, one in enumerate(answer.curve, start=1)
        ],
    }  # fmt: skip


def proof_data(found: Answer) -> dict[str, Any]:
    """How much is covered and how sure it is, of any answer."""
    return {
        "covered": round(found.covered, _DIGITS),
        "demand_total": round(found.total, _DIGITS),
        "status": found.proof.value,
        "bound": round(found.bound, _DIGITS),
        "gap": round(found.gap, _DIGITS),
        "doubted": found.doubted,
    }


def _site_data(answer: SitingAnswer, one: Proposed) -> dict[str, Any]:
    site: Site = one.site
    return {
        "rank": one.rank,
        "kind": site.kind.value,
        "code": site.code or None,
        "name": site.name,
        "unit": site.unit or None,
        "lon": round(site.lon, 7),
        "lat": round(site.lat, 7),
        "reach": None if site.spot is None else site.spot.reach,
        "chainage_m": None if site.spot is None else round(site.spot.chainage_m, 1),
        "gain": round(one.gain, _DIGITS),
        "alone": round(one.alone, _DIGITS),
        "covers": [_part(kind, size) for kind, size in one.fresh.items()],
        "only": [_part(kind, size) for kind, size in one.only.items()],
        "reason": reason(answer, one),
    }


def _part(kind: DemandKind, size: float) -> dict[str, Any]:
    return {"kind": kind.value, "size": round(size, 4)}
