"""Where tiles of a base map come from: a local MBTiles file or a web address.

No Qt here. A source is asked from several threads; it answers with the bytes of an image,
None where it has no tile, or a `TileError` that says why.
"""

import hashlib
import sqlite3
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Final, Protocol

import platformdirs

from gridmap.texts import GridMapError

TIMEOUT_S: Final = 8.0
_CACHE_BYTES: Final = 300 * 2**20
_REFUSED: Final = frozenset({401, 403, 418})  # 418 is what Tianditu answers to a bad key
_MISSING: Final = frozenset({204, 404})


class TileError(GridMapError):
    """A tile or a whole source that cannot be had, with the reason."""


class TileSource(Protocol):
    """What a base map asks: tiles in the XYZ scheme, y from the north."""

    attribution: str
    min_zoom: int
    max_zoom: int
    threads: int

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The image of one tile; None where there is none.

        Raises:
            TileError: with the reason.
        """
        ...

    def close(self) -> None:
        """Give back files; not used afterwards."""
        ...


class MBTiles:
    """A local MBTiles file (MBTiles 1.3, raster). Rows count from the south there.

    Raises:
        TileError: the file is missing, is no MBTiles file or holds vector tiles.
    """

    threads = 1

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise TileError("map.error.tiles_missing", path=path)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            meta = dict(self._db.execute("SELECT name, value FROM metadata"))
            low, high = self._db.execute(
                "SELECT min(zoom_level), max(zoom_level) FROM tiles"
            ).fetchone()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise TileError("map.error.tiles_foreign", path=path, reason=error) from error
        if meta.get("format") == "pbf" or low is None:
            self._db.close()
            raise TileError(
                "map.error.tiles_vector" if low is not None else "map.error.tiles_empty", path=path
            )
        self.attribution = str(meta.get("attribution") or meta.get("name") or path.stem)
        self.min_zoom, self.max_zoom = int(low), int(high)

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """See `TileSource`."""
        with self._lock:
            row = self._db.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?",
                (z, x, 2**z - 1 - y),
            ).fetchone()
        return bytes(row[0]) if row else None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


class WebTiles:
    """Tiles from an XYZ or WMTS address with `{x}`, `{y}`, `{z}` and, if needed, `{key}`.

    Tiles are kept on disk, so that a place seen once is seen again without the network.

    Raises:
        TileError: the address is not http(s), a placeholder is missing, or the key is.
    """

    threads = 4

    def __init__(
        self,
        template: str,
        *,
        key: str = "",
        attribution: str = "",
        zooms: tuple[int, int] = (1, 18),
        cache: Path | None = None,
    ) -> None:
        parts = urllib.parse.urlsplit(template)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise TileError("map.error.tiles_address", address=template)
        lacking = [name for name in ("{x}", "{y}", "{z}") if name not in template]
        if lacking:
            raise TileError(
                "map.error.tiles_placeholder", address=template, missing=" ".join(lacking)
            )
        if "{key}" in template and not key:
            raise TileError("map.error.tiles_key", host=parts.hostname)
        self._template, self._key, self._host = template, key, parts.hostname or ""
        self.attribution = attribution or self._host
        self.min_zoom, self.max_zoom = zooms
        root = cache or Path(platformdirs.user_cache_dir("gridmap", appauthor=False)) / "tiles"
        # The key is a secret of the office: it is not part of the folder's name.
        self._cache = root / hashlib.sha256(template.encode()).hexdigest()[:16]
        self._trimmed = threading.Lock()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """See `TileSource`."""
        kept = self._cache / str(z) / str(x) / str(y)
        if kept.is_file():
            return kept.read_bytes()
        data = self._fetch(z, x, y)
        if data:
            self._keep(kept, data)
        return data

    def close(self) -> None:
        """Trim the cache on disk to its limit, oldest tiles first."""
        trim(self._cache, _CACHE_BYTES)

    def _fetch(self, z: int, x: int, y: int) -> bytes | None:
        address = self._template
        values = {"x": x, "y": y, "z": z, "key": urllib.parse.quote(self._key)}
        for name, value in values.items():
            address = address.replace(f"{{{name}}}", str(value))
        request = urllib.request.Request(  # noqa: S310  __init__ admits http and https alone
            address, headers={"User-Agent": "GridMap"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return bytes(answer.read()) or None
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _MISSING:
                return None
            key = "map.error.tiles_refused" if error.code in _REFUSED else "map.error.tiles_status"
            raise TileError(key, host=self._host, code=error.code) from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise TileError("map.error.tiles_network", host=self._host, reason=reason) from error

    def _keep(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f"{path.name}.{threading.get_ident()}")
            half.write_bytes(data)
            half.replace(path)
        except OSError:
            # A full or read-only disk costs the cache, not the map.
            return


def trim(folder: Path, limit: int) -> None:
    """Delete the oldest files below `folder` until at most `limit` bytes are left."""
    files = [(path.stat(), path) for path in folder.rglob("*") if path.is_file()]
    total = sum(stat.st_size for stat, _ in files)
    for stat, path in sorted(files, key=lambda item: item[0].st_mtime):
        if total <= limit:
            return
        path.unlink(missing_ok=True)
        total -= stat.st_size
