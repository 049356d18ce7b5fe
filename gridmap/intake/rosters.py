"""Rosters: people, posts and departments from a table."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from gridmap.core.declaration import FieldDeclaration, FieldType, Titles
from gridmap.intake.files.tables import RawTable
from gridmap.intake.findings import Finding, Kind, Severity, held_rows
from gridmap.intake.looks import values
from gridmap.intake.looks.matching import usual
from gridmap.intake.progress import Watch
from gridmap.intake.report import Extra, ImportReport
from gridmap.standards.item_files import roles
from gridmap.store import Project


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


def fields() -> dict[str, tuple[FieldDeclaration, ...]]:
    """The columns of the rosters "people", "posts" and "departments"."""
    return {"people": _people(), "posts": _posts(), "departments": _departments()}


@dataclass(frozen=True)
class Roster:
    """Rows of a roster with typed cells, and what was found about them."""

    table: RawTable
    frame: pd.DataFrame
    findings: list[Finding]

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
) -> Roster:
    """Convert and check a roster; changes neither the table nor the project.

    Args:
        project: whose people the posts are held against.
        target: "people", "posts" or "departments".
        table: the file.
        mapping: field → heading.
        fixed: field → value of every row.
    """
    frame, findings = values.converted(table, fields()[target], mapping, fixed)
    roster = Roster(table, frame, findings)
    if target == "people":
        _number(roster, "person_id", "P", ["name", "organisation", "phone"])
    elif target == "posts":
        _complete_posts(roster, project.people())
    return roster


def _complete_posts(roster: Roster, people: pd.DataFrame) -> None:
    _find_people(roster, people)
    frame = roster.frame
    scopes = {role.id: role.scope for role in roles()}
    frame["scope"] = frame["scope"].where(frame["scope"].notna(), frame["role"].map(scopes))
    late = [
        start is not None and end is not None and end < start
        for start, end in zip(frame["valid_from"], frame["valid_to"], strict=True)
    ]
    roster.hold(Kind.DATES_REVERSED, late, "valid_to", frame["valid_to"].tolist())
    _number(
        roster, "post_id", "D", ["person_id", "role", "tier", "scope", "scope_code", "valid_from"]
    )


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
    known = set() if replace_all else set(getattr(project, target)()[key])
    updated = int(good[key].isin(known).sum())
    with project.change("import", actor=actor, note=f"{table.file} → {target}") as change:
        put = {
            "people": change.put_people,
            "posts": change.put_posts,
            "departments": change.put_departments,
        }[target]
        put(good, replace_all=replace_all)
        change.detail["import"] = {
            "file": table.file,
            "read": report.rows_read,
            "loaded": report.rows_loaded,
            "held_back": report.rows_held_back,
        }
        if extra is not None:
            extra(change, report)
    added = len(good) - updated
    return replace(report, added=added, updated=updated, revision=change.revision)
