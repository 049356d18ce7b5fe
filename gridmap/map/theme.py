"""Colours of the map that no layer declares: the tokens of the design."""

from functools import cache
from typing import Final

from PySide6.QtGui import QColor

GROUND: Final = "#eef2f5"
PAPER: Final = "#ffffff"
LINE: Final = "#d9e1e7"
TEXT: Final = "#22303a"
QUIET: Final = "#6b7c87"
ACCENT: Final = "#0b6bcb"
GOOD: Final = "#1e8e4e"
WARN: Final = "#b7791f"
BAD: Final = "#c0392b"
HALO: Final = "#ffffffd9"
_KNEE: Final = 0.04045  # of sRGB, where its curve becomes a line


@cache
def colour(text: str) -> QColor:
    """A colour written `#rrggbb` or `#rrggbbaa` (alpha last, unlike Qt). Do not modify it.

    Raises:
        ValueError: for anything else.
    """
    digits = text.removeprefix("#")
    if len(digits) not in {6, 8} or not text.startswith("#"):
        raise ValueError(f"not a colour: {text!r}")
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return QColor(red, green, blue, int(digits[6:8] or "ff", 16))


def faded(text: str, alpha: float) -> QColor:
    """The colour with its opacity multiplied by `alpha` (0–1)."""
    found = QColor(colour(text))
    found.setAlphaF(found.alphaF() * alpha)
    return found


def ink_on(ground: str) -> str:
    """White or dark letters, whichever has more contrast on a colour (WCAG 2.1)."""
    light = _luminance(ground)
    dark = (light + 0.05) / (_luminance(TEXT) + 0.05)
    return TEXT if dark > 1.05 / (light + 0.05) else PAPER


def _luminance(text: str) -> float:
    """Relative luminance, 0–1 (WCAG 2.1)."""
    found = colour(text)
    parts = (found.redF(), found.greenF(), found.blueF())
    linear = [one / 12.92 if one <= _KNEE else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(one * share for one, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
