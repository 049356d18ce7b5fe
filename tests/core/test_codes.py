import csv

import pytest

from gridmap.core import codes
from gridmap.core.codes import CodeProblem


@pytest.mark.shared
def test_every_published_credit_code_is_accepted(shared):
    with (shared / "vectors/uscc.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 40
    wrong = [
        r["code"]
        for r in rows
        if (codes.check_credit_code(r["code"]) is None) != (r["expected"] == "valid")
    ]
    assert wrong == []


@pytest.mark.shared
def test_every_published_permit_is_accepted(shared):
    with (shared / "vectors/permit_code.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [codes.check_permit_code(row["code"]) for row in rows] == [None] * len(rows)


@pytest.mark.parametrize(
    ("name", "code", "problem"),
    [
        ("credit_code", "91152201078382010M", None),
        ("credit_code", "91152201078382010N", CodeProblem.CHECK_CHARACTER),
        ("credit_code", "9115220107838201OM", CodeProblem.ALPHABET),
        ("credit_code", "9.1330402E+17", CodeProblem.EXCEL_NUMBER),
        ("credit_code", "9115220107838201", CodeProblem.LENGTH),
        ("credit_code", " ", CodeProblem.EMPTY),
        ("permit_code", "91130200699229617X001P", None),
        ("permit_code", "91130200699229617X001W", CodeProblem.UNUSUAL_LETTER),
        ("permit_code", "91130200699229617X01P", CodeProblem.LENGTH),
        ("permit_code", "91130200699229617X00PP", CodeProblem.FORM),
        ("unit_code", "330402103", None),
        ("unit_code", "33040210", CodeProblem.LENGTH),
        ("unit_code", "33040210x", CodeProblem.ALPHABET),
        ("outlet_code", "DW001", None),
        ("outlet_code", "DX001", CodeProblem.FORM),
    ],
)
def test_what_is_wrong_with_a_code(name, code, problem):
    assert codes.check(name, code) == problem


def test_a_code_that_begins_with_a_letter_can_be_valid():
    first = "N2330402MF1234567"
    assert codes.check_credit_code(first + codes.credit_check_character(first)) is None


@pytest.mark.parametrize(
    ("code", "short", "tier", "parent"),
    [
        ("330402103000", "330402103", "township", "330402"),
        ("330402103201", "330402103201", "village", "330402103"),
        ("330402000000", "330402", "county", "3304"),
        ("33", "33", "province", None),
        ("330402103201003", "330402103201003", "cell", "330402103201"),
    ],
)
def test_divisions(code, short, tier, parent):
    assert codes.shorten(code) == short
    assert codes.tier_of_code(code) == tier
    assert codes.parent_of(code) == parent
