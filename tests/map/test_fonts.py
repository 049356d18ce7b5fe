"""The shipped font has every character of names: no box stands in place of a letter."""

import csv
import sqlite3

import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QRawFont

from gridmap import shipped
from gridmap.store.example import shipped_example

# Of the table of general standard characters, outside Unicode's main block: in names of places.
RARE_PLACES = "𫭟𫭼𫮃𪣻𫰛𫵷𪨶𫷷𬇕𫞩𬇹𬍛𬜬𬞟𬤇𫟹𫢸𬺈䢺䴘㙍㟃"


@pytest.fixture
def lacks(qapp):
    """The characters of a text that the font does not have."""
    font = QRawFont(str(shipped.resource("fonts", "GridMapSansSC-Regular.otf")), 16.0)
    assert font.isValid()

    def missing(text):
        return {c for c in text if not (c.isspace() or font.supportsCharacter(ord(c)))}

    return missing


def texts_of(path):
    """Every text in a project file."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            if name.startswith(("rtree_", "sqlite_", "gpkg_spatial")):
                continue
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
                yield from (cell for cell in row if isinstance(cell, str))
    connection.close()


def test_every_name_of_the_example_can_be_shown(lacks):
    found = set().union(*texts_of(shipped_example()))
    assert {"槜", "甪"} <= found
    assert lacks(c for c in found if c.isprintable()) == set()


def test_every_name_of_a_division_since_1981_can_be_shown(lacks, shared):
    names = set()
    path = shared / "vectors" / "divisions" / "areacodes_1981_2024.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            names.update("".join(row))
    assert len(names) > 1000
    assert lacks(names) == set()


def test_every_han_character_of_gb_18030_levels_1_and_2_can_be_shown(lacks):
    level_1 = [*map(chr, range(0x4E00, 0x9FA6)), *map(chr, range(0x3400, 0x4DB6))]
    assert lacks(level_1) == set()
    assert lacks(RARE_PLACES) == set()


def test_what_is_no_character_is_told_as_lacking(lacks):
    assert lacks("甲\U000e0000") == {"\U000e0000"}
