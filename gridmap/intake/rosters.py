"""Rosters: people, posts, departments, and people with their posts in one sheet."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.declaration import FieldDeclaration, FieldType, Titles
from gridmap.intake import roster_people, roster_terms, roster_words
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Action, Finding, Kind, Severity, held_rows
from gridmap.intake.looks import values
from gridmap.intake.looks.matching import usual
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.intake.roster_places import Place, Places
from gridmap.standards.item_files import roles
from gridmap.store import Project
from gridmap.texts import pick, t


def _field(roster: str, name: str, zh: str, **more: Any) -> FieldDeclaration:
    title = Titles(zh=zh, en=name.replace("_", " ").capitalize())
    aliases = usual(roster).get(name, ())
    return FieldDeclaration(name=name, title=title, aliases=aliases, **more)


_TIERS: Final = {
    "province": Titles(zh="省级", en="Province"), "city": Titles(zh="市级", en="City"),
    "county": Titles(zh="区县", en="County"), "township": Titles(zh="乡镇", en="Township"),
    "village": Titles(zh="村级", en="Village"), "cell": Titles(zh="网格", en="Cell"),
    "park": Titles(zh="园区", en="Park"),
}  # fmt: skip
_LISTED: Final = 5
_SCOPES: Final = {
    "unit": Titles(zh="网格", en="Unit"),
    "reach": Titles(zh="河段", en="Reach"),
    "district": Titles(zh="片区", en="District"),
}


def _people() -> tuple[FieldDeclaration, ...]:
    field = partial(_field, "people")
    return (
        field("person_id", "人员编号", key=True),
        field("name", "姓名", required=True),
        field("organisation", "单位"),
        field("phone", "联系电话", personal=True),
        field("data_status", "数据性质"),
    )


def _departments() -> tuple[FieldDeclaration, ...]:
    field = partial(_field, "departments")
    return (
        field("problem_type", "问题类型", key=True, required=True),
        field("title_zh", "中文名称"),
        field("title_en", "英文名称"),
        field("department", "责任部门", required=True),
        field("with_township", "乡镇配合", type=FieldType.BOOLEAN),
        field("work_days", "工作日", type=FieldType.INTEGER),
        field("basis", "依据"),
        field("data_status", "数据性质"),
    )


def _posts() -> tuple[FieldDeclaration, ...]:
    field = partial(_field, "posts")
    titles = {role.id: role.title for role in roles()}
    return (
        field("post_id", "岗位编号", key=True),
        field("person_id", "人员编号"),
        field("person_name", "姓名"),
        field("role", "职务", required=True, values=tuple(titles), value_titles=titles),
        field("tier", "层级", values=tuple(_TIERS), value_titles=_TIERS),
        field("scope", "责任范围", values=tuple(_SCOPES), value_titles=_SCOPES),
        field("scope_code", "责任编码", required=True),
        field("valid_from", "任职日期", type=FieldType.DATE),
        field("valid_to", "离任日期", type=FieldType.DATE),
        field("data_status", "数据性质"),
    )


def _roster() -> tuple[FieldDeclaration, ...]:
    field = partial(_field, "roster")
    titles = {role.id: role.title for role in roles()}
    return (
        field("name", "姓名", required=True),
        field("role", "职务", required=True, values=tuple(titles), value_titles=titles),
        field("tier", "层级", values=tuple(_TIERS), value_titles=_TIERS),
        field("unit_or_reach", "负责网格或河段", required=True),
        field("scope", "责任范围", values=tuple(_SCOPES), value_titles=_SCOPES),
        field("phone", "联系电话", personal=True),
        field("organisation", "工作单位"),
        field("valid_from", "任职日期", type=FieldType.DATE),
        field("valid_to", "离任日期", type=FieldType.DATE),
        field("person_id", "人员编号"),
        field("data_status", "数据性质"),
    )


def fields() -> dict[str, tuple[FieldDeclaration, ...]]:
    """The columns of the rosters "people", "posts", "departments" and "roster" (one sheet)."""
    return {
        "people": _people(), "posts": _posts(), "departments": _departments(), "roster": _roster()
    }  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """Rows of a roster with typed cells, and what was found about them.

    `people`: of a sheet of people and posts, the person of each row, shape (n, columns of people);
    `frame` holds the posts.
    """

    table: RawTable
    frame: pd.DataFrame
    findings: list[Finding]
    people: pd.DataFrame | None = None

    def tell(
        self, kind: Kind, severity: Severity, i: int, field: str, value: str, detail: str = "",
        *, fix: str | None = None,
    ) -> None:  # fmt: skip
        """Note a finding on row `i`, counted from 0, with what it could become."""
        row, action = int(self.table.rows[i]), None if fix is None else Action.REPLACE
        self.findings.append(
            Finding(
                kind, severity, self.table.file, row, field, value, fix, detail, action=action
            )
        )  # fmt: skip

    def hold(self, kind: Kind, mask: Any, field: str, texts: Any, detail: str = "") -> None:
        """Hold back the rows of `mask`, shape (n,), and say why."""
        for i in np.flatnonzero(mask):
            row, text = int(self.table.rows[i]), texts[i]
            value = "" if text is None else str(text)
            self.findings.append(
                Finding(kind, Severity.ERROR, self.table.file, row, field, value, detail=detail)
            )


def prepare(
    project: Project,
    target: str,
    table: RawTable,
    mapping: Mapping[str, str],
    fixed: Mapping[str, Any],
    *,
    replace_all: bool = False,
) -> Roster:
    """Convert and check a roster; changes neither the table nor the project.

    Args:
        project: whose people, posts and places the rows are held against.
        target: "people", "posts", "departments" or "roster".
        table: the file.
        mapping: field → heading.
        fixed: field → value of every row.
        replace_all: the file replaces what the project has, which then does not overlap it.
    """
    table, named = roster_words.split(table, mapping)
    frame, findings = values.converted(table, fields()[target], mapping, fixed)
    roster = Roster(table, frame, findings)
    if target == "people":
        _number(roster, "person_id", "P", ["name", "organisation", "phone"])
    elif target in {"posts", "roster"}:
        frame["tier"] = frame["tier"].where(frame["tier"].notna(), pd.Series(named, dtype=object))
        people = project.people()
        if target == "posts":
            _find_people(roster, people)
        else:
            roster = _with_people(roster, people)
        _complete_posts(roster, project, strict=target == "roster")
        _tell_overlaps(roster, project, people, replace_all=replace_all)
    return roster


def _with_people(roster: Roster, stored: pd.DataFrame) -> Roster:
    """The roster with the person of each row; what is left of the frame are posts."""
    frame, table = roster.frame, roster.table
    ids, findings = roster_people.identified(table.file, table.rows.tolist(), frame, stored)
    frame["person_id"] = pd.Series(ids, dtype=object)
    people = frame[list(roster_people.COLUMNS)].copy()
    frame["scope_code"] = frame.pop("unit_or_reach")
    posts = ["person_id", "role", "tier", "scope", "scope_code", "valid_from", "valid_to"]
    frame = frame[[*posts, "data_status"]].copy()
    frame.insert(0, "post_id", pd.Series([None] * len(frame), dtype=object))
    return Roster(table, frame, [*roster.findings, *findings], people)


def _complete_posts(roster: Roster, project: Project, *, strict: bool) -> None:
    frame = roster.frame
    scopes = {role.id: role.scope for role in roles()}
    frame["scope"] = frame["scope"].where(frame["scope"].notna(), frame["role"].map(scopes))
    _find_places(roster, Places(project), strict=strict)
    late = [
        start is not None and end is not None and end < start
        for start, end in zip(frame["valid_from"], frame["valid_to"], strict=True)
    ]
    roster.hold(Kind.DATES_REVERSED, late, "valid_to", frame["valid_to"].tolist())
    _number(
        roster, "post_id", "D", ["person_id", "role", "tier", "scope", "scope_code", "valid_from"]
    )


def _find_places(roster: Roster, places: Places, *, strict: bool) -> None:
    """Codes in place of names, and the tier of the unit where none is stated.

    Args:
        roster: gets what is unknown or ambiguous.
        places: of the project.
        strict: hold back what the project does not know; else it is told, for posts may be
            brought in by code before the units are.
    """
    tiers = {role.id: role.tiers for role in roles()}
    titles = {role.id: pick(role.title.as_dict()) for role in roles()}
    frame = roster.frame
    codes, found_tiers = frame["scope_code"].tolist(), frame["tier"].tolist()
    for i, (role, tier, scope, text) in enumerate(
        zip(frame["role"], found_tiers.copy(), frame["scope"], codes.copy(), strict=True)
    ):
        if text is None or role is None or scope is None:
            continue  # told already
        at = (tier,) if tier else tiers[role]
        meant = places.found(scope, text, at)
        if len(meant) == 1:
            codes[i] = meant[0].code
            found_tiers[i] = _tier_of_post(roster, i, tier, meant[0].tier, tiers[role])
        else:
            _tell_place(roster, i, places, (scope, text, at), meant, strict=strict)
        if strict and len(meant) == 1 and found_tiers[i] is None:
            roster.tell(Kind.TIER_LACKS, Severity.ERROR, i, "tier", titles[role])
    frame["scope_code"] = pd.Series(codes, dtype=object)
    frame["tier"] = pd.Series(found_tiers, dtype=object)


def _tier_of_post(
    roster: Roster, i: int, stated: str | None, of_unit: str | None, usual_ones: tuple[str, ...]
) -> str | None:
    if stated is not None:
        if of_unit not in {None, stated}:
            titles = [_TIERS[one].zh if one in _TIERS else one for one in (stated, str(of_unit))]
            roster.tell(Kind.TIER_DIFFERS, Severity.WARNING, i, "tier", titles[0], titles[1])
        return stated
    return of_unit or (usual_ones[0] if len(usual_ones) == 1 else None)


def _tell_place(
    roster: Roster, i: int, places: Places, asked: tuple[str, str, tuple[str, ...]],
    meant: tuple[Place, ...], *, strict: bool,
) -> None:  # fmt: skip
    scope, text, tiers = asked
    field = "unit_or_reach" if roster.people is not None else "scope_code"
    if meant:
        several = "; ".join(one.told for one in meant[:_LISTED])
        more = f" … {len(meant)}" if len(meant) > _LISTED else ""
        roster.tell(Kind.PLACE_UNSURE, Severity.ERROR, i, field, text, several + more)
        return
    severity = Severity.ERROR if strict else Severity.WARNING
    title = pick(_SCOPES[scope].as_dict())
    other = places.elsewhere(scope, text)
    if other is not None:
        detail = t("intake.other_scope", told=other.told, is_a=pick(_SCOPES[other.scope].as_dict()),
                   wanted=title)  # fmt: skip
        roster.tell(Kind.PLACE_OTHER_SCOPE, severity, i, field, text, detail)
    elif not places.any_of(scope):
        roster.tell(Kind.PLACE_LAYER_EMPTY, severity, i, field, text, title)
    else:
        near = places.nearest(scope, text, tiers)
        kind = Kind.PLACE_UNKNOWN if near is None else Kind.PLACE_NEAR
        told, fix = (title, None) if near is None else (near.told, near.code)
        roster.tell(kind, severity, i, field, text, told, fix=fix)


def _tell_overlaps(
    roster: Roster, project: Project, people: pd.DataFrame, *, replace_all: bool
) -> None:
    held = held_rows(roster.findings)
    good = ~np.isin(roster.table.rows, list(held))
    names = dict(zip(people["person_id"], people["name"], strict=True))
    if roster.people is not None:
        names |= dict(zip(roster.people["person_id"], roster.people["name"], strict=True))
    stored = project.posts()
    roster.findings.extend(
        roster_terms.overlapping(
            roster.table.file, roster.table.rows[good].tolist(), roster.frame[good],
            stored.iloc[:0] if replace_all else stored, names,
        )
    )  # fmt: skip


def _find_people(roster: Roster, people: pd.DataFrame) -> None:
    frame = roster.frame
    names = frame.pop("person_name")
    unnamed = frame["person_id"].isna()
    found = people.drop_duplicates("name", keep=False).set_index("name")["person_id"]
    frame["person_id"] = frame["person_id"].where(~unnamed, names.map(found))
    lost = frame["person_id"].isna()
    roster.hold(Kind.UNKNOWN_PERSON, lost & names.notna(), "person_id", names.tolist())
    roster.hold(Kind.MISSING, lost & names.isna(), "person_id", names.tolist())


def _number(roster: Roster, key: str, prefix: str, parts: list[str]) -> None:
    """Give rows without key one that depends on nothing but their content."""
    frame = roster.frame
    texts = frame[parts].astype(object).where(frame[parts].notna(), "").astype(str)
    digests = [
        prefix + hashlib.sha256("|".join(row).encode()).hexdigest()[:12]
        for row in texts.itertuples(index=False)
    ]
    made = frame[key].isna()
    frame[key] = frame[key].where(~made, pd.Series(digests, dtype=object))
    again = frame[key].duplicated() & made
    roster.hold(Kind.DUPLICATE_KEY, again, key, frame[key].tolist())


def store(
    project: Project,
    target: str,
    roster: Roster,
    *,
    replace_all: bool,
    actor: str,
    watch: Watch | None,
    extra: Extra | None = None,
) -> ImportReport:
    """Store the rows of a roster that nothing holds back: one change of the project.

    `extra` may put more into the same change, such as settings; it gets change and report.
    """
    table, held = roster.table, held_rows(roster.findings)
    good = roster.frame[~np.isin(table.rows, list(held))]
    report = ImportReport(
        table.file, target, table.rows_read, len(good), table.rows_read - len(good),
        tuple(roster.findings),
    )  # fmt: skip
    (watch or Watch()).step("store", 0, len(good))
    if good.empty:
        return report
    key = next(iter(good.columns))
    key = next(iter(good.columns))
    table_of_posts = "posts" if target == "roster" else target
    known = set() if replace_all else set(getattr(project, table_of_posts)()[key])
    updated = int(good[key].isin(known).sum())
    people, new_people = _people_of(project, roster, good), 0
    if people is not None:
        before = set() if replace_all else set(project.people()["person_id"])
        new_people = int((~people["person_id"].isin(before)).sum())
    with project.change("import", actor=actor, note=f"{table.file} → {target}") as change:
        put = {
            "people": change.put_people,
            "posts": change.put_posts,
            "departments": change.put_departments,
        }[table_of_posts]
        if people is not None:
            change.put_people(people, replace_all=replace_all)
        put(good, replace_all=replace_all)
        change.detail["import"] = {
            "file": table.file,
            "read": report.rows_read,
            "loaded": report.rows_loaded,
            "held_back": report.rows_held_back,
        }
        if extra is not None:
            extra(change, report)
    return replace(
        report, added=len(good) - updated, updated=updated, revision=change.revision,
        people=0 if people is None else len(people), new_people=new_people,
    )  # fmt: skip


def _people_of(project: Project, roster: Roster, good: pd.DataFrame) -> pd.DataFrame | None:
    """The people of the posts that are loaded; None for any other roster."""
    if roster.people is None:
        return None
    return roster_people.gathered(roster.people.loc[good.index], project.people())
