"""Everything that a person decides about one source. Undo is the former Choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from gridmap.intake.files.tables import ReadOptions
from gridmap.intake.findings import Action, Finding

Mode = Literal["merge", "replace"]
SERIES: Final = "series"
LON: Final = "lon"
LAT: Final = "lat"
ITEM: Final = "item:"
ROSTERS: Final = ("people", "posts", "departments", "roster")


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Choices:
    """The decisions on one source; what is None or empty is left to the doctor's reading.

    Reading: `encoding`, `layer` (sheet or layer), `header_row` (from 1), `date1904`.
    Meaning: `target` (a layer id, one of `ROSTERS` or "series"), `columns`
    (field → heading; for series also station, time, year, …; None = not in this file),
    `left_out` (headings that are not imported, whatever they look like),
    `fixed` (field → value of every row; `{row}` in it becomes the row's number).
    Place: `crs` (a pyproj name, "GCJ-02" or "BD-09"), `axes` ("xy", or "yx" where the first
    column is the northing or latitude), `lon` and `lat` (headings; one heading for both where
    both stand in one cell).
    Series: `zone`, `year` (a number, or the heading of a column with full dates), `units`
    (item → unit, "*" = all), `items` (heading → item), `stations` (delivered name → code),
    `station` (where the file has no column for it), `protocol` (what the flags mean, where the
    file does not say: an id of `resources/standards/data_flags.csv`).
    Answers: ids or groups of findings in `accepted`, `refused`; an id outweighs its group.
    Storing: `mode`, `source_text`, `edition_date` (ISO), `accuracy_m`, `data_status`.
    Memory: `recalled`, the name of the file of the same shape about which this was decided.
    """

    encoding: str | None = None
    layer: str | None = None
    header_row: int | None = None
    date1904: bool | None = None
    target: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=_nothing)
    left_out: frozenset[str] = field(default_factory=frozenset)
    fixed: Mapping[str, Any] = field(default_factory=_nothing)
    crs: str | None = None
    axes: Literal["xy", "yx"] | None = None
    lon: str | None = None
    lat: str | None = None
    zone: str = "Asia/Shanghai"
    year: int | str | None = None
    units: Mapping[str, str] = field(default_factory=_nothing)
    items: Mapping[str, str] = field(default_factory=_nothing)
    stations: Mapping[str, str] = field(default_factory=_nothing)
    station: str | None = None
    protocol: str | None = None
    accepted: frozenset[str] = field(default_factory=frozenset)
    refused: frozenset[str] = field(default_factory=frozenset)
    mode: Mode = "merge"
    source_text: str = ""
    edition_date: str | None = None
    accuracy_m: float | None = None
    data_status: str | None = None
    recalled: str = ""

    @property
    def reading(self) -> ReadOptions:
        """How the file is to be read."""
        return ReadOptions(self.encoding, self.layer, self.header_row, self.date1904)

    def accepts(self, finding: Finding) -> bool:
        """Whether the finding's fix was accepted: by its id, else by its group."""
        if not finding.proposes or finding.id in self.refused:
            return False
        if finding.id in self.accepted:
            return True
        return finding.group in self.accepted and finding.group not in self.refused

    def accept(self, *ids: str) -> "Choices":
        """These choices, and the findings (or groups) accepted."""
        return replace(self, accepted=self.accepted | set(ids), refused=self.refused - set(ids))

    def refuse(self, *ids: str) -> "Choices":
        """These choices, and the findings (or groups) refused."""
        return replace(self, accepted=self.accepted - set(ids), refused=self.refused | set(ids))

    def take_back(self, *ids: str) -> "Choices":
        """These choices, and no answer any more to the findings (or groups)."""
        return replace(self, accepted=self.accepted - set(ids), refused=self.refused - set(ids))

    def answer_to(self, finding: Finding) -> bool | None:
        """What was answered to a proposal: accepted, refused (False), or nothing yet (None)."""
        if self.accepts(finding):
            return True
        return False if self.refuses(finding) else None

    def assigned(self, heading: str, meaning: str | None) -> "Choices":
        """These choices, and one column of the file means something else.

        Args:
            heading: of the column.
            meaning: the field (or role) that it fills, `LON`, `LAT`, `ITEM` and the id of an item
                of readings; None = it is not imported.
        """
        columns = {name: column for name, column in self.columns.items() if column != heading}
        items = {name: item for name, item in self.items.items() if name != heading}
        lon = None if self.lon == heading else self.lon
        lat = None if self.lat == heading else self.lat
        left_out = self.left_out - {heading}
        if meaning is None:
            left_out |= {heading}
        elif meaning == LON:
            lon = heading
        elif meaning == LAT:
            lat = heading
        elif meaning.startswith(ITEM):
            items[heading] = meaning.removeprefix(ITEM)
        else:
            columns[meaning] = heading
        return replace(
            self, columns=columns, items=items, lon=lon, lat=lat, left_out=left_out
        )  # fmt: skip

    def accept_all(self, findings: Iterable[Finding]) -> "Choices":
        """These choices, and every proposal accepted that was not refused.

        Faults are not tolerated that way: that a gap may stay is said for each by itself.
        """
        ids = [
            finding.id
            for finding in findings
            if finding.proposes
            and finding.action is not Action.TOLERATE
            and not self.refuses(finding)
        ]
        return self.accept(*ids)

    def refuses(self, finding: Finding) -> bool:
        """Whether the finding's fix was refused: by its id, else by its group."""
        return finding.id in self.refused or (
            finding.group in self.refused and finding.id not in self.accepted
        )
