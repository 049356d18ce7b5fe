"""The columns of a sheet of complaints by what they hold."""

import re
from dataclasses import dataclass, fields

# Who reported: protected unless asked for. Contact persons of a firm look the same.
_PERSONAL = re.compile(
    r"投诉人|举报人|来电人|反映人|信访人|上访人|报告人|诉求人|联系人|联系方式|联系电话|电话|手机|"
    r"身份证|姓名|来电号码|complainant|reporter|caller|phone|mobile|telephone|contact|e-?mail|邮箱|微信",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SheetColumns:
    """Headings by meaning; None where the sheet has no such column.

    `coordinates` holds both values in one cell; `place` words or whatever was typed; `datum`
    says row by row in which system the coordinates stand.
    """

    lon: str | None = None
    lat: str | None = None
    coordinates: str | None = None
    place: str | None = None
    date: str | None = None
    problem: str | None = None
    datum: str | None = None

    @property
    def shown(self) -> str | None:
        """The column that says, in the sheet's own words, where a row is."""
        return self.place or self.coordinates or self.lon

    @property
    def empty(self) -> bool:
        """Whether nothing says where a row is."""
        return not (self.place or self.coordinates or (self.lon and self.lat))

    def named(self) -> dict[str, str]:
        """Meaning to heading, of those that the sheet has."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: heading for name, heading in found.items() if heading is not None}


def personal(heading: str) -> bool:
    """Whether a column tells who reported."""
    return _PERSONAL.search(heading) is not None
