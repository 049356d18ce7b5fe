"""The checks that a layer declares, on the layer as it would be after the import."""

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from gridmap.core import topology
from gridmap.core.declaration import LayerDeclaration
from gridmap.core.topology import Fault, FaultKind
from gridmap.intake.choices import Mode
from gridmap.intake.findings import Action, Kind, Severity
from gridmap.intake.looks.notes import Notes
from gridmap.intake.progress import Watch
from gridmap.texts import t

_SMALLEST_M2: Final = 1.0
_NAMES_SHOWN: Final = 4
_MOST: Final = 2_000  # of one kind; a file with more has one fault, not thousands
_KINDS: Final = {
    FaultKind.GAP: Kind.GAP,
    FaultKind.OVERLAP: Kind.OVERLAP,
    FaultKind.NEAR_NODE: Kind.NEAR_NODE,
}


def look(
    declaration: LayerDeclaration,
    frame: Any,
    rows: np.ndarray,
    stored: Any,
    mode: Mode,
    notes: Notes,
    watch: Watch,
) -> None:
    """Note gaps, overlaps, near-miss nodes, orphans and children outside their parent.

    Args:
        declaration: of the layer; what it does not declare is not looked for.
        frame: the rows to load, a GeoDataFrame in EPSG:4490.
        rows: their numbers in the file.
        stored: the layer now, or None.
        mode: "replace" looks at the new rows alone, "merge" at both together.
        notes: gets the findings; only faults with at least one new row are told.
        watch: progress and cancelling.
    """
    kinds = {check.kind: check for check in declaration.checks}
    if not len(frame) or not kinds.keys() & {"no_gaps", "no_overlaps", "parent"}:
        return
    whole, numbers = _together(declaration, frame, rows, stored, mode)
    look = _Look(declaration, whole, numbers, notes)
    for step, kind in enumerate(("no_overlaps", "no_gaps", "parent")):
        watch.step("check", step, 3)
        if kind in kinds:
            look.apply(kind, kinds[kind].fields)


class _Look:
    """One look at one layer."""

    def __init__(
        self, declaration: LayerDeclaration, whole: Any, numbers: np.ndarray, notes: Notes
    ) -> None:
        self._whole = whole
        self._numbers = numbers
        self._notes = notes
        self._shapes = whole.geometry.to_numpy()
        self._names = whole["name" if "name" in whole else declaration.key].tolist()

    def apply(self, kind: str, fields: tuple[str, ...]) -> None:
        """Apply one declared check."""
        if kind == "parent":
            self._parents(*fields[:2])
            return
        column = fields[0] if fields else None
        groups = self._whole[column] if column in self._whole else pd.Series("", self._whole.index)
        # Parks lie over other units on purpose; units of one tier must not.
        for value in groups.dropna().unique():
            members = np.flatnonzero((groups == value).to_numpy())
            if value == "park" or not (self._numbers[members] > 0).any():
                continue
            self._coverage(kind, members)

    def _coverage(self, kind: str, members: np.ndarray) -> None:
        shapes = self._shapes[members]
        if kind == "no_gaps":
            faults = topology.gaps(shapes, smallest_m2=_SMALLEST_M2)
            faults += topology.near_nodes(shapes)
        else:
            faults = topology.overlaps(shapes, smallest_m2=_SMALLEST_M2)
        faults.sort(key=lambda fault: -fault.size_m2)
        for fault in faults[:_MOST]:
            self._tell(fault, [int(members[i]) for i in fault.units])

    def _tell(self, fault: Fault, units: list[int]) -> None:
        new = tuple(int(self._numbers[i]) for i in units if self._numbers[i] > 0)
        if not new:
            return
        shown = [
            t("doctor.evidence.child", name=self._names[i]) for i in units[:_NAMES_SHOWN]
        ]  # fmt: skip
        place = f"{fault.lon:.6f}, {fault.lat:.6f}"
        if fault.kind is FaultKind.NEAR_NODE:
            value = t("doctor.evidence.apart", metres=f"{fault.width_m:.2f}", place=place)
        else:
            value = _area(fault, place)
        self._notes.say(
            Kind.SLIVER if fault.is_sliver else _KINDS[fault.kind], Severity.WARNING,
            value=value, detail=", ".join(shown), rows=new, count=len(new), mark=fault.id,
            lon=fault.lon, lat=fault.lat, fix="", action=Action.TOLERATE,
        )  # fmt: skip

    def _parents(self, parent_field: str, code_field: str) -> None:
        whole = self._whole
        codes = [str(code) for code in whole[code_field]]
        parents = [None if pd.isna(p) else str(p) for p in whole[parent_field]]
        for fault in topology.codes_at_fault(codes, parents):
            i = fault.units[0]
            if fault.kind is FaultKind.ORPHAN and self._numbers[i] > 0:
                self._notes.say(
                    Kind.ORPHAN, Severity.WARNING, row=int(self._numbers[i]), value=fault.detail,
                    field=parent_field,
                )  # fmt: skip
        position = {code: i for i, code in enumerate(codes)}
        above = np.full(len(codes), None, dtype=object)
        above[:] = [self._shapes[position[p]] if p in position else None for p in parents]
        for fault in topology.outside_parent(self._shapes, above, smallest_m2=_SMALLEST_M2):
            i = fault.units[0]
            own = self._numbers[i]
            if own > 0:
                place = f"{fault.lon:.6f}, {fault.lat:.6f}"
                name = t("doctor.evidence.child", name=self._names[i])
                self._notes.say(
                    Kind.OUTSIDE_PARENT, Severity.WARNING, row=int(own), detail=name,
                    value=_area(fault, place), lon=fault.lon, lat=fault.lat,
                )  # fmt: skip


def _area(fault: Fault, place: str) -> str:
    size, width = f"{fault.size_m2:,.0f}", f"{fault.width_m:,.1f}"
    return t("doctor.evidence.area", size=size, width=width, place=place)


def _together(
    declaration: LayerDeclaration, frame: Any, rows: np.ndarray, stored: Any, mode: Mode
) -> tuple[Any, np.ndarray]:
    """New rows and those that stay, valid ones; numbers in the file, 0 for stored rows."""
    new = frame[shapely.is_valid(frame.geometry.to_numpy())]
    numbers = rows[shapely.is_valid(frame.geometry.to_numpy())]
    for field in declaration.fields:
        if field.name not in new:
            new = new.assign(**{field.name: None})
    if mode == "replace" or stored is None or not len(stored):
        return new.reset_index(drop=True), numbers
    known = stored.set_index(declaration.key, drop=False)
    for name in set(stored.columns) - set(frame.columns):
        new[name] = new[declaration.key].map(known[name].astype(object))
    stay = stored[~stored[declaration.key].isin(new[declaration.key])]
    names = [*(field.name for field in declaration.fields), "geometry"]
    whole = pd.concat([stay[names].astype(object), new[names].astype(object)], ignore_index=True)
    made = new.__class__(whole, geometry="geometry", crs=new.crs)
    return made, np.concatenate([np.zeros(len(stay), dtype=np.int64), numbers])
