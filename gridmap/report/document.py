"""A document: one answer in words, the same for every medium.

A capability makes one document of its answer, in the current language. Terminal, JSON, card,
paper and spreadsheet are a renderer each; none of them knows what the answer was about. Texts
are plain: whoever shows them escapes them for their medium. Nothing here needs Qt: a picture is
named, and whoever can paint supplies it (`Document.showing`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final


class Tone(StrEnum):
    """What a line's colour says, beside its words."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


# --- blocks -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line: a short label, what it says, and an aside at the right; `strong` heads others.

    `whole` is what it says where there is room for all of it, "" for the same.
    """

    label: str
    value: str
    aside: str = ""
    tone: Tone = Tone.PLAIN
    strong: bool = False
    whole: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under a title; `note` stands beside the title. `id` names it for tests and styles.

    `small`: it is read last and may be set in small letters.
    """

    id: str
    title: str
    lines: tuple[Line, ...]
    note: str = ""
    small: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Texts below each other, without a title."""

    texts: tuple[str, ...]
    tone: Tone = Tone.PLAIN
    strong: bool = False


@dataclass(frozen=True)
class Column:
    """A column of rows: its share of the width, heading, 0 left or 1 right, how quiet it is."""

    share: float = 0.0
    head: str = ""
    align: float = 0.0
    quiet: bool = False
    small: bool = False


@dataclass(frozen=True)
class Word:
    """A cell of a row; with a tone of its own it stands out."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Rows:
    """Rows with columns under a title; `ruled`: a line below each row."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Word, ...], ...]
    note: str = ""
    ruled: bool = True


@dataclass(frozen=True)
class Task:
    """Something to do and to tick: number, who, telephone, until when, more about it."""

    order: str
    who: str
    phone: str
    by: str
    detail: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Tasks:
    """Tasks with boxes to tick; `heads` name box, who, telephone, until when.

    `nobody` stands there if there are none; `signed` are the words before the lines for who did
    it and when.
    """

    id: str
    title: str
    heads: tuple[str, str, str, str]
    rows: tuple[Task, ...]
    nobody: str
    signed: tuple[str, str]
    note: str = ""


@dataclass(frozen=True)
class Strip:
    """A line of a class strip: name, word beside it, and a (numeral, `#rrggbb`) per period."""

    name: str
    word: str
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Strips:
    """Classes over time, a strip each; `heads` name the name, the word and each period."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[Strip, ...]


@dataclass(frozen=True)
class Callout:
    """A text of its own on a ground, such as that of a signboard."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class PictureOf:
    """Where the picture `name` stands, at most `height_mm` high, with `below_mm` empty below it.

    `noted`: it is said that borders are a sketch.
    """

    name: str
    height_mm: float
    noted: bool = False
    below_mm: float = 0.0


@dataclass(frozen=True)
class Answer:
    """Where headline, sentence and advice stand on paper, on the ground of the tone."""


@dataclass(frozen=True)
class Signatures:
    """Where handler and reviewer sign on paper."""


Block = (
    Section | Paragraph | Rows | Tasks | Strips | Callout | PictureOf | Answer | Signatures
)  # fmt: skip

SIGNED: Final = Signatures()
ANSWER: Final = Answer()


# --- tables -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell: what is written into a file and sorted by, what is shown, and its ground.

    `value` is a number or text, None where there is nothing; `colour` is `#rrggbb` or "".
    """

    value: float | str | None
    text: str
    colour: str = ""


@dataclass(frozen=True)
class SheetTable:
    """Prepared cells with a title; `keys` names what each row is about, "" where it is nothing."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...]

    def values(self) -> "Table":
        """What of it is written into a file."""
        return Table.of(self.title, self.columns, [[cell.value for cell in r] for r in self.rows])


class Kind(StrEnum):
    """What a column of a table holds: as its cells are, text, whole numbers, numbers."""

    ANY = "any"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"


@dataclass(frozen=True)
class Table:
    """A table for a spreadsheet: heading to cells, all of one length; kinds of some columns."""

    title: str
    columns: Mapping[str, Sequence[Any]]
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    @classmethod
    def of(cls, title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> "Table":
        """A table out of rows."""
        return cls(title, {head: [row[place] for row in rows] for place, head in enumerate(heads)})

    def __len__(self) -> int:
        """How many rows."""
        return max((len(cells) for cells in self.columns.values()), default=0)


# --- the document -------------------------------------------------------------------------

Paint = Callable[[], Any]
"""Paints a picture when it is needed: a QImage, or None where there is nothing to show."""


@dataclass(frozen=True)
class Document:
    """One answer in the current language.

    Attributes:
        kind: of answer, such as "verdict"; for tests and styles.
        headline, status, tone, sentence, advice: the answer itself, "" where it has none.
        body: what a reader reads after it, on a screen.
        paper: the same for paper, in the order of paper; empty if it is never printed.
        tables: for spreadsheets; the first is the main one, the last says what the others are.
        spread: CSV and TSV get a file for each table, else only the first.
        data: the JSON form (docs/json.md), phones in full: its renderer masks them.
        heading: the title of the printed sheet.
        project_title: of the project that answered.
        example: whether every medium says that the data are invented.
        printed_on: the day that stands on paper.
        fingerprint: of the answer, in full.
        dense: whether it is set in small letters, to fit one page.
        pictures: name to who paints it.
    """

    kind: str
    headline: str = ""
    status: str = ""
    tone: Tone = Tone.PLAIN
    sentence: str = ""
    advice: str = ""
    body: tuple[Block, ...] = ()
    paper: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    spread: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    heading: str = ""
    project_title: str = ""
    example: bool = False
    printed_on: date | None = None
    fingerprint: str = ""
    dense: bool = False
    pictures: Mapping[str, Paint] = field(default_factory=dict)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the body."""
        return tuple(block for block in self.body if isinstance(block, Section))

    def showing(self, printed_on: date, **pictures: Paint) -> "Document":
        """The same with the day of printing and with pictures by name."""
        return replace(self, printed_on=printed_on, pictures={**self.pictures, **pictures})
