"""The capabilities: one folder each, found by walking this one.

Folders named in the environment variable `GRIDMAP_CAPABILITIES` (separated as in `PATH`) are
walked, too: an office may keep a capability of its own beside the program.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any

from gridmap.manifest import Capability

__path__ = [*__path__, *filter(None, os.environ.get("GRIDMAP_CAPABILITIES", "").split(os.pathsep))]


class ManifestError(Exception):
    """A capability that cannot be taken in; the message says which folder and why."""


@cache
def capabilities() -> tuple[Capability, ...]:
    """All capabilities, each after those that it uses; else by name.

    Raises:
        ManifestError: for a folder without a manifest, with a wrong name, with an unknown
            capability in `uses`, or for a circle.
    """
    found = {one.name: one for one in _manifests()}
    for one in found.values():
        for used in one.uses:
            if used not in found:
                raise ManifestError(f"{one.name}: uses {used}, which is not there")
    ordered: dict[str, Capability] = {}
    while len(ordered) < len(found):
        ready = [
            one for name, one in found.items()
            if name not in ordered and all(used in ordered for used in one.uses)
        ]  # fmt: skip
        if not ready:
            raise ManifestError(
                f"these use each other in a circle: {sorted({*found} - {*ordered})}"
            )
        ordered.update((one.name, one) for one in ready)
    return tuple(ordered.values())


def load(capability: Capability, reference: str) -> Any:
    """What a manifest names as `module:attribute` (or a whole `module`), imported now."""
    module, _, attribute = reference.partition(":")
    found = importlib.import_module(f"{__name__}.{capability.name}.{module}")
    return getattr(found, attribute) if attribute else found


def offers(name: str) -> Iterator[Any]:
    """What the capabilities offer under a name, e.g. `station_rings`."""
    for one in capabilities():
        for offered, reference in one.offers:
            if offered == name:
                yield load(one, reference)


def _manifests() -> Iterator[Capability]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        manifest = getattr(importlib.import_module(f"{__name__}.{module.name}"), "MANIFEST", None)
        if not isinstance(manifest, Capability) or manifest.name != module.name:
            raise ManifestError(f"{module.name}: its __init__.py holds no MANIFEST of that name")
        yield manifest
