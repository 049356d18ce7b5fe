"""Local metres for the generator, the rounding of coordinates, and seeded randomness."""

import zlib
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED: Final = 20261122
DECIMALS: Final = 7  # about a centimetre; every coordinate of the example is rounded once, to this
ORIGIN: Final = np.array([120.8, 30.725])
_METRES_PER_DEGREE: Final = np.array([95_694.0, 110_870.0])  # at ORIGIN; the district is 30 km wide


def to_metres(degrees: ArrayLike) -> Floats:
    """Longitude, latitude (…, 2) as metres east and north of `ORIGIN`, good to 0.1 % here."""
    return (np.asarray(degrees, dtype=float) - ORIGIN) * _METRES_PER_DEGREE


def to_degrees(metres: ArrayLike) -> Floats:
    """The inverse of `to_metres`, rounded to `DECIMALS`: the only place where degrees are made."""
    return rounded(np.asarray(metres, dtype=float) / _METRES_PER_DEGREE + ORIGIN)


def rounded(degrees: ArrayLike) -> Floats:
    """Coordinates as they are stored; equal inputs stay equal to the last bit."""
    return np.round(np.asarray(degrees, dtype=float), DECIMALS)


def rng(*names: object) -> np.random.Generator:
    """A generator of its own for each purpose, so that one part never shifts another's numbers."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng([SEED, *words])


class Noise:
    """A smooth random field over the plane: a sum of waves, values about -1…1."""

    def __init__(self, name: str, wavelength_m: float, waves: int = 24) -> None:
        draw = rng("noise", name)
        angle = draw.uniform(0, 2 * np.pi, waves)
        length = wavelength_m * draw.uniform(0.5, 1.6, waves)
        self._k = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (2 * np.pi / length)[:, None]
        self._phase = draw.uniform(0, 2 * np.pi, waves)
        self._scale = np.sqrt(2.0 / waves)

    def __call__(self, metres: ArrayLike) -> Floats:
        """The field at points (n, 2) in metres → (n,)."""
        angles = np.asarray(metres, dtype=float) @ self._k.T + self._phase
        return np.asarray(np.cos(angles).sum(axis=-1) * self._scale)
