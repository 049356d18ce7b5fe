"""What a post is for: a unit, reach or district of the project, given by its code or its name."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gridmap.core.declaration import LayerDeclaration
from gridmap.intake.looks.matching import folded
from gridmap.store import Project

ROLE_OF: Final = {"unit": "grid", "reach": "reach", "district": "district"}
"""Scope of a post → role of the layers in which it is found."""

_BETWEEN: Final = re.compile(r"[/\\\-—·>，,]+")
_LONG_ENOUGH: Final = 2
_ANCESTORS: Final = 4


@dataclass(frozen=True)
class Place:
    """A unit, reach or district: its code, name, tier (units) and what it lies in ("")."""

    scope: str
    code: str
    name: str
    tier: str | None = None
    within: str = ""

    @property
    def told(self) -> str:
        """Code and name with what it lies in, so that a person can choose."""
        return f"{self.code} {self.within}{self.name}"


class Places:
    """The units, reaches and districts of a project by code and by name. Read once."""

    def __init__(self, project: Project) -> None:
        self._of_scope: dict[str, tuple[Place, ...]] = {}
        self._by_code: dict[tuple[str, str], Place] = {}
        self._by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._by_river: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for scope, role in ROLE_OF.items():
            found = [
                place
                for layer_id in project.editions()
                if (declaration := project.declarations.get(layer_id)) is not None
                and declaration.role == role
                for place in self._read(scope, declaration, project.layer(layer_id))
            ]
            self._of_scope[scope] = tuple(found)
            for place in found:
                self._by_code[scope, folded(place.code)] = place

    def any_of(self, scope: str) -> bool:
        """Whether the project has anything of a scope."""
        return bool(self._of_scope[scope])

    def found(self, scope: str, text: str, tiers: Collection[str] = ()) -> tuple[Place, ...]:
        """What a text means: one place; none if it is unknown; several if it is ambiguous.

        Args:
            scope: `unit`, `reach` or `district`.
            text: a code; a name, also behind the names of the units around it (新丰镇新建村); or
                the name of a river.
            tiers: of the post; among units of one name those of another tier are not meant.
        """
        by_code = self._by_code.get((scope, folded(text)))
        if by_code is not None:
            return (by_code,)
        name = _plain(text)
        places = self._by_name.get((scope, name)) or self._by_river.get((scope, name), [])
        fitting = [place for place in places if place.tier in tiers]
        return tuple(fitting or places)

    def nearest(self, scope: str, text: str, tiers: Collection[str]) -> Place | None:
        """The one place whose name begins with the text or holds it (新丰 → 新丰镇).

        Where several do, the one at the tiers of the post.
        """
        plain = _plain(text)
        if len(plain) < _LONG_ENOUGH:
            return None
        names = [(place, _plain(place.name)) for place in self._of_scope[scope]]
        for fits in (str.startswith, str.__contains__):
            near = [place for place, name in names if fits(name, plain)]
            near = [place for place in near if place.tier in tiers] or near
            if near:
                return near[0] if len(near) == 1 else None
        return None

    def elsewhere(self, scope: str, text: str) -> Place | None:
        """The place of another scope that bears the code or name."""
        others = (other for other in ROLE_OF if other != scope)
        return next((found[0] for other in others if (found := self.found(other, text))), None)

    def _read(self, scope: str, declaration: LayerDeclaration, frame: Any) -> Iterator[Place]:
        columns = (declaration.key, "name", "tier", "parent_code", "river_name")
        cells = [frame[name].tolist() if name in frame else [None] * len(frame) for name in columns]
        names = {str(code): str(name or "") for code, name in zip(cells[0], cells[1], strict=True)}
        parents = {str(code): str(p or "") for code, p in zip(cells[0], cells[3], strict=True)}
        for key, named, tier, parent, river in zip(*cells, strict=True):
            within = names.get(str(parent or ""), "")
            place = Place(scope, str(key), str(named or ""), tier or None, within)
            spoken, above = place.name, str(parent or "")
            for _ in range(_ANCESTORS):
                self._name(scope, spoken, place)
                if not names.get(above):
                    break
                spoken, above = names[above] + spoken, parents.get(above, "")
            if river:
                self._by_river[scope, _plain(str(river))].append(place)
                self._name(scope, f"{river}{place.name}", place)
            yield place

    def _name(self, scope: str, spoken: str, place: Place) -> None:
        if spoken and place not in (known := self._by_name[scope, _plain(spoken)]):
            known.append(place)


def _plain(text: str) -> str:
    return _BETWEEN.sub("", folded(text))
