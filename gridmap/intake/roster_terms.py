"""Terms of office that overlap: two people in one post at the same time are told."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.texts import t

_POST: Final = ("role", "tier", "scope", "scope_code")
_SHOWN: Final = 3


@dataclass(frozen=True)
class _Term:
    post_id: str
    who: str
    start: dt.date
    end: dt.date
    row: int | None

    @property
    def told(self) -> str:
        """Who, from when to when, and where that stands."""
        begin = "" if self.start == dt.date.min else self.start.isoformat()
        end = "" if self.end == dt.date.max else self.end.isoformat()
        where = t("intake.term.project") if self.row is None else t("intake.term.row", row=self.row)
        return f"{self.who} {begin}–{end} ({where})"


def overlapping(
    file: str, rows: list[int], frame: pd.DataFrame, stored: pd.DataFrame, names: dict[str, str]
) -> list[Finding]:
    """A warning for each row whose term overlaps another of the same post; both days count.

    Args:
        file: for the findings.
        rows: the rows that would be loaded, shape (n,).
        frame: their posts, shape (n, columns of posts).
        stored: the posts of the project; one with the same `post_id` is the row's own.
        names: person_id → name.
    """
    terms: dict[tuple[Any, ...], list[_Term]] = defaultdict(list)
    own = set(frame["post_id"])
    for key, term in _terms(stored[~stored["post_id"].isin(own)], names, None):
        terms[key].append(term)
    found = []
    for key, term in _terms(frame, names, rows):
        others = [one for one in terms[key] if one.start <= term.end and term.start <= one.end]
        terms[key].append(term)
        if others:
            told = "; ".join(one.told for one in others[:_SHOWN])
            more = f" … {len(others)}" if len(others) > _SHOWN else ""
            found.append(
                Finding(
                    Kind.TERMS_OVERLAP, Severity.WARNING, file, term.row, "valid_from",
                    term.who, detail=told + more,
                )
            )  # fmt: skip
    return found


def _terms(
    frame: pd.DataFrame, names: dict[str, str], rows: list[int] | None
) -> list[tuple[tuple[Any, ...], _Term]]:
    numbers: list[int | None] = [None] * len(frame) if rows is None else [*rows]
    cells = zip(
        *(frame[name].tolist() for name in _POST), frame["post_id"], frame["person_id"],
        frame["valid_from"], frame["valid_to"], numbers, strict=True,
    )  # fmt: skip
    return [
        (
            tuple(post),
            _Term(
                str(post_id), names.get(str(person), str(person)),
                start if isinstance(start, dt.date) else dt.date.min,
                end if isinstance(end, dt.date) else dt.date.max, row,
            ),
        )
        for *post, post_id, person, start, end, row in cells
    ]  # fmt: skip
