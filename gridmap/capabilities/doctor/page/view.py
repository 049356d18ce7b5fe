"""An examined case in words, for the doctor's page. Pure; not for the GUI thread."""

from collections.abc import Sequence
from typing import overload

import shapely

from gridmap.capabilities.doctor.page.meanings import column_rows
from gridmap.capabilities.doctor.page.page import DoctorView
from gridmap.capabilities.doctor.page.shapes import shapes_of
from gridmap.capabilities.doctor.page.table import FindingRow
from gridmap.core.declaration import Geometry
from gridmap.intake.choices import ROSTERS, SERIES, Choices
from gridmap.intake.doctor import Case, Group, Source, title_of
from gridmap.intake.findings import Finding
from gridmap.intake.looks.comparing import Changes
from gridmap.intake.looks.placing import PlaceGuess
from gridmap.store import Project
from gridmap.texts import t

_ROWS_NAMED = 4
_TOLD = 12
_HEADING_LETTERS = 36
_DATUMS = ("EPSG:4490", "GCJ-02", "BD-09")
_NAMES = {"EPSG:4490": "CGCS2000 / WGS 84"}
_MODES = ("merge", "replace")
_GEOMETRIES = (Geometry.POINT, Geometry.LINE, Geometry.POLYGON)


def view_of(case: Case, sources: Sequence[Source], project: Project, *, undo: bool) -> DoctorView:
    """Everything the page shows of a case."""
    counts, place = case.counts, case.place
    return DoctorView(
        sources=[(str(i), source.name) for i, source in enumerate(sources)],
        source=str(sources.index(case.source)),
        targets=[(name, title_of(name, project)) for name in _targets(case, project)],
        target=case.target or "",
        asked=() if case.target else tuple(_kinds(case, project)),
        encodings=[(g.encoding, f"{g.encoding}  {g.confidence:.2f}") for g in case.encodings],
        encoding=case.choices.encoding or (case.encodings[0].encoding if case.encodings else ""),
        places=_place_options(case),
        place=(place.chosen or "") if place else "",
        headings=_headings(case),
        heading=str(case.reading.table.header_row or ""),
        modes=[(mode, t(f"app.doctor.mode.{mode}")) for mode in _MODES],
        mode=case.choices.mode,
        chips=_chips(case),
        findings=tuple(_group_row(group, case.choices) for group in case.groups),
        columns=column_rows(case, project),
        evidence=tuple(_evidence_row(guess, case) for guess in (place.guesses if place else ())),
        loadable=counts.loadable,
        blocked=t("verdict.join.clauses").join(found.message for found in case.blocked),
        stations=bool(case.outcome.stations and case.references.sites),
        can_undo=undo,
        facts=_facts(case),
        subject=t(
            "app.doctor.subject",
            file=case.source.name,
            target=title_of(case.target or "", project),
        ),
        shapes=shapes_of(case),
    )


def _targets(case: Case, project: Project) -> list[str]:
    """All that a file can be loaded into, the likeliest first."""
    guessed = [guess.target for guess in case.targets]
    found = list(dict.fromkeys([*guessed, *project.declarations, *ROSTERS, SERIES]))
    return found if case.target else ["", *found]


def _kinds(case: Case, project: Project) -> list[tuple[str, str]]:
    """What a file can be of which nobody knows what it is: what fits its shapes comes first."""
    geometry = case.reading.table.geometry
    wanted = None
    if geometry is not None:
        dimensions = shapely.get_dimensions(geometry)
        if (dimensions >= 0).any():
            wanted = _GEOMETRIES[min(int(dimensions.max()), 2)]
    names = [
        name
        for name, declaration in project.declarations.items()
        if wanted is None or declaration.geometry is wanted
    ]
    names += [] if wanted is not None else [*ROSTERS, SERIES]
    return [(name, title_of(name, project)) for name in names]


def _headings(case: Case) -> list[tuple[str, str]]:
    """The rows among which the heading is chosen, each with what stands in it."""
    found = []
    for number, row in enumerate(case.reading.table.top, start=1):
        cells = [cell for cell in row if cell]
        if cells:
            text = " · ".join(cells)
            text = text if len(text) <= _HEADING_LETTERS else f"{text[:_HEADING_LETTERS]}…"
            found.append((str(number), t("app.doctor.heading_row", row=number, text=text)))
    return found


def _chips(case: Case) -> tuple[tuple[str, str], ...]:
    counts = case.counts
    shown = [("quiet", t("app.doctor.read", count=f"{counts.read:,}"))]
    shown.append(("good", t("app.doctor.loadable", count=f"{counts.loadable:,}")))
    if counts.to_confirm:
        shown.append(("warn", t("app.doctor.to_confirm", count=f"{counts.to_confirm:,}")))
    if counts.to_fill:
        shown.append(("bad", t("app.doctor.to_supply", count=f"{counts.to_fill:,}")))
    return tuple(shown)


def _facts(case: Case) -> str:
    counts = case.counts
    parts = [
        t(
            "app.doctor.sum",
            read=f"{counts.read:,}", load=f"{counts.loadable:,}", held=f"{counts.held_back:,}",
        )
    ]  # fmt: skip
    place = case.place
    if place is not None and place.mean_shift_m >= 1.0:
        shift = f"{place.mean_shift_m:,.0f}"
        parts.append(t("app.doctor.shift", metres=shift, rows=f"{place.units_changed:,}"))
    changes = case.changes
    if changes is not None:
        parts.append(_change_words(changes))
    return "    ".join(parts)


def _change_words(changes: Changes) -> str:
    """What a new edition changes, in numbers."""
    counted = {
        "added": len(changes.added), "removed": len(changes.removed),
        "renamed": len(changes.renamed), "moved": len(changes.moved),
        "reshaped": len(changes.reshaped), "edited": len(changes.edited),
        "unchanged": changes.unchanged,
    }  # fmt: skip
    told = [t(f"app.doctor.change.{name}", count=f"{n:,}") for name, n in counted.items() if n]
    return "  ".join(told)


class _Below(Sequence[FindingRow]):
    """The findings of a kind as rows, each made when it is looked at: there may be 100,000."""

    def __init__(self, findings: Sequence[Finding], choices: Choices) -> None:
        self._findings, self._choices = findings, choices

    def __len__(self) -> int:
        return len(self._findings)

    @overload
    def __getitem__(self, place: int) -> FindingRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[FindingRow]: ...

    def __getitem__(self, place: int | slice) -> FindingRow | Sequence[FindingRow]:
        if isinstance(place, slice):
            return _Below(self._findings[place], self._choices)
        return _finding_row(self._findings[place], self._choices)


def _group_row(group: Group, choices: Choices) -> FindingRow:
    """A kind, and below it its findings where there are several."""
    first, findings = group.first, group.findings
    if len(findings) == 1:
        return _finding_row(first, choices)
    rows = group.rows
    where = t("app.doctor.place_file")
    if rows:
        named = t("verdict.join.names").join(map(str, rows[:_ROWS_NAMED])) + (
            "…" if len(rows) > _ROWS_NAMED else ""
        )
        where = t("app.doctor.place", row=named)
    if first.subject:
        where = f"{where} · {first.subject}"
    values = list(dict.fromkeys(f.value for f in findings if f.value))
    given = [_answer(finding, choices) for finding in findings if finding.proposes]
    answers = set(given)
    alike = len({(f.action, f.fix, f.holds_back) for f in findings}) == 1
    below = _Below(findings, choices)
    return FindingRow(
        id=group.id,
        severity=group.severity.value,
        place=where,
        value=t("verdict.join.names").join(values[:3]) + ("…" if len(values) > 3 else ""),  # noqa: PLR2004
        meaning=f"{first.summary} × {len(findings):,}",
        fix=first.proposal if alike else t("app.doctor.several", count=f"{len(given):,}"),
        proposes=bool(answers),
        accepted=next(iter(answers)) if len(answers) == 1 else None,
        mixed=len(answers) > 1,
        waiting=sum(answer is None for answer in given),
        text="\n".join(row.text for row in below[:_TOLD]),
        lon=first.lon,
        lat=first.lat,
        below=below,
        ids=tuple(finding.id for finding in findings),
    )


def _answer(finding: Finding, choices: Choices) -> bool | None:
    return True if finding.accepted else (False if choices.refuses(finding) else None)


def _finding_row(finding: Finding, choices: Choices) -> FindingRow:
    where = t("app.doctor.place_file")
    if finding.row is not None:
        where = t("app.doctor.place", row=finding.row)
    if finding.subject:
        where = f"{where} · {finding.subject}"
    accepted = _answer(finding, choices)
    return FindingRow(
        id=finding.id,
        severity=finding.severity.value,
        place=where,
        value=finding.shown,
        meaning=f"{finding.summary}  {finding.evidence}".strip(),
        fix=finding.proposal,
        proposes=finding.proposes,
        accepted=accepted,
        waiting=int(finding.proposes and accepted is None),
        text=finding.message,
        lon=finding.lon,
        lat=finding.lat,
    )


def _place_options(case: Case) -> list[tuple[str, str]]:
    if case.place is None:
        return []
    known = [guess.crs for guess in case.place.guesses]
    offered = [*known, *(crs for crs in _DATUMS if crs not in known)]
    if case.place.chosen is None:
        return [("", t("app.doctor.undecided")), *((c, _NAMES.get(c, c)) for c in offered)]
    chosen = case.place.chosen
    return [(c, _NAMES.get(c, c)) for c in dict.fromkeys([chosen, *offered])]


def _evidence_row(guess: PlaceGuess, case: Case) -> tuple[str, ...]:
    best = case.place is not None and bool(case.place.guesses) and guess == case.place.guesses[0]
    shares = (guess.named, guess.territory, guess.rivers)
    shown = [t("app.doctor.unknown") if share is None else f"{share:.0%}" for share in shares]
    name = _NAMES.get(guess.crs, guess.crs)
    return (name, *shown, t("app.doctor.recommended") if best else "")
