"""A verdict as data: the stable form behind `--json` (docs/json.md)."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from gridmap.domain.verdict import Verdict
from gridmap.output import wording

SCHEMA: Final = "gridmap.verdict/1"


def verdict_data(
    verdict: Verdict, *, full_phones: bool = False, example: bool = False
) -> dict[str, Any]:
    """A verdict as dicts, lists, texts, numbers and null; phones masked unless asked.

    Distances are metres, coordinates degrees of EPSG:4490, days ISO 8601, moments ISO
    8601 with offset. A distance that does not exist is null. `example` marks answers
    from an example project.
    """
    data = _plain(asdict(verdict))
    if not full_phones:
        _mask(data)
    return {"schema": SCHEMA, "crs": "EPSG:4490", "example": example, **data}


def verdict_json(verdict: Verdict, *, full_phones: bool = False, example: bool = False) -> str:
    """The same as text, indented, Chinese unescaped."""
    return as_json(verdict_data(verdict, full_phones=full_phones, example=example))


def as_json(data: Mapping[str, Any]) -> str:
    """Plain data as indented JSON: Chinese readable, control characters escaped."""
    return wording.escaped(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def masked_phones(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of plain data in which the middle of every `phone` is hidden."""
    copy: dict[str, Any] = _plain(data)
    _mask(copy)
    return copy


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 9) if math.isfinite(value) else None
    return value


def _mask(data: Any) -> None:
    """Hide the middle of every phone, wherever it stands."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name == "phone" and isinstance(value, str):
                data[name] = wording.masked_phone(value)
            else:
                _mask(value)
    elif isinstance(data, list):
        for value in data:
            _mask(value)
