"""A proposal in words: how good it is and how sure, what each site buys. All outputs share this."""

from collections.abc import Mapping

from gridmap.capabilities.siting.rules.question import Answer, Proof
from gridmap.capabilities.siting.work.ground import DemandKind, Medium, Site, SiteKind
from gridmap.capabilities.siting.work.siting import Proposed, SitingAnswer
from gridmap.report import wording
from gridmap.report.document import Tone
from gridmap.texts import t

_TINY = 0.05
_KM = 1000.0


def headline(answer: SitingAnswer) -> str:
    """What is proposed, as a title."""
    medium, count = answer.asked.medium.value, len(answer.proposed)
    if count == 0:
        return t(f"siting.none.{medium}")
    if answer.moved:
        return t(f"siting.headline_moved.{medium}", count=count, moved=len(answer.moved))
    return t(f"siting.headline.{medium}", count=count)


def sentence(answer: SitingAnswer) -> str:
    """From how much to how much, and how sure that is."""
    return t("siting.stop").join((weighed(answer), proof_words(answer)))


def weighed(answer: SitingAnswer) -> str:
    """From how much to how much."""
    found = answer.answer
    return t(
        "siting.sentence",
        before=percent(found.before, found.total),
        after=percent(found.covered, found.total),
    )


def proof_words(answer: SitingAnswer) -> str:
    """How good the proposal is known to be."""
    found = answer.answer
    if answer.by_hand:
        less = percent(found.bound - found.covered, found.total)
        return t("siting.proof.by_hand", less=less)
    if found.least is not None:
        if found.proof is Proof.OPTIMAL:
            return t("siting.proof.fewest", count=len(found.sites))
        return t("siting.proof.fewest_within", count=len(found.sites), least=found.least)
    return proof_of(found)


def proof_of(found: Answer) -> str:
    """Likewise of an answer for so many sites."""
    if found.proof is Proof.OPTIMAL:
        return t("siting.proof.optimal")
    told = t(
        "siting.proof.within",
        gap=f"{found.gap:.1%}",
        bound=percent(found.bound, found.total),
    )
    doubt = t("siting.proof.doubted") if found.doubted else ""
    return t("siting.stop").join(filter(None, (told, doubt)))


def tone_of(answer: SitingAnswer) -> Tone:
    """Good if proven."""
    return Tone.GOOD if answer.answer.proof is Proof.OPTIMAL else Tone.WARN


def percent(part: float, whole: float) -> str:
    """A share with one decimal; 100 % only if it is all."""
    share = part / whole * 100 if whole > 0 else 0.0
    if part < whole and share >= 100 - _TINY:
        share = 99.9
    return f"{share:.1f}%"


def amount(kind: DemandKind, size: float) -> str:
    """So much of a kind, such as 3.2 km or 7 outlets."""
    exact = f"{size:.2f}" if 0 < size < _TINY else f"{size:.1f}"
    if kind in {DemandKind.RIVER, DemandKind.LAND, DemandKind.REDLINE}:
        return t(f"siting.amount.{kind.value}", size=exact)
    if size == 1:
        return t(f"siting.one.{kind.value}")
    return t(f"siting.amount.{kind.value}", size=f"{size:.0f}")


def size_of(kind: DemandKind, size: float) -> str:
    """A number of a kind without its unit."""
    whole = kind not in {DemandKind.RIVER, DemandKind.LAND, DemandKind.REDLINE}
    return f"{size:.0f}" if whole else f"{size:.1f}"


def from_to(
    answer: SitingAnswer, kind: DemandKind, before: float, after: float, total: float
) -> str:
    """How much of a kind is covered today and with the proposal."""
    return t(
        "siting.from_to", before=size_of(kind, before), after=size_of(kind, after),
        total=size_of(kind, total), unit=unit_of(kind, answer.asked.medium),
    )  # fmt: skip


def sums_line(
    answer: SitingAnswer, kind: DemandKind, before: float, after: float, total: float
) -> str:
    """Likewise as one line with its name."""
    told = from_to(answer, kind, before, after, total)
    return f"{t(f'siting.demand.{kind.value}')}  {told}"


def unit_of(kind: DemandKind, medium: Medium) -> str:
    """The unit in which a kind is counted."""
    if kind is DemandKind.LAND or (kind is DemandKind.REDLINE and medium is Medium.AIR):
        return "km²"
    return "km" if kind in {DemandKind.RIVER, DemandKind.REDLINE} else t("siting.pieces")


def amounts(found: Mapping[DemandKind, float], medium: Medium) -> str:
    """Several of them, in a row; "" for nothing."""
    told = [
        t("siting.amount.redline_land", size=f"{size:.1f}")
        if kind is DemandKind.REDLINE and medium is Medium.AIR
        else amount(kind, size)
        for kind, size in found.items()
    ]
    return t("siting.list").join(told)


def reach_of(answer: SitingAnswer) -> str:
    """How far a site sees: 10 km, 2.5 km, 800 m."""
    metres = answer.distance_m
    return f"{metres / _KM:g} km" if metres >= _KM else f"{metres:g} m"


def reason(answer: SitingAnswer, one: Proposed) -> str:
    """Why there, in one sentence made from the figures."""
    medium = answer.asked.medium
    if not one.fresh:
        backed = amounts(answer.ground.amounts(answer.covers(one.position)), medium)
        return t("siting.reason.nothing_new", amounts=backed or t("siting.nothing"))
    return t(
        f"siting.reason.{medium.value}",
        amounts=amounts(one.fresh, medium),
        distance=reach_of(answer),
    )


def alone_words(answer: SitingAnswer, one: Proposed) -> str:
    """What would be lost without it."""
    if not one.only:
        return t("siting.reason.shared")
    if one.only == one.fresh:
        return t("siting.reason.all_alone")
    return t("siting.reason.alone", amounts=amounts(one.only, answer.asked.medium))


def place_of(site: Site) -> str:
    """Where a site is, in words."""
    if site.kind is SiteKind.STANDING:
        return f"{site.code} {site.name}"
    unit = site.unit or t("siting.no_unit")
    if site.spot is None:
        return t("siting.place.air", unit=unit, lon=f"{site.lon:.4f}", lat=f"{site.lat:.4f}")
    along = wording.distance(site.spot.chainage_m)
    return t("siting.place.water", reach=site.name, along=along, unit=unit)


def kind_of(site: Site) -> str:
    """Why a site is a candidate."""
    return t(f"siting.site.{site.kind.value}")


def left_out_words(answer: SitingAnswer) -> tuple[str, ...]:
    """What was not taken, one sentence for each."""
    return tuple(
        t(f"siting.left_out.{name}", count=count)
        for name, count in sorted(answer.ground.left_out.items())
    )


def basis_of(answer: SitingAnswer) -> tuple[tuple[str, str], ...]:
    """What the proposal rests on: title and text."""
    asked, medium = answer.asked, answer.asked.medium.value
    weights = t("siting.list").join(
        f"{t(f'siting.demand.{name}')} {value:g}" for name, value in asked.weights
    )
    rows = [
        (t("siting.basis.distance"),
         t(f"siting.range.{medium}", distance=reach_of(answer))),
        (t("siting.basis.weights"), weights),
        (t("siting.basis.sites"),
         t("siting.basis.counted", standing=len(answer.standing),
           candidates=answer.question.candidates, demands=len(answer.ground.demands))),
        (t("siting.basis.method"), t("siting.basis.method_text", limit=f"{asked.limit_s:g}")),
    ]  # fmt: skip
    if asked.backup:
        rows.append((t("siting.basis.backup"), t("siting.basis.backup_text")))
    if answer.answer.beyond > 0:
        share = percent(answer.answer.beyond, answer.answer.total)
        rows.append((t("siting.basis.beyond"), t("siting.basis.beyond_text", share=share)))
    rows += [(t("siting.basis.left_out"), text) for text in left_out_words(answer)]
    return tuple(rows)
