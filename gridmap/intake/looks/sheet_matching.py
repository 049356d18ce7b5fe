"""Which column of a sheet of complaints holds what, by its heading alone."""

from collections.abc import Sequence

from gridmap.intake.looks.matching import named, usual
from gridmap.intake.looks.sheet_columns import SheetColumns


def columns_in(headings: Sequence[str]) -> SheetColumns:
    """Guess the columns by their headings: a usual one first, then one that holds such a word."""
    place, spoken = usual("place"), usual("complaint")
    wanted = {
        "coordinates": place["both"],
        "lon": place["lon"],
        "lat": place["lat"],
        "place": (*spoken["place"], *place["both"]),
        "date": spoken["date"],
        "datum": place["datum"],
        "problem": spoken["problem"],
    }
    found: dict[str, str] = {}
    for meaning, names in wanted.items():
        free = [heading for heading in headings if heading not in found.values()]
        never = () if meaning == "datum" else place["never"]
        hit = named(free, names, inside=meaning != "datum", never=never)
        if hit is not None:
            found[meaning] = hit
    if not {"lon", "lat"} <= found.keys():
        found.pop("lon", None)
        found.pop("lat", None)
    return SheetColumns(**found)
