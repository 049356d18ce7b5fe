"""CAD drawings (DXF) as features of the ground: what is drawn there, and nothing else.

The library reads the geometry; before that the drawing is taken apart here, because it knows
neither the encodings of Chinese drawings nor what a draughtsman hides. Left out and told: layers
that are switched off or frozen, and the sheet of paper around the map (paper space). A block that
is used as a symbol is one point at its place, with its attributes as columns; the texts of the
attributes are no features of their own.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyogrio
import shapely

from gridmap.intake.files import headings, library, limits
from gridmap.intake.files.dxf import Entity, Pair, entities_in, pairs_of, section, text_of_drawing
from gridmap.intake.files.errors import IntakeError, unreadable
from gridmap.intake.files.tables import RawTable, ReadOptions, text_of
from gridmap.intake.findings import Finding, Kind, Severity
from gridmap.store.geopackage import Geometries

ENTITIES: Final = "entities"
_TOKEN: Final = re.compile(r"@@([0-9a-f]{2,6})@@")
_MOST_DEEP: Final = 8
_FROZEN: Final = 1
_KEPT: Final = ("Layer", "Linetype", "EntityHandle", "Text")
_ERRORS: Final = (
    pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError, shapely.errors.GEOSException, ValueError, OSError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True)
class Symbol:
    """A block as a point: place in the units of the drawing, layer, name, attributes."""

    x: float
    y: float
    layer: str
    block: str
    handle: str
    attributes: dict[str, str]


@dataclass
class Drawing:
    """A drawing taken apart: `rest` is what the library is to read, as text in ASCII."""

    rest: str
    symbols: list[Symbol]
    hidden: Counter[str] = field(default_factory=Counter)
    paper: int = 0


def layers(path: Path, *, shown: Path | None = None) -> tuple[str, ...]:
    """The one table of a drawing; its CAD layers are a column, and may be named instead.

    Raises:
        IntakeError: `intake.error.binary_drawing`, `.unreadable`.
    """
    text_of_drawing(path.read_bytes(), shown or path)
    return (ENTITIES,)


def read(path: Path, options: ReadOptions, *, shown: Path | None = None) -> RawTable:
    """Read a drawing, or one CAD layer of it; rows are features counted from 1.

    Raises:
        IntakeError: `intake.error.binary_drawing`, `.unreadable`, `.no_layer`.
    """
    shown = shown or path
    try:
        drawing = taken_apart(text_of_drawing(path.read_bytes(), shown))
    except ValueError as error:
        raise unreadable(shown, error) from error
    cells, shapes = _features(drawing.rest, shown)
    cells, shapes = _with_symbols(cells, shapes, drawing.symbols)
    limits.few_enough(shown, len(cells), len(cells.columns))
    name = ENTITIES
    if options.layer is not None and options.layer != ENTITIES:
        name = options.layer
        rows = (cells["Layer"] == name).to_numpy(dtype=bool)
        if not rows.any():
            names = ", ".join(dict.fromkeys(cells["Layer"].dropna()))
            raise IntakeError("intake.error.no_layer", file=shown, names=names)
        cells, shapes = cells[rows].reset_index(drop=True), shapes[rows]
    return RawTable(
        shown, cells, np.arange(1, len(cells) + 1), len(cells), shapes, None,
        tuple(_told(drawing, shown)), sheet=name,
    )  # fmt: skip


def taken_apart(text: str) -> Drawing:
    """Symbols, what is hidden, and the rest of a drawing.

    Raises:
        ValueError: for a text that is no whole drawing.
    """
    pairs = list(pairs_of(text))
    start, end = section(pairs, "ENTITIES")
    off = _hidden_layers(pairs)
    blocks = _blocks(pairs)
    entities = list(entities_in(pairs[start:end]))
    used = Counter(
        e.text(2) for e in (*entities, *(e for b in blocks.values() for e in b.parts))
        if e.kind == "INSERT"
    )  # fmt: skip
    drawing = Drawing("", [])
    kept: list[Pair] = []
    for entity in entities:
        if entity.on_paper:
            drawing.paper += 1
        elif entity.layer in off:
            drawing.hidden[entity.layer] += 1
        elif entity.kind == "INSERT" and _is_symbol(entity, blocks, used):
            drawing.symbols += _placed(entity, blocks, _IDENTITY, "", 0)
        elif entity.kind not in {"ATTRIB", "ATTDEF", "SEQEND"}:
            kept += [pair for one in (entity, *_geometry_of(entity)) for pair in one.pairs]
    whole = [*pairs[:start], *kept, *pairs[end:]]
    drawing.rest = "".join(f"{code:>3}\r\n{_ascii(value)}\r\n" for code, value in whole)
    return drawing


# A similarity of the plane: (a, b, c, d, e, f) with x' = a x + b y + e, y' = c x + d y + f.
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _geometry_of(entity: Entity) -> Iterator[Entity]:
    """The parts that the library needs: vertices, not the texts of attributes."""
    if entity.kind != "INSERT":
        yield from entity.parts


def _hidden_layers(pairs: Sequence[Pair]) -> set[str]:
    start, end = section(pairs, "TABLES")
    return {
        layer.text(2)
        for layer in entities_in(pairs[start:end])
        if layer.kind == "LAYER" and (layer.number(62, 7) < 0 or int(layer.number(70, 0)) & _FROZEN)
    }


def _blocks(pairs: Sequence[Pair]) -> dict[str, Entity]:
    """Name → the block with its entities as parts."""
    start, end = section(pairs, "BLOCKS")
    found: dict[str, Entity] = {}
    inside: list[Entity] = []
    head: Entity | None = None
    for entity in entities_in(pairs[start:end]):
        if entity.kind == "BLOCK":
            head, inside = entity, []
        elif entity.kind == "ENDBLK" and head is not None:
            found[head.text(2)] = Entity("BLOCK", head.pairs, tuple(inside))
        else:
            inside.append(entity)
    return found


def _is_symbol(
    insert: Entity, blocks: dict[str, Entity], used: Counter[str], deep: int = 0
) -> bool:
    """Whether a block is a sign for a place, not a part of the map that is drawn once."""
    block = blocks.get(insert.text(2))
    if any(part.kind == "ATTRIB" for part in insert.parts):
        return True
    if block is None or deep > _MOST_DEEP:
        return False
    inside = [part for part in block.parts if part.kind != "ATTDEF"]
    if inside and all(part.kind == "INSERT" for part in inside):
        return all(_is_symbol(part, blocks, used, deep + 1) for part in inside)
    return used[insert.text(2)] > 1 or len(inside) < len(block.parts)


def _placed(
    insert: Entity, blocks: dict[str, Entity], outer: _Matrix, layer: str, deep: int
) -> list[Symbol]:
    """The symbols of an insert: itself, or those of which it is made."""
    block = blocks.get(insert.text(2))
    own = insert.layer if insert.layer != "0" or not layer else layer
    inner = [part for part in block.parts if part.kind == "INSERT"] if block else []
    attributes = {
        part.text(2): part.text(1)
        for part in insert.parts
        if part.kind == "ATTRIB" and part.text(2)
    }
    if inner and not attributes and deep < _MOST_DEEP:
        within = _times(outer, _matrix(insert, block))
        return [one for part in inner for one in _placed(part, blocks, within, own, deep + 1)]
    x, y = _applied(outer, insert.number(10, 0.0), insert.number(20, 0.0))
    return [Symbol(x, y, own, insert.text(2), insert.text(5), attributes)]


def _matrix(insert: Entity, block: Entity | None) -> _Matrix:
    turn = math.radians(insert.number(50, 0.0))
    sx, sy = insert.number(41, 1.0), insert.number(42, 1.0)
    a, b = math.cos(turn) * sx, -math.sin(turn) * sy
    c, d = math.sin(turn) * sx, math.cos(turn) * sy
    x0, y0 = (block.number(10, 0.0), block.number(20, 0.0)) if block else (0.0, 0.0)
    x, y = insert.number(10, 0.0), insert.number(20, 0.0)
    return a, b, c, d, x - a * x0 - b * y0, y - c * x0 - d * y0


def _applied(m: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = m
    return a * x + b * y + e, c * x + d * y + f


def _times(m: _Matrix, n: _Matrix) -> _Matrix:
    (a, b, c, d, _, _), (p, q, r, s, t, u) = m, n
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, *_applied(m, t, u)


def _ascii(value: str) -> str:
    """A value in which other characters are written so that the library leaves them alone."""
    if value.isascii():
        return value
    return "".join(c if c.isascii() else f"@@{ord(c):x}@@" for c in value)


def _features(rest: str, shown: Path) -> tuple[pd.DataFrame, Geometries]:
    with limits.private_folder() as folder:
        file = folder / "drawing.dxf"
        file.write_text(rest, "ascii", newline="")
        try:
            meta, table = library.read_arrow(file)
        except _ERRORS as error:
            raise unreadable(shown, error) from error
        name = meta["geometry_name"] or "wkb_geometry"
        wkb = np.full(table.num_rows, None, dtype=object)
        if name in table.column_names:
            wkb[:] = table.column(name).to_pylist()
        data = {
            column: [_plain(cell) for cell in table.column(column).to_pylist()]
            for column in _KEPT
            if column in table.column_names
        }
    cells = pd.DataFrame(data, dtype=object, index=range(len(wkb)))
    return cells, shapely.from_wkb(wkb, on_invalid="ignore")


def _plain(cell: object) -> str | None:
    if isinstance(cell, str):
        cell = _TOKEN.sub(lambda found: chr(int(found[1], 16)), cell)
    return text_of(cell)


def _with_symbols(
    cells: pd.DataFrame, shapes: Geometries, symbols: Sequence[Symbol]
) -> tuple[pd.DataFrame, Geometries]:
    if not symbols:
        return cells, shapes
    tags = dict.fromkeys(tag for one in symbols for tag in one.attributes)
    names = headings.unique(["Layer", "EntityHandle", "Block", *tags])
    columns: defaultdict[str, list[str | None]] = defaultdict(list)
    for one in symbols:
        known = {"Layer": one.layer, "EntityHandle": one.handle, "Block": one.block}
        values = [*known.values(), *(one.attributes.get(tag) for tag in tags)]
        for name, value in zip(names, values, strict=True):
            columns[name].append(text_of(value))
    made = pd.DataFrame(columns, dtype=object)
    points = np.full(len(symbols), None, dtype=object)
    points[:] = shapely.points([(one.x, one.y) for one in symbols])
    parts = [frame for frame in (cells, made) if len(frame)]
    joined = pd.concat(parts, ignore_index=True).astype(object)
    return joined.where(joined.notna(), None), np.concatenate([shapes, points])


def _told(drawing: Drawing, shown: Path) -> Iterator[Finding]:
    if drawing.hidden:
        names = ", ".join(f"{name} × {count}" for name, count in drawing.hidden.items())
        yield Finding(
            Kind.LAYERS_OFF, Severity.WARNING, shown.name, detail=names,
            count=sum(drawing.hidden.values()),
        )  # fmt: skip
    if drawing.paper:
        yield Finding(Kind.PAPER_SPACE, Severity.HINT, shown.name, count=drawing.paper)
    if drawing.symbols:
        tags = dict.fromkeys(tag for one in drawing.symbols for tag in one.attributes)
        yield Finding(
            Kind.BLOCKS_AS_POINTS, Severity.HINT, shown.name, count=len(drawing.symbols),
            detail=", ".join(tags) or "—",
        )  # fmt: skip
