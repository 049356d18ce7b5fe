"""Editions: which data a layer holds, from where, how accurate, and its fingerprint."""

import datetime as dt
import hashlib
import json
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Final

MIXED: Final = "mixed"


@dataclass(frozen=True)
class Edition:
    """The edition of a layer.

    `accuracy_m` is the positional accuracy in metres (NaN = not stated: the layer's own is
    filled in), `crs_of_source` the reference system
    of the delivered file (stored data are EPSG:4490), `data_status` "real", "example",
    "synthetic" or "mixed". `rows`, `content_hash` and `loaded_at` are filled in when the
    layer is stored; whoever makes an edition leaves them out.
    """

    layer_id: str
    edition_date: dt.date | None = None
    source: str = ""
    accuracy_m: float = math.nan
    crs_of_source: str = "EPSG:4490"
    data_status: str = "real"
    rows: int = 0
    content_hash: str = ""
    loaded_at: dt.datetime | None = None


def content_hash(
    keys: Sequence[str], attributes: Sequence[Sequence[Any]], wkb: Sequence[bytes]
) -> str:
    """SHA-256 of keys, attributes and little-endian WKB, rows sorted by key.

    The same features give the same hash, whatever their order in the file.
    """
    digest = hashlib.sha256()
    for i in sorted(range(len(keys)), key=keys.__getitem__):
        row = json.dumps([keys[i], *attributes[i]], ensure_ascii=False, separators=(",", ":"))
        digest.update(f"{len(row)}:{len(wkb[i])}:{row}".encode())
        digest.update(wkb[i])
    return digest.hexdigest()


def merged(old: Edition | None, new: Edition) -> Edition:
    """The edition of a layer that holds rows of both: the worse accuracy, the later date."""
    if old is None:
        return new
    dates = [date for date in (old.edition_date, new.edition_date) if date]
    status = new.data_status if old.data_status == new.data_status else MIXED
    return replace(
        new,
        edition_date=max(dates) if dates else None,
        source=_joined(old.source, new.source),
        accuracy_m=max(old.accuracy_m, new.accuracy_m),
        crs_of_source=_joined(old.crs_of_source, new.crs_of_source),
        data_status=status,
    )


def read(connection: sqlite3.Connection) -> dict[str, Edition]:
    """All editions by layer."""
    rows = connection.execute(
        "SELECT layer_id, edition_date, source, accuracy_m, crs_of_source, data_status, rows,"
        " content_hash, loaded_at FROM editions ORDER BY layer_id"
    )
    found = {}
    for layer_id, date, *middle, loaded_at in rows:
        day = dt.date.fromisoformat(date) if date else None
        moment = dt.datetime.fromisoformat(loaded_at) if loaded_at else None
        source, accuracy_m, crs, status, count, digest = middle
        found[layer_id] = Edition(
            layer_id, day, source, accuracy_m, crs, status, count, digest, moment
        )
    return found


def write(connection: sqlite3.Connection, edition: Edition) -> None:
    """Put the edition in the place of the layer's former one."""
    connection.execute(
        "INSERT OR REPLACE INTO editions (layer_id, edition_date, source, accuracy_m,"
        " crs_of_source, data_status, rows, content_hash, loaded_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            cell.isoformat() if isinstance(cell, (dt.date, dt.datetime)) else cell
            for cell in astuple(edition)
        ],
    )


def _joined(old: str, new: str) -> str:
    parts = old.split("; ") if old else []
    return "; ".join(parts if not new or new in parts else [*parts, new])
