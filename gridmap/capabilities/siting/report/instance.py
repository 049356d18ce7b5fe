"""The document of a published instance: how much is covered, and how sure that is."""

from typing import Any, Final

from gridmap.capabilities.siting.report.proposal import proof_data
from gridmap.capabilities.siting.rules.question import Proof
from gridmap.capabilities.siting.words import proof_of
from gridmap.capabilities.siting.work.instance import InstanceAnswer
from gridmap.report.document import Document, Line, Section, Table, Tone
from gridmap.texts import t

SCHEMA: Final = "gridmap.site_instance/1"


def instance_document(found: InstanceAnswer) -> Document:
    """An instance in words, in the units of its file."""
    answer, instance = found.answer, found.instance
    sites = [
        (number + 1, position, *instance.places[position].tolist(), answer.gains[number],
         answer.alone[number])
        for number, position in enumerate(answer.sites)
    ]  # fmt: skip
    lines = tuple(
        Line(str(rank), f"{x:g} {y:g}", t("siting.instance.gain", gain=f"{gain:g}"))
        for rank, _, x, y, gain, _ in sites
    )
    good = answer.proof is Proof.OPTIMAL
    heads = [
        t("siting.sheet.rank"), t("siting.sheet.point"), "x", "y", t("siting.sheet.gain"),
        t("siting.sheet.alone"),
    ]  # fmt: skip
    return Document(
        kind="site_instance",
        headline=t(
            "siting.instance.headline", file=instance.file, covered=f"{answer.covered:g}",
            total=f"{answer.total:g}", count=len(answer.sites), radius=f"{found.radius:g}",
        ),
        status=t(f"siting.status.{answer.proof.value}"),
        tone=Tone.GOOD if good else Tone.WARN,
        sentence=proof_of(answer),
        body=(Section("sites", t("siting.section.sites"), lines),),
        tables=(
            Table.of(
                t("siting.section.sites"), heads, [[r, p + 1, *rest] for r, p, *rest in sites]
            ),
        ),
        data=_data(found, sites),
    )  # fmt: skip


def _data(found: InstanceAnswer, sites: list[tuple[Any, ...]]) -> dict[str, Any]:
    """As JSON types, in the units of the file; points count from 1."""
    return {
        "schema": SCHEMA,
        "crs": None,
        "example": False,
        "file": found.instance.file,
        "points": len(found.instance.demand),
        "radius": found.radius,
        "k": found.count,
        **proof_data(found.answer),
        "sites": [
            {"rank": rank, "point": position + 1, "x": x, "y": y, "gain": gain, "alone": alone}
            for rank, position, x, y, gain, alone in sites
        ],
    }
