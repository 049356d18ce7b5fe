"""An examined case in words, for the doctor's page. Pure; not for the GUI thread."""

from collections.abc import Sequence

from gridmap.capabilities.doctor.page.page import DoctorView
from gridmap.capabilities.doctor.page.table import FindingRow
from gridmap.core.declaration import LayerDeclaration
from gridmap.intake.choices import ROSTERS, SERIES
from gridmap.intake.doctor import Case, Group, Source
from gridmap.intake.looks.columns import ColumnMatch
from gridmap.intake.looks.comparing import Changes
from gridmap.intake.looks.placing import PlaceGuess
from gridmap.store import Project
from gridmap.texts import pick, t

_ROWS_NAMED = 4
_DATUMS = ("EPSG:4490", "GCJ-02", "BD-09")
_NAMES = {"EPSG:4490": "CGCS2000 / WGS 84"}
_MODES = ("merge", "replace")


def view_of(case: Case, sources: Sequence[Source], project: Project, *, undo: bool) -> DoctorView:
    """Everything the page shows of a case."""
    counts, place = case.counts, case.place
    return DoctorView(
        sources=[(str(i), source.name) for i, source in enumerate(sources)],
        source=str(sources.index(case.source)),
        targets=[(name, target_title(name, project)) for name in _targets(case, project)],
        target=case.target or "",
        encodings=[(g.encoding, f"{g.encoding}  {g.confidence:.2f}") for g in case.encodings],
        encoding=case.choices.encoding or (case.encodings[0].encoding if case.encodings else ""),
        places=_place_options(case),
        place=(place.chosen or "") if place else "",
        modes=[(mode, t(f"app.doctor.mode.{mode}")) for mode in _MODES],
        mode=case.choices.mode,
        chips=_chips(case),
        findings=tuple(_finding_row(group) for group in case.groups),
        columns=tuple(_column_row(match, case, project) for match in case.matches),
        evidence=tuple(_evidence_row(guess, case) for guess in (place.guesses if place else ())),
        loadable=counts.loadable,
        blocked=t("verdict.join.clauses").join(found.message for found in case.blocked),
        can_undo=undo,
        facts=_facts(case),
        subject=t(
            "app.doctor.subject",
            file=case.source.name,
            target=target_title(case.target or "", project),
        ),
    )


def _targets(case: Case, project: Project) -> list[str]:
    """All that a file can be loaded into, the likeliest first."""
    guessed = [guess.target for guess in case.targets]
    return list(dict.fromkeys([*guessed, *project.declarations, *ROSTERS, SERIES]))


def target_title(target: str, project: Project) -> str:
    """How a target of an import is called."""
    declaration = project.declarations.get(target)
    if declaration is not None:
        return pick(declaration.title.as_dict())
    return t(f"app.doctor.target.{target}")


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


def _finding_row(group: Group) -> FindingRow:
    first = group.first
    rows = group.rows
    subject = first.field or first.column
    where = t("app.doctor.place_file")
    if rows:
        named = t("verdict.join.names").join(map(str, rows[:_ROWS_NAMED])) + (
            "…" if len(rows) > _ROWS_NAMED else ""
        )
        where = t("app.doctor.place", row=named)
    if subject:
        where = f"{where} · {subject}"
    values = list(dict.fromkeys(f.value for f in group.findings if f.value))
    meaning = f"{first.summary}  {first.evidence}".strip()
    return FindingRow(
        id=group.id,
        severity=group.severity.value,
        place=where,
        value=t("verdict.join.names").join(values[:3]) + ("…" if len(values) > 3 else ""),  # noqa: PLR2004
        meaning=meaning,
        fix=first.proposal,
        proposes=any(f.proposes for f in group.findings),
        accepted=bool(group.accepted),
        tip="\n".join(f.message for f in group.findings[:12]),
        lon=first.lon,
        lat=first.lat,
    )


def _column_row(match: ColumnMatch, case: Case, project: Project) -> tuple[str, ...]:
    declaration = project.declarations.get(case.target or "")
    reason = t(f"app.doctor.reason.{match.reason}")
    sure = f"{reason} {match.confidence:.2f}" if match.field else reason
    return (
        match.column,
        _field_title(match.field, declaration),
        sure,
        t("verdict.join.clauses").join(match.samples),
    )


def _field_title(name: str | None, declaration: LayerDeclaration | None) -> str:
    if name is None:
        return t("app.doctor.unknown")
    if declaration is not None and any(field.name == name for field in declaration.fields):
        return f"{pick(declaration.field(name).title.as_dict())} {name}"
    return name


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
