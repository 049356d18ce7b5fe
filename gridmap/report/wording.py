"""How figures are written: distances, degrees, phones, dates."""

import unicodedata
from datetime import date, datetime
from typing import Final

_KILOMETRE: Final = 1000.0
_SMALLEST: Final = 0.05
_MASKED_DIGITS: Final = 7
# Control characters, invisible formatting (also reversed writing), line separators.
_UNSAFE: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def distance(metres: float, *, fine: bool = False) -> str:
    """Metres as people read them: 0 m, 3.2 m, 38 m, 1.2 km, 125 km; `fine` adds a decimal."""
    if metres < _SMALLEST:
        return "0 m"
    if metres < 9.95 or (fine and metres < _KILOMETRE - 0.5):  # noqa: PLR2004  else "10.0 m"
        return f"{metres:.1f} m"
    if metres < _KILOMETRE - 0.5:
        return f"{metres:.0f} m"
    kilometres = metres / _KILOMETRE
    return f"{kilometres:.1f} km" if kilometres < 99.95 else f"{kilometres:.0f} km"  # noqa: PLR2004


def degrees(value_deg: float) -> str:
    """Degrees with six decimals, a tenth of a metre."""
    return f"{value_deg:.6f}"


def day(when: date) -> str:
    """A day as 2026-11-22."""
    return when.isoformat()


def moment(when: datetime) -> str:
    """A moment as 11-22 08:00, in the zone it carries."""
    return f"{when:%m-%d %H:%M}"


def value(number: float, decimals: int) -> str:
    """A measured value with the decimals its item is published with."""
    return f"{number:.{decimals}f}"


def masked_phone(phone: str) -> str:
    """A phone number with its middle hidden: 138****0001."""
    digits = phone.strip()
    if len(digits) < _MASKED_DIGITS:
        return "*" * len(digits)
    return f"{digits[:3]}****{digits[-4:]}"


def one_line(text: str) -> str:
    """A text from data as one harmless line: a terminal obeys escapes, a name must not give any."""
    return "".join(" " if unicodedata.category(c) in _UNSAFE else c for c in text)


def escaped(json_text: str) -> str:
    """JSON with control characters inside its texts as escapes; line breaks stay."""
    return "".join(f"\\u{ord(c):04x}" if _must_be_escaped(c) else c for c in json_text)


def _must_be_escaped(character: str) -> bool:
    basic = ord(character) < 0x10000  # noqa: PLR2004  what four hexadecimal digits can say
    return character != "\n" and basic and unicodedata.category(character) in _UNSAFE
