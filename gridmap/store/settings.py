"""What is set of a project as a whole, by name: its title, figures, the date of its data."""

import json
from typing import Any

from gridmap.store import schema
from gridmap.store.store import Store


class Settings:
    """The settings of a project; they are written through `Change.set_setting`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a setting (JSON types), `default` where it is not set."""
        with self._store.reader() as connection:
            query = "SELECT value FROM settings WHERE name = ?"
            found = connection.execute(query, (name,)).fetchone()
        return json.loads(found[0]) if found else default

    def names(self) -> list[str]:
        """The names that are set, sorted."""
        with self._store.reader() as connection:
            rows = connection.execute("SELECT name FROM settings ORDER BY name").fetchall()
        return [name for (name,) in rows if name not in {schema.MAGIC, schema.MAGIC_VERSION}]
