"""Who is responsible here: the rule, its index, and its answer."""

from gridmap.capabilities.locate.rules.locate import Evidence, Responsibility, UnknownProblemError
from gridmap.capabilities.locate.rules.verdict import Status, Verdict
from gridmap.core.place import Place

__all__ = ["Evidence", "Place", "Responsibility", "Status", "UnknownProblemError", "Verdict"]
