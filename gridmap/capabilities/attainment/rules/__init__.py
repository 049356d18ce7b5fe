"""How sections and air stations did over a period: attainment, what pollutes, change, rank.

A period is whole months (a month, a quarter, a half year, January to now, a year). Water is
assessed from the mean of the valid monthly means; air from the valid days. The rules in force on
the last day of the period decide, about the months of a year earlier too: only so they compare.
"""

from gridmap.capabilities.attainment.rules.air import (
    AirPeriod,
    Shortfall,
    assess_air,
    shortfalls,
)
from gridmap.capabilities.attainment.rules.months import Months
from gridmap.capabilities.attainment.rules.ranking import Answerable, Tally, ranked
from gridmap.capabilities.attainment.rules.water import WaterPeriod, assess_water

__all__ = [
    "AirPeriod",
    "Answerable",
    "Months",
    "Shortfall",
    "Tally",
    "WaterPeriod",
    "assess_air",
    "assess_water",
    "ranked",
    "shortfalls",
]
