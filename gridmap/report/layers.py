"""A layer, or some of its features, as a file for others.

GeoPackage, GeoJSON, CSV, XLSX and Shapefile. Coordinates stay EPSG:4490; `data_status`
stays with every feature, and what is an example says so. A Shapefile gets its .cpg
(UTF-8) and a table of field names, because its names hold ten bytes only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from gridmap.core.declaration import Geometry, LayerDeclaration
from gridmap.report import wording
from gridmap.report.sheets import text_table, writing
from gridmap.report.writing import WriteError, replacing_together
from gridmap.texts import GridMapError, pick, t

SUFFIXES: Final = (".gpkg", ".geojson", ".csv", ".xlsx", ".shp")
_NAME_BYTES: Final = 10
_TEXT_BYTES: Final = 254
_DRIVERS: Final = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}


class ExportError(GridMapError):
    """A layer that cannot be exported: the facts name `file`, `field` and why."""


@dataclass(frozen=True)
class Exported:
    """What was written: the files, the rows, and texts that had to be cut to fit a Shapefile."""

    files: tuple[Path, ...]
    rows: int
    shortened: int = 0


def export_layer(
    declaration: LayerDeclaration,
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    where: Mapping[str, Sequence[str]] | None = None,
    example: bool = False,
    show_personal: bool = False,
) -> Exported:
    """Write a layer's features.

    Args:
        declaration: of the layer.
        frame: its features as `Project.layer` gives them, or some of them.
        path: the file; its ending says the format (`SUFFIXES`). It is replaced as a whole.
        where: field to values; a feature is written if every field has one of its values.
        example: whether the project is an example; then the file says so.
        show_personal: also names and phones of persons; else they are masked.

    Raises:
        ExportError: `assign.export.format`, `.no_field`.
        WriteError: if a file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ExportError("assign.export.format", file=path, known=" / ".join(SUFFIXES))
    chosen = _chosen(frame, where or {}, path)
    if not show_personal:
        chosen = _without_persons(declaration, chosen)
    note = _note(declaration, example=example)
    with replacing_together(path) as work:
        try:
            shortened = _write(declaration, chosen, work.path, note)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise WriteError(path, error) from error
    return Exported(tuple(work.files), len(chosen), shortened)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names of at most ten bytes of UTF-8, each once, never cut inside a character."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        short, number = _cut(name, _NAME_BYTES), 1
        while short.casefold() in taken:
            end = f"_{number}"
            short, number = _cut(name, _NAME_BYTES - len(end)) + end, number + 1
        taken.add(short.casefold())
        found[name] = short
    return found


def _cut(text: str, size: int) -> str:
    """The beginning of a text that fits into so many bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore")


def _chosen(
    frame: gpd.GeoDataFrame, where: Mapping[str, Sequence[str]], path: Path
) -> gpd.GeoDataFrame:
    keep = np.ones(len(frame), bool)
    for name, values in where.items():
        if name not in frame.columns or name == frame.geometry.name:
            known = ", ".join(str(one) for one in frame.columns if one != frame.geometry.name)
            raise ExportError("assign.export.no_field", file=path, field=name, known=known)
        cells = frame[name]
        texts = cells.astype(object).where(cells.notna(), "").astype(str)
        keep &= texts.isin([str(value) for value in values]).to_numpy()
    return frame[keep]


def _without_persons(declaration: LayerDeclaration, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    masked = frame.copy()
    for field in declaration.fields:
        if field.personal and field.name in masked.columns:
            cells = [None if pd.isna(cell) else _masked(str(cell)) for cell in masked[field.name]]
            masked[field.name] = cells
    return masked


def _masked(cell: str) -> str:
    digits = sum(character.isdigit() for character in cell)
    return wording.masked_phone(cell) if digits * 2 > len(cell) else f"{cell[:1]}**"


def _note(declaration: LayerDeclaration, *, example: bool) -> str:
    title = pick(declaration.title.as_dict())
    return f"{title} · {t('batch.example.label')}" if example else title


def _write(declaration: LayerDeclaration, frame: gpd.GeoDataFrame, path: Path, note: str) -> int:
    suffix = path.suffix.lower()
    if suffix in {".csv", ".xlsx"}:
        _write_table(declaration, frame, path, note)
        return 0
    options: dict[str, Any] = {"driver": _DRIVERS[suffix], "geometry_type": _type_of(declaration)}
    if suffix == ".shp":
        return _write_shapefile(declaration, frame, path, note)
    options["layer_options"] = {"DESCRIPTION": note}
    pyogrio.write_dataframe(
        frame, path, layer=declaration.id, promote_to_multi=options["geometry_type"] != "Point",
        **options,
    )  # fmt: skip
    return 0


def _type_of(declaration: LayerDeclaration) -> str:
    return str(declaration.geometry.value)


def _write_table(
    declaration: LayerDeclaration, frame: gpd.GeoDataFrame, path: Path, note: str
) -> None:
    """Attributes with the label point; CSV has the whole geometry as WKT as well."""
    columns = {str(name): _cells(frame[name]) for name in frame.columns if name != "geometry"}
    points = _label_points(declaration, np.asarray(frame.geometry.array, dtype=object))
    columns["lon"] = pa.array(np.round(shapely.get_x(points), 7), from_pandas=True)
    columns["lat"] = pa.array(np.round(shapely.get_y(points), 7), from_pandas=True)
    if path.suffix.lower() == ".csv":
        texts = shapely.to_wkt(np.asarray(frame.geometry.array, dtype=object), rounding_precision=7)
        columns["wkt"] = pa.array(texts.tolist(), pa.string())
    with writing(path, declaration.id) as writer:
        writer.write(pa.table(columns))
        facts = {field.name: pick(field.title.as_dict()) for field in declaration.fields}
        about = {t("assign.export.name"): [*facts, declaration.id]}
        about[t("assign.export.title")] = [*facts.values(), note]
        writer.add_sheet(t("batch.sheet.about"), text_table(about))


def _label_points(declaration: LayerDeclaration, shapes: np.ndarray) -> np.ndarray:
    if declaration.geometry is Geometry.POINT:
        return shapes
    return np.asarray(shapely.point_on_surface(shapes))


def _cells(column: pd.Series) -> pa.Array:
    """A column as numbers, or as text where it is not all numbers."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return pa.Array.from_pandas(column)
    return pa.array([None if pd.isna(cell) else str(cell) for cell in column], pa.string())


def _write_shapefile(
    declaration: LayerDeclaration, frame: gpd.GeoDataFrame, path: Path, note: str
) -> int:
    names = short_names([str(name) for name in frame.columns if name != frame.geometry.name])
    plain, shortened = frame.copy(), 0
    for name in names:
        column = plain[name]
        if pd.api.types.is_bool_dtype(column):
            plain[name] = column.astype("Int64")
        elif column.dtype == object:
            cells = [None if pd.isna(cell) else cell for cell in column]
            cut = [_cut(cell, _TEXT_BYTES) if isinstance(cell, str) else cell for cell in cells]
            shortened += sum(one != two for one, two in zip(cells, cut, strict=True))
            plain[name] = pd.Series(cut, index=plain.index, dtype=object)
    plain = plain.rename(columns=names)
    pyogrio.write_dataframe(
        plain, path, driver=_DRIVERS[".shp"], encoding="UTF-8", geometry_type=_type_of(declaration),
        promote_to_multi=declaration.geometry is not Geometry.POINT,
    )  # fmt: skip
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    titles = {field.name: pick(field.title.as_dict()) for field in declaration.fields}
    with writing(path.with_name(f"{path.stem}.fields.csv"), "fields") as writer:
        writer.write(
            text_table({
                t("assign.export.short"): [*names.values(), "*"],
                t("assign.export.name"): [*names, declaration.id],
                t("assign.export.title"): [*(titles.get(name, "") for name in names), note],
            })
        )  # fmt: skip
    return shortened
