"""Who is responsible here: the rule, its index, and its answer."""

from gridmap.domain.responsibility.locate import Evidence, Responsibility, UnknownProblemError
from gridmap.domain.verdict import Place, Status, Verdict

__all__ = ["Evidence", "Place", "Responsibility", "Status", "UnknownProblemError", "Verdict"]
