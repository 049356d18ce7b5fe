"""Which column of a sheet of complaints holds what, by its heading alone."""

from collections.abc import Sequence

from gridmap.intake.looks.matching import named, pair, usual
from gridmap.intake.looks.sheet_columns import SheetColumns
from gridmap.intake.looks.stated import column_of


def columns_in(headings: Sequence[str]) -> SheetColumns:
    """Guess the columns by their headings: a usual one first, then one that holds such a word."""
    place, spoken = usual("place"), usual("complaint")
    wanted = {
        "coordinates": place["both"],
        "lon": place["lon"],
        "lat": place["lat"],
        "place": (*spoken["place"], *place["both"]),
        "date": spoken["date"],
        "problem": spoken["problem"],
    }
    found: dict[str, str] = {}
    both = pair(headings) or pair(headings, inside=True)
    if both is not None:
        found["lon"], found["lat"] = both
    # Before the others: 坐标类型 is no type of problem.
    datum = column_of(heading for heading in headings if heading not in found.values())
    taken = {datum, *found.values()}
    for meaning, names in wanted.items():
        if meaning in found:
            continue
        free = [heading for heading in headings if heading not in taken]
        hit = named(free, names, inside=True, never=place["never"])
        if hit is not None:
            found[meaning] = hit
            taken.add(hit)
    if not {"lon", "lat"} <= found.keys():
        found.pop("lon", None)
        found.pop("lat", None)
    return SheetColumns(**found, datum=datum)
