"""Hiding who reported before a sheet leaves the program."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from gridmap.intake.looks.sheet_columns import personal

_FIGURES: Final = r"^[0-9+\-() 　－]{7,20}[xX]?$"
_ENDS: Final = r"^(.{3}).*(.{4})$"
_FIRST: Final = r"^(.).*$"
# A mobile number inside a sentence; cells that are all figures may be order numbers.
_IN_TEXT: Final = r"(^|[^0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})($|[^0-9])"
_WORDS: Final = r"\p{Han}"


def masked(table: pa.Table) -> pa.Table:
    """The sheet with names and numbers of people hidden, in their columns and in texts."""
    columns = [
        _masked_cells(column) if personal(name) else _masked_numbers(column)
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, names=table.column_names)


def masked_columns(names: list[str]) -> list[str]:
    """The headings of a sheet whose cells are hidden."""
    return [name for name in names if personal(name)]


def _masked_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    figures = pc.match_substring_regex(column, _FIGURES)
    ends = pc.replace_substring_regex(column, _ENDS, r"\1****\2")
    first = pc.replace_substring_regex(column, _FIRST, r"\1**")
    return pc.if_else(figures, ends, first)


def _masked_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    found = pc.match_substring_regex(column, _IN_TEXT)
    if not pc.any(found).as_py():
        return column
    found = pc.and_(found, pc.match_substring_regex(column, _WORDS))
    return pc.if_else(found, pc.replace_substring_regex(column, _IN_TEXT, r"\1\2****\3\4"), column)
