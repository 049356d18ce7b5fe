"""Every sentence is there in both languages, is used, and can be drawn with the shipped font."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core.core_schema import ErrorType

from gridmap import shipped
from gridmap.capabilities import capabilities
from gridmap.capabilities.locate.rules.verdict import Bank, BorderKind, Reason, Status
from gridmap.core.notation import NotationProblem
from gridmap.texts import (
    LANGUAGES,
    GridMapError,
    Text,
    UnknownTextError,
    catalogue,
    t,
    use_language,
)

PACKAGE = Path(__file__).resolve().parent.parent / "gridmap"
ROOMS = sorted(path.stem for path in shipped.resource("texts", "zh_CN").glob("*.toml"))
KEY = re.compile(rf"(?:{'|'.join(ROOMS)})(?!\.md$)(?:\.[a-z0-9_]+)+", re.ASCII)
# `named("tier", code)` reads verdict.tier.<code>, or shows the code itself where there is none.
NAMED = "named"
# Key → why no code names it. Keep it empty if you can.
UNUSED_ON_PURPOSE: dict[str, str] = {}


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def literals() -> Iterator[tuple[str, str]]:
    """Constant texts that look like a key, wherever they stand: in t(…), in errors, in tables."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if KEY.fullmatch(node.value):
                    yield node.value, f"{name}:{node.lineno}"
            elif isinstance(node, ast.Call) and called(node) == "t" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield str(first.value), f"{name}:{node.lineno}"


def patterns() -> Iterator[tuple[re.Pattern[str], str]]:
    """Keys built from data: f-strings whose beginning names a room and a table."""
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"(\w+)"
                    for part in node.values
                ]
                beginning = node.values[0] if node.values else None
                fixed = str(beginning.value) if isinstance(beginning, ast.Constant) else ""
                if KEY.fullmatch(fixed.rstrip(".")):
                    yield re.compile("".join(parts), re.ASCII), f"{name}:{node.lineno}"
            elif isinstance(node, ast.Call) and called(node) == NAMED and node.args:
                kind = node.args[0]
                if isinstance(kind, ast.Constant):
                    yield re.compile(rf"verdict\.{kind.value}\.(\w+)"), f"{name}:{node.lineno}"


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def declared(folder: Path, *names: str) -> Iterator[tuple[str, Any]]:
    for path in sorted(folder.glob("*.toml")):
        if not names or path.name in names:
            yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))


def titles(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every `{zh = …, en = …}` in a declaration, also half ones."""
    if isinstance(value, dict):
        if {"zh", "en"} & value.keys():
            yield where, value
        for name, inner in value.items():
            yield from titles(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from titles(inner, f"{where}[{number}]")


def all_titles() -> list[tuple[str, dict[str, str]]]:
    files = [
        *declared(shipped.layers_dir()),
        *declared(shipped.resource(), "items.toml", "roles.toml"),
    ]
    return [(f"{name}{where}", title) for name, data in files for where, title in titles(data)]


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = set(catalogue("zh_CN")), set(catalogue("en"))
    assert chinese - english == set(), "not in English"
    assert english - chinese == set(), "not in Chinese"


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    allowed = {"cli.epilog", "app.top.search"}  # their examples are Chinese places
    chinese = {k for k, v in catalogue("en").items() if han.search(v)} - allowed
    assert {k for k in chinese if not k.startswith("app.action.language")} == set()
    for language in LANGUAGES:
        assert [key for key, text in catalogue(language).items() if not text.strip()] == [] or (
            language == "en"
        )


def test_placeholders_agree() -> None:
    differing = {
        key: (text, catalogue("en")[key])
        for key, text in catalogue("zh_CN").items()
        if placeholders(text) != placeholders(catalogue("en")[key])
    }
    assert differing == {}


def test_every_key_in_the_code_exists() -> None:
    missing = {key: where for key, where in literals() if key not in catalogue("zh_CN")}
    assert missing == {}


def test_every_built_key_has_at_least_one_text() -> None:
    known = list(catalogue("zh_CN"))
    empty = {
        pattern.pattern: where
        for pattern, where in patterns()
        if not any(pattern.fullmatch(key) for key in known)
    }
    assert empty == {}


@cache
def words() -> set[str]:
    """What a key can be built with: constants, names of fields and codes, tables, declarations."""
    texts = list(get_args(ErrorType))
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                # What the log calls an action has blanks; its key has none.
                texts += [node.value, node.value.replace(" ", "_")]
            elif isinstance(node, (ast.AnnAssign, ast.Assign)):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                texts += [one.id.lower() for one in targets if isinstance(one, ast.Name)]
    folders = (shipped.resource(), shipped.resource("standards"), shipped.layers_dir())
    texts += [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in (*folder.glob("*.toml"), *folder.glob("*.csv"))
    ]
    return {word for text in texts for word in re.findall(r"\w+", text)} | {"0", "1"}


def built(key: str, made: list[re.Pattern[str]]) -> bool:
    """Whether some place in the code can build a key out of words that exist."""
    found = (pattern.fullmatch(key) for pattern in made)
    return any(match is not None and all(map(known, match.groups())) for match in found)


def known(word: str) -> bool:
    """A word, or one put together of two: `reason_` and a reason."""
    joints = [place for place, letter in enumerate(word, 1) if letter == "_"]
    pairs = ((word[:place], word[place:]) for place in joints)
    return word in words() or any(words().issuperset(pair) for pair in pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_over(language: str) -> None:
    used = {key for key, _ in literals()}
    made = [pattern for pattern, _ in patterns()]
    unused = {key for key in catalogue(language) if key not in used and not built(key, made)}
    assert unused == set(UNUSED_ON_PURPOSE)


def test_a_text_that_nobody_can_build_is_found() -> None:
    made = [pattern for pattern, _ in patterns()]
    assert built("verdict.status.certain", made)
    assert not built("verdict.status.nobodyeverwritesthis", made)


def test_titles_in_manifests_are_in_both_languages() -> None:
    for one in capabilities():
        titles_of = [one.title, *(title for _, title in one.docs)]
        titles_of += [entry.title for entry in (*one.pages, *one.panels, *one.actions)]
        titles_of += [command.about for command in one.commands]
        assert all(title.zh.strip() and title.en.strip() for title in titles_of), one.name


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("verdict.status", set(Status)),
        ("verdict.bank", set(Bank)),
        ("verdict.border", set(BorderKind)),
        ("verdict.sentence", set(Reason)),
        ("verdict.rule.reason", set(Reason)),
    ],
)
def test_every_code_of_the_rule_has_its_words(table: str, codes: set[str]) -> None:
    join = "_" if table.endswith("reason") else "."
    assert {f"{table}{join}{code}" for code in codes} <= set(catalogue("zh_CN"))


def test_every_role_and_value_of_the_tables_has_its_words() -> None:
    known = set(catalogue("zh_CN"))
    roles = dict(declared(shipped.resource(), "roles.toml"))["roles.toml"]["role"]
    assert {f"verdict.role.{role['id']}" for role in roles} <= known
    assert {f"verdict.tier.{tier}" for role in roles for tier in role["tiers"]} <= known


def test_every_notation_problem_has_its_words() -> None:
    problems = {f"answer.place.{problem}" for problem in NotationProblem}
    assert problems <= set(catalogue("zh_CN"))


def test_titles_of_layers_items_and_roles_are_in_both_languages() -> None:
    half = {where: title for where, title in all_titles() if not {"zh", "en"} <= title.keys()}
    assert half == {}
    assert all(title["zh"].strip() and title["en"].strip() for _, title in all_titles())


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(UnknownTextError):
        t("verdict.no_such_text")
    with pytest.raises(ValueError, match="fr"):
        use_language("fr")


def test_the_shipped_font_has_every_character(request: pytest.FixtureRequest) -> None:
    pytest.importorskip("PySide6")
    request.getfixturevalue("qapp")
    from PySide6.QtGui import QRawFont  # noqa: PLC0415  only where Qt is installed

    font = QRawFont(str(shipped.resource("fonts", "GridMapSansSC-Regular.otf")), 16.0)
    assert font.isValid()
    texts = {key: text for language in LANGUAGES for key, text in catalogue(language).items()}
    texts |= {where: "".join(title.values()) for where, title in all_titles()}
    drawn = re.compile(r"<text[^>]*>([^<]*)</text>")
    for icon in shipped.resource("icons").glob("*.svg"):
        texts[icon.name] = "".join(drawn.findall(icon.read_text(encoding="utf-8")))
    missing = {
        character: where
        for where, text in texts.items()
        for character in text
        if not character.isspace() and not font.supportsCharacter(ord(character))
    }
    assert missing == {}


def test_a_text_inside_an_error_is_said_in_the_language_of_whoever_reads_it() -> None:
    error = GridMapError("network.error.no_units", tier=Text("verdict.tier.township"))
    use_language("en")
    english = str(error)
    use_language("zh_CN")
    assert t("verdict.tier.township") in str(error)
    assert t("verdict.tier.township") not in english
