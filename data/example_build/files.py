"""The generated district as files that an office could have delivered."""

import json
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from example_build.district import District
from example_build.readings import MAINTENANCE_FLAG, Tables

CRS84: Final = "urn:ogc:def:crs:OGC:1.3:CRS84"


def write_district(district: District, folder: Path) -> None:
    """All layers and tables below `folder`."""
    for name, frame in district.layers.items():
        write_layer(frame, folder / f"{name}.geojson")
    for name in ("people", "posts", "departments"):
        write_table(getattr(district, name), folder / f"{name}.csv")
    write_series(district.water, folder / "series_water.csv")
    write_series(district.air, folder / "series_air.csv")
    write_series(district.outlets, folder / "series_outlets.csv")
    write_table(district.notes, folder / "series_notes.csv")


def write_layer(frame: gpd.GeoDataFrame, path: Path) -> None:
    """A layer as GeoJSON. Coordinates are written in full, so that equal ones stay equal."""
    columns = [name for name in frame.columns if name != "geometry"]
    features = [
        {
            "type": "Feature",
            "properties": {name: _plain(row[name]) for name in columns},
            "geometry": json.loads(shapely.to_geojson(geometry)),
        }
        for row, geometry in zip(
            frame[columns].to_dict("records"), frame.geometry.to_numpy(), strict=True
        )
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    crs = json.dumps({"type": "name", "properties": {"name": CRS84}})
    head = f'{{"type": "FeatureCollection", "name": "{path.stem}", "crs": {crs}, "features": [\n'
    path.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """A table as CSV in UTF-8; empty cells are empty."""
    frame.to_csv(path, index=False, date_format="%Y-%m-%d %H:%M:%S%z", lineterminator="\n")


def write_series(tables: Tables, path: Path) -> None:
    """Readings in wide form: station, time (local), a column per item, a flag for maintenance."""
    parts = []
    for station, table in tables.items():
        part = table.assign(flag=np.where(table.isna().all(axis=1), MAINTENANCE_FLAG, ""))
        part.insert(0, "time", table.index.strftime("%Y-%m-%d %H:%M"))
        part.insert(0, "station", station)
        parts.append(part)
    write_table(pd.concat(parts, ignore_index=True), path)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str):
        return value if value != "" else None
    return value.item() if hasattr(value, "item") else str(value)
