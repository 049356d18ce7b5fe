"""How figures are written: distances, degrees, phones, dates."""

from datetime import date, datetime
from typing import Final

_KILOMETRE: Final = 1000.0
_TEN_METRES: Final = 10.0
_MASKED_DIGITS: Final = 7


def distance(metres: float, *, fine: bool = False) -> str:
    """Metres as people read them: 0 m, 3.2 m, 38 m, 1.2 km, 125 km; `fine` adds a decimal."""
    if metres == 0:
        return "0 m"
    if metres < _TEN_METRES or (fine and metres < _KILOMETRE - 0.5):
        return f"{metres:.1f} m"
    if metres < _KILOMETRE - 0.5:
        return f"{metres:.0f} m"
    kilometres = metres / _KILOMETRE
    return f"{kilometres:.1f} km" if kilometres < 100 else f"{kilometres:.0f} km"  # noqa: PLR2004


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
