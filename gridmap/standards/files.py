"""Reading the tables of the standards: `resources/standards/*.csv` and `*.toml`.

The files are for people to check and to correct, so that a mistake is told with file, row and
field. A TOML file may begin with a head whose entries hold for each of its sections.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from gridmap import shipped
from gridmap.standards import air_standards as air
from gridmap.standards import water_standards as water
from gridmap.standards.flags import DataFlag, FlagTable, NonDetect
from gridmap.standards.mistakes import adapter_of, code_of, reason_of
from gridmap.standards.tables import CriticalValue, Rounding, Rule, TrendTest, Validity
from gridmap.texts import GridMapError, has, t


class StandardFileError(GridMapError):
    """A mistake in a table: the facts name `file`, `row`, `field`, `value` and `reason`."""


@dataclass(frozen=True)
class Standards:
    """All tables, of all times."""

    water: water.WaterTables
    air: air.AirTables
    rounding: tuple[Rounding, ...]
    critical: tuple[CriticalValue, ...]
    mann_kendall: tuple[TrendTest, ...]
    flags: FlagTable


@dataclass(frozen=True)
class _Table:
    """What the rows of a table are, and which fields tell them apart on any one day."""

    kind: type[Rule]
    key: tuple[str, ...] = ()


_CSV: Final = MappingProxyType({
    "surface_water_items.csv": _Table(water.WaterItem, ("item",)),
    "surface_water_limits.csv": _Table(water.WaterLimit, ("item", "body", "bound")),
    "ambient_air_limits.csv": _Table(air.AirLimit, ("item", "averaging")),
    "rounding.csv": _Table(Rounding, ("item", "purpose")),
    "data_flags.csv": _Table(DataFlag, ("protocol", "flag")),
})  # fmt: skip

_VALIDITY: Final = _Table(Validity, ("items", "period", "counted"))

_TOML: Final = MappingProxyType({
    "surface_water_assessment.toml": {
        "grade": _Table(water.WaterGrade, ("water_class",)),
        "pollutants": _Table(water.PollutantMethod),
        "precedence": _Table(water.Precedence, ("items",)),
        "basin": _Table(water.BasinMethod),
        "basin_grade": _Table(water.BasinGrade, ("order",)),
        "change": _Table(water.ChangeStep, ("by", "degree")),
        "realtime": _Table(water.RealtimeMethod),
    },
    "surface_water_statistics.toml": {
        "hydrogen_mean": _Table(water.HydrogenMean),
        "validity": _VALIDITY,
    },
    "cwqi.toml": {
        "cwqi": _Table(water.CwqiMethod),
        "cwqi_city": _Table(Rule),
        "cwqi_incomplete": _Table(Rule),
    },
    "trophic_state.toml": {
        "trophic_parameter": _Table(water.TrophicParameter, ("item",)),
        "trophic_level": _Table(water.TrophicLevel, ("name",)),
    },
    "ambient_air_statistics.toml": {
        "validity": _VALIDITY,
        "ozone_day": _Table(air.OzoneDay),
        "percentile": _Table(air.Percentile, ("items",)),
        "composite": _Table(air.CompositeMethod),
        "city": _Table(air.CityMethod),
    },
    "trends.toml": {
        "critical": _Table(CriticalValue, ("periods",)),
        "mann_kendall": _Table(TrendTest),
    },
    "non_detects.toml": {
        "non_detect": _Table(NonDetect, ("medium", "purpose")),
    },
})  # fmt: skip

_AQI: Final = MappingProxyType({
    "scale": _Table(air.AqiScale),
    "daily": _Table(air.AqiQuantity, ("quantity",)),
    "hourly": _Table(air.AqiQuantity, ("quantity",)),
    "curve": _Table(air.AqiCurve, ("id",)),
    "level": _Table(air.AqiLevel, ("number",)),
})  # fmt: skip
"""Each version of HJ 633 is a file of its own, `aqi_<year>.toml`."""

_DATED: Final = ("valid_from", "valid_to", "early_from")


@cache
def standards() -> Standards:
    """The tables that travel with the program.

    Raises:
        StandardFileError: naming file, row, field and what is wrong.
    """
    return read_standards(shipped.resource("standards"))


def read_standards(folder: Path) -> Standards:
    """Read all tables of a folder.

    Raises:
        StandardFileError: naming file, row, field and what is wrong.
    """
    rows = {name: _csv_rows(folder / name, table) for name, table in _CSV.items()}
    sections = {name: _sections(folder / name, tables) for name, tables in _TOML.items()}
    aqi: dict[str, tuple[Any, ...]] = dict.fromkeys(_AQI, ())
    for path in sorted(folder.glob("aqi_*.toml")):
        for name, found in _sections(path, _AQI).items():
            aqi[name] += _distinct(path, name, _AQI[name], (*aqi[name], *found))[len(aqi[name]) :]
    trends = sections["trends.toml"]
    return Standards(
        water=water.WaterTables(
            items=rows["surface_water_items.csv"],
            limits=rows["surface_water_limits.csv"],
            **sections["surface_water_assessment.toml"],
            **sections["surface_water_statistics.toml"],
            **sections["cwqi.toml"],
            **sections["trophic_state.toml"],
        ),
        air=air.AirTables(
            limits=rows["ambient_air_limits.csv"],
            **sections["ambient_air_statistics.toml"],
            **aqi,
            rounding=rows["rounding.csv"],
        ),
        rounding=rows["rounding.csv"],
        critical=trends["critical"],
        mann_kendall=trends["mann_kendall"],
        flags=FlagTable(rows["data_flags.csv"], sections["non_detects.toml"]["non_detect"]),
    )


def _csv_rows(path: Path, table: _Table) -> tuple[Any, ...]:
    made: list[Any] = []
    with _told_of_files(path):
        text = path.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(text.splitlines(), restkey="?", strict=True)
    try:
        for cells in reader:
            row = str(reader.line_num)
            # An empty cell says nothing: the field has its default, or is missing.
            entry = {name: cell for name, cell in cells.items() if cell not in {"", None}}
            made.append(_made(path, row, table, entry))
    except csv.Error as error:
        raise StandardFileError("standards.error.file", file=path, reason=error) from error
    return _distinct(path, "", table, made)


def _sections(path: Path, tables: Mapping[str, _Table]) -> dict[str, tuple[Any, ...]]:
    with _told_of_files(path):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {name: value for name, value in content.items() if isinstance(value, list)}
    for name in sorted(tables.keys() ^ lists.keys()):
        key = "standards.error.no_section" if name in tables else "standards.error.odd_section"
        raise StandardFileError(key, file=path, section=name)
    head = {name: value for name, value in content.items() if name not in lists}
    made: dict[str, tuple[Any, ...]] = {}
    for name, table in tables.items():
        rows = [
            _made(path, f"{name} {number}", table, _with_head(head, entry))
            for number, entry in enumerate(lists[name], start=1)
        ]
        made[name] = _distinct(path, name, table, rows)
    return made


def _with_head(head: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """A section with what the head says; days of its own replace all days of the head."""
    own_days = "valid_from" in entry
    inherited = {name: value for name, value in head.items() if not (own_days and name in _DATED)}
    return {**inherited, **entry}


def _made(path: Path, row: str, table: _Table, entry: Mapping[str, Any]) -> Any:
    try:
        return adapter_of(table.kind).validate_python(dict(entry))
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        raise StandardFileError(
            "standards.error.row",
            file=path,
            row=row,
            field=".".join(map(str, found["loc"])) or "—",
            value=_shown(entry, found["loc"]),
            reason=_reason(found),
        ) from error


def _shown(entry: Mapping[str, Any], location: tuple[int | str, ...]) -> str:
    here: Any = entry
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return "—"
    return "—" if here is entry else str(here)[:60]


def _reason(found: Any) -> str:
    key = f"standards.reason.{code_of(found)}"
    return t(key if has(key) else "standards.reason.other", detail=reason_of(found))


def _distinct(path: Path, section: str, table: _Table, rows: Iterable[Any]) -> tuple[Any, ...]:
    """The rows, if on no day two of them answer the same question.

    Raises:
        StandardFileError: naming what is said twice, and from which day on.
    """
    rows = tuple(rows)
    by_key: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rows:
        for key in _keys(rule, table):
            by_key.setdefault(key, []).append(rule)
    for key, same in by_key.items():
        same.sort(key=lambda rule: rule.first_day)
        for earlier, later in pairwise(same):
            if earlier.in_force(later.first_day):
                named = " ".join(map(str, key)) or section or path.stem
                raise StandardFileError(
                    "standards.error.twice", file=path, named=named, day=later.first_day
                )
    return rows


def _keys(rule: Rule, table: _Table) -> Iterator[tuple[object, ...]]:
    """What a rule speaks of: one key, or one for each of its items."""
    if table.key[:1] == ("items",):
        rest = tuple(getattr(rule, name) for name in table.key[1:])
        yield from ((item, *rest) for item in rule.items)  # type: ignore[attr-defined]
    else:
        yield tuple(getattr(rule, name) for name in table.key)


class _told_of_files:  # noqa: N801  reads as a verb, like contextlib's
    """Turns what the file system and the parser say into a `StandardFileError`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError):
            raise StandardFileError(
                "standards.error.file", file=self._path, reason=error
            ) from error
