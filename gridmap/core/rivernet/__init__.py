"""Rivers: reaches that know where their water comes from and where it goes."""

from gridmap.core.rivernet.walk import RiverNet, Step

__all__ = ["RiverNet", "Step"]
