"""docs/json.md says exactly what `--json` prints."""

import dataclasses
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gridmap.capabilities.locate.rules.verdict import Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "json.md"
ENVELOPE = {"schema", "crs", "example"}
# Places of the example that between them fill every part of a verdict.
PLACES = ("120.8992,30.7096", "120.8407,30.7027", "120.9004,30.6569", "120.7734,30.6133")


def documented(schema: str) -> dict[str, str]:
    """Key → type, from the table under one heading."""
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"## `{schema}`")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", section, re.MULTILINE))


def declared(kind: Any, path: str) -> Iterator[str]:
    """Every key below a dataclass, as the page writes them."""
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint, here = hints[field.name], f"{path}{field.name}"
        inner = inner_dataclass(hint)
        several = typing.get_origin(hint) is tuple and inner is not None
        yield f"{here}[]" if several else here
        if inner is not None:
            yield from declared(inner, f"{here}[]." if several else f"{here}.")


def inner_dataclass(hint: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return hint
    if typing.get_origin(hint) in {tuple, types.UnionType}:
        return next(filter(None, map(inner_dataclass, typing.get_args(hint))), None)
    return None


def printed(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of printed data with its value; lists of pairs count as one value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            table = isinstance(inner, list) and not here.endswith("facts")
            yield f"{here}[]" if table else here, inner
            yield from printed(inner, f"{here}[]" if table else here)
    elif isinstance(value, list):
        for inner in value:
            yield from printed(inner, path)


def fits(value: Any, kind: str) -> bool:
    """Whether a printed value is of the type that the page names."""
    if value is None:
        return "null" in kind
    python: dict[str, Any] = {
        "text": str, "day": str, "moment": str, "number": (int, float), "integer": int,
        "bool": bool, "object": dict, "list": list,
    }  # fmt: skip
    known = [python[word] for word in kind.split(" or ") if word in python]
    return any(isinstance(value, one) for one in known)


def test_the_page_names_every_key_of_a_verdict_and_no_other() -> None:
    page = documented("gridmap.verdict/1")
    assert set(page) - ENVELOPE == set(declared(Verdict, ""))
    assert set(page) >= ENVELOPE


@pytest.mark.parametrize("place", PLACES)
def test_what_is_printed_is_what_the_page_says(gridmap: Any, place: str) -> None:
    page = documented("gridmap.verdict/1")
    said = gridmap("locate", place, "--on", "2026-11-22", "--problem", "water", "--json")
    assert said.code == 0
    found = list(printed(said.data))
    assert {key for key, _ in found} <= set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert {key for key in page if "." not in key} <= {key for key, _ in found}


def test_the_places_together_print_every_key(gridmap: Any) -> None:
    found: set[str] = set()
    for place in PLACES:
        said = gridmap("locate", place, "--on", "2026-11-22", "--problem", "water", "--json")
        found |= {key for key, _ in printed(said.data)}
    assert found == set(documented("gridmap.verdict/1"))


def test_info_prints_what_the_page_says(gridmap: Any) -> None:
    page = documented("gridmap.info/1")
    said = gridmap("info", "--json")
    found = list(printed(said.data))
    assert {key for key, _ in found} == set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert said.err == ""
