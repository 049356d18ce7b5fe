"""What the window remembers between starts: layout, language, project, base map."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QSettings


@dataclass(frozen=True)
class BaseMapChoice:
    """A base map: an MBTiles file, or an address of tiles with key and attribution."""

    file: str = ""
    address: str = ""
    key: str = ""
    attribution: str = ""

    @property
    def name(self) -> str:
        """A short name; empty for none."""
        return self.attribution or self.file or self.address


class Preferences:
    """The user's settings file; every read has a default, every write is small."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gridmap", "gridmap"
        )

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def state(self, name: str) -> QByteArray | None:
        """A state that Qt packed, such as a splitter's."""
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def put(self, name: str, value: str | QByteArray) -> None:
        """Remember."""
        self._settings.setValue(name, value)

    def save(self) -> None:
        """Write now."""
        self._settings.sync()

    def basemap(self) -> BaseMapChoice:
        """The base map chosen last."""
        return BaseMapChoice(
            self.text("basemap/file"), self.text("basemap/address"),
            self.text("basemap/key"), self.text("basemap/attribution"),
        )  # fmt: skip

    def put_basemap(self, choice: BaseMapChoice) -> None:
        """Remember a base map."""
        for name in ("file", "address", "key", "attribution"):
            self.put(f"basemap/{name}", getattr(choice, name))
