"""What a layer declaration (`layers/*.toml`) may say.

Store, import, map, legend, inspector, search and export all read the same
declaration; a new layer is a new file. These classes hold its shape and reject
what they do not know, so that a typing error is found when the file is read.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Titles(_Part):
    """A title in both languages."""

    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """`{"zh": …, "en": …}`, as `texts.pick` takes it."""
        return {"zh": self.zh, "en": self.en}


class Geometry(StrEnum):
    """The geometry type that the store registers; single parts are promoted to multi."""

    POINT = "Point"
    LINE = "MultiLineString"
    POLYGON = "MultiPolygon"


class FieldType(StrEnum):
    """The types that a GeoPackage column and a table cell can share."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"


class FieldDeclaration(_Part):
    """One column of a layer.

    `aliases` are the headings under which offices deliver it; `unit` is the unit
    of the stored value; `check` names a rule of `gridmap.core.codes`;
    `personal` marks what is masked everywhere by default.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    type: FieldType = FieldType.TEXT
    title: Titles
    key: bool = False
    required: bool = False
    unit: str | None = None
    values: tuple[str, ...] = ()
    value_titles: dict[str, Titles] = {}
    aliases: tuple[str, ...] = ()
    check: str | None = None
    personal: bool = False


Marker = Literal["circle", "square", "triangle", "diamond", "bar"]
Hatch = Literal["none", "diagonal", "back_diagonal", "cross", "dots"]


class Symbol(_Part):
    """How features are drawn. Colours are `#rrggbb` or `#rrggbbaa`; sizes are pixels at 96 dpi.

    `casing` is the wider line under a line (a river's bank). `marker` and `size`
    apply to points, `fill` and `hatch` to areas and points.
    """

    fill: str | None = None
    line: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    casing: str | None = None
    casing_width: float = 0.0
    hatch: Hatch = "none"
    marker: Marker = "circle"
    size: float = 9.0


class Label(_Part):
    """Text beside a feature: which field, how large (pixels), from which scale on.

    `max_scale_denominator` hides labels when the map is smaller than 1 : that.
    Higher `priority` wins where two labels would collide.
    """

    field: str
    size: float = 12.0
    colour: str = "#22303a"
    bold: bool = False
    priority: int = 0
    max_scale_denominator: float | None = None


class View(_Part):
    """One entry of the layer panel: some features of the layer and how they look.

    `where` maps a field to the values shown; empty means all features. Views are
    drawn in rising `order`; the first matching rule of `classes` overrides `symbol`.
    """

    id: str
    title: Titles
    where: dict[str, tuple[str, ...]] = {}
    order: int
    visible: bool = True
    symbol: Symbol
    label: Label | None = None
    max_scale_denominator: float | None = None


class Card(_Part):
    """What the inspector shows: a heading field and the fields below it, in order."""

    heading: str
    fields: tuple[str, ...]


class Check(_Part):
    """A rule that the import doctor applies to the whole layer.

    `kind` is one of the names in `gridmap.intake.looks.layer_checks`; `fields` are its arguments.
    """

    kind: Literal["unique", "parent", "no_gaps", "no_overlaps", "valid_geometry", "reference"]
    fields: tuple[str, ...] = ()
    layer: str | None = None
    severity: Literal["error", "warning", "hint"] = "warning"


class Search(_Part):
    """How the search box finds features: fields matched, and the kind shown beside a hit."""

    fields: tuple[str, ...]
    weight: float = 1.0


class LayerDeclaration(_Part):
    """One layer, as one file below `layers/` declares it.

    `role` says which rule reads the layer (`grid`, `reaches`, …); several layers may
    share a role, `other` is only shown. `accuracy_m` is the positional accuracy in
    metres that a new edition gets when its file does not state one.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Titles
    role: Literal[
        "grid",
        "district",
        "river",
        "reach",
        "section",
        "station",
        "enterprise",
        "outlet",
        "sluice",
        "intake",
        "signboard",
        "zone",
        "dispute",
        "place",
        "context",
        "other",
    ]
    geometry: Geometry
    accuracy_m: Annotated[float, Field(ge=0)] = 0.0
    note: Titles | None = None
    fields: tuple[FieldDeclaration, ...]
    views: tuple[View, ...] = ()
    card: Card
    search: Search | None = None
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> "LayerDeclaration":
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("two fields have the same name")
        if sum(field.key for field in self.fields) != 1:
            raise ValueError("exactly one field must have key = true")
        used = {self.card.heading, *self.card.fields}
        used |= set(self.search.fields) if self.search else set()
        for view in self.views:
            used |= set(view.where) | ({view.label.field} if view.label else set())
        for check in self.checks:
            used |= set(check.fields)
        unknown = sorted(used - set(names))
        if unknown:
            raise ValueError(f"these fields are used but not declared: {', '.join(unknown)}")
        return self

    @property
    def key(self) -> str:
        """The name of the key field."""
        return next(field.name for field in self.fields if field.key)

    def field(self, name: str) -> FieldDeclaration:
        """The declaration of one field.

        Raises:
            KeyError: if the layer has no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
