"""Other weights for a trace: the same suspects in a new order, without reading anything anew."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from gridmap.capabilities.tracing.rules import PartKind, Suspect
from gridmap.capabilities.tracing.rules.scoring import score_of


def reweighed(suspects: Iterable[Suspect], weights: Mapping[PartKind, float]) -> list[Suspect]:
    """The same suspects under other weights, in their new order; nothing is read anew.

    Args:
        suspects: as traced.
        weights: 0–1 by part; parts that are not named keep theirs.
    """
    found = []
    for one in suspects:
        parts = tuple(
            replace(part, weight=weights.get(part.kind, part.weight)) for part in one.parts
        )
        found.append(replace(one, parts=parts, score=score_of(parts)))
    return sorted(found, key=lambda one: (-round(one.score, 9), one.way.metres, one.source.code))
