"""From readings to classes: how a station stood, moment by moment and over longer periods."""

from gridmap.standards.classing.air import daily_air_course, hourly_air_course, levels_of
from gridmap.standards.classing.course import (
    ClassCourse,
    Medium,
    days_of,
    from_wall_clock,
    wall_clock,
)
from gridmap.standards.classing.water import mean_water_course, valid_means, water_course

__all__ = [
    "ClassCourse",
    "Medium",
    "daily_air_course",
    "days_of",
    "from_wall_clock",
    "hourly_air_course",
    "levels_of",
    "mean_water_course",
    "valid_means",
    "wall_clock",
    "water_course",
]
