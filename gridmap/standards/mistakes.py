"""What is wrong with a value that a table, a file or a setting holds, in the user's language.

Pydantic finds the mistakes; its own words are English and stay unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from gridmap.texts import has, t


@dataclass(frozen=True)
class Reason:
    """A text that is made when it is read, so that errors carry no language."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return t(self.key, **self.facts)


def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """What checks data against a type; made once, which costs a hundred times a check."""
    return _adapter(kind)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def code_of(found: Any) -> str:
    """The kind of a mistake: a code of our own check, else that of pydantic.

    Args:
        found: one of `ValidationError.errors()`.
    """
    return str(found["ctx"]["error"]) if found["type"] == "value_error" else str(found["type"])


def reason_of(found: Any) -> Reason:
    """What would be right in place of what is there.

    Args:
        found: one of `ValidationError.errors()`.
    """
    code = code_of(found)
    key = f"figures.reason.{code}"
    if not has(key):
        return Reason("figures.reason.other", {"code": code})
    facts = {name: _plain(value) for name, value in found.get("ctx", {}).items()}
    return Reason(key, facts)


def _plain(value: Any) -> Any:
    """Choices come as "'a', 'b' or 'c'"; numbers as they are."""
    return value.replace(" or ", ", ").replace("'", "") if isinstance(value, str) else value
