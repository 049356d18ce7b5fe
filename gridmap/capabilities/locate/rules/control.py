"""Red lines and other control zones at a place: inside, how near, how sure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.capabilities.locate.rules.units import UnitIndex
from gridmap.capabilities.locate.rules.verdict import UnitRef, ZoneFinding


@dataclass(frozen=True)
class Zone:
    """One control zone as its layer gives it."""

    code: str
    name: str
    kind: str
    zone_class: str = ""
    disputed: bool = False


class ZoneIndex:
    """Control zones by kind; polygons in degrees of EPSG:4490, accuracy in metres."""

    def __init__(self, zones: Sequence[Zone], geometries: npt.ArrayLike, accuracy_m: float) -> None:
        shapes = np.asarray(geometries, dtype=object)
        self.accuracy_m = accuracy_m
        self.zones = {zone.code: zone for zone in zones}
        self.by_kind: dict[str, UnitIndex] = {}
        for kind in sorted({zone.kind for zone in zones}):
            rows = [i for i, zone in enumerate(zones) if zone.kind == kind]
            units = [UnitRef(zones[i].code, zones[i].name, kind) for i in rows]
            self.by_kind[kind] = UnitIndex(units, shapes[rows])

    def at(self, lon: float, lat: float, radius_m: float) -> tuple[ZoneFinding, ...]:
        """For every kind: the zones that cover the place, or else the nearest one.

        Args:
            lon: degrees of EPSG:4490.
            lat: degrees of EPSG:4490.
            radius_m: uncertainty of the place, added to the accuracy of the layer.
        """
        tolerance_m = self.accuracy_m + radius_m
        found: list[ZoneFinding] = []
        for kind, index in self.by_kind.items():
            near = index.at(lon, lat, tolerance_m).near
            if not near:
                nearest = index.nearest(lon, lat)
                near = (nearest,) if nearest else ()
            for one in near:
                zone = self.zones[index.units[one.position].code]
                found.append(
                    ZoneFinding(
                        kind, zone.code, zone.name, zone.zone_class, one.covers,
                        one.distance_m, one.distance_m < tolerance_m, zone.disputed,
                    )
                )  # fmt: skip
        return tuple(found)
