"""Siting: where the next stations buy most, with proof."""

from gridmap.manifest import Capability, Title

MANIFEST = Capability(name="siting", title=Title("布点", "Siting"))
