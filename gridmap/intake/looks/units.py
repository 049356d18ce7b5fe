"""Units of readings: how they are written, and the few that may be converted."""

import unicodedata
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

# Ways of writing, after NFKC, lower case and without blanks. NFKC makes ℃ "°c", µ "μ", ³ "3".
_SPELLINGS: Final = {
    "°c": "℃", "c": "℃", "摄氏度": "℃", "度": "℃",
    "1": "1", "无量纲": "1", "-": "1", "ph": "1",
    "mg/l": "mg/L", "毫克/升": "mg/L", "μg/l": "μg/L", "ug/l": "μg/L", "微克/升": "μg/L",
    "毫克每升": "mg/L", "微克每升": "μg/L", "mg·l-1": "mg/L", "μg·l-1": "μg/L",
    "微克每立方米": "μg/m³", "毫克每立方米": "mg/m³", "微克/m3": "μg/m³", "毫克/m3": "mg/m³",
    "μg·m-3": "μg/m³", "ug·m-3": "μg/m³", "mg·m-3": "mg/m³", "微克/立方": "μg/m³",
    "μs/cm": "μS/cm", "us/cm": "μS/cm", "ms/m": "mS/m", "ms/cm": "mS/cm",
    "ntu": "NTU",
    "μg/m3": "μg/m³", "ug/m3": "μg/m³", "微克/立方米": "μg/m³",
    "mg/m3": "mg/m³", "毫克/立方米": "mg/m³",
}  # fmt: skip
_FACTORS: Final = {
    ("μg/m³", "mg/m³"): Fraction(1, 1000),
    ("mg/m³", "μg/m³"): Fraction(1000),
    ("μg/L", "mg/L"): Fraction(1, 1000),
    ("mg/L", "μg/L"): Fraction(1000),
    ("mS/m", "μS/cm"): Fraction(10),
    ("mS/cm", "μS/cm"): Fraction(1000),
}


def unit_of(text: str) -> str | None:
    """The unit that a text writes, None for one that is not known."""
    return _SPELLINGS.get("".join(unicodedata.normalize("NFKC", text).casefold().split()))


def factor(source: str, target: str) -> Fraction | None:
    """By what a value in `source` is multiplied to be in `target`; None = no known way."""
    return Fraction(1) if source == target else _FACTORS.get((source, target))


def convertible(target: str) -> list[str]:
    """The units whose values can be stored in `target`, itself first."""
    return [target, *(source for source, wanted in _FACTORS if wanted == target)]


def scaled(values: npt.NDArray[np.float64], by: Fraction) -> npt.NDArray[np.float64]:
    """Values, shape (n,), times a factor; a division stays one, so that 100 μg is 0.1 mg."""
    result: npt.NDArray[np.float64] = values * by.numerator / by.denominator
    return result
