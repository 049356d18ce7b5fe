"""A document as data: the stable forms behind `--json` (docs/json.md)."""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from gridmap.report import wording
from gridmap.report.document import Document

_DECIMALS: Final = 9


def json_text(document: Document, *, full_phones: bool = False) -> str:
    """The document's data, indented, Chinese unescaped; phones masked unless asked."""
    return as_json(json_data(document, full_phones=full_phones))


def json_data(document: Document, *, full_phones: bool = False) -> Mapping[str, Any]:
    """The document's data; the middle of every `phone` is hidden unless asked.

    Numbers of the masked form, which is passed on, keep nine decimals.
    """
    data: Mapping[str, Any] = (
        document.data if full_phones else _masked(rounded(plain(document.data)))
    )
    return data


def as_json(data: Mapping[str, Any]) -> str:
    """Plain data as indented JSON: Chinese readable, control characters escaped."""
    return wording.escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """A value as dicts, lists, texts, numbers and null.

    Days and moments become ISO 8601; a number that does not exist is null.
    """
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def rounded(value: Any) -> Any:
    """The same with numbers of nine decimals at most."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value


def _masked(value: Any) -> Any:
    """A copy in which the middle of every phone is hidden, wherever it stands."""
    if isinstance(value, Mapping):
        return {
            name: wording.masked_phone(inner)
            if name == "phone" and isinstance(inner, str)
            else _masked(inner)
            for name, inner in value.items()
        }
    return [_masked(inner) for inner in value] if isinstance(value, (list, tuple)) else value
